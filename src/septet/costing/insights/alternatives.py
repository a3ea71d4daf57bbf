"""What messages would cost as MMS or RCS instead of SMS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..rates.tallies import Group

__all__ = ["Alternative", "add_alternatives"]

_GROUPS = ("as_sms", "instead", "cheaper")


@dataclass(slots=True)
class Alternative:
    """Messages that have a price as SMS and, in the same currency, as MMS or RCS.

    Attributes:
        card: The fingerprint of the rates of MMS or RCS.
        as_sms: What these messages cost as SMS.
        instead: What the same messages cost as MMS or RCS. Each MMS is one segment, and RCS has
            segments of 160 bytes.
        cheaper: Those of them that cost less so for certain, the segments of SMS that they take,
            and what that saves.
    """

    card: str
    as_sms: Group = field(default_factory=Group)
    instead: Group = field(default_factory=Group)
    cheaper: Group = field(default_factory=Group)

    def to_dict(self) -> dict[str, object]:
        """Return the figures as plain values for JSON."""
        groups = {name: getattr(self, name).to_dict() for name in _GROUPS}
        return {"card": self.card, **groups}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the figures that `to_dict` returned as plain values.

        Args:
            values: What `to_dict` returned.
        """
        return cls(values["card"], *(Group.from_dict(values[name]) for name in _GROUPS))


def add_alternatives(one: Alternative | None, other: Alternative | None) -> Alternative | None:
    """Return the messages of both; None if there are no rates.

    Raises:
        ValueError: Their rates differ.
    """
    if (one and one.card) != (other and other.card):
        raise ValueError("estimates under different rates of MMS or RCS cannot be added up")
    if one is None or other is None:
        return None
    groups = (getattr(one, name) + getattr(other, name) for name in _GROUPS)
    return Alternative(one.card, *groups)
