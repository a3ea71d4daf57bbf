"""Exit statuses: each command's help lists them, and they are true."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from septet.cli.main import main, parser

COMMANDS = list(parser().walk())

# Arguments that fail with status 1: something cannot be read, decoded, reached, or is missing.
FAILURES = {
    "septet estimate": ["missing.csv", "--text", "body"],
    "septet count": ["a\udcff"],
    "septet inspect": ["a\udcff"],
    "septet encode": ["a" * 153 * 256],
    "septet decode": ["x"],
    "septet transliterate": ["a\udcff"],
    "septet check": ["missing.po"],
    "septet rates check": ["missing.csv"],
    "septet rates import": ["missing.csv", "--output", "card.csv"],
    "septet serve": ["--rates", "missing.csv"],
    "septet bandwidth outcomes": ["--store", "missing.db"],
    "septet bandwidth reconcile": ["--store", "missing.db"],
    "septet bandwidth sandbox": ["--faults", "missing.toml"],
}
# Arguments that exceed a limit: status 3.
EXCEEDED = {
    "septet estimate": ["texts.csv", "--text", "body", "--max-segments", "1"],
    "septet check": ["texts.txt"],
}
# Outputs that are not written until the end, and one of another kind of print.
OUTPUTS = [["--help"], ["-V"], [], ["rates", "--help"], ["count", "a"], ["decode", "c834"]]


def start(arguments, stdout, unbuffered):
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    command = [sys.executable, "-m", "septet", *arguments]
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, env=environment, timeout=60, check=False
    )


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.prog)
def test_wrong_usage(capsys, command):
    """Every command ends with status 2 for an option that it does not have."""
    with pytest.raises(SystemExit) as caught:
        main([*command.prog.split()[1:], "--xyzzy"])
    assert caught.value.code == 2 in command.statuses
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("name", FAILURES)
def test_errors(run, monkeypatch, tmp_path, name):
    """An error is one line and status 1."""
    monkeypatch.chdir(tmp_path)
    if "bandwidth" in name:
        pytest.importorskip("sqlalchemy")
    status, out, err = run(*name.split()[1:], *FAILURES[name])
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("septet: ")


@pytest.mark.parametrize("name", EXCEEDED)
def test_exceeded_limits(run, monkeypatch, tmp_path, name):
    """A limit that is exceeded is status 3, which only these commands and sending have."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts.csv").write_text("body\n" + "a" * 161 + "\n")
    (tmp_path / "texts.txt").write_text("a" * 161 + "\n")
    assert run(*name.split()[1:], *EXCEEDED[name])[0] == 3
    listed = {command.prog for command in COMMANDS if 3 in command.statuses}
    sending = {"septet bandwidth send", "septet bandwidth outbox run"}
    assert listed == {"septet", *EXCEEDED, *sending}


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", OUTPUTS)
def test_a_closed_pipe(arguments, unbuffered):
    """It is status 141, and nothing is written about it."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = start(arguments, writer, unbuffered)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("arguments", OUTPUTS)
def test_a_full_disk(arguments, unbuffered):
    """It is an error in one line."""
    with open("/dev/full", "wb") as full:
        done = start(arguments, full, unbuffered)
    message = f"septet: standard output: {os.strerror(errno.ENOSPC)}\n"
    assert (done.returncode, done.stderr.decode()) == (1, message)
