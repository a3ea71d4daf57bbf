"""National numbers: which number they are depends on the region, and E.164 stays what it is."""

import pickle
import sys

import pytest

from septet.costing import NO_NUMBER, NOT_E164, Batch, Estimate, RateCard
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
        ("", NO_NUMBER),
        (None, NO_NUMBER),
        ("none", NOT_E164),
        ("123", NOT_E164),
        ("07700 900123 00000", NOT_E164),
    ],
)
def test_numbers(british, number, expected):
    """In lists, iterables and Arrow columns, and one by one."""
    assert list(british.match_many([number, "+12"])) == [expected, US]
    assert list(british.match_many(iter([number]))) == [expected]
    found = british.match(number or "")
    assert found == (british.rates[expected] if expected >= 0 else None)
    pa = pytest.importorskip("pyarrow")
    for kind in (pa.string(), pa.string_view()):
        assert list(british.match_many(pa.array(["+12", number], kind))) == [US, expected]


def test_the_region_decides(british):
    """The same digits are another number elsewhere, or none."""
    assert list(RATES.in_region("US").match_many(["202 555 0123", "07700 900123"])) == [
        US,
        NOT_E164,
    ]
    assert list(RATES.match_many(["202 555 0123"])) == [NOT_E164]


def test_the_region_is_part_of_the_card(british):
    """It goes along to other days and processes, and tells cards apart."""
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
    """National numbers are priced, and what is none is told."""
    result = Estimate(rates=british)
    result.add(Batch(["one", "two", "three"], ["07700 900123", "?", "+12025550123"]))
    assert {currency: cost.micros for currency, cost in result.totals.items()} == {
        "GBP": 40_000,
        "USD": 10_000,
    }
    assert result.unpriced["not an E.164 number"].messages == 1


@pytest.mark.parametrize("region", ["", "gb", "UK", "GBR", "1"])
def test_no_region(british, region):
    """What is no region is named."""
    with pytest.raises(ValueError, match=f"region '{region}' is not two capital letters"):
        british.in_region(region)


def test_without_the_extra(monkeypatch):
    """Without the library one sentence names the extra to install."""
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(MissingExtraError) as caught:
        RATES.in_region("US")
    expected = "reading national numbers needs phonenumberslite: pip install 'septet[phone]'"
    assert str(caught.value) == expected
