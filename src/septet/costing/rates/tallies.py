"""Sums of messages: how many there are, their segments, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self, TypeVar

from .money import (
    format_aligned,
    format_amount,
    format_range,
    parse_total,
    picos_to_amount,
    to_picos,
)

__all__ = ["Cost", "Group", "Tally", "add_tallies", "format_costs"]

T = TypeVar("T", bound="Tally")
_ZERO = Decimal(0)


@dataclass(slots=True)
class Tally:
    """Some messages and their segments.

    Attributes:
        messages: How many messages there are.
        segments: The segments of all of them.
    """

    messages: int = 0
    segments: int = 0

    def __add__(self, other: Self) -> Self:
        """Return the messages of both."""
        return type(self)(self.messages + other.messages, self.segments + other.segments)

    def to_dict(self) -> dict[str, object]:
        """Return the counts as plain values for JSON."""
        return {"messages": self.messages, "segments": self.segments}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the tally that `to_dict` returned as plain values.

        Args:
            values: What `to_dict` returned.
        """
        return cls(values["messages"], values["segments"])


class Cost(Tally):
    """Some priced messages, their segments, and what they cost in one currency.

    Attributes:
        lowest: The smallest possible cost in the currency.
        highest: The largest possible cost; equal to `lowest` if it is known.
        amount: The cost; None if it is a range.
    """

    __slots__ = ("_highest", "_lowest")

    def __init__(
        self,
        messages: int = 0,
        segments: int = 0,
        amount: Decimal = _ZERO,
        highest: Decimal | None = None,
    ) -> None:
        """Start with some messages.

        Args:
            messages: How many messages there are.
            segments: The segments of all of them.
            amount: What they cost, or cost at least, with at most twelve decimals.
            highest: What they cost at most; the same if left out.

        Raises:
            TypeError: An amount is not a `Decimal`.
            ValueError: An amount is not finite, or has more than twelve decimals; or `highest` is
                less than `amount`.
        """
        super().__init__(messages, segments)
        self._lowest = 0 if amount is _ZERO else to_picos(amount)  # most start at zero
        self._highest = self._lowest if highest is None else to_picos(highest)
        if self._highest < self._lowest:
            raise ValueError(f"expected a cost from low to high, got {amount} and {highest}")

    @property
    def lowest(self) -> Decimal:
        """The smallest possible cost in the currency; exact, with two to twelve decimals."""
        return picos_to_amount(self._lowest)

    @property
    def highest(self) -> Decimal:
        """The largest possible cost; equal to `lowest` if it is known."""
        return picos_to_amount(self._highest)

    @property
    def amount(self) -> Decimal | None:
        """The cost; None if it is a range, because the networks of some numbers are not known."""
        return self.lowest if self._lowest == self._highest else None

    def add_priced(self, messages: int, segments: int, lowest: int, highest: int) -> None:
        """Add more messages in place.

        Args:
            messages: How many messages there are.
            segments: The segments of all of them.
            lowest: What they cost at least, in picos of the currency.
            highest: What they cost at most, likewise.
        """
        self.messages += messages
        self.segments += segments
        self._lowest += lowest
        self._highest += highest

    @property
    def sort_key(self) -> int:
        """An integer that sorts costs of one currency by their highest amount, downwards."""
        return -self._highest

    @classmethod
    def sum(cls, costs: Iterable[Cost]) -> Self:
        """Return the messages of some costs, which must be of one currency.

        Args:
            costs: Costs of one currency; at least one.
        """
        total = cls()
        for cost in costs:
            total.add_priced(cost.messages, cost.segments, cost._lowest, cost._highest)
        return total

    def __add__(self, other: Self) -> Self:
        """Return the messages of both, which must be of one currency."""
        return type(self).sum((self, other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cost):
            return NotImplemented
        mine = self.messages, self.segments, self._lowest, self._highest
        return mine == (other.messages, other.segments, other._lowest, other._highest)

    __hash__ = None  # type: ignore[assignment]  # it can change

    def __repr__(self) -> str:
        highest = "" if self.amount is not None else f", highest=Decimal('{self.highest}')"
        return (
            f"Cost(messages={self.messages}, segments={self.segments}, "
            f"amount=Decimal('{self.lowest}'){highest})"
        )

    def __str__(self) -> str:
        """Return the amount, or the range of amounts, with all its decimals."""
        return format_range(self.lowest, self.highest)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.messages, self.segments, self.lowest, self.highest)

    def to_dict(self) -> dict[str, object]:
        """Return the counts as plain values for JSON, and the amounts as decimal text.

        A range has null as `cost`, and the fields `lowest` and `highest`.
        """
        lowest, highest = format_amount(self.lowest), format_amount(self.highest)
        if lowest == highest:
            return {**Tally.to_dict(self), "cost": lowest}
        return {**Tally.to_dict(self), "cost": None, "lowest": lowest, "highest": highest}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the cost that `to_dict` returned as plain values.

        Args:
            values: What `to_dict` returned.
        """
        names = ("lowest", "highest") if values["cost"] is None else ("cost", "cost")
        lowest, highest = (parse_total(values[name]) for name in names)
        return cls(values["messages"], values["segments"], lowest, highest)


def format_costs(costs: Iterable[Cost]) -> list[str]:
    """Return the amounts of costs as text for a column, all with the decimals of the longest."""
    bounds = [(cost.lowest, cost.highest) for cost in costs]
    amounts = format_aligned([amount for pair in bounds for amount in pair])
    return [
        lowest if lowest == highest else f"{lowest} to {highest}"
        for lowest, highest in zip(amounts[::2], amounts[1::2], strict=True)
    ]


@dataclass(slots=True)
class Group(Tally):
    """The messages that have something in common, priced or not.

    Attributes:
        costs: Those of them that are priced, by currency.
    """

    costs: dict[str, Cost] = field(default_factory=dict)

    def __add__(self, other: Self) -> Self:
        """Return the messages of both."""
        return type(self)(
            self.messages + other.messages,
            self.segments + other.segments,
            add_tallies(self.costs, other.costs),
        )

    def to_dict(self) -> dict[str, object]:
        """Return the counts as plain values for JSON, and the costs by currency."""
        costs = {currency: cost.to_dict() for currency, cost in sorted(self.costs.items())}
        return {**Tally.to_dict(self), "cost": costs}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the group that `to_dict` returned as plain values.

        Args:
            values: What `to_dict` returned.
        """
        costs = {currency: Cost.from_dict(cost) for currency, cost in values["cost"].items()}
        return cls(values["messages"], values["segments"], costs)


def add_tallies(tallies: Mapping[Any, T], others: Mapping[Any, T]) -> dict[Any, T]:
    """Return the tallies of both under their keys."""
    both = dict(tallies)
    for key, tally in others.items():
        both[key] = both[key] + tally if key in both else tally
    return both
