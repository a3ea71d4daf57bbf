"""National numbers: which number they are depends on the region, and E.164 stays what it is."""

import pickle
import sys
from decimal import Decimal

import pytest

from septet.costing import Batch, Estimate, RateCard, Unpriced
from septet.costing.rates.phone_numbers import country_of
from septet.exceptions import MissingExtraError

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.01", "currency": "USD"},
        {"prefix": "44", "price": "0.04", "currency": "GBP"},
    ]
)
US, GB = 0, 1


@pytest.fixture
def british():
    """The card in the United Kingdom."""
    pytest.importorskip("phonenumbers")
    return RATES.in_region("GB")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("07700 900123", GB),
        ("(0)20 7946 0000", GB),
        ("0044 7700-900123", GB),
        ("+44 7700 900123", GB),
        ("001 202 555 0123", US),
        ("+12025550123", US),
        ("+1 (202) 555-0123", US),
        ("", Unpriced.NO_NUMBER),
        (None, Unpriced.NO_NUMBER),
        ("none", Unpriced.NOT_E164),
        ("123", Unpriced.NOT_E164),
        ("07700 900123 00000", Unpriced.NOT_E164),
    ],
)
def test_numbers(british, number, expected):
    """In lists, iterables and Arrow columns, and one by one."""
    assert list(british.match_many([number, "+12", "none"])) == [expected, US, Unpriced.NOT_E164]
    assert list(british.match_many(iter([number]))) == [expected]
    found = british.match(number or "")
    assert found == (british.rates[expected] if expected >= 0 else None)
    pa = pytest.importorskip("pyarrow")
    for kind in (pa.string(), pa.string_view()):
        assert list(british.match_many(pa.array(["+12", number], kind))) == [US, expected]
    dictionary = pa.array(["+12", number, number]).dictionary_encode()
    assert list(british.match_many(dictionary)) == [US, expected, expected]


def test_the_region_decides(british):
    """The same digits are another number elsewhere, or none."""
    assert list(RATES.in_region("US").match_many(["202 555 0123", "07700 900123"])) == [
        US,
        Unpriced.NOT_E164,
    ]
    assert list(RATES.match_many(["202 555 0123"])) == [Unpriced.NOT_E164]


def test_the_region_is_part_of_the_card(british):
    """Other days and processes keep it, and cards of different regions differ."""
    for same in (british.on(british.day), pickle.loads(pickle.dumps(british))):
        assert same == british
        assert hash(same) == hash(british)
        assert same.region == "GB"
    assert british != RATES
    assert british.fingerprint != RATES.fingerprint
    parts = [Estimate(rates=card) for card in (british, RATES)]
    with pytest.raises(ValueError, match="different rules or rates"):
        parts[0] + parts[1]


def test_estimate(british):
    """National numbers are priced, and other texts are counted as not priced."""
    result = Estimate(rates=british)
    result.add(Batch(["one", "two", "three"], ["07700 900123", "?", "+12025550123"]))
    assert {currency: cost.amount for currency, cost in result.totals.items()} == {
        "GBP": Decimal("0.04"),
        "USD": Decimal("0.01"),
    }
    assert result.unpriced["not an E.164 number"].messages == 1


@pytest.mark.parametrize("region", ["", "gb", "UK", "GBR", "1"])
def test_no_region(british, region):
    """An unknown region is an error that names it."""
    with pytest.raises(ValueError, match=f"unknown region '{region}'"):
        british.in_region(region)


@pytest.mark.parametrize(
    ("prefix", "country"),
    [
        ("33", "France"),
        ("336", "France"),
        ("1", "United States and others"),
        ("1212", "United States and others"),
        ("1876", "Jamaica"),
        ("18", "United States and others"),
        ("7", "Russia and others"),
        ("77", "Kazakhstan"),
        ("44", "United Kingdom and others"),
        ("353", "Ireland"),
        ("881", None),  # satellites
        ("383", None),  # no name in the library
        ("3", None),
        ("999", None),
    ],
)
def test_countries(prefix, country):
    """By the calling code, and by what stands behind it where several share it."""
    pytest.importorskip("phonenumbers.geocoder")
    assert country_of(prefix) == country


def test_cards_with_countries(british):
    """Names of the card stay, and so do its day and its region; rates of all days are named."""
    rows = [
        {"prefix": "1", "price": "0.01", "currency": "USD", "valid_from": "2999-01-01"},
        {"prefix": "49", "price": "0.07", "currency": "EUR"},
        {"prefix": "44", "price": "0.04", "currency": "GBP", "country": "Britain"},
        {"prefix": "870", "price": "4", "currency": "EUR"},
    ]
    card = RateCard.from_rows(rows).in_region("GB").with_countries()
    assert [rate.destination for rate in card.rates] == ["Germany", "Britain", "+870"]
    assert card.all_rates[0].country == "United States and others"
    assert (card.region, card.day) == ("GB", british.day)


@pytest.mark.parametrize(
    ("call", "purpose"),
    [
        (lambda: RATES.in_region("US"), "reading national numbers"),
        (RATES.with_countries, "naming countries"),
    ],
)
def test_without_the_extra(monkeypatch, call, purpose):
    """Without the library one sentence names the extra to install."""
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    monkeypatch.delitem(sys.modules, "phonenumbers.geocoder", raising=False)
    with pytest.raises(MissingExtraError) as caught:
        call()
    assert str(caught.value) == f"{purpose} needs phonenumbers: pip install 'septet[phone]'"
