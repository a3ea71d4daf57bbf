"""Which rate a number has by its prefix and network, as a naive search finds it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import Rate, RateCard, RateRange
from septet.costing.rates.rate_range import network_key
from septet.exceptions import RateCardError

NAMES = ("AT&T", "at&t ", "O2", "o2", "Other", None, "", "Nowhere")
LINES = st.lists(
    st.tuples(st.sampled_from(["1", "12", "44", "7"]), st.sampled_from(NAMES[:7])), max_size=12
)


def rates_of(lines):
    rates = {}
    for price, (prefix, network) in enumerate(lines, 1):
        key = prefix, network_key(network)
        rates[key] = Rate(prefix, Decimal(price), "USD", network=network or None)
    return list(rates.values())


def naive(rates, number, network):
    """Return all rates that may apply to a number."""
    prefixes = [rate.prefix for rate in rates if number.startswith(f"+{rate.prefix}")]
    of_prefix = [rate for rate in rates if rate.prefix == max(prefixes, key=len, default="")]
    key = network_key(network)
    of_network = [rate for rate in of_prefix if key and network_key(rate.network) == key]
    return of_network or of_prefix


@given(
    LINES,
    st.lists(st.tuples(st.sampled_from(["+1", "+12", "+44", "+7", "+33"]), st.sampled_from(NAMES))),
)
def test_is_the_naive_search(lines, messages):
    """The rate of the network if the longest prefix has one, else all rates of this prefix."""
    card = RateCard(rates_of(lines))
    numbers = [f"{start}5550123" for start, _ in messages]
    networks = [network for _, network in messages]
    found = card.match_many(numbers, networks)
    unknown = card.match_many(numbers)
    for row, (number, network) in enumerate(zip(numbers, networks, strict=True)):
        expected = naive(card.rates, number, network)
        entry = card.entries[found[row]] if found[row] >= 0 else None
        assert entry == card.match(number, network)
        rates = entry.rates if isinstance(entry, RateRange) else [entry] if entry else []
        assert [*rates] == expected
        assert card.match(number) == (card.entries[unknown[row]] if unknown[row] >= 0 else None)


def test_columns_of_networks():
    """Every kind of column is read, and its nulls are unknown networks."""
    pa = pytest.importorskip("pyarrow")
    card = RateCard(rates_of([("1", "AT&T"), ("1", "O2")]))
    numbers, networks = ["+12"] * 4 + ["x"], ["o2", None, "AT&T", "?", "O2"]
    expected = [*card.match_many(numbers, networks)]
    assert [card.entries[index] for index in expected[:4:2]] == [card.rates[1], card.rates[0]]
    assert expected[1] == expected[3] == 0
    for kind in (pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())):
        column = pa.array(networks, pa.string()).cast(kind)
        assert [*card.match_many(numbers, column)] == expected
    with pytest.raises(ValueError, match="expected 5 networks, one for each number, got 4"):
        card.match_many(numbers, networks[1:])


def test_card_without_networks():
    """A column of networks changes nothing, but it must be one."""
    card = RateCard(rates_of([("1", None), ("44", "EE")]))
    assert [*card.match_many(["+12", "+44"], ["EE", "Other"])] == [0, 1]
    assert card.entries == card.rates
    with pytest.raises(ValueError, match="expected 1 networks"):
        card.match_many(["+12"], [])


def test_currencies_of_a_prefix():
    """A range in two currencies could not be one value."""
    rates = [
        Rate("1", Decimal(1), "USD"),
        Rate("1", Decimal(1), "EUR", network="x", place="line 3"),
    ]
    with pytest.raises(RateCardError, match=r"^prefix 1 has rates in USD and EUR \(line 3\)"):
        RateCard(rates)
