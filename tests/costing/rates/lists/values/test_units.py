"""Units of prices other than one message."""

import pytest

from septet.costing.rates.lists.values.units import has_other_unit, is_other_unit


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


@pytest.mark.parametrize("cell", ["per 1000", "1,000 SMS", "cents", "EUR ct", "thousand", "min"])
def test_other_units(cell):
    """A unit is not one message."""
    assert is_other_unit(cell)


@pytest.mark.parametrize("cell", ["SMS", "per message", "1", "segment", "EUR", "1 SMS", "€/SMS"])
def test_usual_units(cell):
    """A unit is one message, or the currency."""
    assert not is_other_unit(cell)
