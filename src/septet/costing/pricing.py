"""Counts of messages by rate, priced when somebody reads them."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeAlias

from ..limits import MAX_SEGMENTS
from .rates import RateCard
from .tallies import Cost, Group

__all__ = ["Counts", "settle"]

Counts: TypeAlias = "Counter[tuple[Any, int, int]]"
"""Messages by a name, the index of a rate (or why there is none), and segments."""


def settle(
    counts: Counts, groups: dict[Any, Group], rates: RateCard | None, *, are_saved: bool = False
) -> None:
    """Move counts to the groups of their names.

    Args:
        counts: What is emptied.
        groups: What it is added to.
        rates: The card that the indexes are of.
        are_saved: Whether the segments are saved ones of messages that are sent all the same, so
            that a rate per message saves nothing.
    """
    for (name, index, segments), messages in counts.items():
        group = groups.setdefault(name, Group())
        group.messages += messages
        group.segments += messages * segments
        if rates is not None and index >= 0 and segments <= MAX_SEGMENTS:
            rate = rates.rates[index]
            cost = group.costs.setdefault(rate.currency, Cost())
            cost.messages += messages
            cost.segments += messages * segments
            cost.micros += rate.cost(messages * segments, 0 if are_saved else messages)
    counts.clear()
