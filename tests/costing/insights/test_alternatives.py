"""What messages cost as MMS or RCS: sums, and plain values and back."""

import json
from decimal import Decimal

import pytest

from septet.costing import Batch, Cost, Estimate, Group, RateCard, Savings
from septet.costing.insights.alternatives import Alternative, add_alternatives

SOME = Alternative(
    "ab",
    Group(2, 5, {"USD": Cost(2, 5, Decimal("0.5"))}),
    Group(2, 2, {"USD": Cost(2, 2, Decimal("0.4"))}),
    Group(1, 4, {"USD": Cost(1, 4, Decimal("0.2"))}),
)


def card(mms_price):
    rows = [{"prefix": "1", "price": "0.1", "currency": "USD"}]
    if mms_price is not None:
        rows.append({"prefix": "1", "price": mms_price, "currency": "USD", "kind": "mms"})
    return RateCard.from_rows(rows)


def test_sums():
    """Each figure is added to its like."""
    both = add_alternatives(SOME, SOME)
    assert both.as_sms == Group(4, 10, {"USD": Cost(4, 10, Decimal(1))})
    assert both.instead == Group(4, 4, {"USD": Cost(4, 4, Decimal("0.8"))})
    assert both.cheaper == Group(2, 8, {"USD": Cost(2, 8, Decimal("0.4"))})
    assert add_alternatives(None, None) is None
    assert (Savings(mms=SOME) + Savings(mms=SOME)).mms == both
    assert (Savings(rcs=SOME) + Savings(rcs=SOME)).rcs == both


def test_plain_values_and_back():
    """What is written is read again."""
    for savings in (Savings(mms=SOME), Savings(rcs=SOME), Savings()):
        plain = json.loads(json.dumps(savings.to_dict()))
        assert Savings.from_dict(plain) == savings
    assert SOME.to_dict()["cheaper"]["cost"]["USD"] == {
        "messages": 1,
        "segments": 4,
        "cost": "0.20",
    }


def test_ways():
    """What is saved is listed with the other savings."""
    ways = Savings(mms=SOME, rcs=SOME).ways()
    assert ways["MMS where it costs less"] == ways["RCS where it costs less"] == SOME.cheaper
    assert "MMS where it costs less" not in Savings(rcs=SOME).ways()
    rows = {"as SMS": SOME.as_sms, "as RCS": SOME.instead}
    nothing = Alternative("ab")
    comparisons = Savings(mms=nothing, rcs=SOME).comparisons()
    assert comparisons == {"Messages with a price as RCS": rows}


def test_other_rates_are_not_added():
    """The rates of MMS must be equal, although the messages were priced by others."""
    parts = []
    for price in ("0.3", "0.4", None):
        part = Estimate(rates=card(price), savings=True)
        part.add(Batch(["a" * 700], ["+12"]))
        parts.append(part)
    assert (parts[0] + parts[0]).savings.mms.cheaper.costs["USD"].amount == Decimal("0.40")
    for others in ((0, 1), (0, 2), (2, 1)):
        one, other = (parts[index] for index in others)
        with pytest.raises(ValueError, match="different rates of MMS or RCS cannot be added up"):
            one + other


def test_older_estimates():
    """Estimates were written without these figures, and can be read."""
    written = Estimate(rates=card(None), savings=True).to_dict()
    del written["savings"]["mms"], written["savings"]["rcs"]
    assert Estimate.from_dict(written).savings == Estimate(rates=card(None), savings=True).savings
