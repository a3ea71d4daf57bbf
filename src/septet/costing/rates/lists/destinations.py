"""To which numbers a row of a price list applies, by dialling codes, countries or MCCs."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from .values.countries import (
    Country,
    country_of_iso,
    country_of_mcc,
    country_of_name,
    is_default,
    shared_codes,
)
from .values.prefixes import read_prefixes

__all__ = [
    "DEFAULT_PREFIX",
    "Destination",
    "NoNumbersError",
    "Place",
    "find_destination",
    "find_place",
]

_PLAIN = re.compile("[1-9][0-9]{0,14}")
_CODE = re.compile("[A-Za-z]{2,3}")
_DIGIT = re.compile("[0-9]")
_NOTHING = frozenset(["", "0", "*", "-"])


class NoNumbersError(Exception):
    """No numbers are known to be those of a country; the argument says why."""


class Place(NamedTuple):
    """The country that a row names.

    Attributes:
        given: How the row names it; empty if it names none.
        country: The country; None if it is not known.
        is_default: Whether the row is for all countries that the list does not name.
        is_international: Whether the row is for networks of no country, such as satellites.
    """

    given: str
    country: Country | None
    is_default: bool = False
    is_international: bool = False


class Destination(NamedTuple):
    """The numbers that a row applies to.

    Attributes:
        prefixes: Their prefixes; `DEFAULT_PREFIX` for all that the list does not name.
        country: Their country, if the row names one that is known.
        is_expanded: Whether the country has these prefixes instead of the code that it shares.
    """

    prefixes: tuple[str, ...]
    country: Country | None = None
    is_expanded: bool = False


DEFAULT_PREFIX = "default"
_OTHER_CODES = {
    "AU": ("672",),
    "CG": ("243",),
    "CN": ("852", "853"),
    "DK": ("298", "299"),
    "FR": ("262", "508", "590", "594", "596", "687", "689"),
    "GB": ("246", "247", "290", "350", "500"),
    "GE": ("1",),
    "GN": ("240", "245"),
    "IL": ("970",),
    "KR": ("850",),
    "KZ": ("997",),
    "ME": ("381",),
    "MF": ("1721",),
    "NL": ("297", "599"),
    "NZ": ("682", "683", "690"),
    "PS": ("972",),
    "RS": ("383",),
    "SD": ("211",),
    "SS": ("249",),
    "SX": ("599",),
    "VA": ("379",),
    "WS": ("1684",),
    "XK": ("377", "381", "386"),
    "YT": ("269",),
}
"""Codes that countries had or will have, of their territories, or of ones with similar names.

Some lists call both countries Congo.
"""
_DEFAULT = Destination((DEFAULT_PREFIX,))


@cache
def find_place(iso: str, name: str, mcc: str) -> Place:
    """Return the country that a row names.

    Args:
        iso: A code of ISO 3166-1; empty if there is none, as the others may be.
        name: The name of a country, or its code.
        mcc: A mobile country code, with or without the code of a network. It counts last, as some
            countries share one.

    Raises:
        ValueError: The code and the name are those of different countries.
    """
    if is_default(iso or name):
        return Place(iso or name, None, is_default=True)
    country = country_of_iso(iso) if iso else None
    if country is not None and name:
        other = _country_of(name)
        if other not in (None, country) and country.code not in _OTHER_CODES.get(other.iso, ()):
            raise ValueError(f"{iso} is {country.name}, not {name}")
    if country is None and name:
        country = _country_of(name)
    if country is None and mcc:
        country = country_of_mcc(mcc[:3])
    if country is None and mcc.startswith("90"):  # ITU-T E.212
        return Place(f"MCC {mcc[:3]}", None, is_international=True)
    return Place(iso or name or (f"MCC {mcc[:3]}" if mcc.strip("0") else ""), country)


def _country_of(name: str) -> Country | None:
    country = country_of_name(name)
    return country_of_iso(name) if country is None and _CODE.fullmatch(name) else country


def find_destination(prefix: str, place: Place) -> Destination:
    """Return the numbers that a row applies to.

    Dialling codes count before a country, but for a country that shares its code with a larger one:
    then its own prefixes do.

    Args:
        prefix: The cell of dialling codes; empty if there is none.
        place: The country that the row names.

    Raises:
        ValueError: The cells name no numbers, or ones that contradict each other.
        NoNumbersError: The numbers of the country are not known.
    """
    country = place.country
    is_of_others = country is not None and prefix == country.code and not country.is_main
    if not is_of_others and _PLAIN.fullmatch(prefix):
        _check_country(prefix, prefix, country)
        return Destination((prefix,), country)
    if prefix in _NOTHING:
        if place.is_default:
            return _DEFAULT
        if country is not None:
            return _of_country(country)
        if place.is_international:
            raise NoNumbersError(f"{place.given} is for networks of no country")
        if place.given:
            raise ValueError(
                f"country {place.given!r} is not known: give its dialling code in a column prefix"
            )
        raise ValueError("no prefix and no country: repeat them in each row of merged cells")
    if not _DIGIT.search(prefix) and is_default(prefix):
        return _DEFAULT
    prefixes = tuple(read_prefixes(prefix, country))
    if country is None:
        return Destination(prefixes)
    if prefixes == (country.code,) and not country.is_main:
        return _of_country(country)
    for part in prefixes:
        _check_country(prefix, part, country)
    return Destination(prefixes, country)


def _check_country(cell: str, prefix: str, country: Country | None) -> None:
    """Refuse a prefix of another country, such as an area without the country code."""
    if country is None or prefix.startswith((country.code, *_OTHER_CODES.get(country.iso, ()))):
        return
    raise ValueError(f"prefix {cell!r}: {prefix} is not in {country.name} (+{country.code})")


def _of_country(country: Country) -> Destination:
    if not country.code:
        raise NoNumbersError(f"{country.name} has no dialling code")
    if not country.prefixes:
        raise NoNumbersError(
            f"{country.name} shares +{country.code}, and its numbers cannot be told apart"
        )
    return Destination(country.prefixes, country, country.code in shared_codes())
