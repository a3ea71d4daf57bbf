"""Small disks, mounted in a namespace of their own: the rest of the machine does not see them."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

_UNSHARE = ["unshare", "--mount", "--propagation", "private"]
_MOUNT = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs"]


def run_on_disk(folder, script, *arguments):
    """Run a script of Python in a folder that is a disk of 2 MB; return what it prints.

    The test is skipped if nothing can be mounted here.
    """
    if not shutil.which("unshare"):
        pytest.skip("there is no unshare")
    if subprocess.run([*_UNSHARE, *_MOUNT, folder], capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    start = f"import os, subprocess; subprocess.run({[*_MOUNT, str(folder)]!r}, check=True);"
    command = [sys.executable, "-c", f"{start} os.chdir({str(folder)!r})\n{script}", *arguments]
    done = subprocess.run([*_UNSHARE, *command], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
