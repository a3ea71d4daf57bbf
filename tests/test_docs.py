"""The pages are true: Python sessions and commands give what is printed below them."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from septet.cli import main

ROOT = Path(__file__).parents[1]
SESSIONS = {
    path.relative_to(ROOT).as_posix(): session
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if (session := "".join(re.findall(r"```pycon\n(.*?)```", path.read_text("utf-8"), re.DOTALL)))
}
COMMANDS = {
    page: re.findall(
        r"^```console\n\$ (septet .*[^\\\n])\n((?:(?!```|\$ ).*\n)+)```",
        (ROOT / page).read_text("utf-8"),
        re.M,
    )
    for page in SESSIONS
    if page != "README.md"
}


@pytest.mark.parametrize("page", SESSIONS)
def test_session(page, tmp_path, monkeypatch, capsys) -> None:
    """One session a page, in a folder of its own; skipped where it imports what is not there.

    The commands whose output is shown come after it, but for the README's, which have their test.
    """
    for module in re.findall(r">>> (?:import|from) ([\w.]+)", SESSIONS[page]):
        pytest.importorskip(module, exc_type=ImportError)
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(SESSIONS[page], {}, page, page, 0)
    assert doctest.DocTestRunner().run(test).failed == 0
    for command, output in COMMANDS.get(page, []):
        assert main(shlex.split(command)[1:]) == 0
        assert capsys.readouterr().out == output


def test_the_readme_has_a_session() -> None:
    """The first thing that a reader tries."""
    assert SESSIONS["README.md"].count(">>>") >= 10
    assert "docs/frames.md" in SESSIONS
    assert COMMANDS["docs/bandwidth.md"]
