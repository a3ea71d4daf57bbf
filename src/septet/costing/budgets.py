"""Limits of a campaign, and the messages that are longer than a limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..display.wording import plural
from ..segmentation import Segmenter
from .estimates.estimate import Estimate
from .rates.money import format_aligned
from .reading.campaigns import Campaign
from .reading.sources import Columns
from .reading.templates import Template, parse_template

__all__ = ["Budget", "LongMessage", "find_long_messages"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of a campaign.

    Attributes:
        costs: The highest cost of all messages, by currency. Messages without a price do not count;
            of a range, the highest cost does.
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
            if total is not None and total.highest > amount:
                violations.append(f"{total} {currency} (limit {format_aligned([amount])[0]})")
        if self.segments is not None and estimate.segments > self.segments:
            violations.append(f"{plural(estimate.segments, 'segment')} (limit {self.segments:,})")
        if self.per_message is not None:
            distribution = estimate.distribution.items()
            count = sum(n for segments, n in distribution if segments > self.per_message)
            if count:
                limit = plural(self.per_message, "segment")
                violations.append(f"{plural(count, 'message')} longer than {limit}")
        return violations


@dataclass(frozen=True, slots=True)
class LongMessage:
    """A message that takes more segments than a limit.

    Attributes:
        source: The file, or the name of the table.
        row: The number of the row in it, from 1, without the header.
        segments: The segments that the message takes.
        recipient: The recipient; None if it is null, or no column of recipients was named.
        text: The text of the message.
    """

    source: str
    row: int
    segments: int
    recipient: str | None
    text: str


def find_long_messages(
    source: Any,
    max_segments: int,
    *,
    text: str | None = None,
    template: Template | str | None = None,
    template_column: str | None = None,
    to: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    segmenter: Segmenter | None = None,
) -> Iterator[LongMessage]:
    """Yield the messages of a source that take more segments than a limit, in order.

    Args:
        source: The messages, as in `estimate`. An iterable that can be read only once must not have
            been read before.
        max_segments: The highest number of segments that is allowed.
        text: Name of the column of texts. Give either this, `template` or `template_column`.
        template: The text of all messages, with fields; see `estimate`.
        template_column: Name of a column of templates; see `estimate`.
        to: Name of the column of recipients, for `LongMessage.recipient`.
        encoding: The encoding of CSV and JSON Lines files; see `estimate`.
        sheet: The sheet of Excel workbooks; see `estimate`.
        segmenter: The rules to count by; the default rules if left out.

    Yields:
        Each message that is longer.

    Raises:
        OSError, SourceError, MissingExtraError, TypeError, ValueError: As in `estimate`.
        EncodingError: The segmenter forces GSM 7-bit and a text has another character.
    """
    rules = segmenter or Segmenter()
    columns = Columns(
        text,
        to,
        template=parse_template(template),
        encoding=encoding,
        template_column=template_column,
        sheet=sheet,
    )
    with Campaign(source, columns) as campaign:
        for batch in campaign:
            texts = batch.make_texts()
            counts = rules.count_many(texts).memory
            for row, count in enumerate(counts):
                if count > max_segments and (message := _cell(texts, row)):
                    recipient = None if batch.recipients is None else _cell(batch.recipients, row)
                    yield LongMessage(
                        batch.source, batch.row_number(row), count, recipient, message
                    )


def _cell(column: Any, row: int) -> str | None:
    """Return a cell of a list or an Arrow array."""
    cell: Any = column[row]
    text: str | None = cell.as_py() if hasattr(cell, "as_py") else cell
    return text
