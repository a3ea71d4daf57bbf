"""Replaces the characters that force UCS-2 in a catalogue, and keeps every other byte.

The characters are found in the file itself, behind the place of their text, and the changed file is
read again: it must have the same texts but for these.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from ..files.whole_files import whole_file
from ..rules.records import Replacement
from ..segmentation import Segmenter
from .catalogues import Catalogue, parse_catalogue, read_catalogue
from .entries import Places
from .findings import Finding
from .icu import is_icu
from .placeholders import find_placeholders
from .readers.properties import is_message_format

__all__ = ["FIXED_FORMATS", "fix_catalogue"]

FIXED_FORMATS = (".po", ".json", ".arb", ".yaml", ".yml", ".properties")
"""The formats that are changed."""
_BRACES = re.compile(r"\{[^{}]*\}")
_SYNTAX = frozenset("{}%$#|\n")
"""Characters that no replacement may have: they could begin a placeholder or a comment, or end the
text.
"""
_QUOTE = re.compile("'(?=['{}#|])")
_YAML_NODE = re.compile(r"(?:[&!]\S*\s+)*")


class _Fix(NamedTuple):
    """The number of a text in the catalogue, the new text, and (start, stop, new) in the file."""

    number: int
    text: str
    changes: list[tuple[int, int, str]]


def fix_catalogue(
    path: str, findings: Iterable[Finding], segmenter: Segmenter
) -> set[tuple[int, int]]:
    """Replace characters in the texts of findings, where `transliterate(text)` does.

    Texts to translate are not changed, nor placeholders, nor the targets of symbolic links. The
    file is written only if it has the same texts afterwards, but for the changes; a text that would
    be read otherwise keeps its characters.

    Args:
        path: The catalogue.
        findings: Its findings.
        segmenter: Replaces the characters, if the text is GSM-7 then.

    Returns:
        The lines and columns of the texts that were changed.

    Raises:
        OSError, SourceError, MissingExtraError: The file cannot be read or written.
    """
    kind = os.path.splitext(path)[1].lower()
    if kind not in FIXED_FORMATS or os.path.islink(path):
        return set()
    catalogue = read_catalogue(path)
    reported = {(finding.line, finding.column) for finding in findings}
    places = Places(catalogue.text)
    fixes = []
    for number, entry in enumerate(catalogue.entries):
        if entry.is_source or (entry.line, entry.column) not in reported:
            continue
        text, replacements = segmenter.transliterate(entry.text)
        if not replacements or not _is_harmless(entry.text, replacements):
            continue
        # In the properties of MessageFormat, apostrophes are doubled, and quote nothing.
        is_doubled = kind == ".properties" and is_message_format(text)
        if not is_doubled and _quotes(text) > _quotes(entry.text):
            continue
        index = places.index(entry.line, entry.column)
        quote = "'" if is_doubled else ""
        changes = _find(kind, catalogue.text, index, quote, replacements)
        if changes is not None:
            fixes.append(_Fix(number, text, changes))
    fixes = fixes and _accepted(path, catalogue, fixes)
    if not fixes:
        return set()
    try:
        content, changed = (
            catalogue.mark + text.encode(catalogue.codec)
            for text in (catalogue.text, _apply(catalogue.text, fixes))
        )
    except UnicodeEncodeError:
        return set()
    with open(path, "rb") as file:
        if file.read() != content:  # an encoding that has two forms of a character
            return set()
    with whole_file(path) as file:
        file.write(changed)
    entries = catalogue.entries
    return {(entries[fix.number].line, entries[fix.number].column) for fix in fixes}


def _is_harmless(text: str, replacements: tuple[Replacement, ...]) -> bool:
    """Return whether no placeholder changes."""
    if any(not _SYNTAX.isdisjoint(each.replacement) for each in replacements):
        return False
    spans = find_placeholders(text)
    if not is_icu(text):  # whose texts are in braces
        spans += [match.span() for match in _BRACES.finditer(text)]
    return not any(
        start < each.index + len(each.char) and each.index < stop
        for start, stop in spans
        for each in replacements
    )


def _quotes(text: str) -> int:
    """Return how many apostrophes quote something, or are doubled, if it is an ICU message."""
    return len(_QUOTE.findall(text)) if "{" in text else 0


def _find(
    kind: str, content: str, index: int, quote: str, replacements: tuple[Replacement, ...]
) -> list[tuple[int, int, str]] | None:
    """Return the changes to a file after an index; None if the text cannot have them."""
    start_of_scalar = -1
    if kind in (".yaml", ".yml"):
        match = _YAML_NODE.match(content, index)
        start_of_scalar = index = match.end() if match else index
        quote = content[index]
    elif kind != ".properties":
        quote = '"'
    found = []
    for piece, replacement, _ in replacements:
        match = re.compile("".join(map(_written, piece))).search(content, index)
        # The first character of a plain scalar of YAML tells what it is.
        if match is None or match.start() == start_of_scalar:
            return None
        index = match.end()
        found.append((match.start(), index, _escaped(replacement, kind, quote)))
    return found


def _written(char: str) -> str:
    """Return a pattern for a character: itself, or its escape in JSON, YAML and properties."""
    octets = char.encode("utf-16-be", "surrogatepass").hex()
    escape = "".join(rf"\\u{octets[start : start + 4]}" for start in range(0, len(octets), 4))
    return f"(?:{re.escape(char)}|(?i:{escape}))"


def _escaped(replacement: str, kind: str, quote: str) -> str:
    """Return a replacement as it is written in a text with such a quote."""
    if quote == '"':
        return json.dumps(replacement, ensure_ascii=False)[1:-1]
    if kind == ".properties":
        replacement = replacement.replace("\\", "\\\\")
    return replacement.replace("'", "''") if quote == "'" else replacement


def _accepted(path: str, catalogue: Catalogue, fixes: list[_Fix]) -> list[_Fix]:
    """Return the fixes after which the file has the expected texts, each in the line where it was.

    If not all of them are, each half is tried.
    """
    expected = [entry._replace(column=0) for entry in catalogue.entries]
    for fix in fixes:
        expected[fix.number] = expected[fix.number]._replace(text=fix.text)
    try:
        entries = parse_catalogue(path, _apply(catalogue.text, fixes))
    except ValueError:
        entries = []
    if [each._replace(column=0) for each in entries] == expected:
        return fixes
    if len(fixes) < 2:
        return []
    middle = len(fixes) // 2
    halves = fixes[:middle], fixes[middle:]
    kept = [fix for half in halves for fix in _accepted(path, catalogue, half)]
    return _accepted(path, catalogue, kept) if len(kept) < len(fixes) else []


def _apply(text: str, fixes: list[_Fix]) -> str:
    """Return the text of a file after the changes of fixes."""
    parts = []
    end = 0
    for start, stop, new in sorted(change for fix in fixes for change in fix.changes):
        parts += [text[end:start], new]
        end = stop
    return "".join(parts) + text[end:]
