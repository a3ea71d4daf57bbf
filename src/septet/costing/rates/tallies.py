"""Sums of messages: how many there are, their segments, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self, TypeVar

from .money import format_amount, parse_total, to_amount, to_micros

__all__ = ["Cost", "Group", "Tally", "add_tallies"]

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
        """Return the tally that `to_dict` returned as plain values."""
        return cls(values["messages"], values["segments"])


class Cost(Tally):
    """Some priced messages, their segments, and what they cost in one currency.

    Attributes:
        amount: The cost in the currency.
    """

    __slots__ = ("_micros",)

    def __init__(self, messages: int = 0, segments: int = 0, amount: Decimal = _ZERO) -> None:
        """Start with some messages.

        Args:
            messages: How many messages there are.
            segments: The segments of all of them.
            amount: What they cost, with at most six decimals.

        Raises:
            TypeError: The amount is not a `Decimal`.
            ValueError: The amount is not finite, or has more than six decimals.
        """
        super().__init__(messages, segments)
        self._micros = 0 if amount is _ZERO else to_micros(amount)  # most start at zero

    @property
    def amount(self) -> Decimal:
        """The cost in the currency; exact, with two to six decimals."""
        return to_amount(self._micros)

    def add_priced(self, messages: int, segments: int, micros: int) -> None:
        """Add more messages in place.

        Args:
            messages: How many messages there are.
            segments: The segments of all of them.
            micros: What they cost, in millionths of the currency.
        """
        self.messages += messages
        self.segments += segments
        self._micros += micros

    @property
    def sort_key(self) -> int:
        """An integer that sorts costs of one currency by amount, the highest first."""
        return -self._micros

    @classmethod
    def sum(cls, costs: Iterable[Cost]) -> Self:
        """Return the messages of some costs, which must be of one currency."""
        messages = segments = micros = 0
        for cost in costs:
            messages += cost.messages
            segments += cost.segments
            micros += cost._micros
        total = cls()
        total.add_priced(messages, segments, micros)
        return total

    def __add__(self, other: Self) -> Self:
        """Return the messages of both, which must be of one currency."""
        return type(self).sum((self, other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cost):
            return NotImplemented
        mine = self.messages, self.segments, self._micros
        return mine == (other.messages, other.segments, other._micros)

    __hash__ = None  # type: ignore[assignment]  # it can change

    def __repr__(self) -> str:
        return (
            f"Cost(messages={self.messages}, segments={self.segments}, "
            f"amount=Decimal('{self.amount}'))"
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.messages, self.segments, self.amount)

    def to_dict(self) -> dict[str, object]:
        """Return the counts as plain values for JSON, and the amount as decimal text."""
        return {**Tally.to_dict(self), "cost": format_amount(self.amount)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the cost that `to_dict` returned as plain values."""
        return cls(values["messages"], values["segments"], parse_total(values["cost"]))


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
        """Return the group that `to_dict` returned as plain values."""
        costs = {currency: Cost.from_dict(cost) for currency, cost in values["cost"].items()}
        return cls(values["messages"], values["segments"], costs)


def add_tallies(tallies: Mapping[Any, T], others: Mapping[Any, T]) -> dict[Any, T]:
    """Return the tallies of both under their keys."""
    both = dict(tallies)
    for key, tally in others.items():
        both[key] = both[key] + tally if key in both else tally
    return both
