"""Why a message has no price: the reasons, and their values among the indexes of rates."""

from __future__ import annotations

from enum import IntEnum

from ..._kernels import ADDED_DECIMALS as _ADDED_DECIMALS
from ..._kernels import LOST_DIGITS as _LOST_DIGITS
from ..._kernels import NO_NUMBER as _NO_NUMBER
from ..._kernels import NO_RATE as _NO_RATE
from ..._kernels import NOT_E164 as _NOT_E164

__all__ = ["DEPENDS_ON_NETWORK", "NO_TEXT", "TOO_LONG", "Unpriced"]

TOO_LONG = "too long to be sent"
"""The reason of a message of more than 255 segments, whatever its recipient is."""

DEPENDS_ON_NETWORK = "depends on the network"
"""The note about a message whose price is a range."""

NO_TEXT = "no text"
"""The reason of a row without text, which is not a message."""


class Unpriced(IntEnum):
    """Why a recipient has no rate: what `RateCard.match_many` returns in place of an index.

    All values are negative, so they cannot be indexes of rates.

    >>> Unpriced.NO_RATE.reason
    'no rate for this number'
    """

    ADDED_DECIMALS = _ADDED_DECIMALS
    """A program made the number a decimal one, as in 447911123456.0."""
    LOST_DIGITS = _LOST_DIGITS
    """A spreadsheet rounded the number and wrote it with an exponent, as in 4.47911E+11."""
    NO_NUMBER = _NO_NUMBER
    """The number is empty or null."""
    NOT_E164 = _NOT_E164
    """The number is not "+" and 2 to 15 digits, the first not 0, and none of the other reasons."""
    NO_RATE = _NO_RATE
    """No rate has a prefix of the number."""

    @property
    def reason(self) -> str:
        """The reason in words, as estimates and priced files have it."""
        return _REASONS[self]


_REASONS = {
    Unpriced.ADDED_DECIMALS: "decimals added by a program (as in 447911123456.0)",
    Unpriced.LOST_DIGITS: "digits lost by a spreadsheet (as in 4.47911E+11)",
    Unpriced.NO_NUMBER: "no number",
    Unpriced.NOT_E164: "not an E.164 number",
    Unpriced.NO_RATE: "no rate for this number",
}
