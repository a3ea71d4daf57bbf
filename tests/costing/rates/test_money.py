"""Exact money: text to amounts and back, amounts to micros and back, and what is refused."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing.rates.money import (
    format_aligned,
    format_amount,
    format_range,
    parse_price,
    parse_total,
    picos_to_amount,
    to_amount,
    to_micros,
    to_picos,
)


@pytest.mark.parametrize(
    ("micros", "expected"),
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
def test_amounts_of_micros(micros, expected):
    """An amount has at least two decimals, and no more than it needs."""
    amount = to_amount(micros)
    assert str(amount) == expected
    assert to_micros(amount) == micros


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("12", "12.00"), ("0.010", "0.01"), ("1E+2", "100.00"), ("-0.5", "-0.50"), ("-0", "0.00")],
)
def test_any_decimal_is_written_in_one_form(amount, expected):
    """Amounts that were calculated elsewhere may have any exponent."""
    assert format_amount(Decimal(amount)) == expected


@pytest.mark.parametrize("amount", ["0.0000001", "NaN", "Infinity"])
def test_amounts_that_have_no_micros(amount):
    """Nothing is rounded."""
    with pytest.raises(ValueError, match=f"got {format(Decimal(amount))}$"):
        to_micros(Decimal(amount))


@pytest.mark.parametrize("amount", [1, 0.1, "1"])
def test_amounts_are_decimal(amount):
    """Integers could be micros, and floats are not exact."""
    with pytest.raises(TypeError, match=f"got {type(amount).__name__}$"):
        to_micros(amount)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.0075", "0.0075"),
        ("0.000001", "0.000001"),
        ("4", "4.00"),
        ("4.", "4.00"),
        (".5", "0.50"),
        ("0.00750000000", "0.0075"),
        ("0", "0.00"),
        ("999999999.999999", "999999999.999999"),
    ],
)
def test_prices(text, expected):
    """A plain decimal number is read without rounding."""
    assert str(parse_price("price", text)) == expected


@pytest.mark.parametrize("text", ["", ".", "nan", "1e-3", "1_000", "0,04", "٠.٠٤", "1000000000"])
def test_texts_that_are_not_prices(text):
    """The error names the field and the text."""
    with pytest.raises(ValueError, match=f"surcharge '{text}' is not a plain decimal number"):
        parse_price("surcharge", text)


def test_aligned():
    """All have the decimals of the longest, and none is rounded."""
    amounts = list(map(Decimal, ("0.0075", "12000", "0")))
    assert format_aligned(amounts) == ["0.0075", "12,000.0000", "0.0000"]
    assert format_aligned([]) == []


@given(st.integers(0, 10**15 - 1))
def test_prices_round_trip(micros):
    """A price that is written is read as the same amount."""
    amount = to_amount(micros)
    assert parse_price("price", format_amount(amount)) == amount
    assert amount * 10**6 == micros


@given(st.integers(0) | st.integers(0, 10**6))
def test_totals_round_trip(picos):
    """A total of any size is read as it is written, whatever the context of the caller is."""
    with localcontext(prec=3):
        assert to_picos(parse_total(format_amount(picos_to_amount(picos)))) == picos


def test_no_exponents():
    """Shares of traffic make amounts far below a millionth."""
    small = picos_to_amount(1_234)
    assert format_amount(small) == format_range(small, small) == "0.000000001234"
    assert format_aligned([small, Decimal(12)]) == ["0.000000001234", "12.000000000000"]


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.0", "1.000", "-1.00", "-1.999999", "01.00", "1e2", "1.0000000000001", " 1.00"],
)
def test_texts_that_are_not_totals(text):
    """What `format_amount` would write otherwise is refused."""
    with pytest.raises(ValueError, match=f"^{text!r} is not an amount such as 12.00$"):
        parse_total(text)
