"""The headings of price lists: what each column is for, whatever its case, order and spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from . import headings_data as data
from .currencies import CODES, currency_of_heading
from .units import ONE_MESSAGE, Unit, read_unit
from .words import words_of

__all__ = ["CARD_COLUMNS", "MAX_ROWS_ABOVE", "Heading", "find_header", "read_heading"]

CARD_COLUMNS = (
    *("prefix", "price", "currency", "country", "network", "kind", "surcharge", "per"),
    "valid_from",
)
"""The columns of a plain rate card."""

PLACES = frozenset(["prefix", "code", "place", "iso", "country", "mcc", "mccmnc", "description"])
"""Columns that tell to which numbers a price applies."""

MAX_ROWS_ABOVE = 100
"""How many rows there may be above the header."""
_KINDS = ("mms", "rcs", "sms")
_PRICE_WORDS = frozenset(data.PRICE_WORDS.split())
_NEUTRAL_WORDS = frozenset(data.NEUTRAL_WORDS.split())
_OLD_PRICE_WORDS = frozenset(data.OLD_PRICE_WORDS.split())
_INBOUND_WORDS = frozenset(data.INBOUND_WORDS.split())
_MESSAGE_WORDS = frozenset(data.MESSAGE_WORDS.split())
_FEE_WORDS = frozenset(data.FEE_WORDS.split())
_OTHER_PRODUCTS = frozenset(data.OTHER_PRODUCTS.split())


class Heading(NamedTuple):
    """What a column is for.

    Attributes:
        text: The heading as the list has it.
        role: A key of the synonyms, "inbound", or "" for a column that is not used.
        kind: What a price or fee is for: "sms", "mms" or "rcs"; None if the heading does not say.
        currency: The currency that the heading names; None if it names none.
        network: The network that a fee is for; None for all.
        is_old: Whether it is a price beside which another one applies, such as a list price.
        unit: What its amounts are in.
    """

    text: str
    role: str
    kind: str | None = None
    currency: str | None = None
    network: str | None = None
    is_old: bool = False
    unit: Unit = ONE_MESSAGE

    @property
    def is_plain(self) -> bool:
        """Whether a rate card has this heading, apart from case and marks."""
        return self.role in CARD_COLUMNS and self.role == "_".join(words_of(self.text))


@cache
def _synonyms() -> dict[str, str]:
    return {
        " ".join(words_of(name)): role
        for role, names in data.SYNONYMS.items()
        for name in names.split(";")
    }


def read_heading(text: str) -> Heading:
    """Return what a column is for.

    Args:
        text: The heading. In JSON the keys of objects in objects are joined by dots, and the last
            one that means something counts: "networks.price".
    """
    unit, rest = read_unit(text)
    if unit != ONE_MESSAGE:
        heading = read_heading(rest)
        if heading.role in ("price", "surcharge", "inbound"):
            return heading._replace(text=text, unit=unit)
        return Heading(text, "")
    *parents, last = text.split(".") if "." in text and " " not in text else [text]
    outer, words = set(words_of(" ".join(parents))), set(words_of(last))
    whole = outer | words
    if whole & _INBOUND_WORDS:
        return Heading(text, "inbound", currency=currency_of_heading(text)[0])
    if (outer | words if words & _PRICE_WORDS else outer) & _OTHER_PRODUCTS:
        return Heading(text, "")
    if text in CODES:
        return Heading(text, "price", None, text)
    currency, rest = currency_of_heading(last)
    named = words_of(rest)
    role = (
        _synonyms().get(" ".join(named))
        or _role_of_amount(named, currency is not None)
        or _synonyms().get(" ".join([*words_of(" ".join(parents[-1:])), *named]))
    )
    if role is None or (role == "price" and "%" in text):
        return Heading(text, "")
    kind = next((kind for kind in _KINDS if kind in whole), None)
    network = _network_of_fee(rest) if role == "surcharge" else None
    is_old = role == "price" and bool(_OLD_PRICE_WORDS & words)
    return Heading(text, role, kind, currency, network, is_old)


def find_header(rows: Sequence[Sequence[str]]) -> tuple[int, list[Heading]] | None:
    """Return the row that names the columns of a list, and what they are for.

    Args:
        rows: The first rows of the list; titles may be above the header.

    Returns:
        The index of the row and its headings: the first row that names a price, and to which
        numbers it applies. None if there is none.
    """
    for index, cells in enumerate(rows[:MAX_ROWS_ABOVE]):
        if sum(map(bool, cells)) < 2:
            continue
        headings = [read_heading(cell) for cell in cells]
        roles = {heading.role for heading in headings}
        if "price" in roles and roles & PLACES:
            return index, headings
    return None


def _role_of_amount(words: Sequence[str], has_currency: bool) -> str | None:
    """Return whether a heading of several words is one of a price, or of a fee."""
    given = set(words)
    if has_currency and given and given <= _MESSAGE_WORDS:  # "USD/msg"
        return "price"
    if given & _FEE_WORDS:
        return None if given & _OTHER_PRODUCTS else "surcharge"
    is_price = given & _PRICE_WORDS or given & {"sms", "mms", "rcs", "outbound"}
    return "price" if is_price and given <= _NEUTRAL_WORDS | _PRICE_WORDS else None


def _network_of_fee(text: str) -> str | None:
    """Return the network that a heading such as "AT&T fee" names; None for fees of all networks."""
    names = [
        word
        for word in re.split(r"[\s_()/:,]+", text)
        if not set(words_of(word)) <= _FEE_WORDS | _NEUTRAL_WORDS
    ]
    return " ".join(names) or None
