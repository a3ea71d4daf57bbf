"""Finds what messages would cost as MMS or RCS instead of SMS.

Rates and bytes of texts are looked up in the kernels. Python code runs for each distinct
combination of rates and segments in a batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ... import rcs
from ..._kernels import count_distinct_rows, find_sent_rows
from ...standard.limits import MAX_SEGMENTS
from ..rates.card import RateCard
from ..rates.rate import Rate
from ..rates.rate_range import RateRange
from ..rates.tallies import Cost
from ..rates.unpriced import Unpriced
from .alternatives import Alternative
from .counted_batches import CountedBatch
from .savings import Savings

__all__ = ["AlternativeFinder", "alternative_finders"]


def alternative_finders(savings: Savings, rates: RateCard | None) -> Iterator[AlternativeFinder]:
    """Yield a finder for each kind of messages besides SMS that a card has rates of.

    Args:
        savings: Receives the figures of the finders.
        rates: The card; None if nothing is priced.
    """
    kinds = set() if rates is None else {rate.kind for rate in rates.all_rates}
    if rates is not None and "mms" in kinds:
        finder = AlternativeFinder(rates, [rates.of_kind("mms")], is_rcs=False)
        savings.mms = finder.alternative
        yield finder
    if rates is not None and not kinds.isdisjoint(("rcs", "rcs-single")):
        cards = [rates.of_kind("rcs"), rates.of_kind("rcs-single")]
        finder = AlternativeFinder(rates, cards, is_rcs=True)
        savings.rcs = finder.alternative
        yield finder


class AlternativeFinder:
    """Observes batches and adds up what their messages would cost otherwise.

    Attributes:
        alternative: The figures of the batches so far; complete after `flush()`.
    """

    def __init__(self, rates: RateCard, cards: list[RateCard], *, is_rcs: bool) -> None:
        """Start with no batches.

        Args:
            rates: The card of SMS.
            cards: The card of MMS; or those of RCS messages, and of those of more than 160 bytes.
            is_rcs: Whether the cards are of RCS.
        """
        self.alternative = Alternative("-".join(card.fingerprint for card in cards))
        self._rates = rates
        self._cards = cards
        self._is_rcs = is_rcs
        # Messages by the index of their rate and segments of SMS, the indexes of their rates in
        # `cards`, and their segments of RCS.
        self._counts: Counter[tuple[int, ...]] = Counter()

    def add(self, counted: CountedBatch) -> None:
        """Look up the rates of one more batch."""
        batch = counted.batch
        rows, _ = find_sent_rows(
            counted.units, memoryview(counted.rates), Unpriced.NO_RATE, Unpriced.NOT_E164
        )
        columns: list[Any] = [memoryview(counted.rates), counted.segments]
        for card in self._cards:
            columns.append(memoryview(card.match_many(batch.recipients, batch.networks)))
        if self._is_rcs:
            columns.append(rcs.count_many(counted.texts).memory)
        for count, *key in count_distinct_rows(columns, rows, []):
            self._counts[tuple(key)] += count

    def flush(self) -> None:
        """Price what was counted since the last time, and add it to the figures."""
        for (index, segments, *facts), messages in self._counts.items():
            found = self._find_rate(*facts)
            if index < 0 or segments > MAX_SEGMENTS or found is None:
                continue
            rate, (other, others) = self._rates.entries[index], found
            if rate.currency == other.currency:
                self._add(messages, rate, segments, other, others)
        self._counts.clear()

    def _find_rate(
        self, index: int, single: int = -1, rcs_segments: int = 1
    ) -> tuple[Rate | RateRange, int] | None:
        """Return the rate of a message by MMS or RCS and its segments; None if it has none."""
        if rcs_segments > 1 and single >= 0:
            return self._cards[1].entries[single], 1
        return (self._cards[0].entries[index], rcs_segments) if index >= 0 else None

    def _add(
        self,
        messages: int,
        rate: Rate | RateRange,
        segments: int,
        other: Rate | RateRange,
        others: int,
    ) -> None:
        """Add messages of one rate and number of segments to the figures."""
        figures = self.alternative
        lowest, highest = rate.bounds_in_picos(messages * segments, messages)
        others_lowest, others_highest = other.bounds_in_picos(messages * others, messages)
        added = [
            (figures.as_sms, segments, lowest, highest),
            (figures.instead, others, others_lowest, others_highest),
        ]
        if other.price_of(others).highest < rate.price_of(segments).lowest:
            saved = lowest - others_highest, highest - others_lowest
            added.append((figures.cheaper, segments, *saved))
        for group, each, at_least, at_most in added:
            group.messages += messages
            group.segments += messages * each
            cost = group.costs.setdefault(rate.currency, Cost())
            cost.add_priced(messages, messages * each, at_least, at_most)
