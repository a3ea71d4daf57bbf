"""How RCS business messages are billed: by the bytes of their text in UTF-8, and by what they hold.

The US bills each text as in SMS, by segments, here of 160 bytes (*rich* messages), and anything
with media once (*rich media* messages). Elsewhere every message is billed once: as *basic* with
nothing but a text of up to 160 bytes, otherwise as *single*. The sessions of conversational agents,
which have a price for all messages of 24 hours, are not counted here.

Sources: Google, "US billing model" and "Billing FAQ" of RCS for Business
(developers.google.com/business-communications/rcs-business-messaging/carriers/billing); Infobip,
"RCS billing types" (infobip.com/docs/rcs/billing-types); Sinch, "RCS for Business Billing
Categories".
"""

from __future__ import annotations

import sys
from collections import namedtuple
from enum import StrEnum

from ._kernels import RcsCounter, utf8_length

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, TypeAlias

    from .columns.column_types import Column

    Billing: TypeAlias = Literal["us", "standard"]

__all__ = ["SEGMENT_BYTES", "RcsAnalysis", "RcsKind", "analyze", "count", "count_many"]

SEGMENT_BYTES = 160
"""Bytes of a segment of a rich message, and the most bytes of a basic message."""

_BYTES_BY_BILLING = {"us": SEGMENT_BYTES, "standard": sys.maxsize}


class RcsKind(StrEnum):
    """What an RCS message is billed as."""

    RICH = "rich"
    RICH_MEDIA = "rich_media"
    BASIC = "basic"
    SINGLE = "single"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class RcsAnalysis(namedtuple("RcsAnalysis", ("kind", "byte_count", "segment_count"))):
    """How an RCS message is billed.

    Attributes:
        kind: Rich or rich media in the US, basic or single elsewhere.
        byte_count: The bytes of the text in UTF-8.
        segment_count: How often the price applies: 1 for each 160 bytes of a rich message, 1 for
            any other message, 0 for nothing but empty text.
    """

    __slots__ = ()

    kind: RcsKind
    byte_count: int
    segment_count: int


def analyze(
    text: str,
    billing: Billing = "us",
    *,
    has_media: bool = False,
    has_suggestions: bool = False,
) -> RcsAnalysis:
    """Return how an RCS message is billed.

    Args:
        text: The text; a lone surrogate counts as three bytes.
        billing: "us" for the US billing model, "standard" for that of all other countries.
        has_media: Whether the message holds more than text and `has_suggestions`: media, cards, or
            other suggested actions.
        has_suggestions: Whether it has suggested replies, or suggests to dial a number or to open a
            URL in the browser. Their texts are not billed.

    Returns:
        What the message is billed as, its bytes, and how often the price applies.

    Raises:
        TypeError: `text` is not a `str`.
        ValueError: `billing` is neither of these.

    Example:
        >>> septet.rcs.analyze("é" * 81)
        RcsAnalysis(kind=RcsKind.RICH, byte_count=162, segment_count=2)
        >>> septet.rcs.analyze("é" * 81, "standard")
        RcsAnalysis(kind=RcsKind.SINGLE, byte_count=162, segment_count=1)
    """
    segment_bytes = _segment_bytes(billing)
    byte_count = utf8_length(text)
    segment_count = 1 if has_media else -(-byte_count // segment_bytes)
    if billing == "us":
        kind = RcsKind.RICH_MEDIA if has_media else RcsKind.RICH
    else:
        is_basic = byte_count <= SEGMENT_BYTES and not (has_media or has_suggestions)
        kind = RcsKind.BASIC if is_basic else RcsKind.SINGLE
    return RcsAnalysis(kind, byte_count, segment_count)


def count(text: str, billing: Billing = "us", *, has_media: bool = False) -> int:
    """Return how often the price of an RCS message applies; see `analyze`.

    Args:
        text: The text.
        billing: "us" or "standard".
        has_media: As for `analyze`. Suggestions do not change the count.

    Returns:
        The segments of a rich message, else 1; 0 for nothing but empty text.

    Raises:
        TypeError: `text` is not a `str`.
        ValueError: `billing` is neither of these.

    Example:
        >>> septet.rcs.count("a" * 161), septet.rcs.count("a" * 161, has_media=True)
        (2, 1)
    """
    return analyze(text, billing, has_media=has_media).segment_count


def count_many(column: Any, billing: Billing = "us", *, threads: int = 1) -> Column:
    """Return the count of each text of a column; of an Arrow column only offsets are read.

    Outside the US a text is basic if `billing="us"` gives at most 1 for it, else single.

    Args:
        column: A column as `septet.count_many` takes it, without media.
        billing: "us" or "standard".
        threads: Number of threads to count an Arrow array with.

    Returns:
        The counts as int32, null where the text is null.

    Raises:
        TypeError: The object is not a column of texts.
        ValueError: `billing` is neither of these, `threads` is less than 1, or the Arrow structures
            are inconsistent.
        RuntimeError: Another thread made a list shorter meanwhile.

    Example:
        >>> septet.rcs.count_many(["ok", "é" * 81, None])
        Column([1, 2, None])
    """
    from .columns.counting import count_column

    return count_column(RcsCounter(_segment_bytes(billing)), column, threads)


def _segment_bytes(billing: str) -> int:
    if billing not in _BYTES_BY_BILLING:
        raise ValueError(f"billing must be one of {', '.join(_BYTES_BY_BILLING)}, not {billing!r}")
    return _BYTES_BY_BILLING[billing]
