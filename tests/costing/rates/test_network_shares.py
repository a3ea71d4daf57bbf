"""Shares of traffic by network: how they are written, what is refused, and what a country is."""

from decimal import Decimal

import pytest

from septet.costing import Rate
from septet.costing.rates.network_shares import check_shares, find_prefixes_in, parse_shares

RATES = [
    Rate(prefix, Decimal(1), "USD", country=country, network=network)
    for prefix, country, network in [
        ("1", "USA", "AT&T"),
        ("1", "USA", "T-Mobile"),
        ("1876", None, "Digicel"),
        ("44", None, "EE"),
        ("447797", None, "JT"),
        ("49", None, None),
    ]
]


@pytest.mark.parametrize(
    ("text", "country", "shares"),
    [
        ("AT&T=0.45,T-Mobile=.35", None, {"AT&T": "0.45", "T-Mobile": "0.35"}),
        (" AT&T = 0.45 , T-Mobile US=0.35, ", None, {"AT&T": "0.45", "T-Mobile US": "0.35"}),
        ("US: AT&T=1", "US", {"AT&T": "1"}),
        ("United States:AT&T=0", "United States", {"AT&T": "0"}),
        ("Bell, Canada=0.5,O2: UK=0.25", None, {"Bell, Canada": "0.5", "O2: UK": "0.25"}),
        ("+1:O2: UK=0.25", "+1", {"O2: UK": "0.25"}),
        ("a=b=0.1", None, {"a=b": "0.1"}),
    ],
)
def test_shares_as_they_are_written(text, country, shares):
    """Networks may have any sign but the one before their share; a country is before a colon."""
    assert parse_shares(text) == (country, {name: Decimal(n) for name, n in shares.items()})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("AT&T", "network shares 'AT&T' are not written like 'AT&T=0.45, T-Mobile=0.35'"),
        ("=0.5", "network shares '=0.5' are not written like"),
        ("AT&T=45%", "share of 'AT&T' '45%' is not a plain decimal number"),
        ("AT&T=", "share of 'AT&T' '' is not a plain decimal number"),
        ("AT&T=-0.1", "share of 'AT&T' '-0.1' is negative"),
        ("AT&T=0.1,AT&T=0.2", "network 'AT&T' has two shares"),
        ("AT&T=0.1234567", "has more than 6 decimals"),
    ],
)
def test_broken_shares(text, message):
    """The error has the network and the text."""
    with pytest.raises(ValueError, match=message):
        parse_shares(text)


def test_checked_shares():
    """They get the keys of their networks."""
    shares = {"at&t": Decimal("0.45"), "T-MOBILE": Decimal("0.55")}
    assert check_shares(shares, RATES) == {"at&t": Decimal("0.45"), "t-mobile": Decimal("0.55")}


@pytest.mark.parametrize(
    ("shares", "error", "message"),
    [
        ({}, ValueError, "expected the share of at least one network"),
        ({"AT&T": 0.5}, TypeError, "share of 'AT&T' must be Decimal, not float"),
        ({"AT&T": Decimal("-0.5")}, ValueError, "share of 'AT&T' '-0.5' is negative"),
        ({"AT&T": Decimal("NaN")}, ValueError, "share of 'AT&T' 'NaN' is not a plain"),
        ({"AT&T": Decimal("1.1")}, ValueError, "the shares of AT&T add up to more than 1"),
        ({"AT&T": Decimal("0.5"), "EE": Decimal("0.500001")}, ValueError, "AT&T, EE add up to"),
        ({"AT&T": Decimal(0), " at&t": Decimal(0)}, ValueError, "network ' at&t' has two shares"),
        ({"O2": Decimal(1)}, ValueError, "no rate is for network 'O2'; the networks are: AT&T, "),
    ],
)
def test_refused_shares(shares, error, message):
    """What cannot be shares of all traffic is an error."""
    with pytest.raises(error, match=message):
        check_shares(shares, RATES)


def test_networks_of_a_card_without_any():
    """The error says that there are none."""
    with pytest.raises(ValueError, match="no rate is for network 'O2'; the networks are: none"):
        check_shares({"O2": Decimal(1)}, [Rate("1", Decimal(1), "USD")])


@pytest.mark.parametrize(
    ("country", "prefixes"),
    [
        ("usa", {"1"}),
        ("+1", {"1", "1876"}),
        ("44", {"44", "447797"}),
        ("JM", {"1876"}),
        ("jamaica", {"1876"}),
        ("GB", {"44"}),
        ("GBR", {"44"}),
        ("Jersey", {"447797"}),
        ("us", {"1"}),
        ("United States", {"1"}),
        ("DE", {"49"}),
    ],
)
def test_prefixes_of_a_country(country, prefixes):
    """By its name in the card, by digits, or by its English name or code."""
    assert find_prefixes_in(country, RATES) == prefixes


@pytest.mark.parametrize("country", ["FR", "Atlantis", "", "33"])
def test_country_without_rates(country):
    """It is an error, since its shares would have no effect."""
    with pytest.raises(ValueError, match=f"no rate is for country '{country}'"):
        find_prefixes_in(country, RATES)
