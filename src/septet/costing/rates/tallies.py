"""Sums of an estimate: messages, their segments, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from .money import money, total

__all__ = ["Cost", "Group", "Tally", "add_tallies"]

T = TypeVar("T", bound="Tally")


@dataclass(slots=True)
class Tally:
    """Some messages and the segments they take."""

    messages: int = 0
    segments: int = 0

    def __add__(self, other: Self) -> Self:
        """Return the messages of both."""
        return type(self)(self.messages + other.messages, self.segments + other.segments)

    def to_dict(self) -> dict[str, object]:
        """Return the counts under their names."""
        return {"messages": self.messages, "segments": self.segments}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """Return what `to_dict` told."""
        return cls(facts["messages"], facts["segments"])


@dataclass(slots=True)
class Cost(Tally):
    """Some priced messages, the segments they take, and what they cost.

    Attributes:
        micros: The cost in micro-units (0.000001) of one currency.
    """

    micros: int = 0

    def __add__(self, other: Self) -> Self:
        """Return the messages of both, which must be of one currency."""
        return type(self)(
            self.messages + other.messages,
            self.segments + other.segments,
            self.micros + other.micros,
        )

    def to_dict(self) -> dict[str, object]:
        """Return the counts under their names, and the cost as a decimal number in text."""
        return {**Tally.to_dict(self), "cost": money(self.micros)}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """Return what `to_dict` told."""
        return cls(facts["messages"], facts["segments"], total(facts["cost"]))


@dataclass(slots=True)
class Group(Tally):
    """The messages with one value in a column, priced or not.

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
        """Return the counts under their names, and the costs by currency."""
        costs = {currency: cost.to_dict() for currency, cost in sorted(self.costs.items())}
        return {**Tally.to_dict(self), "cost": costs}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """Return what `to_dict` told."""
        costs = {currency: Cost.from_dict(cost) for currency, cost in facts["cost"].items()}
        return cls(facts["messages"], facts["segments"], costs)


def add_tallies(some: Mapping[Any, T], others: Mapping[Any, T]) -> dict[Any, T]:
    """Return the tallies of both under their keys."""
    both = dict(some)
    for key, tally in others.items():
        both[key] = both[key] + tally if key in both else tally
    return both
