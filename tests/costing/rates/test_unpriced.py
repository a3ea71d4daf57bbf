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
    ],
)
def test_reasons(number, unpriced, reason):
    """Each value is what matching a number returns, and has its reason in words."""
    assert list(RATES.match_many([number])) == [unpriced]
    assert unpriced.reason == reason


def test_values_are_those_of_the_kernels():
    """Values are negative, and those that both implementations of the kernels return."""
    expected = {_kernels.NO_NUMBER, _kernels.NOT_E164, _kernels.NO_RATE}
    assert set(Unpriced) == expected == {-1, -2, -3}
