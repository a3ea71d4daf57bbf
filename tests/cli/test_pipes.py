"""Messages that come through pipes: standard input, what a shell opens, and names of pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have names")

ROWS = "body\n{}\n" + "a" * 161 + "\n"
SECONDS = 60


def estimate(*arguments, **options):
    command = [sys.executable, "-m", "septet", "estimate", *map(str, arguments), "--text", "body"]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=SECONDS, **options
    )


@pytest.fixture
def pipes(tmp_path):
    """Two pipes with names; who opens one to read it is written two messages, once."""
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path in paths:
        os.mkfifo(path)
        threading.Thread(
            target=path.write_text, args=(ROWS.format(path.stem),), daemon=True
        ).start()
    return paths


def test_standard_input(tmp_path):
    """A dash is CSV that comes through a pipe or from a file."""
    found = estimate("-", "--json", input=ROWS)
    assert (found.returncode, found.stderr) == (0, "")
    assert json.loads(found.stdout)["messages"] == 2
    path = tmp_path / "of any name"
    path.write_text(ROWS)
    with path.open() as file:
        assert json.loads(estimate("-", "--json", stdin=file).stdout)["messages"] == 2


def test_what_a_shell_opens(tmp_path):
    """It is CSV too, whatever its name."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as file:
        file.write(ROWS)
    found = estimate(f"/dev/fd/{reader}", "--json", pass_fds=[reader])
    os.close(reader)
    assert (found.returncode, json.loads(found.stdout)["messages"]) == (0, 2)


def test_several_pipes(pipes):
    """Each is opened once, when its turn comes."""
    found = estimate(*pipes, "--json")
    assert (found.returncode, json.loads(found.stdout)["messages"]) == (0, 4)


def test_messages_that_are_too_long(pipes):
    """They cannot be listed, because that reads the files again; the status is still 3."""
    found = estimate(pipes[0], "--max-per-message", 1)
    assert found.returncode == 3
    assert found.stderr == (
        "septet: limit exceeded: 1 message of more than 1 segments\n"
        f"septet: the longer messages are not listed: {pipes[0]} can be read only once\n"
    )
    found = estimate(pipes[1], "--max-per-message", 1, "--json")
    assert (found.returncode, found.stderr.count("\n")) == (3, 1)


def test_no_file_of_them(pipes, tmp_path):
    """--long is refused before anything is read."""
    path = tmp_path / "long.csv"
    found = estimate(pipes[0], "--max-per-message", 1, "--long", path)
    assert found.returncode == 2
    assert f"--long reads the files twice, but {pipes[0]} can be read only once" in found.stderr
    assert not path.exists()
    assert pipes[0].read_text() == ROWS.format("one")
    assert pipes[1].read_text() == ROWS.format("two")
