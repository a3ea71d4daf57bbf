"""The language of a catalogue, as its path or a key tells it."""

from __future__ import annotations

import re
from pathlib import PurePath

__all__ = ["find_language", "parse_language"]

# Three letters only with more behind them, for "sms" and "app" are names of other things.
_SUBTAG = r"(?:[-_+](?:r?[A-Z]{2}|[A-Z][a-z]{3}|\d{3}))"
_LANGUAGE = re.compile(rf"(?:[a-z]{{2}}|fil){_SUBTAG}*|[a-z]{{3}}{_SUBTAG}+")
_LAST = re.compile(rf"(?:^|[._-])((?:[a-z]{{2}}|fil){_SUBTAG}*|[a-z]{{3}}{_SUBTAG}+)$")
_FOLDERS = 3


def parse_language(code: str) -> str | None:
    """Return a language such as "pt-BR" from pt_BR, pt-rBR or pt-BR; None if it is no language."""
    code = code.removeprefix("b+")
    if _LANGUAGE.fullmatch(code) is None:
        return None
    return re.sub(r"[-_+]r?(?=[A-Z0-9])", "-", code)


def find_language(path: str) -> str | None:
    """Return the language that the name of a file, or of a folder that it is in, ends with.

    Args:
        path: The file: fr.json, app_fr.arb, messages_fr_CA.properties, values-fr/strings.xml,
            fr.lproj/Localizable.strings, fr/LC_MESSAGES/django.po.
    """
    name = PurePath(path)
    if match := _LAST.search(name.stem):
        return parse_language(match[1])
    for folder in list(name.parents)[:_FOLDERS]:
        code = folder.name.removeprefix("values-").removesuffix(".lproj")
        if language := parse_language(code):
            return language
    return None
