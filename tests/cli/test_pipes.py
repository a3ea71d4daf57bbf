"""Messages from pipes: standard input, process substitution, and named pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial

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
    """Two named pipes; the first reader of each gets two messages."""
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path in paths:
        os.mkfifo(path)
        threading.Thread(
            target=path.write_text, args=(ROWS.format(path.stem),), daemon=True
        ).start()
    return paths


def test_standard_input(tmp_path):
    """A dash reads CSV from standard input."""
    done = estimate("-", "--json", input=ROWS)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["messages"] == 2
    path = tmp_path / "of any name"
    path.write_text(ROWS)
    with path.open() as file:
        assert json.loads(estimate("-", "--json", stdin=file).stdout)["messages"] == 2


def test_what_a_shell_opens(tmp_path):
    """A process substitution is read as CSV, whatever its name."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as file:
        file.write(ROWS)
    done = estimate(f"/dev/fd/{reader}", "--json", pass_fds=[reader])
    os.close(reader)
    assert (done.returncode, json.loads(done.stdout)["messages"]) == (0, 2)


def test_several_pipes(pipes):
    """Each is opened once."""
    done = estimate(*pipes, "--json")
    assert (done.returncode, json.loads(done.stdout)["messages"]) == (0, 4)


def test_messages_that_are_too_long(pipes):
    """They cannot be listed, because that reads the files again; the status is still 3."""
    done = estimate(pipes[0], "--max-per-message", 1)
    assert done.returncode == 3
    assert done.stderr == (
        "septet: limit exceeded: 1 message longer than 1 segment\n"
        f"septet: the longer messages are not listed: {pipes[0]} can be read only once\n"
    )
    done = estimate(pipes[1], "--max-per-message", 1, "--json")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)


def test_no_file_of_them(pipes, tmp_path):
    """--long reads messages twice, so that a pipe is refused before anything is read."""
    path = tmp_path / "long.csv"
    done = estimate(pipes[0], "--max-per-message", 1, "--long", path)
    assert done.returncode == 2
    assert f"--long reads the files twice, but {pipes[0]} can be read only once" in done.stderr
    assert not path.exists()
    assert pipes[0].read_text() == ROWS.format("one")
    assert pipes[1].read_text() == ROWS.format("two")


@pytest.mark.parametrize("name", ["o.csv", "o.parquet"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_leave_nothing_behind(tmp_path, name, number):
    """A signal in the middle of the input ends the program, and no unfinished file is left."""
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    (tmp_path / name).write_text("older")
    command = [sys.executable, "-m", "septet", "estimate", "-", "--text", "body", "--output", name]
    # nohup has SIGHUP ignored, and a shell SIGINT in what it starts in the background.
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, number, signal.SIG_DFL),
    ) as process:
        process.stdin.write(ROWS)
        process.stdin.flush()
        deadline = time.monotonic() + SECONDS
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(list(tmp_path.iterdir())) == 2
        process.send_signal(number)
        assert process.wait(SECONDS) == (130 if number == signal.SIGINT else -number)
        assert process.stderr.read() == ""
    assert [path.read_text() for path in tmp_path.iterdir()] == ["older"]
