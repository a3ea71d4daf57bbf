"""Reasons why messages have no price."""

import pytest

from septet import _kernels
from septet.costing import RateCard, Unpriced

RATES = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])


@pytest.mark.parametrize(
    ("number", "unpriced", "reason"),
    [
        (None, Unpriced.NO_NUMBER, "no number"),
        ("12", Unpriced.NOT_E164, "not an E.164 number"),
        ("+44", Unpriced.NO_RATE, "no rate for this number"),
        ("1.2E+10", Unpriced.LOST_DIGITS, "digits lost by a spreadsheet (as in 4.47911E+11)"),
        ("12.0", Unpriced.ADDED_DECIMALS, "decimals added by a program (as in 447911123456.0)"),
    ],
)
def test_reasons(number, unpriced, reason):
    """Each value is what matching a number returns, and has its reason in words."""
    assert list(RATES.match_many([number])) == [unpriced]
    assert unpriced.reason == reason


def test_values_are_those_of_the_kernels():
    """Values are negative, and those that both implementations of the kernels return."""
    expected = {_kernels.NO_NUMBER, _kernels.NOT_E164, _kernels.NO_RATE}
    expected |= {_kernels.LOST_DIGITS, _kernels.ADDED_DECIMALS}
    assert set(Unpriced) == expected == {-1, -2, -3, -4, -5}
