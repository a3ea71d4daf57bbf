"""Units of prices other than one message."""

import pytest

from septet.costing.rates.lists.values.units import (
    ONE_MESSAGE,
    has_other_unit,
    is_other_unit,
    is_part,
    read_unit,
)


@pytest.mark.parametrize(
    "text",
    [
        "All prices in euro cents",
        "Prices (US cents)",
        "Preise in Cent zzgl. MwSt.",
        "Tarifs en centimes d'euro",
        "Precios en céntimos",
        "Prices in EUR per 1,000 SMS",
        "Rates per 1000 messages",
        "Preise in EUR pro 1.000 SMS",
        "Prices are in pence",
    ],
)
def test_other_units_of_texts(text):
    """Titles tell that prices are cents, or of many messages."""
    assert has_other_unit(text)


@pytest.mark.parametrize(
    "text",
    [
        "Prices in EUR per SMS",
        "Lookups cost extra: 5 EUR per number",
        "Prices valid from 2026-01-01",
        "Prices in Central Europe",
        "10 cents off for every friend",
        "Price per 160 characters",
    ],
)
def test_usual_texts(text):
    """Other texts do not."""
    assert not has_other_unit(text)


@pytest.mark.parametrize(
    ("heading", "decimals", "is_in_cents", "rest"),
    [
        ("Price (EUR cent)", 2, True, "Price (EUR)"),
        ("Price (Eurocent)", 2, True, "Price (EUR)"),
        ("Price in US cents", 2, True, "Price in USD"),
        ("price_usd_cents", 2, True, "price_USD"),
        ("Price in cents (USD)", 2, True, "Price in  (USD)"),
        ("Preis (ct)", 2, True, "Preis ()"),
        ("Rate [GBP pence]", 2, True, "Rate [GBP ]"),
        ("ct/SMS", 2, True, "/SMS"),
        ("Price (US¢)", 2, True, "Price (USD)"),
        ("networks.priceInCents", 2, True, "networks.price_In_"),
        ("pricePer1000", 3, False, "price_"),
        ("Price per 1,000 SMS", 3, False, "Price  SMS"),
        ("Preis pro 1.000", 3, False, "Preis "),
        ("Prix par mille", 3, False, "Prix "),
        ("EUR/1000", 3, False, "EUR"),
        ("Cost / 1 000", 3, False, "Cost "),
        ("Cost per 1k messages", 3, False, "Cost  messages"),
        ("Cost per 100", 2, False, "Cost "),
        ("Cost per 10", 1, False, "Cost "),
        ("EUR cent per 1000", 5, True, "EUR "),
    ],
)
def test_units_of_headings(heading, decimals, is_in_cents, rest):
    """Cents and numbers of messages add up to the decimals by which amounts are too large."""
    assert read_unit(heading) == ((decimals, is_in_cents), rest)


@pytest.mark.parametrize(
    "heading",
    [
        *("Price", "Price per message", "Price per 1 SMS", "Price per 160", "Price per 1,000,000"),
        *("Price per 10,000", "Surcharge (per cent)", "Price (percent)", "Centre", "Price per 1.5"),
        *("Price/msg", "Price per 1000s", "Accents", "Contact", "Promille"),
    ],
)
def test_headings_of_one_message(heading):
    """Other headings say nothing of the kind."""
    assert read_unit(heading) == (ONE_MESSAGE, heading)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [("Fee %", True), ("Fee (per cent)", True), ("Fee (cents)", False), ("Fee per 1000", False)],
)
def test_parts(heading, expected):
    """Cents of a fee are amounts; shares of a price are not."""
    assert is_part(heading) is expected


@pytest.mark.parametrize("cell", ["per 1000", "1,000 SMS", "cents", "EUR ct", "thousand", "min"])
def test_other_units(cell):
    """A unit is not one message."""
    assert is_other_unit(cell)


@pytest.mark.parametrize("cell", ["SMS", "per message", "1", "segment", "EUR", "1 SMS", "€/SMS"])
def test_usual_units(cell):
    """A unit is one message, or the currency."""
    assert not is_other_unit(cell)
