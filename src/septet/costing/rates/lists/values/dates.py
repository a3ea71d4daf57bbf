"""Days as price lists write them; a date that could be two days is settled by the other rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from typing import Literal, NamedTuple, TypeAlias
from unicodedata import combining, normalize

__all__ = ["Moment", "Order", "find_order", "read_moment"]

Order: TypeAlias = Literal["day", "month"]
"""What comes first in dates such as 01/02/2026."""

_TIME = r"""
    (?: (?:T|\s) \s* (?P<hour>\d{1,2}) : (?P<minute>\d\d) (?: : (?P<second>\d\d) (?:\.\d+)? )?
    \s* (?: Z | UTC | GMT | [+-]\d\d:?\d\d )? )?
"""
_FLAGS = re.VERBOSE | re.IGNORECASE | re.ASCII
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}}) ([-./]) (?P<month>\d{{1,2}}) \2 (?P<day>\d{{1,2}}) {_TIME}", _FLAGS
)
_YEAR_LAST = re.compile(
    rf"(?P<one>\d{{1,2}}) ([-./]) (?P<two>\d{{1,2}}) \2 (?P<year>\d{{4}}) {_TIME}", _FLAGS
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)", _FLAGS)
_DAY_AND_NAME = re.compile(
    rf"(?P<day>\d{{1,2}}) (?:st|nd|rd|th|er)? [\s.-]+ (?:de\s)? (?P<name>[a-z]+)"
    rf"[\s,.-]+ (?:de\s)? (?P<year>\d{{4}}|\d\d)"
    rf"{_TIME}",
    _FLAGS,
)
_NAME_AND_DAY = re.compile(
    rf"(?P<name>[a-z]+) [\s.]+ (?P<day>\d{{1,2}}) (?:st|nd|rd|th)? [\s,]+ (?P<year>\d{{4}})"
    rf"{_TIME}",
    _FLAGS,
)
_MONTHS = (  # English, German, French and Spanish, without accents
    ("january", "januar", "janner", "janvier", "enero"),
    ("february", "februar", "fevrier", "febrero"),
    ("march", "marz", "maerz", "mars", "marzo"),
    ("april", "avril", "abril"),
    ("may", "mai", "mayo"),
    ("june", "juni", "juin", "junio"),
    ("july", "juli", "juillet", "julio"),
    ("august", "aout", "agosto"),
    ("september", "septembre", "septiembre"),
    ("october", "oktober", "octobre", "octubre"),
    ("november", "novembre", "noviembre"),
    ("december", "dezember", "decembre", "diciembre"),
)


class Moment(NamedTuple):
    """When a price begins or ends: a day, and a time of day if the list has one."""

    day: date
    time: time | None = None


def find_order(texts: Iterable[str]) -> Order | None:
    """Return what comes first in the dates of a list, if one of them tells.

    Raises:
        ValueError: Some dates say the day, others the month.
    """
    found: dict[Order, str] = {}
    for text in texts:
        if match := _YEAR_LAST.fullmatch(text):
            if int(match["one"]) > 12:
                found["day"] = text
            elif int(match["two"]) > 12:
                found["month"] = text
    if len(found) == 2:
        raise ValueError(f"{found['day']!r} has the day first, {found['month']!r} the month")
    return next(iter(found), None)


def read_moment(column: str, text: str, order: Order | None) -> Moment:
    """Return the day that a text gives, and the time of day.

    Args:
        column: What the date is, for error messages.
        text: Such as 2026-01-31, 2026.01.08 22:15:29, 31/01/2026, 31 Jan 2026 or
            31-Jan-26, as spreadsheets write it.
        order: What comes first in dates such as 01/02/2026; None if that is not known.

    Raises:
        ValueError: The text is no date, or could be two days.
    """
    plain = "".join(char for char in normalize("NFKD", text) if not combining(char))
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = match["year"], match["month"], match["day"]
    elif match := _YEAR_LAST.fullmatch(text):
        if order is None and match["one"] != match["two"]:
            raise ValueError(
                f"{column} {text!r} could be two days: write it as {match['year']}-MM-DD"
            )
        day, month = match["one"], match["two"]
        if order == "month":
            day, month = month, day
        year = match["year"]
    elif match := _DAY_AND_NAME.fullmatch(plain) or _NAME_AND_DAY.fullmatch(plain):
        year, month, day = match["year"], _month(match["name"]), match["day"]
    else:
        raise ValueError(f"{column} {text!r} is not a date such as 2026-01-31")
    fields = match.groupdict()
    try:
        of_day = None
        if fields.get("hour"):
            of_day = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
        century = 2000 if len(year) == 2 else 0
        return Moment(date(century + int(year), int(month), int(day)), of_day)
    except ValueError:
        raise ValueError(f"{column} {text!r} is not a date such as 2026-01-31") from None


def _month(name: str) -> str:
    """Return the number of a month by three letters of its name, or more; 0 if unknown."""
    start = name.lower()
    found = [
        index
        for index, names in enumerate(_MONTHS, 1)
        if any(month.startswith(start) for month in names)
    ]
    return str(found[0]) if len(name) >= 3 and len(found) == 1 else "0"
