"""Phone numbers as people write them, with and without country codes, and names of countries.

Numbers without country codes and names are left to the package phonenumbers.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

from ...exceptions import MissingExtraError
from ...standard.limits import UNMARKED_PATTERN

__all__ = [
    "InternationalNumbers",
    "NumberForm",
    "RegionalNumbers",
    "country_of",
    "form_of",
    "may_be_number",
]

_NAMING = "naming countries"

_MAX_CHARACTERS = 250  # the library refuses longer texts too
# Marks that direct text, which telephones copy with a number, and the mark of UTF-8.
_INVISIBLE = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"))
_INVISIBLE |= dict.fromkeys(range(0x2066, 0x206A))
_BETWEEN = r"\-‐‑‒–—―−ー－/／ \xad\u200b\u2060()[\]（）［］.．~⁓∼～"
_WRITTEN = re.compile(
    rf"""
    (?: (?: tel | tele(?:ph|f)one? | phone | mobile? | mob | cell | handy | gsm ) [.:\ ]* )?
    [☎☏✆📞📱📲\ufe0f\ ]*
    (?P<number> [(\[（［\ ]* [+＋]? [(\[（［\ ]* \d [\d{_BETWEEN}]* )
    (?P<extension>
        [;,]? \ * (?: ext= | e?xt(?:ensi[oó]n?)?n? | x | \# | int | anexo | доб )
        [.:\ ]* \d{{1,20}} \#?
    )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MIN_USUAL_NUMBER = 1_000_000
"""Numbers of fewer digits are rare: only some of small countries and of short area codes."""

_DIGIT = re.compile(r"\d")
_UNMARKED = re.compile(UNMARKED_PATTERN)
_TRUNK_ZERO = re.compile(r"(?<=\d) ?\(0\)")  # only dialled without the country code

# Texts with digits and the same marks that are not phone numbers.
_DECIMALS = re.compile(
    r"""
    (?: 0 | [1-9]\d* ) \. \d+           # 19.99
    | \d+ \. 0+                         # 447911123456.0
    | \+? [\d.]* \. \d                  # 1.2.3
    | \d{1,3}\.\d{3,} \  \d{1,3}\.\d{3,}          # coordinates
    | \d{1,2}\.\d\d \ ?[-–]\ ? \d{1,2}\.\d\d      # opening hours
    """,
    re.VERBOSE,
)
_MARKS = re.compile(r"[-./／．－‐‑–−]")
_MARK = rf" ?{_MARKS.pattern} ?"
_DATE_DIGITS = 8
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_MARK}(\d{{1,2}})(?:{_MARK}(\d{{1,2}})\.?(?: .*)?)?")
_YEAR_LAST = re.compile(rf"(\d{{1,2}}){_MARK}(\d{{1,2}}){_MARK}(\d{{4}})(?: .*)?")
_SPACED_DATE = re.compile(r"(\d{4}) (\d\d) (\d\d)|(\d\d) (\d\d) (\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2\d{2}")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2}) ?[-./] ?(\d{4})")
_YEARS = re.compile(r"(\d{4}) ?[-/–] ?(\d{4})")
_IP_ADDRESS = re.compile(r"([1-9]\d{0,2})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(/\d{1,3})?")


def may_be_number(text: str) -> bool:
    """Return whether a text is written as phone numbers are: False if it certainly is not one.

    Args:
        text: What stands in place of a number, such as "07700 900123", "2026-11-29" or "n/a".
    """
    return _match_number(text) is not None


class NumberForm(StrEnum):
    """How a number is written that is not E.164."""

    MARKED = "marked"
    """It begins with "+" or "00", and so with its country code: 0044 7700 900123."""
    NATIONAL = "national"
    """It begins with "(" or a single 0, and so without a country code: 07700 900123."""
    UNMARKED = "unmarked"
    """It may begin with its country code or not: 447700900123."""


def form_of(text: str) -> NumberForm | None:
    """Return how a number is written; None if the text is certainly not one."""
    match = _match_number(text)
    if match is None:
        return None
    digits = "".join(_DIGIT.findall(match["number"]))
    if "+" in match["number"] or digits.startswith("00"):
        return NumberForm.MARKED
    return NumberForm.NATIONAL if match["number"][0] in "0([" else NumberForm.UNMARKED


class InternationalNumbers:
    """A reader of numbers that begin with their country code."""

    def to_e164(self, number: str) -> str | None:
        """Return a number in E.164 form.

        Texts that nobody writes for a number are sorted out as for `RegionalNumbers`. An extension
        is ignored.

        Args:
            number: The number, with "+", "00" or nothing before its country code.

        Returns:
            The number; None if the text is not a number, has fewer than 7 digits or more than 15,
            or begins with "(" or a single 0, as numbers without a country code do.
        """
        match = _match_number(number)
        if match is None or _IP_ADDRESS.fullmatch(match["number"]):
            return None
        written = _TRUNK_ZERO.sub("", match["number"])
        if written.startswith(("(", "[")) and "+" not in written:
            return None
        digits = "".join(str(int(digit)) for digit in _DIGIT.findall(written))
        return f"+{digits.removeprefix('00')}" if _UNMARKED.fullmatch(digits) else None


class RegionalNumbers:
    """A reader of numbers as they are dialled in a region.

    Args:
        region: Two capital letters (ISO 3166-1), such as GB.

    Raises:
        MissingExtraError: The extra `phone` is not installed.
        ValueError: The region is unknown.
    """

    def __init__(self, region: str) -> None:
        self._library = _phonenumbers("reading national numbers")
        if region not in self._library.SUPPORTED_REGIONS:
            raise ValueError(f"unknown region {region!r} (expected an ISO 3166-1 code such as GB)")
        self._region = region

    def to_e164(self, number: str) -> str | None:
        """Return a number in E.164 form.

        The library looks for digits in any text, so dates, amounts, IP addresses and other texts
        that nobody writes for a number are sorted out before. An extension is ignored.

        Args:
            number: The number as it is dialled in the region, or with its country code.

        Returns:
            The number; None if the text is not a number, or has an impossible length, also for one
            that can only be dialled within a town.
        """
        match = _match_number(number)
        if match is None:
            return None
        written = match.string[match.start("number") :]
        library = self._library
        try:
            parsed = library.parse(written, self._region)
        except library.NumberParseException:
            return None
        if library.is_possible_number_with_reason(parsed) != library.ValidationResult.IS_POSSIBLE:
            return None
        # Numbers of eight digits are written like 10.20.30.40 too, but not in every country. And
        # where some numbers have five digits, short codes and years have a possible length.
        is_doubtful = parsed.national_number < _MIN_USUAL_NUMBER or _IP_ADDRESS.fullmatch(written)
        if is_doubtful and not library.is_valid_number(parsed):
            return None
        e164: str = library.format_number(parsed, library.PhoneNumberFormat.E164)
        return e164


def _match_number(text: str) -> re.Match[str] | None:
    """Return a number without what programs put around and into it; None for another text."""
    if len(text) > _MAX_CHARACTERS:
        return None
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    written = " ".join(text.split()).removeprefix("'")
    if written.startswith('="') and written.endswith('"'):  # keeps zeros in a spreadsheet
        written = written[2:-1]
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return None
    number = match["number"]
    digits = "".join(_DIGIT.findall(number))
    is_long = len(digits) >= (3 if match["extension"] is None else 6)  # not 1920x1080
    if not is_long or not digits.strip("0"):
        return None
    # Without marks between the digits, most texts need no closer look.
    if (_MARKS.search(number) or len(digits) == _DATE_DIGITS) and (
        _DECIMALS.fullmatch(number) or _is_date(number) or _is_ip_address(number)
    ):
        return None
    return match


def _is_date(text: str) -> bool:
    """Return whether a text is a date, or a month with its year; a time may follow a date."""
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = match.groups()
        return _is_day(day or "1", month) and _is_year(year)
    if match := _YEAR_LAST.fullmatch(text):
        return _is_day_or_swapped(match[1], match[2]) and _is_year(match[3])
    if match := _SPACED_DATE.fullmatch(text):
        year, month, day, first, second, last = match.groups()
        if year is not None:
            return _is_day(day, month) and _is_year(year)
        return _is_day_or_swapped(first, second) and _is_year(last)
    if match := _SHORT_YEAR.fullmatch(text):
        return _is_day_or_swapped(match[1], match[3])
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return _is_day("1", match[1]) and _is_year(match[2])
    match = _YEARS.fullmatch(text)
    return match is not None and _is_year(match[1]) and _is_year(match[2])


def _is_day_or_swapped(first: str, second: str) -> bool:
    return _is_day(first, second) or _is_day(second, first)


def _is_day(day: str, month: str) -> bool:
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 12


def _is_year(year: str) -> bool:
    return 1900 <= int(year) < 2100


def _is_ip_address(text: str) -> bool:
    """Return whether a text is the address of a host or a network, and no number in pairs."""
    match = _IP_ADDRESS.fullmatch(text)
    if match is None:
        return False
    *parts, length = match.groups()
    if length is None and all(len(part) == 2 for part in parts):
        return False
    return all(int(part) <= 255 for part in parts)


def country_of(prefix: str) -> str | None:
    """Return the English name of the country whose numbers begin with a prefix.

    Args:
        prefix: Digits without "+".

    Returns:
        The name. If several countries share a calling code and the next digits do not identify one
        of them, the name of the main one "and others". None if the prefix belongs to no country, or
        the country has no name in the data.

    Raises:
        MissingExtraError: The extra `phone` is not installed.
    """
    library = _phonenumbers(_NAMING)
    codes = library.COUNTRY_CODE_TO_REGION_CODE
    code = next((n for n in map(int, (prefix[:1], prefix[:2], prefix[:3])) if n in codes), None)
    if code is None:
        return None
    main, *others = codes[code]
    for region in others:
        leading = library.PhoneMetadata.metadata_for_region(region).leading_digits
        if leading and re.match(leading, prefix[len(str(code)) :]):
            return _name(region)
    name = _name(main)
    return f"{name} and others" if name and others else name


def _name(region: str) -> str | None:
    library = _phonenumbers(_NAMING)
    number = library.example_number(region)
    return library.geocoder.country_name_for_number(number, "en") or None if number else None


def _phonenumbers(purpose: str) -> Any:
    try:
        import phonenumbers

        if purpose == _NAMING:
            import phonenumbers.geocoder  # takes as long as all the rest
    except ModuleNotFoundError as error:
        raise MissingExtraError("phonenumbers", "phone", purpose) from error
    return phonenumbers
