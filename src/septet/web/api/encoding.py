"""`/v1/encode`: the user data of each segment of a text."""

from __future__ import annotations

from typing import Annotated, Literal

from ...exceptions import EncodingError, SegmentLimitError
from .rules import TextRequest, described, refused_text
from .schema import Meta, RequestError, Struct

__all__ = ["EncodeAnswer", "EncodeRequest", "EncodedSegment", "encode"]

_MAX_REFERENCE = 0xFFFF


class EncodeRequest(TextRequest, kw_only=True):
    """A text, what its segments have besides it, and the rules to encode it by.

    With `languages`, the text may have up to 10,000 characters.
    """

    reference: (
        Annotated[
            int,
            Meta(
                ge=0,
                le=_MAX_REFERENCE,
                description="The concatenation reference; up to 255 with references of 8 bits. "
                "Without it, a random one.",
            ),
        ]
        | None
    ) = None
    message_class: Annotated[
        Literal[0, 1, 2, 3] | None, described("The message class; 0 shows the message at once.")
    ] = None
    packed: Annotated[
        bool,
        described("Whether septets are packed, or each is in an octet of its own, as in SMPP."),
    ] = True


class EncodedSegment(Struct):
    """One segment, by the names of TS 23.040. Octets are hexadecimal digits.

    `user_data` begins with the header, `udh`; UTF-16BE or septets follow. `user_data_length` counts
    septets, or octets of UCS-2, header included; it is null for septets that are not packed.
    `reference` is null if the text has only one segment.
    """

    data_coding: int
    has_udh: bool
    udh: str
    user_data: str
    user_data_length: int | None
    packed: bool
    body: str
    reference: int | None
    total: int
    sequence: int


class EncodeAnswer(Struct):
    """The segments of a text, in order."""

    segments: list[EncodedSegment]


def encode(request: EncodeRequest, provider: str | None = None) -> EncodeAnswer:
    """Return the user data of the segments of a text.

    Args:
        request: The text and its rules.
        provider: The provider whose rules apply if the request does not name one.

    Raises:
        RequestError: The rules do not allow this text or reference, or it needs more than 255
            segments.
    """
    request.check()
    segmenter = request.segmenter(provider, request.encoding)
    try:
        segments = segmenter.encode(
            request.text, reference=request.reference, message_class=request.message_class
        )
    except EncodingError as error:
        raise refused_text(error) from None
    except SegmentLimitError as error:
        raise RequestError(422, str(error), "text", request.text) from None
    except ValueError as error:
        raise RequestError(422, str(error), "reference", request.reference) from None
    return EncodeAnswer(
        [EncodedSegment(**segment.to_dict(packed=request.packed)) for segment in segments]
    )
