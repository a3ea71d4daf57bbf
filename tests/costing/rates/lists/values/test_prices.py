"""Cells of prices: decimal points and commas, currencies beside them, and cells without a price."""

from decimal import Decimal

import pytest

from septet.costing.rates.lists.values.prices import (
    is_no_price,
    read_amount,
    uses_decimal_commas,
)


@pytest.mark.parametrize("cell", ["", "-", "–", "n/a", "N/A", "None", "Not available", "TBD"])
def test_no_price(cell):
    """An empty cell and the usual words say that there is no price."""
    assert is_no_price(cell)


@pytest.mark.parametrize("cell", ["0", "0.00", "free", "nan", "."])
def test_price(cell):
    """Zero is a price, and other words are errors."""
    assert not is_no_price(cell)


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("0.0649", "0.0649", None),
        ("0.06490000", "0.0649", None),
        (".0079", "0.0079", None),
        ("12", "12", None),
        ("'0.0649", "0.0649", None),
        ("$0.00581", "0.00581", "$"),
        ("US$ 0.00581", "0.00581", "USD"),
        ("0.0649 EUR", "0.0649", "EUR"),
        ("EUR 0.0649", "0.0649", "EUR"),
        ("0.0649€", "0.0649", "EUR"),
        ("£0.04", "0.04", "GBP"),
        ("0.0649 per message", "0.0649", None),
        ("$0.0649 / SMS", "0.0649", "$"),
        ("1.234", "1.234", None),
    ],
)
def test_points(cell, amount, currency):
    """An amount with a decimal point is exact, and what stands around it is understood."""
    assert read_amount("price", cell, has_commas=False) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("0,0649", "0.0649", None),
        ("1,234", "1.234", None),
        ("0,0649 €", "0.0649", "EUR"),
        ("12", "12", None),
    ],
)
def test_commas(cell, amount, currency):
    """In a list with decimal commas a comma is one, also before three digits."""
    assert read_amount("price", cell, has_commas=True) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("cell", "has_commas", "message"),
    [
        ("0,0649", False, "price '0,0649': write 0.0649 with a decimal point"),
        ("1,234", False, "price '1,234' could be 1234 or 1.234: write it without a comma"),
        ("1.234", True, "'1.234': others have decimal commas, so write 1,234 or 1234"),
        ("0.0649", True, "price '0.0649': others have decimal commas, so write 0,0649"),
        ("1.234,5", True, "is not a plain decimal number"),
        ("1,234.5", False, "is not a plain decimal number"),
        ("7.9E-03", False, "is not a plain decimal number"),
        ("0.79 cents", False, "is not a plain decimal number"),
        ("0.01 - 0.02", False, "is not a plain decimal number"),
        ("$0.01 EUR", False, "is not a plain decimal number"),
        ("-0.04", False, "is negative"),
        ("0.0000001", False, "has more than 6 decimals"),
        ("free", False, "price 'free' is not a plain decimal number: write 0 if it costs nothing"),
        ("٠.٠٤", False, "is not a plain decimal number"),
    ],
)
def test_refused(cell, has_commas, message):
    """What is no amount, or could be two, is an error that says how to write it."""
    with pytest.raises(ValueError, match=message):
        read_amount("price", cell, has_commas)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["0,1", "2"], True),
        (["1,234"], True),
        (["0.1", "0,1"], True),
        (["0.1", "0,1", "0.2"], False),
        (["0.1"], False),
        (["1", "n/a", ""], False),
    ],
)
def test_decimal_commas(cells, expected):
    """A list has decimal commas if no fewer prices have a comma than a point."""
    assert uses_decimal_commas(cells) is expected
