"""Texts with what GSM-7 lacks replaced: punctuation by a list of our own, letters by `anyascii`.

A general transliterator, given a whole text, would replace é, ß or € too, which cost nothing. So
only what the tables lack is replaced, one character with its combining marks at a time, and only by
what the tables hold.
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
    from typing import Any

__all__ = ["Replacement", "Transliteration", "is_mark", "levels_to", "transliterate"]

_LEVELS = ("punctuation", "letters", "all")


class Replacement(namedtuple("Replacement", ("char", "replacement", "index"))):
    """What was replaced at one place of a text.

    Attributes:
        char: The character, with the combining marks behind it.
        replacement: What stands for it now; may be empty.
        index: Where it stood in the text that was given, in characters.
    """

    __slots__ = ()

    char: str
    replacement: str
    index: int


class Transliteration(namedtuple("Transliteration", ("text", "replacements"))):
    """A text and what was replaced in it.

    Attributes:
        text: The text now; the same object as before if nothing was replaced.
        replacements: What was replaced, in the order of the text.
    """

    __slots__ = ()

    text: str
    replacements: tuple[Replacement, ...]


def transliterate(
    segmenter: Any, text: str, level: str = "punctuation", *, only_if_cheaper: bool = False
) -> Transliteration:
    """Replace the characters that the tables lack, so that a text can be GSM-7.

    Of several pairs of national tables, those count that lack the fewest characters. What has no
    replacement in them stays; under forced UCS-2 everything does.

    Args:
        segmenter: The rules.
        text: Any `str`. A character with combining marks is composed (NFC) if that serves.
        level: "punctuation" replaces punctuation, spaces and letter-like signs; "letters" Latin
            letters too, without their marks; "all" everything that `anyascii` knows.
        only_if_cheaper: Keep the text as it is unless a segment is saved.

    Raises:
        TypeError: `text` is not a `str`.
        ValueError: There is no such level.
        MissingExtraError: A level above "punctuation" without the extra `transliteration`.
        EncodingError: `only_if_cheaper`, GSM-7 is forced and a character is left, or was there.
    """
    to_ascii = _to_ascii() if len(levels_to(level)) > 1 else None
    unchanged = Transliteration(text, ())
    foreign = segmenter._foreign(text)
    if not foreign:
        return unchanged
    plain = str.__str__(text)
    held = _held(plain, segmenter._pairs, frozenset(segmenter._excluded))
    replacements = []
    parts: list[str] = []
    copied = 0
    for index, piece in _pieces(plain, foreign):
        replace = _replace_again if len(piece) == 1 else _replace
        replacement = replace(piece, held, level, to_ascii)
        if replacement != piece:
            parts += plain[copied:index], replacement
            copied = index + len(piece)
            replacements.append(Replacement(piece, replacement, index))
    parts.append(plain[copied:])
    result = "".join(parts)
    if not replacements or (only_if_cheaper and segmenter.count(result) >= segmenter.count(plain)):
        return unchanged
    return Transliteration(result, tuple(replacements))


def levels_to(level: str) -> tuple[str, ...]:
    """Return a level and the gentler ones, the gentlest first.

    Raises:
        ValueError: There is no such level.
    """
    if level not in _LEVELS:
        raise ValueError(f"level must be one of {', '.join(_LEVELS)}, not {level!r}")
    return _LEVELS[: _LEVELS.index(level) + 1]


def _replace(
    piece: str, held: frozenset[str], level: str, to_ascii: Callable[[str], str] | None
) -> str:
    """Return what stands for a character with its marks: itself unless all of it is held then."""
    composed = unicodedata.normalize("NFC", piece)
    if level == "punctuation" or (level == "letters" and not _is_latin(composed[0])):
        to_ascii = None
    listed = _listed()
    found = ""
    for char in composed:
        if char in held:
            found += char
        elif to_ascii is None or (char in listed and not is_mark(char)):
            found += listed.get(char, char)
        else:
            ascii_chars = to_ascii(char)
            if not ascii_chars and not is_mark(char):
                return piece
            found += "".join(c if c in held else listed.get(c, c) for c in ascii_chars)
    return found if held.issuperset(found) else piece


_replace_again = lru_cache(maxsize=8192)(_replace)  # not for pieces, which may be long


def _held(text: str, pairs: Sequence[tuple[int, int]], excluded: frozenset[str]) -> frozenset[str]:
    """Return the characters of the pair of tables that lacks the fewest of a text."""
    tables = [_chars(*pair) - excluded if excluded else _chars(*pair) for pair in pairs]
    if len(tables) == 1:
        return tables[0]
    return min(tables, key=lambda chars: sum(char not in chars for char in text))


def _pieces(text: str, foreign: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield each character with the combining marks behind it that has one of `foreign`; where."""
    stop = 0
    for index in foreign:
        if index < stop:
            continue
        start, stop = index, index + 1
        while start and is_mark(text[start]):
            start -= 1
        while stop < len(text) and is_mark(text[stop]):
            stop += 1
        yield start, text[start:stop]


def is_mark(char: str) -> bool:
    """Tell whether a character is a combining mark or joins others: nothing is lost without it."""
    return char > "\x7f" and unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf")


def _is_latin(char: str) -> bool:
    return char in "ªº" or "LATIN" in unicodedata.name(char, "") or char.isascii()


@cache
def _chars(locking: int, single: int) -> frozenset[str]:
    return frozenset(locking_table(locking)) | frozenset(single_table(single))


@cache
def _listed() -> dict[str, str]:
    """Return what stands for each character of our list."""
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
