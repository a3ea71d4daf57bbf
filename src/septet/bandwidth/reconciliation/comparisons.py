"""One message: what we count, what the provider reported, and why they differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ...segmentation import Analysis, Segmenter
from .facts import Facts
from .reasons import Reason, Reasons

__all__ = ["Comparison", "LeftOut", "Price", "compare"]


class LeftOut(StrEnum):
    """Why the figures of a message cannot be compared."""

    RBM = "RBM has no segments"
    NO_TEXT = "no text is kept"
    NO_FIGURE = "no segmentCount is reported"
    NO_TIME = "no time is told, so it is of no day"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


@dataclass(frozen=True, slots=True)
class Price:
    """What a message costs, in a currency.

    Attributes:
        currency: Three capital letters.
        estimated: For the segments as we count them.
        reported: For those that the provider reported.
    """

    currency: str
    estimated: Decimal
    reported: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """A message as we count it and as the provider reported it.

    Attributes:
        facts: What the store tells of the message.
        analysis: What the text of an SMS takes; None where there is none.
        estimated: Segments as we count them, 1 for an MMS; None where nothing can be counted.
        reported: Segments as the provider reported them, the most where its figures differ.
        reason: Why they differ, likely; None if they are equal or cannot be compared.
        left_out: Why they cannot be compared; None if they can.
        price: What it costs, or why it has no price; None if it was left out, or without a card.
    """

    facts: Facts
    analysis: Analysis | None
    estimated: int | None
    reported: int | None
    reason: Reason | None
    left_out: LeftOut | None
    price: Price | str | None = None

    @property
    def difference(self) -> int | None:
        """How many segments more the provider reported; None if that cannot be compared."""
        if self.estimated is None or self.reported is None:
            return None
        return self.reported - self.estimated


def compare(facts: Facts, segmenter: Segmenter, reasons: Reasons) -> Comparison:
    """Return the comparison of a message, without a price.

    Raises:
        EncodingError: GSM-7 is forced and the text has another character.
    """
    analysis = estimated = None
    if facts.medium == "MMS":
        estimated = 1  # whatever it shows: Bandwidth, messaging overview, "Message Segment Counts"
    elif facts.medium == "SMS" and facts.text is not None:
        analysis = segmenter.analyze(facts.text)
        estimated = analysis.segment_count
    reported = facts.figures[-1] if facts.figures else None
    left_out = reason = None
    if facts.medium == "RBM":
        left_out = LeftOut.RBM
    elif estimated is None:
        left_out = LeftOut.NO_TEXT
    elif reported is None:
        left_out = LeftOut.NO_FIGURE
    elif len(facts.figures) > 1:
        reason = Reason.CONTRADICTION
    elif estimated != reported:
        reason = (
            reasons.of_mms(facts.text, len(facts.to), reported)
            if analysis is None
            else reasons.of_sms(analysis, reported)
        )
    return Comparison(facts, analysis, estimated, reported, reason, left_out)
