"""`python -m septet.benchmarks`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from septet.benchmarks import __main__ as command
from septet.benchmarks.results import Group, Row


@pytest.fixture(autouse=True)
def measured(monkeypatch) -> list[tuple[int, int]]:
    """Replace the measuring by two rows; return what was asked for."""
    calls: list[tuple[int, int]] = []

    def measure(messages: int, rounds: int) -> Group:
        calls.append((messages, rounds))
        rows = [Row("one", "septet", messages, 1, 2, is_septet=True), Row("one", "other", 1, 1, 1)]
        return Group("Title", "Words.", "kind", rows, ["A note."], ["pip install other"])

    groups = {name: (measure, usual) for name, (_, usual) in command._GROUPS.items()}
    monkeypatch.setattr(command, "_GROUPS", groups)
    return calls


def test_all(measured, capsys) -> None:
    """Without arguments, all groups with their usual numbers; one hint for all."""
    assert command.main([]) == 0
    assert measured == [(100_000, 5), (1_000_000, 5), (1_000_000, 5)]
    printed = capsys.readouterr().out
    assert printed.count("\nTitle. Words.\n\n| kind |") == 3
    assert printed.count("\nA note.\n") == 3
    assert printed.endswith("\nFor more: pip install other\n")
    assert printed.count("pip install") == 1


def test_json_and_picture(measured, capsys, tmp_path) -> None:
    """Figures that are read give the same table and the same picture."""
    figures, first, second = (tmp_path / name for name in ("f.json", "1.svg", "2.svg"))
    options = ["--messages", "7", "--rounds", "2", "--json", str(figures)]
    assert command.main(["texts", *options, "--picture", str(first)]) == 0
    printed = capsys.readouterr().out
    assert measured == [(7, 2)]
    assert json.loads(figures.read_text("utf-8"))["groups"]["texts"]["rows"][0]["messages"] == 7
    assert command.main(["--read", str(figures), "texts", "--picture", str(second)]) == 0
    assert capsys.readouterr().out == printed
    assert first.read_text("utf-8") == second.read_text("utf-8")
    assert len(measured) == 1


def test_usage(capsys, tmp_path) -> None:
    """Wrong names and numbers are refused."""
    figures = tmp_path / "figures.json"
    command.main(["texts", "--json", str(figures)])
    for arguments, words in (
        (["words"], "'words'"),
        (["--rounds", "0"], "at least 1"),
        (["--messages", "x"], "'x'"),
        (["columns", "--read", str(figures)], f"cannot read figures from {figures}: 'columns'"),
        (["texts", "--read", str(tmp_path / "none.json")], "No such file"),
        (
            ["texts", "--json", str(tmp_path / "none/f.json")],
            f"no such folder: {tmp_path / 'none'}",
        ),
    ):
        with pytest.raises(SystemExit) as ended:
            command.main(arguments)
        assert ended.value.code == 2
        assert words in capsys.readouterr().err


def test_without_rows(capsys, monkeypatch) -> None:
    """A group that measured nothing has no table."""
    empty = {"columns": (lambda *_: Group("Title", "Words.", "kind", [], [], ["pip install x"]), 1)}
    monkeypatch.setattr(command, "_GROUPS", empty)
    assert command.main([]) == 0
    printed = capsys.readouterr().out
    assert "|" not in printed
    assert "For more: pip install x" in printed


def test_as_a_program() -> None:
    """It is run as a module."""
    done = subprocess.run(
        [sys.executable, "-m", "septet.benchmarks", "texts", "--messages", "20", "--rounds", "1"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert "| septet `analyze`" in done.stdout
    assert done.stderr == "measuring texts ...\n"
