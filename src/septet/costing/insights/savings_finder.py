"""Finds what a campaign could save: replacements, shorter texts, and messages sent twice.

Texts are looked at one by one in Python, which is slow, so this is done only on request.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import compress
from typing import TYPE_CHECKING, Any

from ..._kernels import HashSet, PrefixIndex
from ...columns.surveys import find_prefixes, listed
from ...exceptions import MissingExtraError
from ...rewriting.advice import units_over
from ...rewriting.replacements import levels_to
from ...rewriting.transliteration import depends_on_neighbours
from ...segmentation import Segmenter
from ...standard.limits import (
    CONCATENATION_OCTETS,
    MAX_SEGMENTS,
    code_unit_capacity,
    septet_capacity,
)
from ..rates.card import RateCard
from ..rates.phone_numbers import may_be_number
from ..rates.pricing import MessageCounts, move_to_groups
from ..rates.tallies import Group
from ..rates.unpriced import Unpriced
from .counted_batches import CountedBatch
from .savings import SAME_MESSAGE, SAME_NUMBER, Savings

if TYPE_CHECKING:
    from ...rewriting.replacements import Level

__all__ = ["MAX_REMEMBERED", "NEAR_UNITS", "SavingsFinder"]

NEAR_UNITS = 10
"""How many units a text may be too long for one segment less, to be counted in `Savings.near`."""

MAX_REMEMBERED = 1 << 24
"""How many messages are remembered to find repeats; above that, repeats are not reported."""

_LINE_ENDS = "line ends"


class SavingsFinder:
    """Observes batches and adds up what they could save.

    Attributes:
        savings: The savings in the batches so far; complete after `flush()`.
    """

    def __init__(self, segmenter: Segmenter, rates: RateCard | None) -> None:
        """Start with no batches.

        Args:
            segmenter: The rules to count by.
            rates: The card to price by; None to price nothing.
        """
        self._segmenter = segmenter
        self._is_simple = len(segmenter.rules.pairs) < 2
        self._capacities = _capacities(segmenter)
        self._rates = rates
        self._replacements = {
            level: cache(partial(_replace, segmenter, level)) for level in _levels()
        }
        changes = (_LINE_ENDS, *self._replacements)
        self.savings = Savings(changes={change: Group() for change in changes})
        self._changes: MessageCounts = Counter()
        self._characters: MessageCounts = Counter()
        self._alone: MessageCounts = Counter()
        self._near: MessageCounts = Counter()
        self._repeats: MessageCounts = Counter()
        self._seen = {SAME_MESSAGE: HashSet(), SAME_NUMBER: HashSet()}

    def add(self, counted: CountedBatch) -> None:
        """Look at the texts of one more batch."""
        texts = listed(counted.texts)
        all_segments, units, encodings = counted.segments, counted.units, counted.encodings
        rates = counted.rates
        for row, text in enumerate(texts):
            segments = all_segments[row]
            if not text or segments > MAX_SEGMENTS:
                continue
            text, rate = str.__str__(text), rates[row]
            foreign = self._segmenter.kernel.non_gsm_indexes(text) if encodings[row] else []
            if foreign:
                self._look_at_characters(text, foreign, rate, segments)
            if segments > 1:
                self._look_at_line_ends(text, rate, segments)
                single, concatenated = self._capacities[encodings[row]]
                shorter = single if segments == 2 else concatenated * (segments - 1)
                # One segment less holds no more units than that, so most texts need no closer look:
                # unless the beginning may be counted in another encoding, or in other tables.
                ends_foreign = bool(foreign) and foreign[0] >= len(text) - NEAR_UNITS
                is_near = units[row] - shorter <= NEAR_UNITS
                if is_near or ends_foreign or not self._is_simple:
                    self._look_at_end(text, rate, segments)
        if counted.batch.recipients is not None and self.savings.repeats is not None:
            recipients = listed(counted.batch.recipients)
            matches = rates
            if self._rates is None:
                matches = find_prefixes(PrefixIndex(()), counted.batch.recipients)
            is_sent = [
                bool(text) and (match >= Unpriced.NO_RATE or self._may_be_number(to, match))
                for text, to, match in zip(texts, recipients, matches, strict=True)
            ]
            rows = zip(recipients, texts, rates, all_segments, strict=True)
            self._look_for_repeats(list(compress(rows, is_sent)))

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the savings."""
        savings, rates = self.savings, self._rates
        move_to_groups(self._changes, savings.changes, rates, are_saved=True)
        move_to_groups(self._characters, savings.characters, rates)
        move_to_groups(self._alone, savings.alone, rates, are_saved=True)
        move_to_groups(self._near, savings.near, rates, are_saved=True)
        if savings.repeats is not None:
            move_to_groups(self._repeats, savings.repeats, rates)

    def _look_at_characters(
        self, text: str, foreign: Sequence[int], rate: int, before: int
    ) -> None:
        occurrences = Counter([text[index] for index in foreign])
        self.savings.occurrences.update(occurrences)
        self._characters.update((char, rate, before) for char in occurrences)
        if before == 1:
            return
        best = 0
        last, after = text, before
        for level, rewritten in self._rewritten(text, occurrences):
            if rewritten != last:
                last, after = rewritten, self._segmenter.count(rewritten)
            if after < before:
                self._changes[level, rate, before - after] += 1
                best = max(best, before - after)
        if best and len(occurrences) == 1:
            self._alone[next(iter(occurrences)), rate, best] += 1

    def _rewritten(self, text: str, chars: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each level of transliteration with the rewritten text."""
        # Character by character, where neither neighbours nor the choice of tables matter.
        is_simple = self._is_simple and not depends_on_neighbours(text)
        for level, replacement in self._replacements.items():
            if is_simple:
                rewritten = text
                for char in chars:
                    rewritten = rewritten.replace(char, replacement(char))
            else:
                rewritten = self._segmenter.transliterate(text, level, when="always").text
            yield level, rewritten

    def _look_at_line_ends(self, text: str, rate: int, before: int) -> None:
        if "\r\n" in text:
            saved = before - self._segmenter.count(text.replace("\r\n", "\n"))
            if saved > 0:
                self._changes[_LINE_ENDS, rate, saved] += 1

    def _look_at_end(self, text: str, rate: int, before: int) -> None:
        over = units_over(self._segmenter.kernel, self._segmenter.analyze(text))
        if over <= NEAR_UNITS:
            beginning = self._segmenter.truncate(text, before - 1)
            self._near[over, rate, before - self._segmenter.count(beginning)] += 1

    def _may_be_number(self, recipient: str | None, match: int) -> bool:
        """Return whether a recipient that is not an E.164 number may be a number all the same.

        Equal cells that are certainly none, such as "n/a" or 4.47911E+11, are not one recipient. In
        a region it is known which cells are numbers.
        """
        has_region = self._rates is not None and self._rates.region is not None
        return match == Unpriced.NOT_E164 and not has_region and may_be_number(recipient or "")

    def _look_for_repeats(self, rows: Sequence[tuple[Any, Any, int, int]]) -> None:
        """Count the messages whose hash was there before; see `Savings.repeats`."""
        hashes = {
            SAME_MESSAGE: array("q", [hash(row[:2]) for row in rows]),
            SAME_NUMBER: array("q", [hash(row[0]) for row in rows]),
        }
        for name, seen in self._seen.items():
            was_present = bytearray(len(rows))
            seen.insert(memoryview(hashes[name]).cast("B").cast("Q"), memoryview(was_present))
            self._repeats.update((name, *row[2:]) for row in compress(rows, was_present))
        if len(self._seen[SAME_MESSAGE]) > MAX_REMEMBERED:
            self.savings.repeats = None
            self._seen.clear()
            self._repeats.clear()


def _capacities(segmenter: Segmenter) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the units that fit one segment, and one of several, in GSM-7 and in UCS-2.

    With national language tables fewer septets may fit.
    """
    header = segmenter.header_octets
    concatenated = header + CONCATENATION_OCTETS[segmenter.reference_bits]
    return (
        (septet_capacity(header), septet_capacity(concatenated)),
        (code_unit_capacity(header), code_unit_capacity(concatenated)),
    )


def _replace(segmenter: Segmenter, level: Level, char: str) -> str:
    return segmenter.transliterate(char, level, when="always").text


def _levels() -> tuple[Level, ...]:
    """Return the levels that are installed."""
    levels = levels_to("all")
    try:
        Segmenter().transliterate("", levels[-1])
    except MissingExtraError:
        return levels[:1]
    return levels
