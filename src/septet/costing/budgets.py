"""What a campaign may take and cost at most, and the messages that are longer than allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..segmentation import Segmenter
from .estimates.estimate import Estimate
from .rates.money import format_amount
from .reading.campaigns import Campaign
from .reading.sources import Columns
from .reading.templates import parse_template

__all__ = ["Budget", "LongMessage", "find_long_messages"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a campaign.

    Attributes:
        costs: The highest cost of all messages, by currency. Messages without a price do not count.
        segments: The highest number of segments of all messages; None for no limit.
        per_message: The highest number of segments of each message; None for no limit.
    """

    costs: Mapping[str, Decimal] = field(default_factory=dict)
    segments: int | None = None
    per_message: int | None = None

    def violations(self, estimate: Estimate) -> list[str]:
        """Return the limits that an estimate exceeds, each as "4 segments (limit 1)".

        Args:
            estimate: The estimate of the campaign.

        Returns:
            One text for each limit that is exceeded; an empty list if none is.
        """
        violations = []
        for currency, amount in self.costs.items():
            total = estimate.totals.get(currency)
            if total is not None and total.amount > amount:
                violations.append(f"{total.amount} {currency} (limit {format_amount(amount)})")
        if self.segments is not None and estimate.segments > self.segments:
            violations.append(f"{_count(estimate.segments, 'segment')} (limit {self.segments:,})")
        if self.per_message is not None:
            distribution = estimate.distribution.items()
            count = sum(n for segments, n in distribution if segments > self.per_message)
            if count:
                limit = _count(self.per_message, "segment")
                violations.append(f"{_count(count, 'message')} longer than {limit}")
        return violations


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@dataclass(frozen=True, slots=True)
class LongMessage:
    """A message that takes more segments than it may.

    Attributes:
        source: The file it is in.
        row: Its number there, from 1, without a header.
        segments: What it takes.
        recipient: Its recipient; None if it has none, or no column of them was named.
        text: What it says.
    """

    source: str
    row: int
    segments: int
    recipient: str | None
    text: str


def find_long_messages(
    source: Any,
    per_message: int,
    *,
    text: str | None = None,
    template: str | None = None,
    to: str | None = None,
    segmenter: Segmenter | None = None,
) -> Iterator[LongMessage]:
    """Yield the messages of a source that take more segments than they may, in their order.

    Args:
        source: What `estimate` takes; what can be read only once must not have been read.
        per_message: The most segments.
        text: Name of the column of texts.
        template: Instead of it, what the texts are made by; see `estimate`.
        to: Name of the column of recipients.
        segmenter: The rules to count by; the default ones if left out.

    Raises:
        Exception: What `estimate` raises.
    """
    rules = segmenter or Segmenter()
    columns = Columns(text, to, template=parse_template(template))
    with Campaign(source, columns) as campaign:
        for batch in campaign:
            texts = batch.make_texts()
            counts = memoryview(rules.count_many(texts))
            for row, count in enumerate(counts):
                if count > per_message and (message := _cell(texts, row)):
                    recipient = None if batch.recipients is None else _cell(batch.recipients, row)
                    yield LongMessage(batch.source, batch.number(row), count, recipient, message)


def _cell(column: Any, row: int) -> str | None:
    cell: Any = column[row]
    text: str | None = cell.as_py() if hasattr(cell, "as_py") else cell
    return text
