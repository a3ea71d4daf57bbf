"""Amounts in the digits of their currency."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import pytest

from septet.costing.rates.currencies import minor_digits, round_amount


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)],
)
def test_digits(currency, digits) -> None:
    """Those of ISO 4217."""
    assert minor_digits(currency) == digits


def test_unknown_currency() -> None:
    """It has two decimals, as most have."""
    assert minor_digits("QQQ") == 2


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("12.345", "EUR", "12.35"),
        ("12.344999", "EUR", "12.34"),
        ("0.5", "JPY", "1"),
        ("1.5", "JPY", "2"),
        ("2.5", "JPY", "3"),
        ("-12.345", "EUR", "-12.35"),
        ("7", "KWD", "7.000"),
        ("0.000001", "USD", "0.00"),
    ],
)
def test_rounding(amount, currency, rounded) -> None:
    """A half is rounded away from zero; all digits of the currency are there."""
    assert str(round_amount(Decimal(amount), currency)) == rounded


def test_any_size_and_context() -> None:
    """The caller's context does not matter."""
    with localcontext(Context(prec=3)):
        assert str(round_amount(Decimal("123456789012345678901234567890.125"), "USD")) == (
            "123456789012345678901234567890.13"
        )
