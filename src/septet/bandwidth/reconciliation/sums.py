"""Sums of comparisons: messages, segments and money, ours and the provider's."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from ...costing import format_amount
from .comparisons import Comparison, Price

__all__ = ["Amounts", "Sums"]


@dataclass(slots=True)
class Amounts:
    """What some messages cost, in one currency.

    Attributes:
        estimated: For the segments as we count them.
        reported: For those that the provider reported.
    """

    estimated: Decimal = Decimal(0)
    reported: Decimal = Decimal(0)

    @property
    def difference(self) -> Decimal:
        """How much more the provider's segments cost."""
        return self.reported - self.estimated

    def to_dict(self) -> dict[str, object]:
        """Return the amounts under their names, as decimal numbers in text."""
        names = "estimated", "reported", "difference"
        return {name: format_amount(getattr(self, name)) for name in names}


@dataclass(slots=True)
class Sums:
    """Some messages, and their segments.

    Attributes:
        messages: How many there are.
        estimated: Segments as we count them.
        reported: Segments as the provider reported them.
        costs: What those that have a price cost, by currency.
    """

    messages: int = 0
    estimated: int = 0
    reported: int = 0
    costs: dict[str, Amounts] = field(default_factory=dict)

    @property
    def difference(self) -> int:
        """How many segments more the provider reported."""
        return self.reported - self.estimated

    def add(self, comparison: Comparison) -> None:
        """Add a message."""
        self.messages += 1
        self.estimated += comparison.estimated or 0
        self.reported += comparison.reported or 0
        if isinstance(price := comparison.price, Price):
            amounts = self.costs.setdefault(price.currency, Amounts())
            amounts.estimated += price.estimated
            amounts.reported += price.reported

    def to_dict(self) -> dict[str, object]:
        """Return the sums under their names."""
        return {
            "messages": self.messages,
            "estimated": self.estimated,
            "reported": self.reported,
            "difference": self.difference,
            "cost": {currency: its.to_dict() for currency, its in sorted(self.costs.items())},
        }
