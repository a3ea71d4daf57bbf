"""Replaces the characters that force UCS-2 in a catalogue, and keeps every other byte.

The characters are found in the file itself, behind the place of their text, and the changed file is
read again: it must have the same texts but for these.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable

from ..files.whole_files import whole_file
from ..rules.records import Replacement
from ..segmentation import Segmenter
from .catalogues import parse_catalogue, read_catalogue
from .entries import Entry, Places
from .findings import Finding
from .icu import is_icu
from .placeholders import find_placeholders

__all__ = ["FIXED_FORMATS", "fix_catalogue"]

FIXED_FORMATS = (".po", ".json", ".arb", ".yaml", ".yml")
"""The formats that are changed."""
_BRACES = re.compile(r"\{[^{}]*\}")


def fix_catalogue(
    path: str, findings: Iterable[Finding], segmenter: Segmenter
) -> set[tuple[int, int]]:
    """Replace characters in the texts of findings, where `transliterate(text)` does.

    Texts to translate are not changed, nor ICU messages with plurals, nor placeholders. The file is
    written only if it has the same texts afterwards, but for the changes.

    Args:
        path: The catalogue.
        findings: Its findings.
        segmenter: Replaces the characters, if the text is GSM-7 then.

    Returns:
        The lines and columns of the texts that were changed.

    Raises:
        OSError, SourceError, MissingExtraError: The file cannot be read or written.
    """
    if os.path.splitext(path)[1].lower() not in FIXED_FORMATS:
        return set()
    catalogue = read_catalogue(path)
    if not catalogue.is_utf8:
        return set()
    reported = {(finding.line, finding.column) for finding in findings}
    places = Places(catalogue.text)
    expected: list[Entry] = []
    changes: list[tuple[int, int, str]] = []
    fixed = set()
    for entry in catalogue.entries:
        found = None
        if (entry.line, entry.column) in reported and not (entry.is_source or is_icu(entry.text)):
            text, replacements = segmenter.transliterate(entry.text)
            if replacements and _is_harmless(entry.text, text, replacements):
                index = places.index(entry.line, entry.column)
                # The place of a text in a .po file is behind its quote.
                quote = '"' if path.lower().endswith(".po") else catalogue.text[index : index + 1]
                found = _find(catalogue.text, index, quote, replacements)
        if found is None:
            expected.append(entry)
        else:
            changes += found
            fixed.add((entry.line, entry.column))
            expected.append(entry._replace(text=text))
    if not fixed:
        return set()
    changed = _apply(catalogue.text, changes)
    if not _has_texts(path, changed, expected):
        return set()
    with whole_file(path) as file:
        file.write(catalogue.mark + changed.encode())
    return fixed


def _is_harmless(old: str, new: str, replacements: tuple[Replacement, ...]) -> bool:
    """Return whether no placeholder changes, and no apostrophe quotes one as in ICU messages."""
    if new.count("'{") > old.count("'{"):
        return False
    spans = [*find_placeholders(old), *(match.span() for match in _BRACES.finditer(old))]
    return not any(
        start < each.index + len(each.char) and each.index < stop
        for start, stop in spans
        for each in replacements
    )


def _find(
    text: str, index: int, quote: str, replacements: tuple[Replacement, ...]
) -> list[tuple[int, int, str]] | None:
    """Return (start, stop, replacement) of characters behind an index of a file."""
    found = []
    for piece, replacement, _ in replacements:
        match = re.compile("".join(map(_written, piece))).search(text, index)
        if match is None or "\n" in replacement:
            return None
        index = match.end()
        found.append((match.start(), index, _escaped(replacement, quote)))
    return found


def _written(char: str) -> str:
    """Return a pattern for a character: itself, or its escape in JSON and YAML."""
    octets = char.encode("utf-16-be", "surrogatepass").hex()
    escape = "".join(rf"\\u{octets[start : start + 4]}" for start in range(0, len(octets), 4))
    return f"(?:{re.escape(char)}|(?i:{escape}))"


def _escaped(replacement: str, quote: str) -> str:
    """Return a replacement as it is written in a text with such a quote."""
    if quote == "'":
        return replacement.replace("'", "''")
    return replacement if quote != '"' else json.dumps(replacement, ensure_ascii=False)[1:-1]


def _apply(text: str, changes: list[tuple[int, int, str]]) -> str:
    parts = []
    end = 0
    for start, stop, replacement in sorted(changes):
        parts += [text[end:start], replacement]
        end = stop
    return "".join(parts) + text[end:]


def _has_texts(path: str, text: str, expected: list[Entry]) -> bool:
    """Return whether a changed file has the expected texts, each in the line where it was."""
    try:
        entries = parse_catalogue(path, text)
    except ValueError:
        return False
    return [each._replace(column=0) for each in entries] == [
        each._replace(column=0) for each in expected
    ]
