"""The manual page: it is what the parser says, and man can show it."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from septet.cli.main import parser

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/septet.1"


def test_the_page_is_new() -> None:
    """`python tools/man_page.py` writes it after a change of the help."""
    tool = runpy.run_path(str(ROOT / "tools/man_page.py"))
    assert PAGE.read_text("utf-8") == tool["page"]()


def test_everything_is_there() -> None:
    """Every command has a section with its options and its own exit statuses."""
    page = PAGE.read_text("utf-8").replace("\\-", "-")
    sections = page.split('.SS "')
    for command, section in zip(list(parser().walk())[1:], sections[1:], strict=True):
        assert section.startswith(f'{command.prog}"\n')
        for action in command.arguments:
            names = set(action.option_strings) - {"-h", "--help"}
            assert all(f"\\fB{name}\\fR" in section for name in names)
    assert ".TP\n3\na text exceeds a limit\n" in page
    assert ".TP\n141\nbroken pipe\n" in sections[-1]


@pytest.mark.parametrize("program", ["mandoc", "man"])
def test_programs_that_show_it(request, program) -> None:
    """They have no warnings but for the date, which the page does not have."""
    if shutil.which(program) is None:
        assert not request.config.getoption("--require-shells"), f"there is no {program}"
        pytest.skip(f"there is no {program}")
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MANROFFSEQ": ""}
    options = ["-T", "lint", "-W", "warning"] if program == "mandoc" else ["--warnings", "-l"]
    done = subprocess.run(
        [program, *options, str(PAGE)], capture_output=True, text=True, env=environment, timeout=60
    )
    warnings = (done.stdout if program == "mandoc" else "") + done.stderr
    assert [line for line in warnings.splitlines() if "missing date" not in line] == []
    if program == "man":
        assert "café ’til 2" in done.stdout
        assert "--reference-bits 8|16" in done.stdout
