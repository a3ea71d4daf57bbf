"""A full disk: one line, status 1, and the old file stays as it was."""

import errno
import json
import os
import shutil
import subprocess
import sys

import pytest

# Mounts a small disk in its own mount namespace and runs one command on it. It prints the files
# that are left, because the disk is not visible outside.
_CHILD = """\
import json, os, pathlib, subprocess, sys
disk, size, output, *command = sys.argv[1:]
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)
os.chdir(disk)
pathlib.Path("earlier").write_text("earlier")
stdout = open(output, "w") if output else subprocess.PIPE
done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True)
files = {path.name: path.read_text() for path in pathlib.Path().iterdir() if path.name != output}
print(json.dumps([done.returncode, done.stderr, files]))
"""
_UNSHARE = ["unshare", "--mount", "--propagation", "private"]


@pytest.fixture(scope="module")
def _mounts(tmp_path_factory):
    """Skip if disks cannot be mounted."""
    disk = str(tmp_path_factory.mktemp("disk"))
    if not shutil.which("unshare"):
        pytest.skip("there is no unshare")
    mount = [*_UNSHARE, "mount", "-t", "tmpfs", "tmpfs", disk]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")


@pytest.fixture
def estimate_on(_mounts, tmp_path):
    """Run `septet estimate` on a disk of `size` bytes; return status, errors and files."""
    source = tmp_path / "a.csv"
    rows = (f"campaign {n},{n * n} {'text ' * 20}\n" for n in range(5_000))
    source.write_text("name,body\n" + "".join(rows))
    (tmp_path / "disk").mkdir()

    def run(size, *options, output=""):
        septet = [sys.executable, "-m", "septet", "estimate", str(source), "--text", "body"]
        child = [sys.executable, "-c", _CHILD, str(tmp_path / "disk"), str(size), output]
        command = [*_UNSHARE, *child, *septet, *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("options", [["--output"], ["--max-per-message", "0", "--long"]])
def test_messages_as_csv(estimate_on, options):
    """A file that is written row by row is not left incomplete."""
    status, err, files = estimate_on(64 << 10, *options, "earlier")
    assert status == 1
    assert err.splitlines()[-1] == f"septet: earlier: {os.strerror(errno.ENOSPC)}"
    assert files == {"earlier": "earlier"}


def test_messages_as_parquet(estimate_on):
    """Parquet is written by pyarrow, with the same result."""
    pytest.importorskip("pyarrow")
    status, err, files = estimate_on(64 << 10, "--output", "priced.parquet")
    assert (status, err) == (1, f"septet: priced.parquet: {os.strerror(errno.ENOSPC)}\n")
    assert files == {"earlier": "earlier"}


def test_report(estimate_on):
    """The report does not fit."""
    pytest.importorskip("jinja2")
    status, err, files = estimate_on(8 << 10, "--report", "earlier")
    assert (status, err) == (1, f"septet: earlier: {os.strerror(errno.ENOSPC)}\n")
    assert files == {"earlier": "earlier"}


@pytest.mark.parametrize("options", [[], ["--json", "--by", "name"]], ids=["table", "json"])
def test_standard_output(estimate_on, options):
    """Standard output is a file on the full disk."""
    status, err, _ = estimate_on(4 << 10, *options, output="out")
    assert (status, err) == (1, f"septet: standard output: {os.strerror(errno.ENOSPC)}\n")


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_device_that_is_full(tmp_path, options):
    """Standard output is a device that is always full."""
    (tmp_path / "a.csv").write_text("body\none\n")
    command = [sys.executable, "-m", "septet", "estimate", "a.csv", "--text", "body", *options]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        f"septet: standard output: {os.strerror(errno.ENOSPC)}\n",
    )


def test_devices_stay_devices(run, tmp_path):
    """A directory, like a device, is never replaced by a file."""
    (tmp_path / "a.csv").write_text("body\none\n")
    for option in ("--output", "--report"):
        assert run("estimate", tmp_path / "a.csv", "--text", "body", option, tmp_path) == (
            1,
            "",
            f"septet: {tmp_path}: not a file\n",
        )
