"""What lists say about networks: names, descriptions of products, and kinds of networks."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from .countries import country_of_mcc, country_of_name
from .headings_data import INBOUND_WORDS
from .words import words_of

__all__ = [
    "IN_ONE_CELL",
    "Description",
    "are_complete",
    "is_all_networks",
    "is_landline",
    "name_of_code",
    "read_codes",
    "read_description",
    "read_section",
]

IN_ONE_CELL = re.compile(r"\s*[,;|]\s*")
"""What is between several networks in a cell."""

_NO_CODE = frozenset(["", "*", "all", "-", "n/a", "none", "null"])
_ALL = frozenset(
    [
        *("all", "all networks", "all operators", "all carriers", "all mobile networks", "any"),
        *(
            "any network",
            "all mobile",
            "default",
            "default rate",
            "alle",
            "alle netze",
            "all mobiles",
        ),
    ]
)
_LANDLINE = frozenset(["landline", "landlines", "fixed", "fixedline", "pstn", "festnetz", "fixe"])
_MOBILE = frozenset(["mobile", "mobiles", "mobil", "movil", "cellular", "cell"])
_OUTBOUND = frozenset(["outbound", "outgoing", "mt", "send", "sending"])
_OTHER_PRODUCTS = frozenset(
    [
        *("voice", "call", "calls", "whatsapp", "whats", "viber", "telegram", "email", "fax"),
        *("lookup", "verify", "verification", "minute"),
    ]
)
_INBOUND = frozenset(INBOUND_WORDS.split())
_KINDS = ("mms", "rcs", "sms")
_SENDERS = frozenset(
    ["10", "dlc", "toll", "free", "tollfree", "short", "long", "code", "codes", "local"]
)
_OTHERS = frozenset(["other", "others", "andere", "sonstige", "autres", "otros"])
_SIGNS = " \t*-–—./_"
_DECIMALS = re.compile(r"\.0+$")
_BETWEEN = re.compile(r"\s+[-–—|:]\s+")
_PRODUCT = frozenset(
    [
        *("outbound", "sms", "mms", "rcs", "messaging", "programmable", "message"),
        *("messages", "text", "outgoing", "mt", "api", "a2p", "international"),
        *("domestic", "standard"),
    ]
)
_SECTION_WORDS = frozenset(
    [
        *(
            *_PRODUCT,
            *_INBOUND,
            *_OTHER_PRODUCTS,
            *_LANDLINE,
            *_MOBILE,
            *_OUTBOUND,
            "and",
            "network",
        ),
        *(
            "price",
            "prices",
            "pricing",
            "rate",
            "rates",
            "cost",
            "costs",
            "networks",
            "line",
            "lines",
        ),
    ]
)


class Description(NamedTuple):
    """What a text tells about the price beside it.

    Attributes:
        kind: "sms", "mms" or "rcs"; None if it does not say.
        passed_over: Why the price is not one of a message that is sent; None if it is.
        network: The network, or what else the text names beside the country; None if nothing.
        country: The country that it names; None if it names none.
    """

    kind: str | None
    passed_over: str | None
    network: str | None
    country: str | None


def read_description(text: str, country: str = "") -> Description:
    """Return what a description tells: "Outbound SMS - Germany - Vodafone".

    Args:
        text: The description of a product, or a type of product, message or network.
        country: The name of the country that the row gives.
    """
    words = set(words_of(text))
    kind = next((kind for kind in _KINDS if kind in words), None)
    passed_over = None
    if words & _INBOUND:
        passed_over = "inbound"
    elif words & _OTHER_PRODUCTS:
        passed_over = "not a price of messages"
    elif words & _LANDLINE:
        passed_over = "landline"
    parts = []
    named = None
    for part in [text] if country_of_name(text) else _BETWEEN.split(text):
        place = _without_line(part)
        if country_of_name(place) or place.casefold() == country.casefold():
            named = place
        elif not is_product(part):
            parts.append(part)
    network = " - ".join(parts) or None
    return Description(kind, passed_over, network, named)


def _without_line(text: str) -> str:
    """Return a text without a word for landlines or mobile phones at its end."""
    place, _, line = text.rstrip(")").rpartition(" ")
    words = set(words_of(line))
    return place if place and words and words <= _LANDLINE | _MOBILE else text


def read_section(text: str) -> str | None:
    """Return why the prices below a line such as "Inbound SMS" are not those of SMS that are sent.

    Returns:
        The reason; empty if they are such prices. None if the text is no heading of a section.
    """
    words = set(words_of(text))
    if not words or not words <= _SECTION_WORDS:
        return None
    if words & _OUTBOUND:
        return ""
    reason = read_description(text).passed_over
    if reason is None and "sms" not in words and words & {"mms", "rcs"}:
        reason = "not a price of SMS"
    return reason or ("" if words & {"sms", *_MOBILE} else None)


def is_product(text: str) -> bool:
    """Return whether a text names a product, as "Programmable Messaging, Outbound SMS" does.

    A country may stand before the product: "ANDORRA Outbound SMS".
    """
    return bool({"sms"} & set(words_of(text))) or set(words_of(text)) <= _PRODUCT


def is_all_networks(text: str) -> bool:
    """Return whether the name of a network stands for all of them."""
    return " ".join(words_of(text)) in _ALL or not text.strip(_SIGNS)


def is_landline(text: str) -> bool:
    """Return whether the name of a network says that it has no mobile phones."""
    return bool(_LANDLINE & set(words_of(text)))


def are_complete(names: Collection[str]) -> bool:
    """Return whether every message has one of some fees: of senders, or with one for others."""
    words = [set(words_of(name)) for name in names]
    return bool(words) and (
        all(of <= _SENDERS for of in words) or any(of & _OTHERS for of in words)
    )


def name_of_code(mcc: str, mnc: str) -> str:
    """Return what stands for the name of a network that a list gives by its codes only.

    Args:
        mcc: The mobile country code; empty if the list has none.
        mnc: The mobile network code, which may lack leading zeros.

    Decimals that a spreadsheet or pandas added, as in 262.0, are left out.
    """
    mcc, mnc = (_DECIMALS.sub("", code) for code in (mcc, mnc))
    return f"{mcc}-{mnc.zfill(2)}".removeprefix("-")


def read_codes(mcc: str, mnc: str, both: str) -> list[str]:
    """Return what stands for the names of the networks that a row gives by their codes.

    >>> read_codes("", "", "26203; 262-7"), read_codes("262", "3", "")
    (['262-03', '262-07'], ['262-03'])

    Args:
        mcc: The cell of the mobile country code.
        mnc: The cell of mobile network codes.
        both: The cell of codes of countries and networks together.

    Raises:
        ValueError: They are codes of several countries.
    """
    if mnc or len(both) <= 3:
        pairs = [(mcc, part) for part in IN_ONE_CELL.split(mnc)]
    else:
        parts = (re.sub("[ /-]", "", part) for part in IN_ONE_CELL.split(both))
        pairs = [(part[:3], part[3:]) for part in parts if part]
    if len({country_of_mcc(code) for code, _ in pairs}) > 1:
        raise ValueError(f"networks {both!r} are of several countries: write a row for each")
    codes = (name_of_code(*pair) for pair in pairs if pair[1].casefold() not in _NO_CODE)
    return list(dict.fromkeys(codes))
