"""The price of a number whose network is not known: a range, and its part that shares settle."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import Price, Rate, RateRange
from septet.costing.rates.rate_range import network_key

PRICES = st.integers(0, 10**6).map(lambda micros: Decimal(micros).scaleb(-6))
NETWORKS = ("AT&T", "T-Mobile", "Verizon", None)


def range_of(*prices, shares=None, pers=None):
    rates = [
        Rate("1", Decimal(price), "USD", network=network, per=per)
        for price, network, per in zip(prices, NETWORKS, pers or ["segment"] * 4, strict=False)
    ]
    return RateRange(tuple(rates), shares or {})


@pytest.mark.parametrize(
    ("name", "key"),
    [(None, ""), ("", ""), ("  ", ""), ("AT&T", "at&t"), (" T-Mobile  US\t", "t-mobile us")],
)
def test_names_of_networks(name, key):
    """Case and spaces around and between words make no difference."""
    assert network_key(name) == key


def test_price_of_a_message():
    """One message costs the least or the most, whatever the shares of traffic are."""
    rates = range_of("0.01", "0.02", "0.03", shares={"at&t": Decimal(1)})
    assert rates.price_of(2) == Price(Decimal("0.02"), Decimal("0.06"), "USD")
    assert rates.price_of(2).amount is None


def test_equal_prices_are_a_price():
    """Networks that cost the same make no range."""
    price = range_of("0.01", "0.01").price_of(3)
    assert (price, price.amount) == ((Decimal("0.03"), Decimal("0.03"), "USD"), Decimal("0.03"))


def test_which_is_lowest_depends_on_the_segments():
    """A rate per message is dear for one segment and cheap for many."""
    rates = range_of("0.02", "0.05", pers=["segment", "message"])
    assert rates.is_mixed
    assert rates.price_of(1) == Price(Decimal("0.02"), Decimal("0.05"), "USD")
    assert rates.price_of(4) == Price(Decimal("0.05"), Decimal("0.08"), "USD")
    assert rates.bounds_in_picos(4, 0) == (
        0,
        8 * 10**10,
    )  # saved segments of messages that are sent
    assert not range_of("0.02", "0.05").is_mixed


def test_names():
    """The prefix, the currency and the first country are those of the range."""
    rates = range_of("0.01", "0.02")
    assert (rates.prefix, rates.currency, rates.country, rates.destination) == (
        *("1", "USD", None),
        "+1",
    )
    named = RateRange((rates.rates[0], Rate("1", Decimal(1), "USD", "US")))
    assert (named.country, named.destination) == ("US", "US")


@given(
    st.lists(st.tuples(PRICES, st.booleans(), st.integers(0, 333_333)), min_size=3, max_size=4),
    st.integers(1, 10**9),
    st.integers(1, 255),
)
def test_bounds_are_exact(lines, messages, segments):
    """Shares multiply the costs of their networks; the rest costs the least or the most."""
    keys = [network_key(name) for name in NETWORKS]
    shares = {
        key: Decimal(share).scaleb(-6)
        for key, (_, _, share) in zip(keys[:3], lines, strict=False)
        if share
    }
    pers = ["message" if is_per_message else "segment" for _, is_per_message, _ in lines]
    rates = range_of(*(price for price, _, _ in lines), shares=shares, pers=pers)
    costs = [
        Fraction(price) * messages * (1 if is_per_message else segments)
        for price, is_per_message, _ in lines
    ]
    known = sum(Fraction(shares.get(key, 0)) * c for key, c in zip(keys, costs, strict=False))
    rest = 1 - sum(map(Fraction, shares.values()))
    bounds = rates.bounds_in_picos(messages * segments, messages)
    expected = known + rest * min(costs), known + rest * max(costs)
    assert [Fraction(bound, 10**12) for bound in bounds] == [*expected]
