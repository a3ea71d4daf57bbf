"""Exact money: amounts as `Decimal` outside, integers inside, never a float.

Adding, comparing and multiplying integers is exact and fast; whatever is public, a price, a cost or
a limit, is a `Decimal`. Prices and shares of traffic have up to six decimals and are kept in
millionths (micros). So their product has up to twelve decimals, and sums are kept in picos.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import MAX_PREC, Context, Decimal

__all__ = [
    "PICOS_IN_MICRO",
    "format_aligned",
    "format_amount",
    "format_range",
    "parse_price",
    "parse_total",
    "picos_to_amount",
    "to_amount",
    "to_micros",
    "to_picos",
]

_DECIMALS = 6
_MICROS: int = 10**_DECIMALS
_SUM_DECIMALS = 12
_PICOS: int = 10**_SUM_DECIMALS
PICOS_IN_MICRO = 10**6
_EXACT = Context(prec=MAX_PREC)  # the caller's context may round

# Nine digits keep any total of real campaigns far inside 64-bit micros.
_PRICE = re.compile(r"([0-9]{0,9})(?:\.([0-9]*))?")


def to_amount(micros: int) -> Decimal:
    """Return a number of micros as an amount, with two to six decimals.

    >>> to_amount(7_500), to_amount(-12_000_000)
    (Decimal('0.0075'), Decimal('-12.00'))
    """
    return _shortest(micros, _DECIMALS)


def picos_to_amount(picos: int) -> Decimal:
    """Return a number of picos as an amount, with two to twelve decimals."""
    return _shortest(picos, _SUM_DECIMALS)


def _shortest(number: int, decimals: int) -> Decimal:
    """Return an amount that is given without a point, with two decimals or as many as it needs."""
    while decimals > 2 and not number % 10:
        number //= 10
        decimals -= 1
    return Decimal(f"{number}E-{decimals}")


def to_micros(amount: Decimal) -> int:
    """Return an amount as a number of micros.

    Args:
        amount: An amount of one currency.

    Raises:
        TypeError: The amount is not a `Decimal`.
        ValueError: The amount is not finite, or has more than six decimals.
    """
    return _to_integer(amount, _DECIMALS)


def to_picos(amount: Decimal) -> int:
    """Return an amount as a number of picos; see `to_micros`, but it may have twelve decimals."""
    return _to_integer(amount, _SUM_DECIMALS)


def _to_integer(amount: Decimal, decimals: int) -> int:
    if not isinstance(amount, Decimal):
        raise TypeError(f"expected an amount as Decimal, got {type(amount).__name__}")
    if not amount.is_finite():
        raise ValueError(f"expected a finite amount, got {amount}")
    scaled = _EXACT.scaleb(amount, decimals)
    number = int(scaled)
    if number != scaled:
        raise ValueError(f"expected an amount with at most {decimals} decimals, got {amount}")
    return number


def format_amount(amount: Decimal) -> str:
    """Return an amount as text with two decimals, or as many more as it needs.

    >>> format_amount(Decimal("0.0075")), format_amount(Decimal("12"))
    ('0.0075', '12.00')

    Args:
        amount: The amount, in any currency.

    Raises:
        ValueError: The amount is not finite, or has more than twelve decimals.
    """
    return f"{picos_to_amount(to_picos(amount)):f}"  # without an exponent


def format_aligned(amounts: Sequence[Decimal]) -> list[str]:
    """Return amounts as text for a column: all with the decimals of the longest.

    >>> format_aligned([Decimal("0.0075"), Decimal("12000")])
    ['0.0075', '12,000.0000']
    """
    texts = [format_amount(amount) for amount in amounts]
    decimals = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [f"{amount:,.{decimals}f}" for amount in map(Decimal, texts)]


def format_range(lowest: Decimal, highest: Decimal) -> str:
    """Return a price as text with all its decimals: one amount, or two if it is a range.

    >>> format_range(Decimal("0.0075"), Decimal("12000"))
    '0.0075 to 12,000'
    """
    return f"{lowest:,f}" if lowest == highest else f"{lowest:,f} to {highest:,f}"


def parse_price(name: str, text: str) -> Decimal:
    """Return the amount that a text gives as a plain decimal number.

    Args:
        name: What the amount is, for error messages.
        text: Digits with an optional decimal point.

    Raises:
        ValueError: The text is not a plain decimal number from 0 to below 1,000,000,000, or has
            more than six decimals; amounts are never rounded.
    """
    if text.startswith("-"):
        raise ValueError(f"{name} {text!r} is negative")
    match = _PRICE.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        raise ValueError(
            f"{name} {text!r} is not a plain decimal number below 1,000,000,000 such as 0.0075"
        )
    decimals = (match[2] or "").rstrip("0")
    if len(decimals) > _DECIMALS:
        raise ValueError(f"{name} {text!r} has more than {_DECIMALS} decimals")
    return Decimal(f"{match[1]}.{decimals:0<2}")  # as `to_amount` writes it


def parse_total(text: str) -> Decimal:
    """Return the amount that `format_amount` wrote; it can be of any size, but not negative.

    Raises:
        ValueError: The text has another form.
    """
    whole, _, decimals = text.partition(".")
    if whole.isdecimal() and decimals.isdecimal():
        number = int(whole) * _PICOS + int(decimals.ljust(_SUM_DECIMALS, "0"))
        amount = picos_to_amount(number)
        if f"{amount:f}" == text:
            return amount
    raise ValueError(f"{text!r} is not an amount such as 12.00")
