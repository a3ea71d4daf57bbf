"""The fold over texts that finds what a campaign could save.

Here texts are looked at one by one, in Python, so all of this is done only when it is asked for.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import compress
from typing import Any

from ..._kernels import HashSet
from ...exceptions import MissingExtraError
from ...rewriting.advice import units_over
from ...rewriting.transliteration import is_mark, levels_to
from ...segmentation import Segmenter
from ...standard.limits import (
    CONCATENATION_OCTETS,
    MAX_SEGMENTS,
    code_unit_capacity,
    septet_capacity,
)
from ..rates.card import RateCard
from ..rates.pricing import Counts, settle
from ..rates.tallies import Group
from .savings import SAME_MESSAGE, SAME_NUMBER, Savings

__all__ = ["MOST_RECIPIENTS", "NEAR_UNITS", "SavingsFold"]

NEAR_UNITS = 10
"""How many units over a border are told."""

MOST_RECIPIENTS = 1 << 24
"""How many messages are remembered to find repetitions: beyond, nothing is told of them."""

_LINE_ENDS = "line ends"
_CAPACITIES = tuple(
    (capacity(), capacity(CONCATENATION_OCTETS[8]))
    for capacity in (septet_capacity, code_unit_capacity)
)


class SavingsFold:
    """Looks at texts and adds up what they could save.

    Attributes:
        savings: What was added up; all of it after `settle()`.
    """

    def __init__(self, segmenter: Segmenter, rates: RateCard | None) -> None:
        self._segmenter = segmenter
        self._is_simple = len(segmenter._pairs) < 2
        self._rates = rates
        self._replacements = {level: _Replacements(segmenter, level) for level in _levels()}
        changes = (_LINE_ENDS, *self._replacements)
        self.savings = Savings(changes={change: Group() for change in changes})
        self._changes: Counts = Counter()
        self._characters: Counts = Counter()
        self._alone: Counts = Counter()
        self._near: Counts = Counter()
        self._repeats: Counts = Counter()
        self._seen = {SAME_MESSAGE: HashSet(), SAME_NUMBER: HashSet()}

    def add(
        self,
        texts: Sequence[str | None],
        recipients: Sequence[str | None] | None,
        segments: Sequence[int],
        units: Sequence[int],
        encodings: Sequence[int],
        rates: Sequence[int],
    ) -> None:
        """Look at the texts of a batch, of which the facts are known."""
        for row, text in enumerate(texts):
            before = segments[row]
            if not text or before > MAX_SEGMENTS:
                continue
            text, rate = str.__str__(text), rates[row]
            foreign = self._segmenter._foreign(text) if encodings[row] else []
            if foreign:
                self._look_at_characters(text, foreign, rate, before)
            if before > 1:
                self._look_at_line_ends(text, rate, before)
                single, concatenated = _CAPACITIES[encodings[row]]
                most = single if before == 2 else concatenated * (before - 1)
                # More does not fit, whatever the rules, so most texts need no closer look: unless
                # the beginning is counted in another encoding than the text, or in other tables.
                ends_foreign = bool(foreign) and foreign[0] >= len(text) - NEAR_UNITS
                if units[row] - most <= NEAR_UNITS or ends_foreign or not self._is_simple:
                    self._look_at_end(text, rate, before)
        if recipients is not None and self.savings.repeats is not None:
            is_sent = [bool(text and to) for text, to in zip(texts, recipients, strict=True)]
            rows = list(compress(zip(recipients, texts, rates, segments, strict=True), is_sent))
            self._look_for_repeats(rows)

    def settle(self) -> None:
        """Move what was counted to the savings."""
        savings, rates = self.savings, self._rates
        settle(self._changes, savings.changes, rates, are_saved=True)
        settle(self._characters, savings.characters, rates)
        settle(self._alone, savings.alone, rates, are_saved=True)
        settle(self._near, savings.near, rates, are_saved=True)
        if savings.repeats is not None:
            settle(self._repeats, savings.repeats, rates)

    def _look_at_characters(
        self, text: str, foreign: Sequence[int], rate: int, before: int
    ) -> None:
        occurrences = Counter([text[index] for index in foreign])
        self.savings.occurrences.update(occurrences)
        self._characters.update((char, rate, before) for char in occurrences)
        if before == 1:
            return
        most = 0
        last, after = text, before
        for level, rewritten in self._rewritten(text, occurrences):
            if rewritten != last:
                last, after = rewritten, self._segmenter.count(rewritten)
            if after < before:
                self._changes[level, rate, before - after] += 1
                most = max(most, before - after)
        if most and len(occurrences) == 1:
            self._alone[next(iter(occurrences)), rate, most] += 1

    def _rewritten(self, text: str, chars: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each level with the text as it makes it."""
        # One by one, where neither marks nor the choice of tables make a difference.
        is_simple = self._is_simple and _marks().isdisjoint(text)
        for level, replacements in self._replacements.items():
            if is_simple:
                rewritten = text
                for char in chars:
                    rewritten = rewritten.replace(char, replacements[char])
            else:
                rewritten = self._segmenter.transliterate(text, level).text
            yield level, rewritten

    def _look_at_line_ends(self, text: str, rate: int, before: int) -> None:
        if "\r\n" in text:
            saved = before - self._segmenter.count(text.replace("\r\n", "\n"))
            if saved > 0:
                self._changes[_LINE_ENDS, rate, saved] += 1

    def _look_at_end(self, text: str, rate: int, before: int) -> None:
        over = units_over(self._segmenter.analyze(text))
        if over <= NEAR_UNITS:
            beginning = self._segmenter.truncate(text, before - 1)
            self._near[over, rate, before - self._segmenter.count(beginning)] += 1

    def _look_for_repeats(self, rows: Sequence[tuple[Any, Any, int, int]]) -> None:
        hashes = {
            SAME_MESSAGE: array("q", [hash(row[:2]) for row in rows]),
            SAME_NUMBER: array("q", [hash(row[0]) for row in rows]),
        }
        for name, seen in self._seen.items():
            was_present = bytearray(len(rows))
            seen.insert(memoryview(hashes[name]).cast("B").cast("Q"), memoryview(was_present))
            self._repeats.update((name, *row[2:]) for row in compress(rows, was_present))
        if len(self._seen[SAME_MESSAGE]) > MOST_RECIPIENTS:
            self.savings.repeats = None
            self._seen.clear()
            self._repeats.clear()


class _Replacements(dict[str, str]):
    """What stands for each character at a level, found when first asked for."""

    def __init__(self, segmenter: Segmenter, level: str) -> None:
        super().__init__()
        self._segmenter = segmenter
        self._level = level

    def __missing__(self, char: str) -> str:
        replacement: str = self._segmenter.transliterate(char, self._level).text
        self[char] = replacement
        return replacement


@cache
def _marks() -> frozenset[str]:
    return frozenset(filter(is_mark, map(chr, range(sys.maxunicode + 1))))


def _levels() -> tuple[str, ...]:
    """Return the levels that are installed."""
    levels = levels_to("all")
    try:
        Segmenter().transliterate("", levels[-1])
    except MissingExtraError:
        return levels[:1]
    return levels
