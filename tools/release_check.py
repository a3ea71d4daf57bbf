"""Rehearse a release: upload packages to an index on this machine, install from it, use septet.

Run it after tools/packages.py; `make release-check` does both. For each Python that is named, a
wheel is built of the source archive in `dist/`, unless there is one, as the workflow does for all
platforms. pip gets no other index, so septet must need no other package. What is installed must be
what would be attested. The signatures are missing, for only the workflow has the identity for them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build/release"
README = (ROOT / "README.md").read_text("utf-8")
# Names a Python and its wheels; two with the same name are not tried twice.
IDENTITY = """
import sys, sysconfig
threads = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
print(sys.version.split()[0] + threads, f"cp{sys.version_info[0]}{sys.version_info[1]}{threads}")
"""
# Every file that was installed has the digest that the wheel's list of files has.
INSPECTION = """
import base64, hashlib
from importlib.metadata import distribution
import septet
assert septet.IMPLEMENTATION == "compiled", septet.IMPLEMENTATION
files = [file for file in distribution("septet").files if file.hash]
for file in files:
    digest = hashlib.new(file.hash.mode, file.read_binary()).digest()
    assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == file.hash.value, file
assert any(file.parts[-2:] == ("sboms", "septet.cdx.json") for file in files)
print(f"septet {septet.__version__}, {len(files)} files")
"""


def run(*command: str | Path, **variables: str) -> str:
    """Run a command in the working folder, and return its output."""
    return subprocess.run(
        command, cwd=WORK, env=os.environ | variables, stdout=subprocess.PIPE, check=True, text=True
    ).stdout


def statement(package: Path) -> dict[str, Any]:
    """Return what the workflow signs when it publishes a package (PEP 740, in-toto)."""
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": package.name, "digest": {"sha256": digest}}],
        "predicateType": "https://docs.pypi.org/attestations/publish/v1",
        "predicate": None,
    }


def first_estimate() -> tuple[list[str], str]:
    """Return the arguments of the README's first `septet estimate`, and its last line."""
    [command, printed] = re.findall(
        r"^\$ septet (estimate .*)\n((?:.*\n)*?)```", README, re.MULTILINE
    )[0]
    return command.split(), printed.splitlines()[-1]


def first_session() -> str:
    """Return the README's first session with Python."""
    return re.findall(r"^```pycon\n(.*?)^```", README, re.MULTILINE | re.DOTALL)[0]


@contextlib.contextmanager
def index(folder: Path) -> Iterator[str]:
    """Run an index that keeps its packages in a folder; yield its address."""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = [
        "--interface",
        "127.0.0.1",
        "--port",
        str(port),
        "--passwords",
        ".",
        "--disable-fallback",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "pypiserver", "run", *options, "--authenticate", ".", folder],
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stderr is not None
            while "Listening" not in (line := server.stderr.readline()):
                if not line:
                    raise SystemExit("the index did not start")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def build_wheel(uv: str, python: str, archive: Path) -> None:
    """Build the wheel for a Python, as the workflow does."""
    date = os.environ.get("SOURCE_DATE_EPOCH") or run("git", "log", "-1", "--format=%ct").strip()
    run(
        *(uv, "build", "--quiet", "--wheel", "--python", python, "--out-dir", archive.parent),
        *("--build-constraints", ROOT / "requirements/locked.txt", archive),
        SEPTET_BUILD_EXTENSION="1",
        SOURCE_DATE_EPOCH=date,
        CFLAGS="-g0",
    )


def try_python(name: str, python: str, address: str, attested: list[dict[str, Any]]) -> str:
    """Install septet for a Python from the index, and run what the README shows first."""
    place = WORK / name
    run(python, "-m", "venv", place)
    programs = place / "bin"
    report = WORK / f"{name}.json"
    options = ["--quiet", "--isolated", "--no-cache-dir", "--disable-pip-version-check"]
    source = ["--index-url", f"{address}/simple/", "--report", report]
    run(programs / "python", "-m", "pip", "install", *options, *source, "septet")
    [installed] = json.loads(report.read_text("utf-8"))["install"]
    download = installed["download_info"]
    subject = {
        "name": download["url"].rpartition("/")[2],
        "digest": download["archive_info"]["hashes"],
    }
    if [subject] not in [each["subject"] for each in attested]:
        raise SystemExit(f"pip installed {subject}, which is none of the packages")
    inspected = run(programs / "python", "-c", INSPECTION).strip()
    run(programs / "python", "-m", "doctest", "session.txt")
    arguments, last = first_estimate()
    printed = run(programs / "septet", *arguments).splitlines()[-1]
    if printed != last:
        raise SystemExit(f"expected {last!r}, got {printed!r}")
    return f"{subject['name']}: {inspected}, {printed}"


def main() -> None:
    """Build a wheel for each Python, upload all packages, and install and try them."""
    uv, *pythons = (os.path.abspath(shutil.which(name) or name) for name in sys.argv[1:])
    shutil.rmtree(WORK, ignore_errors=True)
    shutil.copytree(ROOT / "dist", WORK / "dist")
    shutil.copytree(ROOT / "examples", WORK / "examples")
    (WORK / "session.txt").write_text(first_session(), "utf-8")
    [archive] = (WORK / "dist").glob("*.tar.gz")
    named = {tuple(run(python, "-c", IDENTITY).split()): python for python in pythons}
    for (_, tag), python in named.items():
        if not list(archive.parent.glob(f"*-{tag}-{tag}-*.whl")):
            build_wheel(uv, python, archive)
    packages = sorted(archive.parent.glob("septet-*"))  # uv writes a .gitignore beside them
    attested = [statement(package) for package in packages]
    (WORK / "statements.json").write_text(json.dumps(attested, indent=2), "utf-8")
    run(sys.executable, "-m", "twine", "check", "--strict", *packages)
    with index(WORK / "index") as address:
        run(
            *(sys.executable, "-m", "twine", "upload", "--disable-progress-bar"),
            *("--repository-url", f"{address}/", *packages),
            TWINE_USERNAME="anyone",
            TWINE_PASSWORD="",
        )
        for (name, _), python in named.items():
            print(f"Python {name}: {try_python(name, python, address, attested)}")


if __name__ == "__main__":
    main()
