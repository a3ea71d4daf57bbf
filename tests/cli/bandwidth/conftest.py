"""Fixtures for the commands of `septet bandwidth`."""

import pytest


@pytest.fixture
def credentials(monkeypatch):
    """Credentials as a user has them."""
    for name, value in (
        ("USERNAME", "ann"),
        ("PASSWORD", "hush-hush"),
        ("ACCOUNT", "9900000"),
        ("APPLICATION_ID", "5d1b7c0e"),
    ):
        monkeypatch.setenv(f"SEPTET_BANDWIDTH_{name}", value)
