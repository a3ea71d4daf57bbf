"""Replaces characters that GSM-7 lacks: punctuation by a list, letters by `anyascii`.

A general transliterator, given a whole text, would replace é, ß or € too, which cost nothing. So
only characters outside the tables are replaced, one with its combining marks at a time, and only by
characters of the tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections import namedtuple
from functools import cache, lru_cache

from ..exceptions import MissingExtraError
from ..standard.alphabets import locking_table, single_table
from .transliteration_data import REPLACED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Literal, TypeAlias

    from .._kernels import Kernel

    Level: TypeAlias = Literal["punctuation", "letters", "all"]
    When: TypeAlias = Literal["always", "cheaper"]

__all__ = ["Replacement", "Transliteration", "is_mark", "levels_to", "transliterate"]

_LEVELS: tuple[Level, ...] = ("punctuation", "letters", "all")
_WHEN = ("always", "cheaper")


class Replacement(namedtuple("Replacement", ("char", "replacement", "index"))):
    """One replacement in a text.

    Attributes:
        char: The character that was replaced, with the combining marks after it.
        replacement: The text in its place; may be empty.
        index: Index of the character in the original text, in characters.
    """

    __slots__ = ()

    char: str
    replacement: str
    index: int


class Transliteration(namedtuple("Transliteration", ("text", "replacements"))):
    """A text after replacements.

    Attributes:
        text: The new text; the same object as the original if nothing was replaced.
        replacements: The replacements, in the order of the text.
    """

    __slots__ = ()

    text: str
    replacements: tuple[Replacement, ...]


def transliterate(
    kernel: Kernel, text: str, level: Level = "punctuation", when: When = "always"
) -> Transliteration:
    """Replace the characters that GSM-7 lacks; see `Segmenter.transliterate`."""
    to_ascii = None
    if level != "punctuation":
        levels_to(level)  # refuses a wrong level
        to_ascii = _to_ascii()
    if when not in _WHEN:
        raise ValueError(f"when must be one of {', '.join(_WHEN)}, not {when!r}")
    unchanged = Transliteration(text, ())
    indexes = kernel.non_gsm_indexes(text)
    if not indexes:
        return unchanged
    plain = str.__str__(text)
    available = _available(plain, kernel.pairs, kernel.excluded)
    replacements = []
    parts: list[str] = []
    copied = 0
    for index, piece in _pieces(plain, indexes):
        replace = _replace_cached if len(piece) == 1 else _replace
        replacement = replace(piece, available, level, to_ascii)
        if replacement != piece:
            parts += plain[copied:index], replacement
            copied = index + len(piece)
            replacements.append(Replacement(piece, replacement, index))
    parts.append(plain[copied:])
    result = "".join(parts)
    if not replacements:
        return unchanged
    if when == "cheaper" and kernel.count(result) >= kernel.count(plain):
        return unchanged
    return Transliteration(result, tuple(replacements))


def levels_to(level: Level) -> tuple[Level, ...]:
    """Return a level and those that replace less, the one that replaces least first.

    Raises:
        ValueError: There is no such level.
    """
    if level not in _LEVELS:
        raise ValueError(f"level must be one of {', '.join(_LEVELS)}, not {level!r}")
    return _LEVELS[: _LEVELS.index(level) + 1]


def _replace(
    piece: str, available: frozenset[str], level: Level, to_ascii: Callable[[str], str] | None
) -> str:
    """Return the replacement of a character with its marks, or itself if not all is available."""
    composed = unicodedata.normalize("NFC", piece)
    if level == "punctuation" or (level == "letters" and not _is_latin(composed[0])):
        to_ascii = None
    listed = _listed()
    replacement = ""
    for char in composed:
        if char in available:
            replacement += char
        elif to_ascii is None or (char in listed and not is_mark(char)):
            replacement += listed.get(char, char)
        else:
            ascii_chars = to_ascii(char)
            if not ascii_chars and not is_mark(char):
                return piece
            replacement += "".join(c if c in available else listed.get(c, c) for c in ascii_chars)
    return replacement if available.issuperset(replacement) else piece


_replace_cached = lru_cache(maxsize=8192)(
    _replace
)  # only for single characters: pieces can be long


def _available(
    text: str, pairs: Sequence[tuple[int, int, int, int]], excluded: str
) -> frozenset[str]:
    """Return the characters of the pair of tables that lacks the fewest characters of a text."""
    tables = [_chars(pair[0], pair[1], excluded) for pair in pairs]
    if len(tables) == 1:
        return tables[0]
    return min(tables, key=lambda chars: sum(char not in chars for char in text))


def _pieces(text: str, indexes: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield (index, character with the combining marks after it) for the characters at indexes.

    An index may also be that of a mark.
    """
    stop = 0
    for index in indexes:
        if index < stop:
            continue
        start, stop = index, index + 1
        while start and is_mark(text[start]):
            start -= 1
        while stop < len(text) and is_mark(text[stop]):
            stop += 1
        yield start, text[start:stop]


def is_mark(char: str) -> bool:
    """Return whether a character is a combining mark or a joiner, so that it can be left out."""
    return char > "\x7f" and unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf")


def _is_latin(char: str) -> bool:
    return char in "ªº" or "LATIN" in unicodedata.name(char, "") or char.isascii()


# The cache also makes each set the same object every time: sets are in the keys of
# `_replace_cached`, and a set computes its hash only once.
@lru_cache(maxsize=512)
def _chars(locking: int, single: int, excluded: str) -> frozenset[str]:
    return frozenset((*locking_table(locking), *single_table(single))).difference(excluded)


@cache
def _listed() -> dict[str, str]:
    """Return the replacement of each character of our list."""
    return {
        chr(code): replacement
        for replacement, ranges in REPLACED.items()
        for first, last in re.findall(r"(\w+)(?:-(\w+))?", ranges)
        for code in range(int(first, 16), int(last or first, 16) + 1)
    }


def _to_ascii() -> Callable[[str], str]:
    try:
        from anyascii import anyascii
    except ImportError as error:
        raise MissingExtraError("anyascii", "transliteration", "this level") from error
    return anyascii
