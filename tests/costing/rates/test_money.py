"""Exact money: decimal numbers to micro-units and back, and what is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing.rates.money import aligned, micros, money, total


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, "0.00"),
        (1, "0.000001"),
        (7_500, "0.0075"),
        (100_000, "0.10"),
        (1_230_000, "1.23"),
        (12_000_000, "12.00"),
        (9_007_199_254_740_993, "9007199254.740993"),
        (-1, "-0.000001"),
        (-7_500, "-0.0075"),
        (-12_000_000, "-12.00"),
    ],
)
def test_as_text(amount, expected):
    """At least two decimals are written, and never more than the amount has."""
    assert money(amount) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.0075", 7_500),
        ("0.000001", 1),
        ("4", 4_000_000),
        ("4.", 4_000_000),
        (".5", 500_000),
        ("0.00750000000", 7_500),
        ("0", 0),
        ("999999999.999999", 999_999_999_999_999),
    ],
)
def test_of_text(text, expected):
    """A plain decimal number becomes micro-units without a rounding."""
    assert micros("price", text) == expected


@pytest.mark.parametrize("text", ["", ".", "nan", "1e-3", "1_000", "0,04", "٠.٠٤", "1000000000"])
def test_no_amount(text):
    """What is no plain decimal number in reach is an error that names it."""
    with pytest.raises(ValueError, match=f"surcharge '{text}' is not a plain decimal number"):
        micros("surcharge", text)


def test_below_each_other():
    """All have the decimals of the longest, and none is rounded."""
    assert aligned([7_500, 12_000_000_000, 0]) == ["0.0075", "12,000.0000", "0.0000"]
    assert aligned([]) == []


@given(st.integers(0, 10**15 - 1))
def test_there_and_back(amount):
    """What is written is read as the same amount, and says what Decimal says."""
    assert micros("price", money(amount)) == amount
    assert Decimal(money(amount)) * 10**6 == amount


@given(st.integers(0))
def test_totals(amount):
    """A total of any size is read as it is written."""
    assert total(money(amount)) == amount


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "1.000", "-1.00", "-1.999999", "01.00", "1e2", "1.0000001", " 1.00"]
)
def test_what_is_no_total(text):
    """What `money` would write otherwise is refused."""
    with pytest.raises(ValueError, match=f"^{text!r} is not an amount such as 12.00$"):
        total(text)
