"""Compares one message: our segment count, the reported one, and the reason for a difference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ... import rcs
from ...segmentation import Analysis, Segmenter
from .reasons import Reason, ReasonFinder
from .reported_messages import ReportedMessage

__all__ = ["ComparedPrice", "Comparison", "LeftOut", "compare"]


class LeftOut(StrEnum):
    """Why the counts of a message cannot be compared."""

    NO_TEXT = "no text is stored"
    NO_COUNT = "no segmentCount was reported"
    NO_TIME = "no time was reported"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


@dataclass(frozen=True, slots=True)
class ComparedPrice:
    """The cost of a message by both counts.

    Attributes:
        currency: Three capital letters.
        estimated: The cost of the segments that we count.
        reported: The cost of the segments that the provider reported.
    """

    currency: str
    estimated: Decimal
    reported: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """A message with both segment counts.

    Attributes:
        message: The message, from the events and the outbox of the store.
        analysis: The analysis of the text of an SMS; None without a text.
        estimated: The segments that we count, 1 for an MMS or media by RBM; None without a text.
        reported: The segments that the provider reported, the largest number if there are several.
        reason: The likely reason for a difference; None if the counts are equal or not compared.
        left_out: Why the counts cannot be compared; None if they can.
        price: The cost, or why there is no price; None if it was left out, or without a rate card.
    """

    message: ReportedMessage
    analysis: Analysis | None
    estimated: int | None
    reported: int | None
    reason: Reason | None
    left_out: LeftOut | None
    price: ComparedPrice | str | None = None

    @property
    def difference(self) -> int | None:
        """The reported count minus ours; None if one of them is missing."""
        if self.estimated is None or self.reported is None:
            return None
        return self.reported - self.estimated


def compare(
    message: ReportedMessage, segmenter: Segmenter, reason_finder: ReasonFinder
) -> Comparison:
    """Return the comparison of a message, without a price.

    Args:
        message: The message.
        segmenter: The rules to count by.
        reason_finder: Finds reasons for the same rules.

    Raises:
        EncodingError: GSM-7 is forced, but the text has a character that is not GSM-7.
    """
    analysis = estimated = None
    if message.medium == "MMS":
        estimated = 1  # Bandwidth, messaging overview, "Message Segment Counts"
    elif message.medium == "RBM" and (message.text or message.has_media):
        estimated = rcs.count(
            message.text or "",
            "us" if message.is_north_american else "standard",
            has_media=message.has_media,
        )
    elif message.medium == "SMS" and message.text is not None:
        analysis = segmenter.analyze(message.text)
        estimated = analysis.segment_count
    reported = message.segment_counts[-1] if message.segment_counts else None
    left_out = reason = None
    if estimated is None:
        left_out = LeftOut.NO_TEXT
    elif reported is None:
        left_out = LeftOut.NO_COUNT
    elif len(message.segment_counts) > 1:
        reason = Reason.CONTRADICTION
    elif estimated != reported:
        if message.medium == "RBM":
            reason = reason_finder.find_for_rbm(message.text or "", reported)
        elif analysis is None:
            reason = reason_finder.find_for_mms(message.text, len(message.to), reported)
        else:
            reason = reason_finder.find_for_sms(analysis, reported)
    return Comparison(message, analysis, estimated, reported, reason, left_out)
