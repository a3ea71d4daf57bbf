"""Prices of messages: the rate of one message, and sums by rate that are priced when they are read.

While batches are counted, only integers are added up, by the index of the rate. The price of a
segment is multiplied by these sums, so nothing is rounded.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import compress
from typing import Any, TypeAlias

from ...standard.limits import MAX_SEGMENTS
from .card import RateCard
from .rate import Price
from .tallies import Cost, Group
from .unpriced import TOO_LONG, Unpriced

__all__ = ["MessageCounts", "RateSums", "find_price", "move_to_groups"]

MessageCounts: TypeAlias = "Counter[tuple[Any, int, int]]"
"""Messages by name, rate (an index of the card's entries, or `Unpriced`) and segments."""


class RateSums:
    """Messages and segments by rate, in the form in which the kernel `add_to_sums` adds to them.

    Attributes:
        buffer: Two 64-bit integers, messages and segments, for each value of `Unpriced` and then
            for each rate.
    """

    def __init__(self, rates: RateCard) -> None:
        """Start with no messages.

        Args:
            rates: The card.
        """
        self.buffer = array("q", bytes(2 * 8 * (len(Unpriced) + len(rates.entries))))

    def take(self) -> Iterator[tuple[int, int, int]]:
        """Yield index (or `Unpriced`), messages and segments of rates with messages; reset them."""
        messages, segments = self.buffer[::2], self.buffer[1::2]
        self.buffer[:] = array("q", bytes(8 * len(self.buffer)))
        indexes = range(-len(Unpriced), len(messages) - len(Unpriced))
        return compress(zip(indexes, messages, segments, strict=True), messages)


def find_price(rates: RateCard | None, index: int, segments: int) -> Price | str | None:
    """Return the price of a message that has a text, or the reason why it has none.

    Args:
        rates: The card; None if messages are not priced.
        index: The value that `RateCard.match_many` returned for the recipient.
        segments: The segments of the message.

    Returns:
        The price; the reason in words; or None without a card.
    """
    if segments > MAX_SEGMENTS:
        return TOO_LONG
    if rates is None:
        return None
    return rates.entries[index].price_of(segments) if index >= 0 else Unpriced(index).reason


def move_to_groups(
    counts: MessageCounts,
    groups: dict[Any, Group],
    rates: RateCard | None,
    *,
    are_saved: bool = False,
) -> None:
    """Price counts of messages, add them to the groups of their names, and clear the counts.

    Args:
        counts: The counts.
        groups: The groups by name; those that are missing are added.
        rates: The card whose indexes the counts have; None if messages are not priced.
        are_saved: Whether the segments are saved ones of messages that are sent all the same: then
            a rate per message saves nothing.
    """
    for (name, index, segments), messages in counts.items():
        group = groups.setdefault(name, Group())
        group.messages += messages
        group.segments += messages * segments
        if rates is not None and index >= 0 and segments <= MAX_SEGMENTS:
            rate = rates.entries[index]
            cost = group.costs.setdefault(rate.currency, Cost())
            bounds = rate.bounds_in_picos(messages * segments, 0 if are_saved else messages)
            cost.add_priced(messages, messages * segments, *bounds)
    counts.clear()
