"""Canonical composition (Normalization Form C) by the tables of one Unicode version.

Unicode Standard, section 3.11: characters are decomposed, marks are put in canonical order, and
what can be composed is composed.
"""

from __future__ import annotations

from functools import cache

from .characters import read_ranges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["compose"]

_FIRST_TO_COMPOSE = "\u0300"  # no character before it composes with one before it

# Hangul syllables are composed by arithmetic (section 3.12).
_SYLLABLES, _LEADING, _VOWELS, _TRAILING = 0xAC00, 0x1100, 0x1161, 0x11A7
_LEADING_COUNT, _VOWEL_COUNT, _TRAILING_COUNT = 19, 21, 28
_SYLLABLE_COUNT = _LEADING_COUNT * _VOWEL_COUNT * _TRAILING_COUNT


def compose(text: str) -> str:
    """Return a text in Normalization Form C of `UNICODE_VERSION`.

    Args:
        text: Any text. Code points that this version does not assign stay as they are.

    Returns:
        The composed text; the text itself if nothing in it can be composed.
    """
    if text.isascii() or max(text) < _FIRST_TO_COMPOSE:
        return text
    points = [part for char in text for part in _decompose(ord(char))]
    _put_in_order(points)
    return "".join(map(chr, _composed(points)))


def _decompose(c: int) -> tuple[int, ...]:
    """Return the full canonical decomposition of a code point."""
    mapping = _decompositions().get(c)
    if mapping is not None:
        # Only the first part of a mapping can have a mapping itself.
        return (*_decompose(mapping[0]), *mapping[1:])
    index = c - _SYLLABLES
    if not 0 <= index < _SYLLABLE_COUNT:
        return (c,)
    leading, rest = divmod(index, _VOWEL_COUNT * _TRAILING_COUNT)
    vowel, trailing = divmod(rest, _TRAILING_COUNT)
    parts = (_LEADING + leading, _VOWELS + vowel, _TRAILING + trailing)
    return parts if trailing else parts[:2]


def _put_in_order(points: list[int]) -> None:
    """Sort each run of marks by its combining classes; marks of one class keep their order."""
    classes = _combining_classes()
    start = 0
    while start < len(points):
        stop = start
        while stop < len(points) and points[stop] in classes:
            stop += 1
        if stop - start > 1:
            points[start:stop] = sorted(points[start:stop], key=classes.__getitem__)
        start = stop + 1


def _composed(points: list[int]) -> Iterator[int]:
    """Yield code points in canonical order, composed."""
    classes = _combining_classes()
    starter: int | None = None
    waiting: list[int] = []  # what follows the starter and was not composed with it
    last_class = 0
    for c in points:
        this_class = classes.get(c, 0)
        is_blocked = bool(waiting) and last_class >= this_class
        whole = None if starter is None or is_blocked else _composite(starter, c)
        if whole is not None:
            starter = whole
        elif this_class:
            waiting.append(c)
            last_class = this_class
        else:
            if starter is not None:
                yield starter
            yield from waiting
            starter, waiting, last_class = c, [], 0
    if starter is not None:
        yield starter
    yield from waiting


def _composite(first: int, second: int) -> int | None:
    """Return the primary composite of two code points, if there is one."""
    leading, vowel = first - _LEADING, second - _VOWELS
    if 0 <= leading < _LEADING_COUNT and 0 <= vowel < _VOWEL_COUNT:
        return _SYLLABLES + (leading * _VOWEL_COUNT + vowel) * _TRAILING_COUNT
    syllable, trailing = first - _SYLLABLES, second - _TRAILING
    if 0 <= syllable < _SYLLABLE_COUNT and not syllable % _TRAILING_COUNT:
        return first + trailing if 0 < trailing < _TRAILING_COUNT else None
    return _compositions().get((first, second))


@cache
def _decompositions() -> dict[int, tuple[int, ...]]:
    from .unicode_data import DECOMPOSITIONS

    found = {}
    for word in DECOMPOSITIONS.split():
        whole, _, parts = word.partition("=")
        found[int(whole, 16)] = tuple(int(part, 16) for part in parts.split("+"))
    return found


@cache
def _compositions() -> dict[tuple[int, ...], int]:
    from .unicode_data import COMPOSITION_EXCLUSIONS

    excluded = {c for pair in read_ranges(COMPOSITION_EXCLUSIONS) for c in range(*pair)}
    return {parts: whole for whole, parts in _decompositions().items() if whole not in excluded}


@cache
def _combining_classes() -> dict[int, int]:
    from .unicode_data import COMBINING_CLASSES

    return {
        c: number
        for number, ranges in COMBINING_CLASSES.items()
        for pair in read_ranges(ranges)
        for c in range(*pair)
    }
