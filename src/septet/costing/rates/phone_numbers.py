"""Numbers as people of a region write them, and countries, by phonenumbers (extra `phone`)."""

from __future__ import annotations

import re
from typing import Any

from ...exceptions import MissingExtraError

__all__ = ["RegionalNumbers", "country_of"]


_NAMING = "naming countries"


class RegionalNumbers:
    """Reads numbers as they are dialled in a region.

    Args:
        region: Two capital letters (ISO 3166-1), as in "GB".

    Raises:
        MissingExtraError: phonenumbers is not installed.
        ValueError: There is no such region.
    """

    def __init__(self, region: str) -> None:
        self._library = _phonenumbers("reading national numbers")
        if region not in self._library.SUPPORTED_REGIONS:
            raise ValueError(f"region {region!r} is not two capital letters such as US or GB")
        self._region = region

    def to_e164(self, number: str) -> str | None:
        """Return a number in E.164; None if it is none, or cannot be one by its length."""
        library = self._library
        try:
            found = library.parse(number, self._region)
        except library.NumberParseException:
            return None
        if not library.is_possible_number(found):
            return None
        written: str = library.format_number(found, library.PhoneNumberFormat.E164)
        return written


def country_of(prefix: str) -> str | None:
    """Return the English name of the country whose numbers begin with some digits.

    Several countries share some calling codes: where the digits behind it do not tell, it is the
    main one "and others". None if the digits are of no country, or of one without a name there.

    Raises:
        MissingExtraError: phonenumbers is not installed.
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
