"""Units of prices other than one message and the currency itself: cents, or a thousand messages."""

from __future__ import annotations

import re

from .headings import words_of

__all__ = ["has_other_unit", "is_other_unit", "is_part"]

_CENTS = r"(?:cents?|pence|ct|rappen|centimes?|c[ée]ntimos?|centavos?)"
_OTHER_UNIT = re.compile(
    r"(?:price|rate|cost|charge|tariff?|amount|value|figure|preis|kosten|prix|montant|precio)e?s?\b"
    rf".*(?:(?:\b(?:in|en|are)\s+|[(\[])(?:[a-z]+[\s-])?(?:euro?[\s-]?)?{_CENTS}\b"
    r"|\b(?:per|pro|je|par|por)\s+(?:10+|1[.,'\s]000|hundred|thousand|tausend|mille|mil)\b)",
    re.IGNORECASE,
)
_OTHER_WORDS = frozenset(
    [
        *("cent", "cents", "ct", "pence", "eurocent", "eurocents", "rappen", "centime", "centimes"),
        *("k", "hundred", "thousand", "million", "tausend", "mille", "mil", "thousands"),
        *("minute", "minutes", "min", "second", "month", "monthly", "year", "mb", "gb"),
    ]
)


def has_other_unit(text: str) -> bool:
    """Return whether a title or a remark says that prices have another unit.

    >>> has_other_unit("All prices in US cents"), has_other_unit("Prices in EUR per 1,000 SMS")
    (True, True)
    """
    return _OTHER_UNIT.search(text) is not None


def is_part(heading: str) -> bool:
    """Return whether the heading of a fee says that its cells are cents, or shares of a price."""
    return "%" in heading or not _OTHER_WORDS.isdisjoint(words_of(heading))


def is_other_unit(cell: str) -> bool:
    """Return whether a cell names another unit than a message: "per 1000", "EUR cents"."""
    words = words_of(cell)
    return not _OTHER_WORDS.isdisjoint(words) or any(
        word.isdigit() and word != "1" for word in words
    )
