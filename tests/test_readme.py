"""The README is true: its commands with their output, and the help of each command."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from septet.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLES = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    (command, output)
    for console in CONSOLES
    for command, output in re.findall(r"^\$ (septet .*)\n((?:(?!\$ ).*\n)*)", console, re.MULTILINE)
]
ENDING = [pair for pair in COMMANDS if not pair[0].startswith("septet serve")]


@pytest.mark.parametrize(("command", "output"), ENDING, ids=[c for c, _ in ENDING])
def test_commands(command, output, capsys, monkeypatch) -> None:
    """Every command prints what is shown, when it is not a terminal that it prints to."""
    monkeypatch.chdir(ROOT)
    if command.startswith("septet send "):
        pytest.importorskip("msgspec")
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out.strip("\n") == output.strip("\n")


def test_every_command_is_shown(capsys) -> None:
    """Each command of the parser has an example in the README or a page, and a help of its own."""
    pages = [README, *(path.read_text("utf-8") for path in (ROOT / "docs").glob("*.md"))]
    with pytest.raises(SystemExit):
        main(["--help"])
    names = re.findall(r"^    (\w+) +\w", capsys.readouterr().out, re.MULTILINE)
    assert names[:3] == ["estimate", "count", "inspect"]
    for name in names:
        assert any(re.search(rf"^\$ .*\bseptet {name} ", page, re.MULTILINE) for page in pages)
        with pytest.raises(SystemExit) as caught:
            main([name, "--help"])
        assert caught.value.code == 0
        assert f"septet {name}" in capsys.readouterr().out


def test_the_first_screen_tells_what_it_is() -> None:
    """A sentence and a session within thirty lines."""
    start = "\n".join(README.splitlines()[:30])
    assert start.count(">>>") >= 5
