"""The files for a web page, in which nothing is missing."""

from __future__ import annotations

import base64
import json

import septet
from septet.web.browser.files import browser_files


def value_of(name: str) -> str:
    """Return what a constant of the script is set to."""
    beginning = f"const {name} = "
    (line,) = (x for x in browser_files()["septet.js"].splitlines() if x.startswith(beginning))
    return line.removeprefix(beginning).removesuffix(";")


def test_the_module() -> None:
    """The script has the module."""
    module = base64.b64decode(value_of("MODULE").strip('"'), validate=True)
    assert module.startswith(b"\0asm")


def test_the_facts() -> None:
    """The script has what Python knows of languages and providers."""
    facts = json.loads(value_of("FACTS"))
    assert facts["version"] == septet.__version__
    assert facts["unicodeVersion"] == septet.UNICODE_VERSION
    assert facts["languages"] == {lang.name.lower(): int(lang) for lang in septet.Language}
    assert tuple(facts["providers"]) == septet.provider_names()
    assert facts["segmentLimit"]["allowed"] == 255
