"""Finds the likely reason why the provider counted other segments than we did.

Each reason stands for a way of counting that some provider or library is known to use. A text is
counted in each of these ways, the most likely one first, and the first way that gives the reported
count is the reason. It is a guess, because several ways may give the same count.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Any, Literal, TypeAlias

from ... import rcs
from ...exceptions import MissingExtraError
from ...segmentation import Analysis, Segmenter
from ...standard.encoding import Encoding, Language
from ...standard.limits import CONCATENATION_OCTETS, OCTETS, code_unit_capacity, septet_capacity

__all__ = ["Reason", "ReasonFinder"]

_CAPACITIES = {Encoding.GSM7: septet_capacity, Encoding.UCS2: code_unit_capacity}
_UDHL = 1

_Level: TypeAlias = Literal["punctuation", "letters", "all"]
_Method: TypeAlias = Callable[[Analysis], "int | None"]
"""A way of counting: returns the segments of an analyzed text, or None if it does not apply."""


class Reason(StrEnum):
    """The likely reason why two segment counts differ."""

    CONTRADICTION = "the provider reported different counts"
    UCS2 = "counted as UCS-2"
    REFERENCE_16 = "16-bit references"
    REFERENCE_8 = "8-bit references"
    SPLIT_CHARACTERS = "two-unit characters split between segments"
    CHARACTERS = "characters counted instead of units"
    NO_HEADERS = "counted without headers"
    EIGHT_BIT = "counted as 8-bit characters"
    LINE_ENDS = "CR LF counted as LF"
    PUNCTUATION = "punctuation replaced"
    LETTERS = "Latin letters replaced"
    ALL_REPLACED = "all non-GSM characters replaced"
    GRAPHEMES = "grapheme clusters not split"
    LANGUAGES = "counted with national alphabets"
    RECIPIENTS = "MMS counted for each recipient"
    MMS_TEXT = "text of the MMS counted"
    ONCE = "RBM counted once, as media or outside the US"
    RBM_SEGMENTS = "RBM counted by segments, as text in the US"
    SMS = "RBM counted as an SMS"
    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class ReasonFinder:
    """Finds the reason why a reported count differs from the count of some rules."""

    def __init__(self, segmenter: Segmenter) -> None:
        """Prepare the ways of counting.

        Args:
            segmenter: The rules of our own count.
        """
        self._segmenter = segmenter
        with_options = partial(_count_with, segmenter)
        replaced = partial(_count_replaced, segmenter)
        reference_octets = CONCATENATION_OCTETS[segmenter.reference_bits]
        self._methods: tuple[tuple[Reason, _Method], ...] = (
            (Reason.UCS2, with_options(encoding=Encoding.UCS2)),
            (Reason.REFERENCE_16, with_options(reference_bits=16)),
            (Reason.REFERENCE_8, with_options(reference_bits=8)),
            (Reason.SPLIT_CHARACTERS, partial(_divide_units, reference_octets)),
            (Reason.CHARACTERS, partial(_divide_characters, reference_octets)),
            (Reason.NO_HEADERS, _divide_without_headers),
            (Reason.EIGHT_BIT, partial(_divide_latin_1, reference_octets)),
            (Reason.LINE_ENDS, lambda ours: segmenter.count(ours.text.replace("\r\n", "\n"))),
            (Reason.PUNCTUATION, partial(replaced, "punctuation")),
            (Reason.LETTERS, partial(replaced, "letters")),
            (Reason.ALL_REPLACED, partial(replaced, "all")),
            (Reason.GRAPHEMES, with_options(keep_graphemes=True)),
            (Reason.LANGUAGES, with_options(languages=tuple(Language))),
        )

    def find_for_sms(self, analysis: Analysis, reported: int) -> Reason:
        """Return why the provider reported another count for an SMS.

        Args:
            analysis: The text as we count it.
            reported: The segments that the provider reported.
        """
        matches = (reason for reason, method in self._methods if method(analysis) == reported)
        return next(matches, Reason.UNKNOWN)

    def find_for_mms(self, text: str | None, recipient_count: int, reported: int) -> Reason:
        """Return why the provider did not report one segment for an MMS.

        Args:
            text: The text of the MMS, if it is known.
            recipient_count: The number of recipients.
            reported: The segments that the provider reported.
        """
        if reported == recipient_count:
            return Reason.RECIPIENTS
        if text and reported == self._segmenter.count(text):
            return Reason.MMS_TEXT
        return Reason.UNKNOWN

    def find_for_rbm(self, text: str, reported: int) -> Reason:
        """Return why the provider reported another count for an RBM message.

        Args:
            text: The text of the message.
            reported: The segments that the provider reported.
        """
        if reported == 1:
            return Reason.ONCE
        if reported == rcs.count(text):
            return Reason.RBM_SEGMENTS
        if reported == -(-len(text) // rcs.SEGMENT_BYTES):
            return Reason.CHARACTERS
        return Reason.SMS if reported == self._segmenter.count(text) else Reason.UNKNOWN


def _count_with(segmenter: Segmenter, **changes: Any) -> _Method:
    """Return a method that counts by the rules of a segmenter with some options changed."""
    changed = Segmenter(**{**segmenter.rules.options, **changes})
    return lambda ours: changed.count(ours.text)


def _count_replaced(segmenter: Segmenter, level: _Level, ours: Analysis) -> int | None:
    try:
        replaced = segmenter.transliterate(ours.text, level, when="always")
    except MissingExtraError:
        return None
    return segmenter.count(replaced.text)


def _divide_units(reference_octets: int, ours: Analysis) -> int:
    capacity = _CAPACITIES[ours.encoding]
    return _divide(ours.unit_count, capacity(), capacity(reference_octets))


def _divide_characters(reference_octets: int, ours: Analysis) -> int:
    capacity = _CAPACITIES[ours.encoding]
    return _divide(len(ours.text), capacity(), capacity(reference_octets))


def _divide_without_headers(ours: Analysis) -> int:
    capacity = _CAPACITIES[ours.encoding]()
    return _divide(ours.unit_count, capacity, capacity)


def _divide_latin_1(reference_octets: int, ours: Analysis) -> int | None:
    """Count one octet for each character of Latin-1, "8-bit" on Bandwidth's older pages."""
    if max(ours.text, default="") > "\xff":
        return None
    return _divide(len(ours.text), OCTETS, OCTETS - _UDHL - reference_octets)


def _divide(units: int, single: int, one_of_several: int) -> int:
    return 1 if units <= single else -(-units // one_of_several)
