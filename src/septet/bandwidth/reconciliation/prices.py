"""What messages cost: as we count them, and as the provider does."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from ...costing import Rate, RateCard
from ...costing.rates.pricing import find_rate
from .. import Event, MessageFailed, Outcomes, OutcomeState
from .comparisons import Comparison, Price

__all__ = ["NOT_BILLED", "Prices"]

NOT_BILLED = "failed and not billed"
"""Why a message costs nothing, by the provider's table of error codes."""


class Prices:
    """The prices of a rate card, for each message those of the day on which it was made."""

    def __init__(self, rates: RateCard) -> None:
        self._rates = rates
        days = {rate.valid_from for rate in rates.all_rates if rate.valid_from is not None}
        self._first_days = sorted(days)
        # One for each period in which no rate changes.
        self._cards: dict[int, RateCard] = {}

    def find(self, comparison: Comparison, events: Sequence[Event]) -> Price | str | None:
        """Return what a message costs, or why it has no price; None if it was left out."""
        estimated, reported = comparison.estimated, comparison.reported
        if comparison.left_out is not None or estimated is None or reported is None:
            return None
        facts = comparison.facts
        if facts.medium != "SMS" or facts.direction != "sent":
            return f"{facts.medium} {facts.direction}"
        if _is_free(events):
            return NOT_BILLED
        card = self._card(self._rates.day if facts.time is None else facts.time.date())
        (index,) = card.match_many(facts.to or [None])
        rate = find_rate(card, index, estimated)
        if not isinstance(rate, Rate):
            return rate
        return Price(rate.currency, rate.cost(estimated), rate.cost(reported))

    def _card(self, day: date) -> RateCard:
        period = bisect_right(self._first_days, day)
        if period not in self._cards:
            self._cards[period] = self._rates.on(day)
        return self._cards[period]


def _is_free(events: Sequence[Event]) -> bool:
    """Tell whether the provider's table says that a message failed and was not billed."""
    if not any(isinstance(event, MessageFailed) for event in events):
        return False
    errors = [its.error for its in Outcomes(events).values() if its.state is OutcomeState.FAILED]
    return bool(errors) and all(error and error.is_billed is False for error in errors)
