"""Prices and destinations of columns: a value for each row, exact, and null where there is none."""

import pickle
from decimal import Decimal

import pytest

from priced_messages import CARD, Messages
from septet import EncodingError, Segmenter
from septet.costing import Rate, RateCard
from septet.costing.rates.price_columns import PriceFinder, find_destinations

MESSAGES = Messages(500)
COLUMNS = [MESSAGES.columns[name] for name in ("body", "phone", "network")]


def listed(values):
    return [values.distinct[index] for index in values.indexes]


@pytest.mark.parametrize("currency", ["USD", "EUR", "GBP"])
@pytest.mark.parametrize("bound", [None, "lowest", "highest"])
def test_prices(currency, bound):
    """Rows in other currencies have none, and ranges only with a bound."""
    finder = PriceFinder(CARD, currency=currency, bound=bound)
    expected = MESSAGES.column(currency, bound)
    assert listed(finder.find(*COLUMNS)) == expected
    assert listed(pickle.loads(pickle.dumps(finder)).find(*COLUMNS)) == expected


def test_unknown_networks():
    """Without a column of networks, none is known."""
    finder = PriceFinder(CARD, currency="USD", bound="highest")
    prices = listed(finder.find(["a" * 161, "Hi"], ["+12025550123", "+18765550123"]))
    assert prices == [Decimal("0.0248"), Decimal("0.0785")]


def test_choice_of_the_currency():
    """It is needed if the card has several, and must be one of them."""
    with pytest.raises(ValueError, match=r"prices in EUR, GBP, USD: choose one .* currency='EUR'"):
        PriceFinder(CARD)
    with pytest.raises(ValueError, match="prices in EUR, GBP, USD, not in 'usd'"):
        PriceFinder(CARD, currency="usd")
    with pytest.raises(ValueError, match="bound must be 'lowest' or 'highest', not 'low'"):
        PriceFinder(CARD, currency="USD", bound="low")
    card = RateCard([Rate("1", Decimal(1), "USD"), Rate("1", Decimal(2), "EUR", kind="mms")])
    assert listed(PriceFinder(card).find(["Hi", ""], ["+12", "+12"])) == [1, None]


def test_rules_and_errors():
    """Texts are counted by the given rules, and the columns must fit."""
    finder = PriceFinder(CARD, Segmenter(encoding="gsm7"), currency="USD")
    with pytest.raises(EncodingError):
        finder.find(["’"], ["+12"])
    with pytest.raises(ValueError, match="expected 2 numbers, one for each text, got 1"):
        finder.find(["a", "b"], ["+12"])
    with pytest.raises(ValueError, match="expected 1 networks"):
        finder.find(["a"], ["+12"], [])
    assert listed(finder.find([], [])) == []


def test_destinations():
    """The country in the card, or "+" and the prefix; None without a rate."""
    numbers = ["+12025550123", "+4915", "+99", "", None, "x", "+1876555", "+12"]
    expected = ["United States", "+49", None, None, None, None, "Jamaica", "United States"]
    assert listed(find_destinations(CARD, numbers)) == expected
    assert listed(find_destinations(CARD, [])) == []
