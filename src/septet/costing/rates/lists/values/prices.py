"""Cells of prices: exact amounts, with a decimal point or comma, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from ...money import parse_price
from .currencies import read_currency
from .units import Unit

__all__ = ["Amount", "in_currency", "is_no_price", "read_amount", "uses_decimal_commas"]

_NO_PRICE = frozenset(
    [
        *("", "-", "--", "---", "–", "—", "?", "n/a", "na", "n.a.", "n/d", "n.d.", "#n/a", "k.a."),
        *("none", "null", "nil", "tbd", "tba", "no price", "not available", "unavailable"),
        *("not supported", "unsupported", "on request", "upon request", "contact us"),
        *("contact sales", "auf anfrage", "sur demande"),
    ]
)
_NOTHING = frozenset(["free", "free of charge", "included", "gratis", "kostenlos", "gratuit"])
_AMOUNT = re.compile(
    r"(?P<before>[^\d.,+-]*)(?P<number>-?[\d.,]*\d[\d.,]*)(?P<after>.*)", re.DOTALL
)
_UNIT = re.compile(
    r"(?:/|per|pro|je)?\s*(?:outbound\s+)?(?:sms|mms|msg|message|segment|part|nachricht)s?", re.I
)
_COMMA = re.compile(r"[0-9]*,[0-9]+")
_POINT = re.compile(r"[0-9]*\.[0-9]+")
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


class Amount(NamedTuple):
    """A price, and the currency that its cell names; None if it names none."""

    value: Decimal
    currency: str | None = None


def is_no_price(text: str) -> bool:
    """Return whether a cell says that there is no price, as an empty one or "n/a" does."""
    return text.casefold() in _NO_PRICE


def uses_decimal_commas(cells: Iterable[str]) -> bool:
    """Return whether the prices of a list that is not separated by commas have decimal commas.

    If some have commas and others points, the fewer ones are errors.
    """
    numbers = [match["number"] for cell in cells if (match := _AMOUNT.fullmatch(cell))]
    commas = sum(_COMMA.fullmatch(number) is not None for number in numbers)
    return 0 < commas >= sum(_POINT.fullmatch(number) is not None for number in numbers)


def read_amount(column: str, text: str, has_commas: bool) -> Amount:
    """Return the amount of a cell.

    Args:
        column: What the amount is, for error messages.
        text: The cell, such as "0.0649", "$0.0649" or "0,0649 EUR".
        has_commas: Whether the list has decimal commas.

    Raises:
        ValueError: The cell is no amount, or could be two.
    """
    plain = text.lstrip("'’")
    if plain.casefold() in _NOTHING:
        raise ValueError(
            f"{column} {text!r} is not a plain decimal number: write 0 if it costs nothing"
        )
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        return Amount(parse_price(column, plain))  # which raises
    before, number, after = match["before"].strip(), match["number"], match["after"].strip()
    currency = None
    if before or after:
        currency = _currency_around(before, after)
        if currency is None and not (not before and _UNIT.fullmatch(after)):
            return Amount(parse_price(column, plain))
    if has_commas:
        if _POINT.fullmatch(number):
            comma = number.replace(".", ",")
            either = (
                f"{comma} or {number.replace('.', '')}" if _THOUSANDS.fullmatch(number) else comma
            )
            raise ValueError(f"{column} {text!r}: others have decimal commas, so write {either}")
        number = number.replace(",", ".") if _COMMA.fullmatch(number) else number
    elif _THOUSANDS.fullmatch(number) and "," in number:
        raise ValueError(
            f"{column} {text!r} could be {number.replace(',', '')} or {number.replace(',', '.')}: "
            "write it without a comma"
        )
    elif _COMMA.fullmatch(number):
        raise ValueError(
            f"{column} {text!r}: write {number.replace(',', '.')} with a decimal point"
        )
    return Amount(parse_price(column, number), currency)


def in_currency(column: str, text: str, amount: Amount, unit: Unit) -> Amount:
    """Return an amount in its currency for one message.

    Args:
        column: What the amount is, for error messages.
        text: The cell that gives the amount.
        amount: The amount of the cell.
        unit: What it is in.

    Raises:
        ValueError: It has more than six decimals, or is in cents although the cell has a currency.
    """
    if unit.is_part and amount.currency is not None:
        raise ValueError(f"{column} {text!r}: write it without a currency; the heading says cents")
    value = f"{amount.value.scaleb(-unit.decimals):f}"
    try:
        return amount._replace(value=parse_price(column, value))
    except ValueError:
        raise ValueError(
            f"{column} {text!r} is {value} for one message, which has more than 6 decimals"
        ) from None


def _currency_around(before: str, after: str) -> str | None:
    """Return the currency that is written before a number, or after it; None for other texts."""
    unit = _UNIT.search(after)
    if unit is not None and after[unit.end() :] == "":
        after = after[: unit.start()].strip()
    if bool(before) == bool(after):
        return None
    try:
        return read_currency(before or after)
    except ValueError:
        return None
