"""Sums and priced files against Decimal arithmetic, row by row, for prices by network."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest

from priced_messages import CARD, Messages
from septet.costing import Batch, Budget, Estimate, Group, estimate
from septet.costing.rates.rate_range import network_key

SIZES = [2_000, pytest.param(100_000, marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=SIZES)
def messages(request):
    return Messages(request.param)


def totals(costs):
    return {currency: (cost.lowest, cost.highest) for currency, cost in costs.items()}


@pytest.fixture(scope="module")
def result(messages):
    return estimate(
        messages.columns, text="body", to="phone", network="network", by=["network"], rates=CARD
    )


def test_totals(messages, result):
    """Totals, destinations and groups add up to the exact bounds."""
    expected = messages.totals()
    assert totals(result.totals) == expected
    assert set(expected) == {"USD", "EUR", "GBP"}
    assert totals(sum(result.groups["network"].values(), Group()).costs) == expected
    assert result.totals["GBP"].amount == expected["GBP"][0] == expected["GBP"][1]
    assert result.totals["EUR"].amount is None


def test_parts(messages, result):
    """Parts on lists, and their sum after JSON, are the whole."""
    parts = []
    for start, stop in ((0, 1000), (1000, None)):
        part = Estimate(rates=CARD, by=["network"])
        rows = {name: column[start:stop] for name, column in messages.columns.items()}
        part.add(
            Batch(rows["body"], rows["phone"], groups=[rows["network"]], networks=rows["network"])
        )
        parts.append(Estimate.from_json(part.to_json()))
    assert totals((parts[0] + parts[1]).totals) == totals(result.totals)
    assert (parts[0] + parts[1]).to_dict() == result.to_dict()


def test_json(messages, result):
    """A range has null as its cost, and its bounds below."""
    costs = json.loads(result.to_json())["cost"]["totals"]
    lowest, highest = messages.totals()["EUR"]
    assert costs["EUR"]["cost"] is None
    assert (Decimal(costs["EUR"]["lowest"]), Decimal(costs["EUR"]["highest"])) == (lowest, highest)
    assert set(costs["GBP"]) == {"messages", "segments", "cost"}
    assert Decimal(costs["GBP"]["cost"]) == messages.totals()["GBP"][0]


def test_budgets_hold_the_highest(messages, result):
    """A cost between the bounds may be exceeded, so it counts as exceeded."""
    lowest, highest = messages.totals()["USD"]
    assert Budget({"USD": highest}).violations(result) == []
    (violation,) = Budget({"USD": (lowest + highest) / 2}).violations(result)
    assert violation.startswith(f"{lowest:,} to {highest:,} USD (limit ")


def test_shares(messages):
    """Shares are applied to the exact sums of what is not known."""
    shares = {"AT&T": Decimal("0.45"), "T-Mobile": Decimal("0.333333")}
    card = CARD.with_network_shares(shares, "United States").with_network_shares(
        {"vodafone": Decimal(1)}, "+49"
    )
    shared = estimate(messages.columns, text="body", to="phone", rates=card)
    unknown = estimate(messages.columns, text="body", to="phone", rates=CARD)
    segments = unknown.destinations["United States", "USD"].segments
    prices = {
        network_key(rate.network): Fraction(rate.price + rate.surcharge)
        for rate in CARD.rates
        if rate.prefix == "1"
    }
    known = Fraction(45, 100) * prices["at&t"] + Fraction(333_333, 10**6) * prices["t-mobile"]
    rest = 1 - sum(map(Fraction, shares.values()))
    cost = shared.destinations["United States", "USD"]
    for amount, bound in ((cost.lowest, min), (cost.highest, max)):
        assert Fraction(amount) == segments * (known + rest * bound(prices.values()))
    german = shared.destinations["+49", "EUR"]
    assert german.amount == german.segments * Decimal("0.070001")
    with pytest.raises(ValueError, match="different rules or rates"):
        shared + unknown
    assert Estimate.from_json(shared.to_json()).totals == shared.totals


def test_savings(messages):
    """What repeats cost is a range like everything else."""
    columns = {name: column * 2 for name, column in messages.columns.items() if name != "id"}
    result = estimate(columns, text="body", to="phone", network="network", rates=CARD, savings=True)
    repeated = result.savings.repeats["same number and text"]
    expected = messages.totals()
    once = {currency: (cost.lowest, cost.highest) for currency, cost in repeated.costs.items()}
    assert once == expected
