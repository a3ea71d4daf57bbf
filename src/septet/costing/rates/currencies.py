"""Amounts in the digits of their currency: 12.35 USD, 12 JPY, 12.346 KWD."""

from __future__ import annotations

from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal

from .money import format_range
from .tallies import Cost

__all__ = ["format_exact", "format_rounded", "minor_digits", "round_amount"]

_USUAL_DIGITS = 2

# ISO 4217, list one ("Current currency & funds code list", column "Minor unit"), published by SIX
# on behalf of ISO: all currencies whose number of digits is not 2.
_DIGITS = {
    **dict.fromkeys(
        (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
            *("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
_EXACT = Context(prec=MAX_PREC)  # the caller's context may round


def minor_digits(currency: str) -> int:
    """Return how many decimals amounts of a currency have, by ISO 4217; 2 if it is unknown.

    >>> minor_digits("EUR"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)

    Args:
        currency: Three capital letters.
    """
    return _DIGITS.get(currency, _USUAL_DIGITS)


def round_amount(amount: Decimal, currency: str) -> Decimal:
    """Return an amount in the digits of its currency; a half is rounded away from zero.

    >>> round_amount(Decimal("12.345"), "EUR"), round_amount(Decimal("12.345"), "JPY")
    (Decimal('12.35'), Decimal('12'))

    Args:
        amount: The amount.
        currency: Three capital letters.
    """
    unit = Decimal(1).scaleb(-minor_digits(currency), _EXACT)
    return amount.quantize(unit, ROUND_HALF_UP, _EXACT)


def format_rounded(cost: Cost, currency: str) -> str:
    """Return a cost as text in the digits of its currency, with its code.

    >>> format_rounded(Cost(amount=Decimal("1234.5678")), "EUR")
    '1,234.57 EUR'

    Args:
        cost: The cost; a range has two amounts.
        currency: Three capital letters.
    """
    lowest, highest = (round_amount(each, currency) for each in (cost.lowest, cost.highest))
    return f"{format_range(lowest, highest)} {currency}"


def format_exact(cost: Cost, currency: str) -> str:
    """Return a cost as text with all its decimals; empty if `format_rounded` is exact.

    >>> format_exact(Cost(amount=Decimal("1234.5678")), "EUR")
    '1,234.5678'

    Args:
        cost: The cost; a range has two amounts.
        currency: Three capital letters.
    """
    bounds = cost.lowest, cost.highest
    return "" if all(each == round_amount(each, currency) for each in bounds) else str(cost)
