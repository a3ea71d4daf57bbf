"""What a campaign will take: a fold over batches of messages.

An `Estimate` holds counts and sums and no message, so its size does not depend on the number of
rows. Every row is accounted for: it is a message, a row without text, or unreadable; and with a
rate card every message is priced, or unpriced for a reason that is counted.
"""

from __future__ import annotations

import operator
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from .._kernels import NO_NUMBER, NO_RATE, NOT_E164, add_up
from ..encoding import Encoding
from ..limits import MAX_SEGMENTS
from ..segmentation import Segmenter
from ..surveys import survey_column
from .money import money
from .rates import RateCard
from .sources import Batch, UnreadableRows

__all__ = ["Cost", "Estimate", "Tally"]

_PLACES = MAX_SEGMENTS + 1
_REASONS = {
    NO_NUMBER: "no number",
    NOT_E164: "not an E.164 number",
    NO_RATE: "no rate for this number",
}


@dataclass(slots=True)
class Tally:
    """Some messages and the segments they take."""

    messages: int = 0
    segments: int = 0

    def to_dict(self) -> dict[str, object]:
        """Return the counts under their names."""
        return {"messages": self.messages, "segments": self.segments}


@dataclass(slots=True)
class Cost(Tally):
    """Some priced messages, the segments they take, and what they cost.

    Attributes:
        micros: The cost in micro-units (0.000001) of one currency.
    """

    micros: int = 0

    def to_dict(self) -> dict[str, object]:
        """Return the counts under their names, and the cost as a decimal number in text."""
        return {**Tally.to_dict(self), "cost": money(self.micros)}


class Estimate:
    """The counts of a campaign: feed it batches with `add`, then read.

    Estimates under the same rules and rates can be added up, in any order: `a + b` is the estimate
    of both. They can be pickled.

    Attributes:
        without_text: Rows whose text is empty or null: no segments, and never priced.
        unreadable: Rows that could not be read.
        blockers: How many messages each character forces into UCS-2.
    """

    def __init__(self, segmenter: Segmenter | None = None, rates: RateCard | None = None) -> None:
        """Start at nothing.

        Args:
            segmenter: The rules to count by; the default ones if left out.
            rates: The card to price by; nothing is priced if left out.
        """
        self._segmenter = segmenter or Segmenter()
        self._rates = rates
        self.without_text = 0
        self.unreadable = UnreadableRows()
        self.blockers: Counter[str] = Counter()
        # What `add_up` adds to: messages by encoding and segments; messages and segments by rate.
        self._by_segments = array("q", bytes(8 * len(Encoding) * _PLACES))
        rate_count = 0 if rates is None else len(rates)
        self._by_rate = array("q", bytes(8 * 2 * (len(_REASONS) + rate_count)))
        self._too_long: Counter[tuple[Encoding, int]] = Counter()

    def add(self, batch: Batch) -> None:
        """Count the messages of one more batch.

        Raises:
            EncodingError: The segmenter forces GSM 7-bit and a text cannot be.
            TypeError: A column is not of texts.
            ValueError: There is a rate card, but the batch has no recipients, or not as many.
        """
        found, blockers = survey_column(self._segmenter, batch.texts)
        rates = by_rate = None
        if self._rates is not None:
            if batch.recipients is None:
                raise ValueError("a rate card needs the recipients of the messages")
            rates = memoryview(self._rates.match_many(batch.recipients))
            by_rate = memoryview(self._by_rate)
            if len(rates) != len(found):
                raise ValueError(f"{len(rates)} recipients of {len(found)} messages")
        without_text, too_long = add_up(
            memoryview(found.segment_count),
            memoryview(found.unit_count),
            memoryview(found.encoding),
            rates,
            memoryview(self._by_segments),
            by_rate,
        )
        self.without_text += without_text
        for row in too_long:
            self._too_long[found.encoding[row], found.segment_count[row]] += 1
        for char, count in blockers.items():
            self.blockers[char] += count

    def __add__(self, other: Estimate) -> Estimate:
        """Return the estimate of the rows of both.

        Raises:
            ValueError: They were counted under different rules, or priced by different rates.
        """
        if not isinstance(other, Estimate):
            return NotImplemented
        if (self._segmenter, self._rates) != (other._segmenter, other._rates):
            raise ValueError("estimates under different rules or rates cannot be added up")
        both = Estimate(self._segmenter, self._rates)
        both.without_text = self.without_text + other.without_text
        both.unreadable = self.unreadable + other.unreadable
        both.blockers = self.blockers + other.blockers
        both._by_segments = array("q", map(operator.add, self._by_segments, other._by_segments))
        both._by_rate = array("q", map(operator.add, self._by_rate, other._by_rate))
        both._too_long = self._too_long + other._too_long
        return both

    def _messages(self) -> Iterator[tuple[Encoding, int, int]]:
        """Yield encoding, segments and how many messages have them."""
        for index, encoding in enumerate(Encoding):
            for segments in range(1, _PLACES):
                if messages := self._by_segments[index * _PLACES + segments]:
                    yield encoding, segments, messages
        for (encoding, segments), messages in self._too_long.items():
            yield encoding, segments, messages

    @property
    def by_encoding(self) -> dict[Encoding, Tally]:
        """Messages and segments of each encoding."""
        tallies = {encoding: Tally() for encoding in Encoding}
        for encoding, segments, messages in self._messages():
            tallies[encoding].messages += messages
            tallies[encoding].segments += messages * segments
        return tallies

    @property
    def distribution(self) -> dict[int, int]:
        """How many messages take how many segments."""
        distribution: Counter[int] = Counter()
        for _, segments, messages in self._messages():
            distribution[segments] += messages
        return distribution

    def _by_rate_index(self, index: int) -> tuple[int, int]:
        place = 2 * (len(_REASONS) + index)
        return self._by_rate[place], self._by_rate[place + 1]

    @property
    def destinations(self) -> dict[tuple[str, str], Cost]:
        """What is priced, by the card's country (or "+" and the prefix) and currency."""
        costs: defaultdict[tuple[str, str], Cost] = defaultdict(Cost)
        for index, rate in enumerate(() if self._rates is None else self._rates.rates):
            messages, segments = self._by_rate_index(index)
            if messages:
                cost = costs[rate.country or f"+{rate.prefix}", rate.currency]
                cost.messages += messages
                cost.segments += segments
                cost.micros += rate.cost(segments, messages)
        return dict(costs)

    @property
    def unpriced(self) -> dict[str, Tally]:
        """Messages that have no price, by the reason."""
        tallies = {}
        if self._rates is not None:
            found = [(why, *self._by_rate_index(index)) for index, why in _REASONS.items()]
            too_long = [(messages, segments) for (_, segments), messages in self._too_long.items()]
            found.append(
                (
                    "too long to be sent",
                    sum(messages for messages, _ in too_long),
                    sum(messages * segments for messages, segments in too_long),
                )
            )
            tallies = {why: Tally(*sums) for why, *sums in found if sums[0]}
        return tallies

    @property
    def rows(self) -> int:
        """Rows of the campaign: messages, rows without text, and unreadable ones."""
        return self.messages + self.without_text + self.unreadable.count

    @property
    def messages(self) -> int:
        """Rows with a text."""
        return sum(tally.messages for tally in self.by_encoding.values())

    @property
    def segments(self) -> int:
        """Segments of all messages: what is billed."""
        return sum(tally.segments for tally in self.by_encoding.values())

    @property
    def segments_per_message(self) -> float:
        """Segments of a message on average; 0.0 if there is none."""
        return self.segments / self.messages if self.messages else 0.0

    @property
    def over_limit(self) -> int:
        """Messages that cannot be sent, for they take more segments than can be numbered."""
        return sum(n for count, n in self.distribution.items() if count > MAX_SEGMENTS)

    @property
    def is_priced(self) -> bool:
        """Whether there is a rate card."""
        return self._rates is not None

    @property
    def totals(self) -> dict[str, Cost]:
        """What is priced, by currency; amounts of different currencies are never added up."""
        totals: defaultdict[str, Cost] = defaultdict(Cost)
        for _, currency, cost in self.ranked_destinations():
            total = totals[currency]
            total.messages += cost.messages
            total.segments += cost.segments
            total.micros += cost.micros
        return dict(totals)

    def worst_characters(self, limit: int = 10) -> list[tuple[str, int]]:
        """Return the characters that force most messages into UCS-2, and how many, worst first."""
        by_count = sorted(self.blockers.items(), key=lambda item: (-item[1], item[0]))
        return by_count[:limit]

    def ranked_destinations(self) -> list[tuple[str, str, Cost]]:
        """Return label, currency and cost of each destination: by currency, dearest first."""
        ranked = sorted(
            self.destinations.items(),
            key=lambda item: (item[0][1], -item[1].micros, item[0][0]),
        )
        return [(label, currency, cost) for (label, currency), cost in ranked]

    def to_dict(self) -> dict[str, object]:
        """Return the estimate as plain values for JSON; amounts are decimal numbers in text."""
        return {
            "version": 1,
            "rows": self.rows,
            "messages": self.messages,
            "without_text": self.without_text,
            "unreadable": self.unreadable.to_dict(),
            "segments": self.segments,
            "over_limit": self.over_limit,
            "by_encoding": {str(e): tally.to_dict() for e, tally in self.by_encoding.items()},
            "distribution": {str(count): n for count, n in sorted(self.distribution.items())},
            "worst_characters": [
                {"char": char, "code_point": f"U+{ord(char):04X}", "messages": n}
                for char, n in self.worst_characters()
            ],
            "cost": self._cost_to_dict() if self.is_priced else None,
        }

    def _cost_to_dict(self) -> dict[str, object]:
        return {
            "totals": {currency: total.to_dict() for currency, total in self.totals.items()},
            "destinations": [
                {"destination": label, "currency": currency, **cost.to_dict()}
                for label, currency, cost in self.ranked_destinations()
            ],
            "unpriced": {
                reason: tally.to_dict() for reason, tally in sorted(self.unpriced.items())
            },
        }
