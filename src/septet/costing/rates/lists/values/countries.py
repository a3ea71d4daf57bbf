"""Countries: names, ISO 3166-1, mobile country codes and dialling codes, from `countries.csv`."""

from __future__ import annotations

import csv
import os
import re
from functools import cache
from typing import NamedTuple

from .words import words_of

__all__ = [
    "Country",
    "code_of",
    "countries_of_code",
    "country_of_iso",
    "country_of_mcc",
    "country_of_name",
    "is_default",
    "shared_codes",
]

DEFAULT_ISO = "XX"
"""What Bird has instead of a country for all that are not listed."""

_OTHER_ISO = {"UK": "GB", "EL": "GR", "AN": "CW", "TP": "TL"}
_NAME_AND_CODE = re.compile(
    r"(?P<before>.*\S)\s*[-–/,(\[\s]\s*(?P<last>[A-Z]{2,3})[)\]]?"
    r"|(?P<first>[A-Z]{2,3})\s*[-–/,:\s]\s*(?P<after>.+)"
)
_DEFAULT_NAMES = frozenset(
    [
        *("default", "default rate", "default price", "rest of world", "rest of the world"),
        *("other countries", "all other countries", "others", "everywhere else", "all others"),
        *("worldwide", "global", "international default", "row"),
    ]
)


class Country(NamedTuple):
    """A country.

    Attributes:
        iso: Two letters (ISO 3166-1 alpha-2).
        code: The dialling code; empty if it has none.
        prefixes: The prefixes of its numbers: the code, or if that is the code of a larger country
            too, the first digits of its own; none if these cannot be told apart.
        name: The English name.
    """

    iso: str
    code: str
    prefixes: tuple[str, ...]
    name: str

    @property
    def is_main(self) -> bool:
        """Whether numbers with its code are its own if no other country has them."""
        return self.prefixes == (self.code,)


class _Tables(NamedTuple):
    by_iso: dict[str, Country]
    by_name: dict[str, Country]
    by_mcc: dict[str, Country]
    by_code: dict[str, list[Country]]


@cache
def _tables() -> _Tables:
    tables = _Tables({}, {}, {}, {})
    path = os.path.join(os.path.dirname(__file__), "countries.csv")
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names = row["names"].split("|")
            prefixes = tuple(row["prefixes"].split())
            country = Country(row["alpha2"], row["code"], prefixes, names[0])
            tables.by_iso[row["alpha2"]] = tables.by_iso[row["alpha3"]] = country
            tables.by_name.update(dict.fromkeys(map(_key, names), country))
            tables.by_mcc.update(dict.fromkeys(row["mcc"].split(), country))
            if country.code:
                others = tables.by_code.setdefault(country.code, [])
                others.insert(0 if country.is_main else len(others), country)
    return tables


def country_of_iso(text: str) -> Country | None:
    """Return the country of an ISO 3166-1 code, of two letters or three; None if there is none."""
    code = text.upper()
    return _tables().by_iso.get(_OTHER_ISO.get(code, code))


def country_of_name(text: str) -> Country | None:
    """Return the country that has a name; None if none has, as far as is known.

    Its ISO code may be beside the name: "Germany (DE)", "DE - Germany".
    """
    by_name = _tables().by_name
    country = by_name.get(_key(text))
    if country is None and (match := _NAME_AND_CODE.fullmatch(text.strip())):
        country = by_name.get(_key(match["before"] or match["after"]))
        if country is not country_of_iso(match["first"] or match["last"]):
            return None
    return country


def country_of_mcc(mcc: str) -> Country | None:
    """Return the country of a mobile country code (ITU-T E.212); None if it has none."""
    return _tables().by_mcc.get(mcc)


def countries_of_code(code: str) -> list[Country]:
    """Return the countries that have a dialling code, the main one first."""
    return _tables().by_code.get(code, [])


@cache
def shared_codes() -> frozenset[str]:
    """Return the dialling codes of more than one country."""
    by_code = _tables().by_code
    return frozenset(code for code, countries in by_code.items() if len(countries) > 1)


def code_of(prefix: str) -> str | None:
    """Return the dialling code of a country that a prefix begins with; None if it has none."""
    by_code = _tables().by_code
    return next((prefix[:n] for n in (1, 2, 3) if prefix[:n] in by_code), None)


def is_default(text: str) -> bool:
    """Return whether a text stands for all countries that a list does not name."""
    return text.upper() == DEFAULT_ISO or " ".join(words_of(text)) in _DEFAULT_NAMES


def _key(name: str) -> str:
    words = [{"st": "saint"}.get(word, word) for word in words_of(name.replace("&", " and "))]
    return "".join(word for word in words if word not in ("the", "and") and not word.isdigit())
