"""Scripts in one piece: nothing is left of the syntax of modules."""

from __future__ import annotations

import re

from septet.web.browser.scripts import core_expression, counter_script


def test_no_module() -> None:
    """Both are classic scripts, which may also stand inside a page."""
    for script in (core_expression(), counter_script()):
        assert re.findall(r"^(?:import|export)\b.*", script, re.MULTILINE) == []
        assert "</script" not in script


def test_exports() -> None:
    """The promise has what the module exports."""
    assert re.search(r"\nreturn \{[^}]*\bSegmenter\b[^}]*\};\n\}\)\(\)$", core_expression())


def test_counter_has_the_core() -> None:
    """The script of the element needs no other file."""
    assert core_expression() in counter_script()
