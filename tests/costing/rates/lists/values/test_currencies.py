"""Currencies in cells, headings and running texts."""

import pytest

from septet.costing.rates.lists.values.currencies import (
    currencies_in,
    currency_of_heading,
    read_currency,
)


@pytest.mark.parametrize(
    ("cell", "currency"),
    [("EUR", "EUR"), ("usd", "USD"), ("€", "EUR"), ("US$", "USD"), ("$", "$"), ("Euro", "EUR")],
)
def test_cells(cell, currency):
    """A currency is three letters in any case, a symbol or a name."""
    assert read_currency(cell) == currency


@pytest.mark.parametrize("cell", ["dollars", "EU", "U5D", "¥", "kr"])
def test_unknown_cells(cell):
    """What is no currency, or could be several, is an error."""
    with pytest.raises(ValueError, match=f"currency '{cell}' is not three letters such as USD"):
        read_currency(cell)


@pytest.mark.parametrize(
    ("heading", "currency"),
    [
        ("Price (USD)", "USD"),
        ("Price [eur]", "EUR"),
        ("rate_eur", "EUR"),
        ("Price in EUR", "EUR"),
        ("EUR per SMS", "EUR"),
        ("Price €", "EUR"),
        ("Cost ($)", "$"),
        ("Price in euros", "EUR"),
        ("Price (€/$)", None),
        ("Price (EUR or USD)", None),
        ("Price / msg", None),
        ("Try SMS rate", None),
        ("PRICE (ALL NETWORKS)", None),
        ("Price (TRY)", "TRY"),
        ("Price TRY", "TRY"),
        ("MCC MNC", None),
    ],
)
def test_headings(heading, currency):
    """The currency of a heading is in any place; words that are also codes are none."""
    assert currency_of_heading(heading)[0] == currency


@pytest.mark.parametrize(
    ("texts", "currencies"),
    [
        (["All prices in EUR, without VAT"], {"EUR"}),
        (["Currency: usd"], {"USD"}),
        (["Prices (CHF)", "valid from May"], {"CHF"}),
        (["ALL PRICES IN TRY"], {"TRY"}),
        (["ALL ON TOP"], set()),
        (["SMS (all prices in £), in all countries"], {"GBP"}),
        (["Prices in $"], {"$"}),
        (["Prices in US$"], {"USD"}),
        (["Prices in euro"], {"EUR"}),
        (["EUR or USD"], {"EUR", "USD"}),
        (["in the Netherlands"], set()),
    ],
)
def test_texts(texts, currencies):
    """Titles and footers name currencies."""
    assert currencies_in(texts) == currencies
