"""Cells of dialling codes: one prefix or several, ranges, and what is written around digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .countries import Country, code_of

__all__ = ["read_prefixes"]

_PLAIN = re.compile(r"\+?([1-9][0-9]{0,14})")
_BETWEEN = re.compile(r"\s*[,;/|\n]\s*")
_SPACES = re.compile(r"[\s\xa0]+")
_FORMULA = re.compile(r'="(.*)"')  # how spreadsheets are made to keep zeros
_DECIMAL = re.compile(r"([0-9]+)\.0+")  # of a spreadsheet or pandas
_TRUNK = re.compile(r"([1-9][0-9]{0,2})\s*\(0\)")  # a zero that is dialled inside the country only
_GROUPS = re.compile(r"([0-9]+)(?:\s*([-–—]|\s)\s*\(?([0-9]+)\)?)?")
_GLOBAL_CODES = ("870", "878", "881", "882", "883")  # of satellites and networks, ITU-T E.164
_NO_PREFIX = "prefix {!r} is not 1 to 15 digits, the first not 0, with or without '+'"


def read_prefixes(text: str, country: Country | None = None) -> list[str]:
    """Return the prefixes that a cell holds.

    >>> read_prefixes("+1-242, 1246"), read_prefixes("1264-1268"), read_prefixes("0044")
    (['1242', '1246'], ['1264', '1265', '1266', '1267', '1268'], ['44'])

    Args:
        text: Prefixes between commas, semicolons, slashes or line breaks. Each may have "+" or
            "00" before it, and a space or hyphen between country code and area. Two numbers of one
            length with a hyphen between them are a range.
        country: The country that the row names. An area of it may stand without its code behind a
            prefix with an area ("1-809, 829"), unless it could be a prefix of the country itself.

    Raises:
        ValueError: A part is none of that, or could be two things.
    """
    if match := _PLAIN.fullmatch(text):
        return [match[1]]
    cell = text
    if match := _FORMULA.fullmatch(cell):
        cell = match[1]
    cell = cell.strip().lstrip("'’`").strip()
    found: list[str] = []
    area_length = 0  # of "1-787", after which "939" would be an area, and no prefix
    for part in _BETWEEN.split(cell):
        if not part and found:
            continue  # a comma at the end
        prefixes, length = _read_part(text, part.lstrip("'’`"))
        if area_length and not length and len(part) <= area_length:
            if country is not None and _is_area(prefixes[0], country):
                found.append(country.code + prefixes[0])
                continue
            raise ValueError(
                f"prefix {text!r}: {part!r} could be an area; write each prefix with country code"
            )
        area_length = area_length or length
        found += prefixes
    return list(dict.fromkeys(found))


def _is_area(digits: str, country: Country) -> bool:
    """Return whether digits are an area of a country, and no prefix of it."""
    number = country.code + digits
    return number.startswith(country.prefixes) and not digits.startswith(country.code)


def _read_part(text: str, part: str) -> tuple[list[str], int]:
    """Return the prefixes of one part of a cell, and the digits of an area if it is apart."""
    digits = _SPACES.sub(" ", part).strip()
    if digits.startswith("+"):
        digits = digits[1:].lstrip()
    elif digits.startswith("00"):
        digits = digits[2:].lstrip()
    if match := _DECIMAL.fullmatch(digits):
        raise ValueError(f"prefix {text!r}: write {match[1]} without decimals")
    if match := _TRUNK.fullmatch(digits):
        return [match[1]], 0
    match = _GROUPS.fullmatch(digits)
    if match is None or match[1].startswith("0"):
        raise ValueError(_NO_PREFIX.format(text))
    first, between, second = match.groups()
    if second is None:
        prefix = first
    elif between != " " and len(first) == len(second) and first < second:
        return list(_range(text, first, second)), 0
    elif first in (*_GLOBAL_CODES, code_of(first)) and len(first) != len(second):
        prefix = first + second
    else:
        raise ValueError(
            f"prefix {text!r} is neither a country code and an area (1-242) nor a range of numbers "
            "of one length (1242-1246)"
        )
    if len(prefix) > 15:
        raise ValueError(_NO_PREFIX.format(text))
    return [prefix], len(second or "")


def _range(text: str, first: str, last: str) -> Iterator[str]:
    """Yield the shortest prefixes of the numbers from one to another of the same length."""
    start, end = int(first), int(last) + 1
    if len(first) > 15:
        raise ValueError(_NO_PREFIX.format(text))
    while start < end:
        size = 1
        while start % (size * 10) == 0 and start + size * 10 <= end and size * 10 <= start:
            size *= 10
        yield str(start // size)
        start += size
