"""Counts by rate, priced: exact, and nothing saved where the message is sent all the same."""

from collections import Counter
from decimal import Decimal

import pytest

from septet.costing import NO_RATE, Cost, Group, RateCard
from septet.costing.rates.pricing import REASONS, TOO_LONG, find_rate, settle

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "currency": "USD"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)
COUNTS = {("a", 0, 2): 3, ("a", 1, 2): 1, ("a", NO_RATE, 1): 1, ("a", 0, 256): 1, ("b", 1, 1): 2}


@pytest.mark.parametrize(
    ("are_saved", "per_message"), [(False, Decimal("0.5")), (True, Decimal(0))]
)
def test_settle(are_saved, per_message):
    """Each name gets its messages and segments, and the costs of those that can be priced."""
    counts = Counter(COUNTS)
    groups = {"b": Group(1, 1)}
    settle(counts, groups, RATES, are_saved=are_saved)
    assert groups["a"].messages == 3 + 1 + 1 + 1
    assert groups["a"].segments == 6 + 2 + 1 + 256
    assert groups["a"].costs == {"USD": Cost(3, 6, Decimal("0.6")), "EUR": Cost(1, 2, per_message)}
    assert groups["b"] == Group(3, 3, {"EUR": Cost(2, 2, 2 * per_message)})
    assert not counts


def test_without_a_card():
    """Without rates nothing costs anything."""
    groups = {}
    settle(Counter({("a", NO_RATE, 2): 3}), groups, None)
    assert groups == {"a": Group(3, 6)}


def test_find_rate():
    """A message that cannot be sent costs nothing, whoever it is for."""
    assert find_rate(RATES, 1, 255) is RATES.rates[1]
    assert find_rate(RATES, 1, 256) == find_rate(None, NO_RATE, 256) == TOO_LONG
    assert find_rate(None, NO_RATE, 1) is None
    for index, reason in REASONS.items():
        assert find_rate(RATES, index, 1) == reason
