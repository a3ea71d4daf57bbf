"""Phone numbers as they are dialled in a region, and country names, by phonenumbers."""

from __future__ import annotations

import re
from typing import Any

from ...exceptions import MissingExtraError

__all__ = ["RegionalNumbers", "country_of"]

_NAMING = "naming countries"


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

        Args:
            number: The number as it is dialled in the region, or with its country code.

        Returns:
            The number; None if it cannot be parsed or has an impossible length.
        """
        library = self._library
        try:
            parsed = library.parse(number, self._region)
        except library.NumberParseException:
            return None
        if not library.is_possible_number(parsed):
            return None
        e164: str = library.format_number(parsed, library.PhoneNumberFormat.E164)
        return e164


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
