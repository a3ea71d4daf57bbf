"""Amounts in the digits of their currency: 12.35 USD, 12 JPY, 12.346 KWD."""

from __future__ import annotations

from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal

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


def format_rounded(amount: Decimal, currency: str) -> str:
    """Return an amount as text in the digits of its currency, with its code.

    >>> format_rounded(Decimal("1234.5678"), "EUR")
    '1,234.57 EUR'

    Args:
        amount: The amount.
        currency: Three capital letters.
    """
    return f"{round_amount(amount, currency):,f} {currency}"


def format_exact(amount: Decimal, currency: str) -> str:
    """Return an amount as text with all its decimals; empty if the rounded one is exact.

    >>> format_exact(Decimal("1234.5678"), "EUR"), format_exact(Decimal("12.00"), "JPY")
    ('1,234.5678', '')

    Args:
        amount: The amount.
        currency: Three capital letters.
    """
    return "" if amount == round_amount(amount, currency) else f"{amount:,f}"
