"""Find a program that a test runs."""

from __future__ import annotations

import shutil

import pytest


def find_program(request: pytest.FixtureRequest, switch: str, *names: str) -> str:
    """Return the first of these programs that is installed; skip or fail without any."""
    for name in names:
        if shutil.which(name):
            return name
    missing = f"{' or '.join(names)} is not installed"
    if request.config.getoption(switch):
        pytest.fail(f"{switch}: {missing}")
    pytest.skip(missing)
