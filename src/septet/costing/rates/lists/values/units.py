"""Units of prices other than one message and the currency itself: cents, or a thousand messages."""

from __future__ import annotations

import re
from typing import NamedTuple

from .words import split_camel_case, words_of

__all__ = ["ONE_MESSAGE", "Unit", "has_other_unit", "is_other_unit", "is_part", "read_unit"]

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


_IN_CENTS = re.compile(
    rf"(?<![a-z])(?<!per\s)(?<!pour\s)(?:(?P<of>usd?|eur|euro)[\s_-]*)?(?:{_CENTS}(?![a-z])|¢)",
    re.I,
)
_OF_MANY = re.compile(
    r"(?:(?<![a-z])(?:per|pro|je|par|por)[\s_]*|/\s*)"
    r"(?:(?P<count>1[.,'’\s]?000|10{1,3})|(?<=[\s_/])(?:1\s?k|thousand|tausend|mille|mil))"
    r"(?![a-z0-9]|[.,'’\s]?\d)",
    re.I,
)


class Unit(NamedTuple):
    """What amounts are in, if not in the currency for one message.

    Attributes:
        decimals: By how many decimals the amounts are too large: 2 for cents.
        is_part: Whether they are in parts of the currency.
    """

    decimals: int = 0
    is_part: bool = False


ONE_MESSAGE = Unit()


def read_unit(heading: str) -> tuple[Unit, str]:
    """Return the unit that a heading of prices or fees says, and the heading without it.

    >>> read_unit("Price (EUR cent)"), read_unit("Cost per 1,000")
    ((Unit(decimals=2, is_part=True), 'Price (EUR)'), (Unit(decimals=3, is_part=False), 'Cost '))
    """
    rest = split_camel_case(heading)
    decimals, is_part = 0, False
    if match := _OF_MANY.search(rest):
        decimals = (match["count"] or "1000").count("0")
        rest = rest[: match.start()] + rest[match.end() :]
    if match := _IN_CENTS.search(rest):
        decimals, is_part = decimals + 2, True
        currency = {"u": "USD", "e": "EUR"}.get((match["of"] or " ")[0].lower(), "")
        rest = rest[: match.start()] + currency + rest[match.end() :]
    return (Unit(decimals, is_part), rest) if decimals else (ONE_MESSAGE, heading)


def has_other_unit(text: str) -> bool:
    """Return whether a title or a remark says that prices have another unit.

    >>> has_other_unit("All prices in US cents"), has_other_unit("Prices in EUR per 1,000 SMS")
    (True, True)
    """
    return _OTHER_UNIT.search(text) is not None


def is_part(heading: str) -> bool:
    """Return whether the heading of a fee says that its cells are shares of prices, or the like."""
    return "%" in heading or not _OTHER_WORDS.isdisjoint(words_of(read_unit(heading)[1]))


def is_other_unit(cell: str) -> bool:
    """Return whether a cell names another unit than a message: "per 1000", "EUR cents"."""
    words = words_of(cell)
    return not _OTHER_WORDS.isdisjoint(words) or any(
        word.isdigit() and word != "1" for word in words
    )
