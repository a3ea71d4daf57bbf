"""Prices messages by both segment counts, at the rates of the day of each message."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from ...costing import Price, Rate, RateCard
from ...costing.rates.pricing import find_price
from ...costing.rates.rate_range import RateRange
from ...costing.rates.unpriced import DEPENDS_ON_NETWORK
from .. import Event, MessageFailed, Outcomes, OutcomeState
from .comparisons import ComparedPrice, Comparison
from .reported_messages import ReportedMessage

__all__ = ["NOT_BILLED", "Prices", "is_free"]

NOT_BILLED = "failed and not billed"
"""Why a failed message has no price, by the provider's table of error codes."""


class Prices:
    """The prices of a rate card on the day of each message."""

    def __init__(self, rates: RateCard) -> None:
        self._rates = rates
        days = {rate.valid_from for rate in rates.all_rates if rate.valid_from is not None}
        self._first_days = sorted(days)
        # The card of each period between two changes of rates.
        self._cards: dict[int, RateCard] = {}

    def find(self, comparison: Comparison, events: Sequence[Event]) -> ComparedPrice | str | None:
        """Return the price of a message, or why it has none; None if it is not compared.

        Args:
            comparison: The counts of the message.
            events: Its events.
        """
        estimated, reported = comparison.estimated, comparison.reported
        if comparison.left_out is not None or estimated is None or reported is None:
            return None
        entry = self.find_rate(comparison.message, estimated, events)
        if entry is None or isinstance(entry, str):
            return entry
        before, after = (entry.price_of(count).amount for count in (estimated, reported))
        if before is None or after is None:
            return DEPENDS_ON_NETWORK
        return ComparedPrice(entry.currency, before, after)

    def find_rate(
        self, message: ReportedMessage, segments: int, events: Sequence[Event]
    ) -> Rate | RateRange | str | None:
        """Return the rate of a message on the day when it was created, or why it has none.

        Args:
            message: The message.
            segments: The segments that we count.
            events: Its events.
        """
        if message.medium != "SMS" or message.direction != "sent":
            return f"{message.medium} {message.direction}"
        if is_free(events):
            return NOT_BILLED
        card = self._card(self._rates.day if message.time is None else message.time.date())
        (index,) = card.match_many(message.to or [None])
        price = find_price(card, index, segments)
        return card.entries[index] if isinstance(price, Price) else price

    def _card(self, day: date) -> RateCard:
        period = bisect_right(self._first_days, day)
        if period not in self._cards:
            self._cards[period] = self._rates.on(day)
        return self._cards[period]


def is_free(events: Sequence[Event]) -> bool:
    """Return whether a message failed with an error that the provider does not bill."""
    if not any(isinstance(event, MessageFailed) for event in events):
        return False
    errors = [
        outcome.error
        for outcome in Outcomes(events).values()
        if outcome.state is OutcomeState.FAILED
    ]
    return bool(errors) and all(error and error.is_billed is False for error in errors)
