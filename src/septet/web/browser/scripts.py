"""Scripts in one piece for pages that load no ES modules: browsers refuse those from a disk."""

from __future__ import annotations

from .files import browser_files, read_source

__all__ = ["core_expression", "counter_script"]

_IMPORT = 'import { Segmenter } from "./septet.js";'


def core_expression() -> str:
    """Return `septet.js` as an expression: a promise of an object with what it exports."""
    body = browser_files()["septet.js"].replace("\nexport {", "\nreturn {")
    return f'(async () => {{\n"use strict";\n{body}}})()'


def counter_script() -> str:
    """Return a classic script that defines the element `septet-counter`."""
    script = read_source("counter.js").replace(
        _IMPORT, f"const {{ Segmenter }} = await {core_expression()};"
    )
    return f'(async () => {{\n"use strict";\n{script}}})();\n'
