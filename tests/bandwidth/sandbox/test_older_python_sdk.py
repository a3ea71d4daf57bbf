"""An older major version of Bandwidth's SDK for Python; `make python-sdk` installs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__)
FOLDER = HERE.parents[3] / "build/python_sdk"


def test_older_version(request):
    """It passes the same tests as the version of today, but for message-sent."""
    requirement = HERE.with_name("python_sdk.txt").read_text()
    version = requirement.partition("==")[2].split()[0]
    if not FOLDER.is_dir():
        message = f"version {version} of Bandwidth's SDK is missing: run make python-sdk"
        if request.config.getoption("--require-python-sdk"):
            pytest.fail(message)
        pytest.skip(message)
    options = ["--quiet", "-p", "no:cacheprovider", "-p", "no:xdist", "--sdk", version]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, HERE.with_name("test_python_sdk.py")],
        env=os.environ | {"PYTHONPATH": str(FOLDER), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
