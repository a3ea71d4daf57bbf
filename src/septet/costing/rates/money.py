"""Exact money: an integer of micro-units (0.000001) of one currency, and never a float."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

__all__ = ["aligned", "micros", "money", "total"]

_DECIMALS = 6
_MICROS: int = 10**_DECIMALS

# Nine digits keep any total of real campaigns far inside 64-bit micro-units.
_AMOUNT = re.compile(r"([0-9]{0,9})(?:\.([0-9]*))?")


def money(micros: int) -> str:
    """Write an amount of micro-units as a decimal number with at least two decimals.

    >>> money(7_500), money(-12_000_000)
    ('0.0075', '-12.00')
    """
    whole, rest = divmod(abs(micros), _MICROS)
    decimals = f"{rest:0{_DECIMALS}}".rstrip("0").ljust(2, "0")
    return f"{'-' * (micros < 0)}{whole}.{decimals}"


def total(text: str) -> int:
    """Read an amount of any size as `money` writes it.

    Raises:
        ValueError: It is not written so.
    """
    whole, _, decimals = text.partition(".")
    if whole.isdecimal() and decimals.isdecimal():
        amount = int(whole) * _MICROS + int(decimals.ljust(_DECIMALS, "0"))
        if money(amount) == text:
            return amount
    raise ValueError(f"{text!r} is not an amount such as 12.00")


def aligned(amounts: Sequence[int]) -> list[str]:
    """Write amounts of micro-units below each other: all with the decimals of the longest.

    >>> aligned([7_500, 12_000_000_000])
    ['0.0075', '12,000.0000']
    """
    written = [money(amount) for amount in amounts]
    decimals = max((len(amount.partition(".")[2]) for amount in written), default=0)
    return [f"{Decimal(amount):,.{decimals}f}" for amount in written]


def micros(name: str, value: str) -> int:
    """Read a decimal number as micro-units.

    Args:
        name: What the amount is, for the message of an error.
        value: The number in text.

    Raises:
        ValueError: It is no plain decimal number from 0 to below a thousand million, or is finer
            than a micro-unit: an error, not a rounding.
    """
    if value.startswith("-"):
        raise ValueError(f"{name} {value!r} is negative")
    amount = _AMOUNT.fullmatch(value)
    if amount is None or not (amount[1] or amount[2]):
        raise ValueError(
            f"{name} {value!r} is not a plain decimal number below 1,000,000,000 such as 0.0075"
        )
    decimals = (amount[2] or "").rstrip("0")
    if len(decimals) > _DECIMALS:
        raise ValueError(f"{name} {value!r} has more than {_DECIMALS} decimals")
    return int(amount[1] or "0") * _MICROS + int(decimals.ljust(_DECIMALS, "0"))
