"""What an audit finds: a message with what was billed and what was expected, and totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Self

from ..reported_messages import ReportedMessage
from .amounts import EXACT

__all__ = ["AuditAmounts", "AuditTotals", "AuditedMessage", "Finding", "format_exactly"]


class Finding(StrEnum):
    """How the lines of a message differ from what was expected."""

    NOT_SENT = "billed, but not in the store"
    NOT_RECEIVED = "billed as received, but not in the store"
    TWICE = "billed more than once"
    NOT_BILLABLE = "billed, although it failed"
    SEGMENTS = "billed with other segments"
    PRICE = "billed at another price"
    NOT_BILLED = "sent, but not billed"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


@dataclass(slots=True)
class AuditAmounts:
    """Amounts in one currency, all exact.

    Attributes:
        billed: What was billed; None if the invoice has no amounts, and the card no price.
        expected: What our count costs by the card; None without a price.
        difference: Billed minus expected, of the messages that have both; None if none has.
    """

    billed: Decimal | None = None
    expected: Decimal | None = None
    difference: Decimal | None = None

    @classmethod
    def of(cls, billed: Decimal | None, expected: Decimal | None) -> Self:
        """Return the amounts of one message.

        Args:
            billed: The amount of the invoice; None if it has none.
            expected: The amount by septet's count and the rate card; None without a rate.
        """
        if billed is None or expected is None:
            return cls(billed, expected)
        return cls(billed, expected, EXACT.subtract(billed, expected))

    def add(self, other: AuditAmounts) -> None:
        """Add other amounts of the same currency."""
        self.billed = _sum(self.billed, other.billed)
        self.expected = _sum(self.expected, other.expected)
        self.difference = _sum(self.difference, other.difference)

    def to_dict(self) -> dict[str, str | None]:
        """Return the amounts by name, as decimal strings."""
        names = "billed", "expected", "difference"
        return {name: format_exactly(getattr(self, name)) for name in names}


@dataclass(frozen=True, slots=True)
class AuditedMessage:
    """A message of the invoice, of the store, or of both.

    Attributes:
        message_id: Its id.
        message: The message in the store; None if it has none.
        finding: How the invoice differs; None if it agrees or cannot be compared.
        note: Why it cannot be compared, or has no price; None if it can, and has one.
        line_count: Its lines in the invoice, credits included.
        billed_segments: The segments in the invoice; None if it has none.
        expected_segments: The segments that we count, for all recipients; None without a text.
        amounts: The amounts by currency.
    """

    message_id: str
    message: ReportedMessage | None
    finding: Finding | None
    note: str | None
    line_count: int
    billed_segments: int | None
    expected_segments: int | None
    amounts: Mapping[str, AuditAmounts]

    @property
    def is_compared(self) -> bool:
        """Whether the segments or an amount could be compared, or a finding needs neither."""
        has_segments = self.billed_segments is not None and self.expected_segments is not None
        has_amounts = any(each.difference is not None for each in self.amounts.values())
        return self.finding is not None or has_segments or has_amounts


@dataclass(slots=True)
class AuditTotals:
    """Numbers of messages, lines and segments, and amounts.

    Attributes:
        messages: The number of messages.
        lines: Their lines in the invoice.
        billed_segments: The segments in the invoice.
        expected_segments: The segments that we count.
        amounts: The amounts by currency.
    """

    messages: int = 0
    lines: int = 0
    billed_segments: int = 0
    expected_segments: int = 0
    amounts: dict[str, AuditAmounts] = field(default_factory=dict)

    def add(self, audited: AuditedMessage) -> None:
        """Add a message; a missing count is added as 0."""
        self.messages += 1
        self.lines += audited.line_count
        self.billed_segments += audited.billed_segments or 0
        self.expected_segments += audited.expected_segments or 0
        for currency, amounts in audited.amounts.items():
            self.amounts.setdefault(currency, AuditAmounts()).add(amounts)

    def to_dict(self) -> dict[str, object]:
        """Return the totals by name."""
        return {
            "messages": self.messages,
            "lines": self.lines,
            "billed_segments": self.billed_segments,
            "expected_segments": self.expected_segments,
            "amounts": {
                currency: amounts.to_dict() for currency, amounts in sorted(self.amounts.items())
            },
        }


def format_exactly(amount: Decimal | None) -> str | None:
    """Return an amount with all its decimals, at least two; None for None."""
    if amount is None:
        return None
    exponent = EXACT.normalize(amount).as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    return f"{amount:.{decimals}f}"


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return EXACT.add(one, other)
