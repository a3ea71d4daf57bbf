"""Counts by rate, priced: exact, and nothing saved where the message is sent all the same."""

from collections import Counter
from decimal import Decimal

import pytest

from septet import _kernels, analyze_many
from septet.costing import Cost, Group, RateCard, Unpriced
from septet.costing.rates.pricing import RateSums, find_price, move_to_groups
from septet.costing.rates.unpriced import TOO_LONG

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "currency": "USD"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)
COUNTS = {
    ("a", 0, 2): 3,
    ("a", 1, 2): 1,
    ("a", Unpriced.NO_RATE, 1): 1,
    ("a", 0, 256): 1,
    ("b", 1, 1): 2,
}


@pytest.mark.parametrize(
    ("are_saved", "per_message"), [(False, Decimal("0.5")), (True, Decimal(0))]
)
def test_move_to_groups(are_saved, per_message):
    """Each name gets its messages and segments, and the costs of those that can be priced."""
    counts = Counter(COUNTS)
    groups = {"b": Group(1, 1)}
    move_to_groups(counts, groups, RATES, are_saved=are_saved)
    assert groups["a"].messages == 3 + 1 + 1 + 1
    assert groups["a"].segments == 6 + 2 + 1 + 256
    assert groups["a"].costs == {"USD": Cost(3, 6, Decimal("0.6")), "EUR": Cost(1, 2, per_message)}
    assert groups["b"] == Group(3, 3, {"EUR": Cost(2, 2, 2 * per_message)})
    assert not counts


def test_move_to_groups_without_a_card():
    """Without rates nothing costs anything."""
    groups = {}
    move_to_groups(Counter({("a", Unpriced.NO_RATE, 2): 3}), groups, None)
    assert groups == {"a": Group(3, 6)}


def test_find_price():
    """A message that cannot be sent has no price, whatever its recipient is."""
    assert find_price(RATES, 1, 255) == (Decimal("0.5"), Decimal("0.5"), "EUR")
    assert find_price(RATES, 1, 256) == find_price(None, Unpriced.NO_RATE, 256) == TOO_LONG
    assert find_price(None, Unpriced.NO_RATE, 1) is None
    for unpriced in Unpriced:
        assert find_price(RATES, int(unpriced), 1) == unpriced.reason


def test_rate_sums():
    """The kernel adds to the sums of each rate and reason, and taking them resets them."""
    sums = RateSums(RATES)
    texts = ["one", "two", "a" * 161, "four", "", "’" * 71]
    facts = analyze_many(texts)
    rates = memoryview(RATES.match_many(["+33", "+44", "+33", "?", "+33", None]))
    columns = facts.segment_count, facts.unit_count, facts.encoding
    for _ in range(2):
        by_segments = memoryview(bytearray(8 * 2 * 256)).cast("q")
        _kernels.add_to_sums(*map(memoryview, columns), rates, by_segments, memoryview(sums.buffer))
        assert list(sums.take()) == [
            (Unpriced.NO_NUMBER, 1, 2),
            (Unpriced.NOT_E164, 1, 1),
            (Unpriced.NO_RATE, 1, 1),
            (1, 2, 3),
        ]
        assert not any(sums.buffer)
