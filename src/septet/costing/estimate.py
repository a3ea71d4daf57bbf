"""What a campaign will take: a fold over batches of messages.

An `Estimate` holds counts and sums and no message, so its size does not depend on the number of
rows. Every row is accounted for: it is a message, a row without text, or unreadable; and with a
rate card every message is priced, or unpriced for a reason that is counted.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from ..encoding import Encoding
from ..limits import MAX_SEGMENTS
from ..segmentation import Segmenter
from .rates import RateCard, is_e164, money
from .sources import Batch, UnreadableRows, open_source

__all__ = ["Cost", "Estimate", "Tally", "estimate"]


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

    Attributes:
        without_text: Rows whose text is empty or null: no segments, and never priced.
        unreadable: Rows that could not be read.
        by_encoding: Messages and segments of each encoding.
        distribution: How many messages take how many segments.
        blockers: How many messages each character forces into UCS-2.
        destinations: What is priced, by the card's country (or "+" and the prefix) and currency.
        unpriced: Messages that have no price, by the reason.
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
        self.by_encoding = {encoding: Tally() for encoding in Encoding}
        self.distribution: Counter[int] = Counter()
        self.blockers: Counter[str] = Counter()
        self.destinations: defaultdict[tuple[str, str], Cost] = defaultdict(Cost)
        self.unpriced: defaultdict[str, Tally] = defaultdict(Tally)

    def add(self, batch: Batch) -> None:
        """Count the messages of one more batch.

        Raises:
            EncodingError: The segmenter forces GSM 7-bit and a text cannot be.
            ValueError: There is a rate card, but the batch has no recipients.
        """
        rates = self._rates
        if rates is not None and batch.recipients is None:
            raise ValueError("a rate card needs the recipients of the messages")
        analyze, by_encoding = self._segmenter.analyze, self.by_encoding
        distribution, blockers = self.distribution, self.blockers
        for index, text in enumerate(batch.texts):
            if not text:
                self.without_text += 1
                continue
            analysis = analyze(text)
            segment_count = analysis.segment_count
            distribution[segment_count] += 1
            tally = by_encoding[analysis.encoding]
            tally.messages += 1
            tally.segments += segment_count
            if analysis.encoding is Encoding.UCS2:
                blockers.update({blocker.char for blocker in analysis.blockers})
            if rates is not None and batch.recipients is not None:
                self._price(batch.recipients[index], segment_count, rates)

    def _price(self, recipient: str | None, segment_count: int, rates: RateCard) -> None:
        rate = rates.match(recipient) if recipient else None
        if segment_count > MAX_SEGMENTS:
            tally = self.unpriced["too long to be sent"]
        elif rate is None:
            tally = self.unpriced[_why_unpriced(recipient)]
        else:
            label = rate.country or f"+{rate.prefix}"
            tally = cost = self.destinations[label, rate.currency]
            cost.micros += rate.cost(segment_count)
        tally.messages += 1
        tally.segments += segment_count

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


def estimate(
    path: str | os.PathLike[str],
    *,
    text: str,
    to: str | None = None,
    rates: RateCard | None = None,
    segmenter: Segmenter | None = None,
    progress: Callable[[float, int], object] | None = None,
) -> Estimate:
    """Estimate the campaign in a file, in memory that does not grow with it.

    Args:
        path: A file that ends in .csv, .csv.gz or .parquet.
        text: Name of the column of texts.
        to: Name of the column of recipients; needed with a rate card.
        rates: The card to price by.
        segmenter: The rules to count by; the default ones if left out.
        progress: Called now and then with the fraction of the file that is read, and the rows.

    Raises:
        OSError: The file cannot be opened or read.
        SourceError: The file is damaged or of another kind, or a column is missing or not text.
        MissingExtraError: A package that the file or the rules need is not installed.
        ValueError: A rate card without the column of recipients.
    """
    if rates is not None and to is None:
        raise ValueError("a rate card needs the column of recipients")
    result = Estimate(segmenter, rates)
    with open_source(path, text, to) as source:
        result.unreadable = source.unreadable
        for batch in source:
            result.add(batch)
            if progress is not None:
                progress(source.fraction, source.rows_read)
    return result


def _why_unpriced(recipient: str | None) -> str:
    if not recipient:
        return "no number"
    return "no rate for this number" if is_e164(recipient) else "not an E.164 number"
