"""Rates: exact costs per segment and per message, and amounts that are refused."""

import decimal
import pickle
from dataclasses import replace
from decimal import Decimal

import pytest

from septet.costing import Rate


def test_cost_is_exact():
    """Three times 0.1 and 0.2 is 0.9, which binary fractions miss."""
    rate = Rate("1", Decimal("0.1"), "USD", surcharge=Decimal("0.2"))
    assert str(rate.cost(3)) == "0.90"


def test_cost_does_not_depend_on_the_decimal_context():
    """A caller may calculate with few digits; a cost has all of its own."""
    with decimal.localcontext(prec=2):
        rate = Rate("1", Decimal("1.234567"), "USD")
        assert str(rate.cost(1_000_001)) == "1234568.234567"


def test_cost_per_message():
    """A rate per message is the same for any number of segments, its surcharge too."""
    rate = Rate("1", Decimal("0.1"), "USD", surcharge=Decimal("0.2"), per="message")
    assert [rate.cost(1), rate.cost(7), rate.cost(7, 2)] == [
        Decimal("0.3"),
        Decimal("0.3"),
        Decimal("0.6"),
    ]


@pytest.mark.parametrize("amount", [0.1, 100_000, "0.1"])
@pytest.mark.parametrize("name", ["price", "surcharge"])
def test_amounts_are_decimal(name, amount):
    """A float is not exact, and an int could be of any unit."""
    amounts = {"price": Decimal(1), name: amount}
    with pytest.raises(TypeError, match=f"{name} must be Decimal, not {type(amount).__name__}"):
        Rate("1", currency="USD", **amounts)


@pytest.mark.parametrize("amount", ["-0.1", "0.0000001", "1000000000", "NaN", "Infinity", "1e9"])
@pytest.mark.parametrize("name", ["price", "surcharge"])
def test_amounts_that_are_refused(name, amount):
    """Negative and huge amounts, and fractions of a millionth."""
    amounts = {"price": Decimal(1), name: Decimal(amount)}
    with pytest.raises(ValueError, match=f"^{name} '"):
        Rate("1", currency="USD", **amounts)


def test_destination():
    """The country if there is one, else the prefix."""
    rate = Rate("1", Decimal(1), "USD")
    assert rate.destination == "+1"
    assert replace(rate, country="US").destination == "US"


def test_equal_rates():
    """Neither trailing zeros nor the place in a card matter, and pickling keeps a rate."""
    rate = Rate("1", Decimal("0.10"), "USD")
    other = Rate("1", Decimal("0.1"), "USD", place="line 2")
    assert (rate, hash(rate)) == (other, hash(other))
    assert replace(rate, price=Decimal("0.2")) != rate
    copy = pickle.loads(pickle.dumps(other))
    assert (copy, copy.place, copy.cost(2)) == (other, "line 2", Decimal("0.2"))
