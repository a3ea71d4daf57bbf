"""`septet bandwidth outcomes`: what is printed, the file that is written, and the exit status."""

from __future__ import annotations

import csv
import errno
import os
import subprocess
import sys

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from callback_bodies import BODIES
from septet.bandwidth import open_store


@pytest.fixture
def store(tmp_path):
    """A store with events."""
    path = tmp_path / "events.db"
    with open_store(path) as opened:
        for body in (*BODIES, b"no json"):
            opened.append(body)
    return path


def test_numbers(run, store) -> None:
    """States, conflicts, error codes, and totals."""
    status, out, err = run("bandwidth", "outcomes", "--store", store)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:8] == [
        "Outcomes",
        "  State        Recipients  Share  Conflicts",
        "  -----------  ----------  -----  ---------",
        "  delivered            21  52.5%          0",
        "  failed               16  40.0%          1",
        "  unconfirmed           2   5.0%          0",
        "  sent                  1   2.5%          0",
        "  Total                40                 1",
    ]
    assert lines[9:13] == [
        "Most frequent error codes",
        "  Code  Recipients  Send again?  Meaning",
        "  ----  ----------  -----------  " + "-" * 70,
        "  4303           3  never        the recipient's number cannot be routed;"
        " it may have too few digits",
    ]
    assert len(lines[12:-2]) == 10  # the most frequent, and no more
    assert lines[-1] == f"{store}: 63 events, 1 undecodable"


def test_a_code_without_meaning(run, tmp_path) -> None:
    """An unknown error code is shown without a meaning."""
    with open_store(tmp_path / "events.db") as store:
        store.append(
            b'[{"type": "message-failed", "to": "+1", "errorCode": 77, "message": {"id": "1"}}]'
        )
    assert (
        "\n    77           1\n"
        in run("bandwidth", "outcomes", "--store", tmp_path / "events.db")[1]
    )


def test_nothing_yet(run, tmp_path) -> None:
    """A store without events has no outcomes."""
    open_store(tmp_path / "events.db").close()
    status, out, _ = run("bandwidth", "outcomes", "--store", tmp_path / "events.db")
    assert status == 0
    assert "  Total           0                 0\n" in out
    assert "error codes" not in out


def test_output(run, store, tmp_path) -> None:
    """--output writes all outcomes."""
    path = tmp_path / "outcomes.csv"
    assert run("bandwidth", "outcomes", "--store", store, "--output", path) == (
        0,
        f"{path}: 40 outcomes\n",
        "",
    )
    with path.open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 40


def test_no_store(run, tmp_path) -> None:
    """One line, and no store is created."""
    path = tmp_path / "none.db"
    assert run("bandwidth", "outcomes", "--store", path) == (
        1,
        "",
        f"septet: {path}: {os.strerror(errno.ENOENT)}\n",
    )
    assert not path.exists()
    path.write_text("id,phone\n" * 99)
    assert run("bandwidth", "outcomes", "--store", path) == (
        1,
        "",
        f"septet: {path}: file is not a database\n",
    )
    status, _, err = run("bandwidth", "outcomes", "--store", "mysql://anna:secret@host/events")
    assert (status, err) == (1, "septet: expected a sqlite or postgresql URL, got mysql\n")


def test_on_a_terminal(run, store, on_terminal) -> None:
    """Output is in colour."""
    pytest.importorskip("rich")
    _, out, _ = run("bandwidth", "outcomes", "--store", store)
    assert "\x1b[1m" in out


def test_wrong_usage(run, store, capsys) -> None:
    """A wrong suffix is reported before anything is read."""
    with pytest.raises(SystemExit) as caught:
        run("bandwidth", "outcomes", "--store", store, "--output", "outcomes.txt")
    assert caught.value.code == 2
    assert "the name must end in .csv or .parquet: outcomes.txt" in capsys.readouterr().err


def test_other_commands_load_none_of_it() -> None:
    """`count` does not load the packages of a database."""
    code = (
        "import sys; from septet.cli import main; main(['count', 'a'])\n"
        "print(*sorted({'sqlalchemy', 'msgspec', 'septet.bandwidth'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\n\n")
