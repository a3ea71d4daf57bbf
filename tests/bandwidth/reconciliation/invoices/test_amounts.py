"""Amounts as invoices write them: exact, and never read in two ways."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.bandwidth.reconciliation.invoices.amounts import parse_count, parse_invoice_amount


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("0.0079", "0.0079", None),
        (" .5 ", "0.5", None),
        ("7", "7", None),
        ("7.", "7", None),
        ("$0.0079", "0.0079", "$"),
        ("US$ 0.0079", "0.0079", "USD"),
        ("€0,0079", "0.0079", "EUR"),
        ("£1", "1", "GBP"),
        ("0.0079 USD", "0.0079", "USD"),
        ("USD 0.0079", "0.0079", "USD"),
        ("12,50 €", "12.50", "EUR"),
        ("0,007", "0.007", None),
        (",5", "0.5", None),
        ("12,5000", "12.5000", None),
        ("1,234.56", "1234.56", None),
        ("1,234,567.8", "1234567.8", None),
        ("1.234.567,8", "1234567.8", None),
        ("1.234,5", "1234.5", None),
        ("1.234", "1.234", None),
        ("7.9e-05", "0.000079", None),
        ("-0.0079", "-0.0079", None),
        ("\u22120.0079", "-0.0079", None),
        ("-$0.0079", "-0.0079", "$"),
        ("$-0.0079", "-0.0079", "$"),
        ("(0.0079)", "-0.0079", None),
        ("($1,200.50)", "-1200.50", "$"),
        ("0.0079-", "-0.0079", None),
        ("0.0079 CR", "-0.0079", None),
        ("+0.0079", "0.0079", None),
        ("0.023700000000000002", "0.0237", None),
        ("7.900000000000001e-05", "0.000079", None),
        ("-0.30000000000000004", "-0.3", None),
        ("0.0237000000000000021", "0.0237000000000000021", None),
        ("0.0000000000001", "0.0000000000001", None),
        ("123456.12345678901", "123456.12345678901", None),
    ],
)
def test_amounts(cell, amount, currency) -> None:
    """Signs, codes, brackets, decimal commas, thousands."""
    assert parse_invoice_amount(cell) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "cell",
    [
        *("", "x", ".", "$", "1,234", "12,345", "1,23,456.0", "1.2.3", "1,2,3", "1..2", "1e999"),
        *("--1", "-(1)", "(1", "1)", "$1 USD", "1 usd", "٣", "1 2", "NaN", "Infinity", "0x1"),
        *("- 1 -", "(-1)", "1" * 31),
    ],
)
def test_refused(cell) -> None:
    """What is no amount, or one with two meanings, is an error that shows the cell."""
    with pytest.raises(ValueError, match="is not an amount"):
        parse_invoice_amount(cell)


@given(st.decimals(-(10**9), 10**9, places=8))
def test_exact(amount) -> None:
    """No digit is lost."""
    assert parse_invoice_amount(f"{amount:f}")[0] == amount
    assert parse_invoice_amount(f"{amount:,f}")[0] == amount


@pytest.mark.parametrize(("cell", "count"), [("0", 0), (" 3 ", 3), ("2.0", 2), ("2.000", 2)])
def test_counts(cell, count) -> None:
    """Whole numbers."""
    assert parse_count(cell) == count


@pytest.mark.parametrize("cell", ["", "-1", "1.5", "x", "1e3", "1,0", "9" * 10])
def test_no_counts(cell) -> None:
    """Others are errors."""
    with pytest.raises(ValueError, match="is not a number of segments"):
        parse_count(cell)
