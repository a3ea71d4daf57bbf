"""The README: its first screen, its commands, links and figures; `test_docs` runs its examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from septet.cli.main import main, parser

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_shown(capsys) -> None:
    """Each command has an example in the README or on a page, and in its help."""
    pages = [README, *(path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md"))]
    names = [command.prog for command in parser().walk() if not command.commands]
    assert names[:3] == ["septet estimate", "septet count", "septet inspect"]
    assert names[-2:] == ["septet bandwidth sandbox", "septet completion"]
    for name in names:
        assert any(re.search(rf"^\$ .*\b{name} ", page, re.MULTILINE) for page in pages), name
        with pytest.raises(SystemExit) as caught:
            main([*name.split()[1:], "--help"])
        assert caught.value.code == 0
        assert f"\n  {name} " in capsys.readouterr().out


def test_the_first_screen() -> None:
    """The first thirty lines contain a session."""
    start = "\n".join(README.splitlines()[:30])
    assert start.count(">>>") >= 5


def test_links_lead_somewhere() -> None:
    """Every link leads to an existing file; Sphinx checks the links between pages."""
    links = re.findall(r'\]\(([^)]+)\)|src="([^"]+)"', README)
    assert len(links) > 20
    assert [path for pair in links for path in pair if path and not (ROOT / path).exists()] == []


def test_the_figures_are_those_of_their_page() -> None:
    """The rows of the table of speeds are also in docs/performance.md."""
    rows = re.findall(r"^\| .*\d,\d{3} \|.*$", README, re.MULTILINE)
    assert len(rows) == 7
    performance = (ROOT / "docs/performance.md").read_text("utf-8")
    assert [row for row in rows if row not in performance] == []
