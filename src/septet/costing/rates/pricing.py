"""What prices a message, or why nothing does; counts of messages by rate, priced when read."""

from __future__ import annotations

from collections import Counter
from typing import Any, TypeAlias

from ..._kernels import NO_NUMBER, NO_RATE, NOT_E164
from ...standard.limits import MAX_SEGMENTS
from .card import RateCard
from .rate import Rate
from .tallies import Cost, Group

__all__ = ["NO_TEXT", "REASONS", "TOO_LONG", "Counts", "find_rate", "settle"]

REASONS = {
    NO_NUMBER: "no number",
    NOT_E164: "not an E.164 number",
    NO_RATE: "no rate for this number",
}
TOO_LONG = "too long to be sent"
NO_TEXT = "no text"

Counts: TypeAlias = "Counter[tuple[Any, int, int]]"
"""Messages by a name, the index of a rate (or why there is none), and segments."""


def find_rate(rates: RateCard | None, index: int, segments: int) -> Rate | str | None:
    """Return the rate of a message with a text, or why it has none; None if there is no card.

    Args:
        rates: The card that the index is of.
        index: What `RateCard.match_many` told of its recipient.
        segments: What it takes.
    """
    if segments > MAX_SEGMENTS:
        return TOO_LONG
    if rates is None:
        return None
    return rates.rates[index] if index >= 0 else REASONS[index]


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
            micros = rate.cost_in_micros(messages * segments, 0 if are_saved else messages)
            cost.add_priced(messages, messages * segments, micros)
    counts.clear()
