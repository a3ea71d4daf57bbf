"""The README: its first screen, its commands, links and figures; `test_docs` runs its examples."""

from __future__ import annotations

import re
import tomllib
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
    """Links and pictures have absolute addresses, each of an existing page or file."""
    prose = re.sub(r"```.*?```|`[^`]*`", "", README, flags=re.DOTALL)
    text, *definitions = re.split(r"^\[(.*)\]: (.*)$", prose, flags=re.MULTILINE)
    labels = dict(zip(definitions[::3], definitions[1::3], strict=True))
    assert set(re.findall(r"\[([^]]+)\]", " ".join(text.split()))) == set(labels)
    pictures = re.findall(r'(?:href|src)="([^"]*)"', text)
    assert len(pictures) == 4
    assert [name for name in [*labels.values(), *pictures] if not leads_somewhere(name)] == []


def leads_somewhere(address: str) -> bool:
    """Return whether an address is that of a file, a folder or a page of this project."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    source = urls["Source"].replace("github.com", r"(?:raw\.githubusercontent\.com|github\.com)")
    if page := re.fullmatch(rf"{urls['Documentation']}/en/stable/(?:(.+)\.html)?", address):
        return (ROOT / f"docs/{page[1] or 'index'}.md").is_file()
    file = re.fullmatch(rf"{source}/(?:(?:blob|tree)/)?main/(.+)", address)
    return file is not None and (ROOT / file[1]).exists()
