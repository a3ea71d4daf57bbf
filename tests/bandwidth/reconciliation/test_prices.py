"""Prices: the rates of the day of a message, and reasons for no price."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from kept_messages import event
from septet import Segmenter
from septet.bandwidth import parse_callbacks
from septet.bandwidth.reconciliation import ComparedPrice, ReportedMessage
from septet.bandwidth.reconciliation.comparisons import compare
from septet.bandwidth.reconciliation.prices import Prices
from septet.bandwidth.reconciliation.reasons import ReasonFinder
from septet.costing import RateCard

CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.01", "currency": "USD"},
        {"prefix": "1", "price": "0.02", "currency": "USD", "valid_from": "2026-11-01"},
        {"prefix": "1", "price": "0.05", "currency": "USD", "valid_from": "2026-12-01"},
        {"prefix": "44", "price": "0.04", "currency": "GBP", "per": "message"},
        {"prefix": "49", "price": "0.08", "currency": "EUR", "valid_from": "2026-11-02"},
    ]
).on(date(2026, 1, 1))
MADE = datetime(2026, 11, 4, 9, tzinfo=UTC)
SMS = ReportedMessage("1", MADE, "sent", "SMS", "+12025550100", ("+13125550140",), "a" * 161, (3,))


def price_of(
    message: ReportedMessage, *events: dict, card: RateCard = CARD
) -> ComparedPrice | str | None:
    rules = Segmenter()
    parsed = parse_callbacks(json.dumps(events).encode())
    return Prices(card).find(compare(message, rules, ReasonFinder(rules)), parsed)


def test_both_figures() -> None:
    """A rate per segment gives two prices, a rate per message the same price twice."""
    assert price_of(SMS) == ComparedPrice("USD", Decimal("0.04"), Decimal("0.06"))
    assert price_of(replace(SMS, to=("+447700900123",))) == ComparedPrice(
        "GBP", Decimal("0.04"), Decimal("0.04")
    )


@pytest.mark.parametrize(
    ("time", "price"),
    [
        ("2026-10-31T23:59:59.999999", Decimal("0.01")),
        ("2026-11-01T00:00:00", Decimal("0.02")),
        ("2026-11-30T23:59:59", Decimal("0.02")),
        ("2027-01-01T00:00:00", Decimal("0.05")),
        (None, Decimal("0.01")),
    ],
)
def test_the_day_of_the_message(time, price) -> None:
    """The day is in UTC; without a time it is the day of the card."""
    made = time and datetime.fromisoformat(time).replace(tzinfo=UTC)
    assert price_of(replace(SMS, time=made)).reported == 3 * price


def test_many_days() -> None:
    """Each day has its own rates, in any order."""
    prices = Prices(CARD)
    rules = Segmenter()
    for month, price in ((12, 5), (10, 1), (11, 2), (12, 5), (9, 1)):
        message = replace(SMS, time=datetime(2026, month, 15, tzinfo=UTC))
        result = prices.find(compare(message, rules, ReasonFinder(rules)), ())
        assert result.reported == price * Decimal("0.03")


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(SMS, to=("+81312345678",)), "no rate for this number"),
        (replace(SMS, to=("+4930123456",), time=datetime(2026, 11, 1, tzinfo=UTC)), "no rate"),
        (replace(SMS, to=("3125550140",)), "not an E.164 number"),
        (replace(SMS, to=("\ud83d\0",)), "not an E.164 number"),
        (replace(SMS, to=()), "no number"),
        (replace(SMS, medium="MMS"), "MMS sent"),
        (replace(SMS, direction="received"), "SMS received"),
        (replace(SMS, text=None), None),
        (replace(SMS, segment_counts=()), None),
    ],
)
def test_no_price(message, reason) -> None:
    """A compared message without a price has a reason; others have neither."""
    result = price_of(message)
    assert result is None if reason is None else result.startswith(reason)


def test_not_billed() -> None:
    """A failure is free only if the provider's table says so."""
    free = event("1", "failed", errorCode=4303)
    assert price_of(SMS, free) == price_of(SMS, event("1"), free) == "failed and not billed"
    # Billed, unknown, outside the table, missing, and two that prove nothing.
    for code in (4720, 4476, 77, None, 9902, 9999):
        assert isinstance(price_of(SMS, event("1", "failed", errorCode=code)), ComparedPrice)
    assert isinstance(
        price_of(SMS, event("1", "failed", errorCode=9902), event("1")), ComparedPrice
    )
