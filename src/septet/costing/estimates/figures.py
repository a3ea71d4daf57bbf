"""The figures that follow from the sums of an estimate: computed once, shared by all outputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS
from ..insights.texts_to_fix import TextToFix
from ..rates.tallies import Cost, Group, Tally
from .sums import EstimateSums

__all__ = ["Figures"]

T = TypeVar("T")


class Figures:
    """The figures of an estimate at one moment.

    Each is computed when it is first read. The sums must not change afterwards; after a change, new
    figures are made.

    Attributes:
        sums: The sums.
    """

    def __init__(self, sums: EstimateSums) -> None:
        self.sums = sums

    @cached_property
    def by_encoding(self) -> dict[Encoding, Tally]:
        """Messages and segments of each encoding."""
        tallies = {encoding: Tally() for encoding in Encoding}
        for (encoding, segments), messages in self.sums.messages.items():
            tallies[encoding] += Tally(messages, messages * segments)
        return tallies

    @cached_property
    def distribution(self) -> Counter[int]:
        """How many messages take how many segments."""
        distribution: Counter[int] = Counter()
        for (_, segments), messages in self.sums.messages.items():
            distribution[segments] += messages
        return distribution

    @cached_property
    def messages(self) -> int:
        """Rows with a text."""
        return sum(tally.messages for tally in self.by_encoding.values())

    @cached_property
    def segments(self) -> int:
        """Segments of all messages."""
        return sum(tally.segments for tally in self.by_encoding.values())

    @property
    def rows(self) -> int:
        """All rows: messages, rows without text, and unreadable ones."""
        return self.messages + self.sums.without_text + self.sums.unreadable.count

    @cached_property
    def over_limit(self) -> int:
        """Messages that need more segments than a message can have."""
        return sum(n for count, n in self.distribution.items() if count > MAX_SEGMENTS)

    @cached_property
    def ranked_destinations(self) -> list[tuple[str, str, Cost]]:
        """Destination, currency and cost: by currency, most expensive first."""
        ranked = sorted(
            self.sums.destinations.items(),
            key=lambda item: (item[0][1], item[1].sort_key, item[0][0]),
        )
        return [(label, currency, cost) for (label, currency), cost in ranked]

    @cached_property
    def totals(self) -> dict[str, Cost]:
        """Priced messages by currency."""
        by_currency = groupby(self.ranked_destinations, key=itemgetter(1))
        return {currency: Cost.sum(cost for _, _, cost in rows) for currency, rows in by_currency}

    @cached_property
    def main_currency(self) -> str:
        """The currency in which most segments are priced; empty if none are."""
        return max(self.totals, key=lambda name: self.totals[name].segments, default="")

    @cached_property
    def ranked_non_gsm_characters(self) -> list[tuple[str, int]]:
        """Characters that force messages into UCS-2, and how many; most messages first."""
        counts = self.sums.non_gsm_characters
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    @cached_property
    def texts_to_fix(self) -> list[TextToFix]:
        """Messages of several segments, with an example; most segments beyond one each first."""
        texts = [
            TextToFix(encoding, segments, self.sums.messages[encoding, segments], *example)
            for (encoding, segments), example in self.sums.examples.items()
        ]
        return sorted(texts, key=lambda text: (-text.extra_segments, text))

    def ranked(self, groups: Mapping[T, Group]) -> list[tuple[T, Group]]:
        """Return groups by name: most expensive first in the main currency, then most segments."""
        currency = self.main_currency

        def rank(item: tuple[T, Group]) -> tuple[int, int, bool, str]:
            name, group = item
            cost = group.costs.get(currency)
            return cost.sort_key if cost else 0, -group.segments, name is None, str(name)

        return sorted(groups.items(), key=rank)
