"""What the Python twin counts a text in, and where the segments of that end.

The reference of scan_languages.h, scan_choice.h and scan.h, which say why each bound holds.
"""

from __future__ import annotations

import re
from collections import namedtuple
from functools import cache

from ...standard import alphabets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    Bill: TypeAlias = tuple[int, int, int]
    Capacity: TypeAlias = tuple[int, int]
    Pair: TypeAlias = tuple[int, int, int, int]
    PlacedPair: TypeAlias = tuple[int, int, int, int, int]

__all__ = ["Choice", "Chooser", "coding_of", "count_segments", "find_ends"]


class Coding(namedtuple("Coding", ("foreign", "doubled"))):
    """A way to count characters: those that cannot be sent in it, those that take two units."""

    __slots__ = ()

    foreign: re.Pattern[str]
    doubled: re.Pattern[str]

    def units(self, text: str) -> int:
        return len(text) + len(self.doubled.findall(text))


_UCS2 = Coding(foreign=re.compile(r"(?!)"), doubled=re.compile("[\U00010000-\U0010ffff]"))


_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@cache
def coding_of(locking: int, single: int, excluded: str) -> Coding:
    plain = alphabets.locking_table(locking).keys() - set(excluded)
    escaped = alphabets.single_table(single).keys() - plain - set(excluded)
    known = re.escape("".join(plain | escaped))
    foreign = f"[^{known}]" if known else "(?s:.)"
    doubled = f"[{re.escape(''.join(escaped))}]" if escaped else "(?!)"
    return Coding(re.compile(foreign), re.compile(doubled))


@cache
def _outside(locking: int) -> re.Pattern[str]:
    """Match the characters outside a locking table."""
    return re.compile(f"[^{re.escape(''.join(alphabets.locking_table(locking)))}]")


@cache
def _can_save(locking: int) -> bool:
    """Is there a character of the default extension table that this table has for one septet?"""
    return not alphabets.single_table(0).keys().isdisjoint(alphabets.locking_table(locking))


@cache
def _no_table_has() -> re.Pattern[str]:
    """Match the characters that are UCS-2 whatever the languages."""
    chars = set[str]().union(
        *map(alphabets.locking_table, alphabets.LOCKING_IDS),
        *map(alphabets.single_table, alphabets.SINGLE_IDS),
    )
    return re.compile(f"[^{re.escape(''.join(chars))}]")


class Choice(namedtuple("Choice", ("pair", "coding", "single", "concatenated", "units"))):
    """What a text is counted in: the index of a pair, or -1 for UCS-2, and what follows from it."""

    __slots__ = ()

    pair: int
    coding: Coding
    single: int
    concatenated: int
    units: int


class Chooser:
    """Chooses what texts are counted in; `pairs`, `ucs2` and `excluded` as in a `Kernel`."""

    __slots__ = ("by_locking", "excluded", "pairs", "ucs2")

    by_locking: dict[int, list[PlacedPair]]

    def __init__(self, pairs: tuple[Pair, ...], ucs2: Capacity | None, excluded: str) -> None:
        self.pairs = pairs
        self.ucs2 = ucs2
        self.excluded = excluded
        self.by_locking = {}
        for index, pair in enumerate(pairs):
            self.by_locking.setdefault(pair[0], []).append((index, *pair))

    def choose(self, text: str, breaks: bytes | None) -> Choice | None:
        """Return the best choice, or None where nothing that is allowed can carry the text."""
        best: Choice | None = None
        least = (0, 0, 0)
        is_plain = False
        for locking, pairs in self.by_locking.items():
            if locking and best is None and _no_table_has().search(text):
                break
            # What a text takes depends on the locking table alone, and where the default tables
            # carry it, few can take less.
            if is_plain and not _can_save(locking):
                continue
            if best is not None:
                units = len(text) + len(_outside(locking).findall(text))
                if _least_bill(units, pairs[0]) >= least:
                    continue
            for pair in pairs:
                index, _, single, lone, concatenated = pair
                coding = coding_of(locking, single, self.excluded)
                if coding.foreign.search(text):
                    continue
                choice = Choice(index, coding, lone, concatenated, coding.units(text))
                bill = _bill(count_segments(text, choice, breaks), choice.units, pair)
                if index == 0:
                    is_plain = True
                    # No tables can do better than one septet for each character, behind the
                    # smallest header of the others.
                    if (
                        len(self.pairs) == 1
                        or choice.units == len(text)
                        or _least_bill(len(text), (1, *self.pairs[1])) >= bill
                    ):
                        return choice
                if best is None or bill < least:
                    best, least = choice, bill
                # The next ones take as many septets, and no smaller header; but a long cluster
                # may fit here, and be cut there.
                if breaks is None:
                    break
        if best is None and self.ucs2 is not None:
            best = Choice(-1, _UCS2, *self.ucs2, _UCS2.units(text))
        return best


def _bill(segments: int, units: int, pair: PlacedPair) -> Bill:
    """Return (segments, septets, place of the pair): the least is best.

    What a segment cannot hold is its header, and counts as septets such.
    """
    index, _, _, lone, concatenated = pair
    return segments, units - segments * (lone if segments == 1 else concatenated), index


def _least_bill(units: int, pair: PlacedPair) -> Bill:
    """Return the bill of units that fill every segment."""
    return _bill(_fewest_segments(units, *pair[3:]), units, pair)


def _fewest_segments(units: int, lone: int, concatenated: int) -> int:
    return 1 if units <= lone else -(-units // concatenated)


def count_segments(text: str, choice: Choice, breaks: bytes | None) -> int:
    fewest = _fewest_segments(choice.units, choice.single, choice.concatenated)
    # A border wastes at most one unit, so `fewest` segments hold at least this many units.
    if fewest == 1 or (breaks is None and choice.units <= fewest * (choice.concatenated - 1) + 1):
        return fewest
    return sum(1 for _ in _segments(text, choice, breaks))


def find_ends(text: str, choice: Choice, breaks: bytes | None) -> list[tuple[int, int]]:
    if choice.units <= choice.single:
        return [(len(text), choice.units)]
    return list(_segments(text, choice, breaks))


def _segments(text: str, choice: Choice, breaks: bytes | None) -> Iterator[tuple[int, int]]:
    """Fill segments greedily; yield the index after each and the units in it."""
    coding = choice.coding
    start = 0
    while start < len(text):
        end = _segment_end(text, coding, start, choice.concatenated, breaks)
        yield end, coding.units(text[start:end])
        start = end


def _segment_end(text: str, coding: Coding, start: int, capacity: int, breaks: bytes | None) -> int:
    end = min(start + capacity, len(text))
    units = coding.units(text[start:end])
    while units > capacity:
        end -= 1
        units -= coding.units(text[end])
    # Halves that stand next to each other are one character on the air.
    if _PAIR.match(text, end - 1):
        end -= 1
    if breaks is None or end == len(text) or breaks[end]:
        return end
    # Inside a cluster: leave it to the next segment, unless it is too long for any.
    cluster = breaks.rfind(1, start + 1, end)
    if cluster < 0:
        return end
    too_far = min(cluster + capacity + 1, len(text))
    after = breaks.find(1, end, too_far)
    if coding.units(text[cluster : too_far if after < 0 else after]) > capacity:
        return end
    return cluster
