"""Totals over comparisons: messages, segments and costs, by our count and by the provider's."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from ...costing import format_amount
from .comparisons import ComparedPrice, Comparison

__all__ = ["Amounts", "ComparisonTotals"]


@dataclass(slots=True)
class Amounts:
    """The cost of some messages, in one currency.

    Attributes:
        estimated: The cost of the segments that we count.
        reported: The cost of the segments that the provider reported.
    """

    estimated: Decimal = Decimal(0)
    reported: Decimal = Decimal(0)

    @property
    def difference(self) -> Decimal:
        """The reported cost minus the estimated cost."""
        return self.reported - self.estimated

    def to_dict(self) -> dict[str, object]:
        """Return the amounts by name, as decimal strings."""
        names = "estimated", "reported", "difference"
        return {name: format_amount(getattr(self, name)) for name in names}


@dataclass(slots=True)
class ComparisonTotals:
    """Numbers of messages and segments, and their costs.

    Attributes:
        messages: The number of messages.
        estimated: The segments that we count.
        reported: The segments that the provider reported.
        costs: The cost of the messages that have a price, by currency.
    """

    messages: int = 0
    estimated: int = 0
    reported: int = 0
    costs: dict[str, Amounts] = field(default_factory=dict)

    @property
    def difference(self) -> int:
        """The reported segments minus the estimated ones."""
        return self.reported - self.estimated

    def add(self, comparison: Comparison) -> None:
        """Add a message."""
        self.messages += 1
        self.estimated += comparison.estimated or 0
        self.reported += comparison.reported or 0
        if isinstance(price := comparison.price, ComparedPrice):
            amounts = self.costs.setdefault(price.currency, Amounts())
            amounts.estimated += price.estimated
            amounts.reported += price.reported

    def to_dict(self) -> dict[str, object]:
        """Return the totals by name."""
        return {
            "messages": self.messages,
            "estimated": self.estimated,
            "reported": self.reported,
            "difference": self.difference,
            "cost": {
                currency: amounts.to_dict() for currency, amounts in sorted(self.costs.items())
            },
        }
