"""Numbers as people of a region write them, to E.164, by phonenumbers (extra `phone`)."""

from __future__ import annotations

from typing import Any

from ..exceptions import MissingExtraError

__all__ = ["RegionalNumbers"]


class RegionalNumbers:
    """Reads numbers as they are dialled in a region.

    Args:
        region: Two capital letters (ISO 3166-1), as in "GB".

    Raises:
        MissingExtraError: phonenumbers is not installed.
        ValueError: There is no such region.
    """

    def __init__(self, region: str) -> None:
        self._library = _phonenumbers()
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


def _phonenumbers() -> Any:
    try:
        import phonenumbers
    except ModuleNotFoundError as error:
        raise MissingExtraError("phonenumberslite", "phone", "reading national numbers") from error
    return phonenumbers
