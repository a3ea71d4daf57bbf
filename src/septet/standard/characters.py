"""Kinds of characters, by the tables of one Unicode version, not those of Python.

The tables are in `unicode_data` and are loaded on first use.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "UNICODE_VERSION",
    "char_width",
    "is_assigned",
    "is_format",
    "is_mark",
    "is_printable",
    "read_ranges",
]

UNICODE_VERSION = "17.0.0"
"""The version of Unicode by which clusters, marks, compositions and widths are found.

It changes with minor releases of septet only.
"""

_MARKS = ("Mn", "Mc", "Me")
_NOT_PRINTABLE = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs")
# Vowels and final consonants of Hangul, which join the syllable before them.
_JOINING_JAMO = (0x1160, 0x1200, 0xD7B0, 0xD7FC)


def is_mark(char: str) -> bool:
    """Return whether a character is a mark: general category Mn, Mc or Me."""
    return _is_in(_bounds(*_MARKS), char)


def is_format(char: str) -> bool:
    """Return whether a character is a format character: general category Cf."""
    return _is_in(_bounds("Cf"), char)


def is_assigned(char: str) -> bool:
    """Return whether a code point is a character of this Unicode version, or of private use."""
    return not _is_in(_bounds("Cn"), char)


def is_printable(char: str) -> bool:
    """Return whether a character can be shown as itself.

    Not control, format, private-use and unassigned characters, surrogates, and separators other
    than the space: `str.isprintable` by this version of Unicode.
    """
    return char == " " or not _is_in(_bounds(*_NOT_PRINTABLE), char)


def char_width(char: str) -> int:
    """Return how many columns of a terminal a printable character takes: 0, 1 or 2.

    Nonspacing and enclosing marks, and Hangul vowels and final consonants, take none.
    """
    if char < "\u0300":
        return 1
    if _is_in(_bounds("Mn", "Me"), char) or _is_in(_JOINING_JAMO, char):
        return 0
    return 2 if _is_in(_wide_bounds(), char) else 1


def read_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first code point of each range of `unicode_data`, and the one after its last."""
    for word in text.split():
        first, _, last = word.partition("-")
        yield int(first, 16), int(last or first, 16) + 1


def _is_in(bounds: tuple[int, ...], char: str) -> bool:
    return bool(bisect_right(bounds, ord(char)) & 1)


@cache
def _bounds(*categories: str) -> tuple[int, ...]:
    """Return where the ranges of some categories begin and end, in turn."""
    from .unicode_data import CATEGORIES

    pairs = sorted(pair for name in categories for pair in read_ranges(CATEGORIES[name]))
    return tuple(bound for pair in pairs for bound in pair)


@cache
def _wide_bounds() -> tuple[int, ...]:
    from .unicode_data import WIDE

    return tuple(bound for pair in read_ranges(WIDE) for bound in pair)
