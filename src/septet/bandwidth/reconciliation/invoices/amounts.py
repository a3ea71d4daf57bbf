"""Amounts and counts as invoices write them: $0.0079, (0.01), -0,0079 EUR, 1.0."""

from __future__ import annotations

import re
from decimal import MAX_PREC, Context, Decimal
from functools import lru_cache

from ....costing.rates.lists.values.currencies import DOLLAR

__all__ = ["EXACT", "parse_count", "parse_invoice_amount"]

EXACT = Context(prec=MAX_PREC)
"""The context in which amounts are added: the caller's context may round."""

_CACHED = 65_536  # distinct cells: most invoices have few prices
_SIGNS = {"$": DOLLAR, "US$": "USD", "€": "EUR", "£": "GBP"}

_CELL = re.compile(
    r"(?P<bracket>\()?\s*(?P<sign>[-+\u2212])?\s*(?P<unit>US\$|[$€£]|[A-Z]{3})?\s*(?P<inner>[-+\u2212])?"
    r"\s*(?P<number>[0-9.][0-9.,]*(?:[eE][-+]?[0-9]{1,2})?|,[0-9]+)\s*(?P<after>US\$|[$€£]|[A-Z]{3})?"
    r"\s*(?P<end>\)|-|CR)?"
)
_NUMBERS = (
    (re.compile(r"[0-9]*\.?[0-9]*(?:[eE][-+]?[0-9]{1,2})?"), "", "."),
    (re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"), ",", "."),
    (re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"), ".", ","),
    # Not 1,234, which is another number with a decimal comma than without.
    (re.compile(r"0?,[0-9]+|[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})"), "", ","),
)
_MAX_DIGITS = 30
_MAX_DECIMALS = 12  # of amounts in real invoices
_COUNT = re.compile(r"([0-9]{1,9})(?:\.0+)?")


@lru_cache(_CACHED)
def parse_invoice_amount(cell: str) -> tuple[Decimal, str | None]:
    """Return the amount and the currency of a cell.

    >>> parse_invoice_amount("(US$1,200.50)"), parse_invoice_amount("0,0079")
    ((Decimal('-1200.50'), 'USD'), (Decimal('0.0079'), None))

    Args:
        cell: An amount: with a minus before or behind, in brackets or with CR if it is a credit;
            with a decimal point or comma; with the sign or the code of a currency or without.

    Returns:
        The exact amount, but without the last digits of a float such as 0.30000000000000004; and
        the currency, `DOLLAR` for a dollar sign alone, which may be that of several, None if the
        cell does not name one.

    Raises:
        ValueError: It is not an amount, or one that can be read in two ways.
    """
    match = _CELL.fullmatch(cell.strip())
    if match is None or bool(match["bracket"]) != (match["end"] == ")"):
        raise ValueError(f"{cell!r} is not an amount")
    minus = [
        part for part in (match["sign"], match["inner"], match["end"]) if part not in (None, "+")
    ]
    units = [unit for unit in (match["unit"], match["after"]) if unit is not None]
    if len(minus) > 1 or len(units) > 1:
        raise ValueError(f"{cell!r} is not an amount")
    amount = _number(match["number"], cell)
    currency = next((_SIGNS.get(unit, unit) for unit in units), None)
    return (EXACT.minus(amount) if minus else amount), currency


def _number(text: str, cell: str) -> Decimal:
    for form, separator, point in _NUMBERS:
        if form.fullmatch(text) and any(map(str.isdigit, text)):
            if len(text) > _MAX_DIGITS:
                break
            return _without_noise(Decimal(text.replace(separator, "").replace(point, ".")))
    hint = ": write it with a decimal point and without thousands" if "," in text else ""
    raise ValueError(f"{cell!r} is not an amount{hint}")


def _without_noise(amount: Decimal) -> Decimal:
    """Return an amount with 15 digits if it has decimals that only floats have.

    A program that multiplies floats writes 0.023700000000000002 for 3 times 0.0079.
    """
    exponent, number = amount.as_tuple().exponent, float(amount)
    is_float = isinstance(exponent, int) and exponent < -_MAX_DECIMALS
    return Decimal(f"{number:.15g}") if is_float and Decimal(repr(number)) == amount else amount


@lru_cache(_CACHED)
def parse_count(cell: str) -> int:
    """Return a number of segments, which a spreadsheet may have written with ".0".

    Raises:
        ValueError: It is not a whole number from 0.
    """
    match = _COUNT.fullmatch(cell.strip())
    if match is None:
        raise ValueError(f"{cell!r} is not a number of segments")
    return int(match[1])
