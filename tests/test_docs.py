"""The pages are true: every line of their Python sessions gives what is printed below it."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SESSIONS = {
    path.relative_to(ROOT).as_posix(): session
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if (session := "".join(re.findall(r"```pycon\n(.*?)```", path.read_text("utf-8"), re.DOTALL)))
}


@pytest.mark.parametrize("page", SESSIONS)
def test_session(page, tmp_path, monkeypatch) -> None:
    """One session a page, in a folder of its own; skipped where it imports what is not there."""
    for module in re.findall(r">>> (?:import|from) ([\w.]+)", SESSIONS[page]):
        pytest.importorskip(module, exc_type=ImportError)
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(SESSIONS[page], {}, page, page, 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_readme_has_a_session() -> None:
    """The first thing that a reader tries."""
    assert SESSIONS["README.md"].count(">>>") >= 10
    assert "docs/frames.md" in SESSIONS
