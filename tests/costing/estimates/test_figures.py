"""Figures: costs by destination and currency, ranked, and computed once for all outputs."""

from decimal import Decimal

import pytest

from septet.costing import Batch, Estimate, RateCard
from septet.costing.estimates.figures import Figures

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "currency": "USD", "country": "United States"},
        {"prefix": "1876", "price": "0.07", "currency": "USD", "country": "Jamaica"},
        {"prefix": "1658", "price": "0.07", "currency": "USD", "country": "Jamaica"},
        {"prefix": "44", "price": "0.2", "currency": "GBP", "surcharge": "0.01"},
        {"prefix": "33", "price": "0.5", "currency": "EUR", "per": "message"},
    ]
)


def priced(*rows, rates=RATES):
    result = Estimate(rates=rates)
    result.add(Batch([text for text, _ in rows], [recipient for _, recipient in rows]))
    return result


def destinations(result):
    return {key: (c.messages, c.segments, c.amount) for key, c in result.destinations.items()}


def test_computed_once_and_again_after_a_batch(monkeypatch):
    """All outputs share one ranking; a new batch makes a new one."""
    calls = []
    ranked = Figures.ranked_destinations.func
    monkeypatch.setattr(
        Figures.ranked_destinations, "func", lambda self: calls.append(1) or ranked(self)
    )
    result = priced(("one", "+12"), ("two", "+44"))
    for _ in range(2):
        assert result.totals["USD"].messages == 1
        result.to_json()
        result._repr_html_()
        assert [label for label, _, _ in result.ranked_destinations()] == ["+44", "United States"]
    assert len(calls) == 1
    result.add(Batch(["three"], ["+12"]))
    assert result.totals["USD"].messages == 2
    assert len(calls) == 2


class TestCost:
    def test_sums_are_exact(self):
        """Ten times 0.1 is 1, which binary fractions miss."""
        result = priced(*[("text", "+12025550100")] * 10)
        assert result.to_dict()["cost"]["totals"] == {
            "USD": {"messages": 10, "segments": 10, "cost": "1.00"}
        }

    def test_longest_prefix_and_label(self):
        """The label is the card's country, else the prefix; prefixes of one country add up."""
        result = priced(
            ("a" * 161, "+12025550100"),
            ("one", "+18765550100"),
            ("one", "+16585550100"),
            ("a" * 161, "+447700900123"),
        )
        assert destinations(result) == {
            ("United States", "USD"): (1, 2, Decimal("0.2")),
            ("Jamaica", "USD"): (2, 2, Decimal("0.14")),
            ("+44", "GBP"): (1, 2, Decimal("0.42")),
        }

    def test_rate_per_message(self):
        """A rate per message is not multiplied by the segments."""
        result = priced(("a" * 161, "+33639980000"))
        assert destinations(result) == {("+33", "EUR"): (1, 2, Decimal("0.5"))}

    def test_currencies_stay_apart(self):
        """Each currency has its own total."""
        result = priced(("one", "+12025550100"), ("one", "+18765550100"), ("one", "+447700900123"))
        assert {name: total.amount for name, total in result.totals.items()} == {
            "GBP": Decimal("0.21"),
            "USD": Decimal("0.17"),
        }

    def test_too_long_to_be_sent(self):
        """A message that cannot be sent costs nothing, and is said to."""
        result = priced(("a" * 153 * 255, "+12025550100"), ("a" * 153 * 256, "+12025550100"))
        assert result.totals["USD"].segments == 255
        assert result.unpriced["too long to be sent"].segments == 256

    def test_one_country_in_two_currencies(self):
        """A destination that is billed in two currencies is two destinations."""
        rates = RateCard.from_rows(
            [
                {"prefix": "1", "price": "1", "currency": "USD", "country": "Here"},
                {"prefix": "2", "price": "1", "currency": "EUR", "country": "Here"},
            ]
        )
        assert set(priced(("a", "+12"), ("a", "+21"), rates=rates).destinations) == {
            ("Here", "USD"),
            ("Here", "EUR"),
        }

    def test_dearest_first_within_a_currency(self):
        """Destinations are ranked by currency, then cost."""
        result = priced(("one", "+18765550100"), ("one", "+12025550100"), ("one", "+447700900123"))
        assert [label for label, _, _ in result.ranked_destinations()] == [
            "+44",
            "United States",
            "Jamaica",
        ]

    @pytest.mark.parametrize(
        ("recipient", "reason"),
        [
            ("+99955550100", "no rate for this number"),
            ("07700 900123", "not an E.164 number"),
            ("12025550100", "not an E.164 number"),
            ("", "no number"),
            (None, "no number"),
        ],
    )
    def test_without_a_price(self, recipient, reason):
        """A message that cannot be priced is counted under the reason, never at zero."""
        result = priced(("a" * 161, recipient))
        assert {r: (t.messages, t.segments) for r, t in result.unpriced.items()} == {reason: (1, 2)}
        assert result.totals == {}

    def test_recipients_without_a_card(self):
        """Recipients alone price nothing, and nothing is said to lack a price."""
        result = priced(("one", "+12025550100"), ("two", None), rates=None)
        assert result.messages == 2
        assert (result.destinations, result.unpriced) == ({}, {})
        assert not result.is_priced
