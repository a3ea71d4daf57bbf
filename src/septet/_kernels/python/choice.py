"""Chooses the tables for a text, or UCS-2, and finds the ends of its segments.

The algorithms are those of scan_languages.h, scan_choice.h and scan.h, which say why each bound
holds.
"""

from __future__ import annotations

import re
from collections import namedtuple
from functools import cache

from ...standard import alphabets
from .clusters import ClusterSearch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from ...standard.graphemes import ClusterRules

    Bill: TypeAlias = tuple[int, int, int]
    Capacity: TypeAlias = tuple[int, int]
    Pair: TypeAlias = tuple[int, int, int, int]
    PlacedPair: TypeAlias = tuple[int, int, int, int, int]

__all__ = ["Choice", "Chooser", "coding_of", "count_segments", "find_ends", "is_plain"]


class Coding(namedtuple("Coding", ("missing", "doubled"))):
    """Patterns of the characters that a way of counting lacks, and of those that take two units."""

    __slots__ = ()

    missing: re.Pattern[str]
    doubled: re.Pattern[str]

    def units(self, text: str) -> int:
        return len(text) + len(self.doubled.findall(text))


_UCS2 = Coding(missing=re.compile(r"(?!)"), doubled=re.compile("[\U00010000-\U0010ffff]"))


_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@cache
def coding_of(locking: int, single: int, excluded: str) -> Coding:
    """Return the coding of a pair of tables without some excluded characters."""
    plain = alphabets.locking_table(locking).keys() - set(excluded)
    escaped = alphabets.single_table(single).keys() - plain - set(excluded)
    known = re.escape("".join(plain | escaped))
    missing = f"[^{known}]" if known else "(?s:.)"
    doubled = f"[{re.escape(''.join(escaped))}]" if escaped else "(?!)"
    return Coding(re.compile(missing), re.compile(doubled))


def is_plain(text: str, excluded: str) -> bool:
    """Return whether each character takes one septet of the default table."""
    return _other_than_plain(excluded).search(text) is None


@cache
def _other_than_plain(excluded: str) -> re.Pattern[str]:
    plain = "".join(alphabets.locking_table(0).keys() - set(excluded))
    return re.compile(f"[^{re.escape(plain)}]" if plain else "(?s:.)")


@cache
def _outside(locking: int) -> re.Pattern[str]:
    """Return a pattern of the characters outside a locking table."""
    return re.compile(f"[^{re.escape(''.join(alphabets.locking_table(locking)))}]")


@cache
def _can_save(locking: int) -> bool:
    """Return whether a table has a character of the default extension table for one septet."""
    return not alphabets.single_table(0).keys().isdisjoint(alphabets.locking_table(locking))


@cache
def _no_table_has() -> re.Pattern[str]:
    """Return a pattern of the characters that are UCS-2 whatever the languages."""
    chars = set[str]().union(
        *map(alphabets.locking_table, alphabets.LOCKING_IDS),
        *map(alphabets.single_table, alphabets.SINGLE_IDS),
    )
    return re.compile(f"[^{re.escape(''.join(chars))}]")


class Choice(namedtuple("Choice", ("pair", "coding", "single", "concatenated", "units"))):
    """The choice for a text: the index of a pair, or -1 for UCS-2, its capacities and the units."""

    __slots__ = ()

    pair: int
    coding: Coding
    single: int
    concatenated: int
    units: int


class Chooser:
    """Chooses tables or UCS-2 for texts; `pairs`, `ucs2` and `excluded` as for a `Kernel`."""

    __slots__ = ("by_locking", "excluded", "pairs", "ucs2")

    by_locking: dict[int, list[PlacedPair]]

    def __init__(self, pairs: tuple[Pair, ...], ucs2: Capacity | None, excluded: str) -> None:
        self.pairs = pairs
        self.ucs2 = ucs2
        self.excluded = excluded
        self.by_locking = {}
        for index, pair in enumerate(pairs):
            self.by_locking.setdefault(pair[0], []).append((index, *pair))

    def choose(self, text: str, clusters: ClusterRules | None) -> Choice | None:
        """Return the best choice; None if no pair has all characters and UCS-2 is not allowed."""
        choice = self._choose(text, None)
        # Clusters matter to a choice between tables only where there are several segments.
        if (
            clusters is not None
            and choice is not None
            and choice.pair >= 0
            and len(self.pairs) > 1
            and choice.units > choice.single
        ):
            choice = self._choose(text, clusters)
        return choice

    def _choose(self, text: str, clusters: ClusterRules | None) -> Choice | None:
        best: Choice | None = None
        least = (0, 0, 0)
        is_plain = False
        for locking, pairs in self.by_locking.items():
            if locking and best is None and _no_table_has().search(text):
                break
            # The units of a text depend only on the locking table. If the default tables have all
            # its characters, only a table with one-septet extension characters can need fewer.
            if is_plain and not _can_save(locking):
                continue
            if best is not None:
                units = len(text) + len(_outside(locking).findall(text))
                if _least_bill(units, pairs[0]) >= least:
                    continue
            for pair in pairs:
                index, _, single, lone, concatenated = pair
                coding = coding_of(locking, single, self.excluded)
                if coding.missing.search(text):
                    continue
                choice = Choice(index, coding, lone, concatenated, coding.units(text))
                bill = _bill(count_segments(text, choice, clusters), choice.units, pair)
                if index == 0:
                    is_plain = True
                    # At best, other tables take one septet for each character and the smallest
                    # header.
                    if (
                        len(self.pairs) == 1
                        or choice.units == len(text)
                        or _least_bill(len(text), (1, *self.pairs[1])) >= bill
                    ):
                        return choice
                if best is None or bill < least:
                    best, least = choice, bill
                # Later pairs with this locking table take the same septets and no smaller header,
                # so stop, unless grapheme clusters may be cut differently.
                if clusters is None:
                    break
        if best is None and self.ucs2 is not None:
            best = Choice(-1, _UCS2, *self.ucs2, _UCS2.units(text))
        return best


def _bill(segments: int, units: int, pair: PlacedPair) -> Bill:
    """Return (segments, septets, index of the pair): the lowest is best.

    The header of a segment is counted as negative free septets.
    """
    index, _, _, lone, concatenated = pair
    return segments, units - segments * (lone if segments == 1 else concatenated), index


def _least_bill(units: int, pair: PlacedPair) -> Bill:
    """Return the bill if the units fill every segment."""
    return _bill(_fewest_segments(units, *pair[3:]), units, pair)


def _fewest_segments(units: int, lone: int, concatenated: int) -> int:
    return 1 if units <= lone else -(-units // concatenated)


def count_segments(text: str, choice: Choice, clusters: ClusterRules | None) -> int:
    """Return the segments of a text under a choice."""
    fewest = _fewest_segments(choice.units, choice.single, choice.concatenated)
    # The end of a segment wastes at most one unit, so `fewest` segments hold at least this many.
    if fewest == 1 or (clusters is None and choice.units <= fewest * (choice.concatenated - 1) + 1):
        return fewest
    return sum(1 for _ in _segments(text, choice, clusters))


def find_ends(text: str, choice: Choice, clusters: ClusterRules | None) -> list[tuple[int, int]]:
    """Return (index after the segment, its units) for each segment."""
    if choice.units <= choice.single:
        return [(len(text), choice.units)]
    return list(_segments(text, choice, clusters))


def _segments(
    text: str, choice: Choice, clusters: ClusterRules | None
) -> Iterator[tuple[int, int]]:
    """Fill segments greedily; yield the index after each and the units in it."""
    search = None if clusters is None else ClusterSearch(text, clusters)
    coding = choice.coding
    start = 0
    while start < len(text):
        end = _segment_end(text, coding, start, choice.concatenated, search)
        yield end, coding.units(text[start:end])
        start = end


def _segment_end(
    text: str, coding: Coding, start: int, capacity: int, search: ClusterSearch | None
) -> int:
    end = min(start + capacity, len(text))
    units = coding.units(text[start:end])
    while units > capacity:
        end -= 1
        units -= coding.units(text[end])
    # The two halves of a surrogate pair are one character on the air.
    if _PAIR.match(text, end - 1):
        end -= 1
    if search is None or end == len(text):
        return end
    # Inside a cluster: move the cluster to the next segment, unless it is too long for any.
    cluster = search.start_of(end)
    if cluster == end or cluster <= start:
        return end
    stop = search.stop_of(cluster + capacity)
    return end if coding.units(text[cluster:stop]) > capacity else cluster
