"""Why a provider may have counted otherwise: other rules, tried until one gives its figure.

A reason is a guess. Each stands for a way of counting that some provider or library is known to
have; a text is counted again in each way, the likelier first, and the first that gives the reported
figure is named. Several may give it.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any, Literal, TypeAlias

from ...exceptions import MissingExtraError
from ...segmentation import Analysis, Segmenter
from ...standard.encoding import Encoding, Language
from ...standard.limits import CONCATENATION_OCTETS, OCTETS, code_unit_capacity, septet_capacity

__all__ = ["Reason", "Reasons"]

_CAPACITIES = {Encoding.GSM7: septet_capacity, Encoding.UCS2: code_unit_capacity}
_UDHL = 1

_Level: TypeAlias = Literal["punctuation", "letters", "all"]
_Way: TypeAlias = Callable[[Analysis], "int | None"]


class Reason(StrEnum):
    """Why two figures differ, likely."""

    CONTRADICTION = "the provider reports different figures"
    UCS2 = "counted as UCS-2"
    REFERENCE_16 = "16-bit reference numbers"
    REFERENCE_8 = "8-bit reference numbers"
    BORDERS = "characters of two units cut at borders"
    CHARACTERS = "characters counted instead of units"
    NO_HEADERS = "no room left for headers"
    EIGHT_BIT = "8-bit characters"
    LINE_ENDS = "LF for CR LF"
    PUNCTUATION = "punctuation replaced"
    LATIN = "Latin letters replaced"
    EVERYTHING = "all that GSM-7 lacks replaced"
    GRAPHEMES = "grapheme clusters kept whole"
    LANGUAGES = "national alphabets"
    RECIPIENTS = "an MMS counted for each recipient"
    MMS_TEXT = "the text of an MMS counted"
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class Reasons:
    """Finds the reasons why figures differ from those of some rules."""

    def __init__(self, segmenter: Segmenter) -> None:
        """Take the rules that our figures are counted by."""
        self._segmenter = segmenter
        other = partial(_count_by, segmenter)
        self._ways: tuple[tuple[Reason, _Way], ...] = (
            (Reason.UCS2, other(encoding=Encoding.UCS2)),
            (Reason.REFERENCE_16, other(reference_bits=16)),
            (Reason.REFERENCE_8, other(reference_bits=8)),
            (Reason.BORDERS, _divide_units),
            (Reason.CHARACTERS, _divide_characters),
            (Reason.NO_HEADERS, _divide_without_headers),
            (Reason.EIGHT_BIT, _divide_octets),
            (Reason.LINE_ENDS, lambda found: segmenter.count(found.text.replace("\r\n", "\n"))),
            (Reason.PUNCTUATION, partial(_count_replaced, segmenter, "punctuation")),
            (Reason.LATIN, partial(_count_replaced, segmenter, "letters")),
            (Reason.EVERYTHING, partial(_count_replaced, segmenter, "all")),
            (Reason.GRAPHEMES, other(keep_graphemes=True)),
            (Reason.LANGUAGES, other(languages=tuple(Language))),
        )

    def of_sms(self, found: Analysis, reported: int) -> Reason:
        """Return why another figure than ours was reported for a text."""
        return next(
            (reason for reason, count in self._ways if count(found) == reported), Reason.UNKNOWN
        )

    def of_mms(self, text: str | None, recipient_count: int, reported: int) -> Reason:
        """Return why an MMS is not reported as one segment."""
        if reported == recipient_count:
            return Reason.RECIPIENTS
        if text and reported == self._segmenter.count(text):
            return Reason.MMS_TEXT
        return Reason.UNKNOWN


def _count_by(segmenter: Segmenter, **changes: Any) -> _Way:
    """Return what counts by rules of which some are others."""
    try:
        rules = Segmenter(**{**segmenter.rules.options, **changes})
    except MissingExtraError:
        return lambda found: None
    return lambda found: rules.count(found.text)


def _count_replaced(segmenter: Segmenter, level: _Level, found: Analysis) -> int | None:
    try:
        replaced = segmenter.transliterate(found.text, level)
    except MissingExtraError:
        return None
    return segmenter.count(replaced.text)


def _divide_units(found: Analysis) -> int:
    return _divide(found.unit_count, *_capacities(found))


def _divide_characters(found: Analysis) -> int:
    return _divide(len(found.text), *_capacities(found))


def _divide_without_headers(found: Analysis) -> int:
    single, _ = _capacities(found)
    return _divide(found.unit_count, single, single)


def _divide_octets(found: Analysis) -> int | None:
    """Count as Latin-1, an octet each: what Bandwidth's older pages call 8-bit."""
    if max(found.text, default="") > "\xff":
        return None
    return _divide(len(found.text), OCTETS, OCTETS - _UDHL - _concatenation_octets(found))


def _capacities(found: Analysis) -> tuple[int, int]:
    capacity = _CAPACITIES[found.encoding]
    return capacity(), capacity(_concatenation_octets(found))


def _concatenation_octets(found: Analysis) -> int:
    return CONCATENATION_OCTETS[found.rules.reference_bits]


def _divide(units: int, single: int, one_of_several: int) -> int:
    return 1 if units <= single else -(-units // one_of_several)
