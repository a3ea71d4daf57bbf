"""Texts to the octets that go on the air.

A segment is TP-User-Data of at most 140 octets (3GPP TS 23.040, 9.2.3.24): a header if it needs
one, then septets packed from the next septet border on (TS 23.038, 6.1.2.1), or UTF-16BE. Two more
values go with it: TP-Data-Coding-Scheme says which of the two it is, and TP-User-Data-Length how
much of it is text.

UCS-2 knows no surrogate pairs, and phones read it as UTF-16: so does this. A lone half is a code
unit like any other and comes back as it was; two halves that stand next to each other in a `str`
are one character on the air, and come back as that.
"""

from __future__ import annotations

from collections import namedtuple

from .._kernels import encode_segments, unpack
from ..exceptions import UserDataHeaderError
from ..standard.data_coding import data_coding_of, encoding_of
from ..standard.encoding import Encoding
from ..standard.limits import header_septets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..standard.user_data_header import InformationElement

__all__ = ["EncodedSegment", "encode"]

_CODINGS = data_coding_of(Encoding.GSM7), data_coding_of(Encoding.UCS2)


class EncodedSegment(
    namedtuple("EncodedSegment", ("data_coding", "udh", "user_data", "user_data_length", "body"))
):
    """One short message of a text as it goes on the air.

    Attributes:
        data_coding: TP-Data-Coding-Scheme, one octet (3GPP TS 23.038, 4).
        udh: Octets of the user data header, its length first; none if there is no header.
        user_data: TP-User-Data, at most 140 octets: the header, fill bits and packed septets, or
            the header and UTF-16BE.
        user_data_length: TP-User-Data-Length: septets, those under the header and its fill bits
            included (GSM-7), or octets (UCS-2).
        body: The text of the segment.
    """

    __slots__ = ()

    data_coding: int
    udh: bytes
    user_data: bytes
    user_data_length: int
    body: str

    @property
    def septets(self) -> bytes:
        """The septets of the body, one in each octet, as SMPP carries them; none with UCS-2."""
        if encoding_of(self.data_coding) == Encoding.UCS2:
            return b""
        before, fill_bits = header_septets(len(self.udh))
        count = self.user_data_length - before
        return unpack(self.user_data[len(self.udh) :], count, fill_bits)


def encode(
    segmenter: Any,
    text: str,
    *,
    reference: int | None = None,
    message_class: int | None = None,
    elements: Iterable[InformationElement] = (),
) -> list[EncodedSegment]:
    """Return the octets of each segment of a text, cut as `split` cuts it.

    Args:
        segmenter: The rules.
        text: Any `str`; nothing is normalised.
        reference: What the concatenation elements have in common, as wide as `reference_bits` says;
            None takes one at random. It is of no use to a text of one segment.
        message_class: 0 (shown at once) to 3, as part of the data coding (3GPP TS 23.038, 4).
        elements: For the header of every segment, behind those of septet itself. They take no more
            than the `header_octets` of the rules, so that `count` has counted them.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: There is no such reference or message class.
        EncodingError: GSM-7 is forced and the text has another character.
        SegmentLimitError: The text takes more than 255 segments.
        UserDataHeaderError: The elements do not fit.
    """
    codings, octets = _CODINGS, b""
    if reference is not None:
        _check_reference(reference, segmenter.reference_bits)
    if message_class is not None:
        codings = (
            data_coding_of(Encoding.GSM7, message_class),
            data_coding_of(Encoding.UCS2, message_class),
        )
    if elements:
        octets = _element_octets(elements, segmenter.header_octets)
    return encode_segments(
        segmenter,
        text,
        EncodedSegment,
        codings,
        reference,
        segmenter.reference_bits,
        octets,
    )


def _element_octets(elements: Iterable[InformationElement], room: int) -> bytes:
    from ..standard.user_data_header import OWN_ELEMENTS, encode_udh

    elements = tuple(elements)
    for iei, _ in elements:
        if iei in OWN_ELEMENTS:
            raise UserDataHeaderError(f"element 0x{iei:02X} is made by encode itself")
    octets = encode_udh(elements)[1:]
    if len(octets) > room:
        raise UserDataHeaderError(
            f"elements of {len(octets)} octets, where header_octets={room} makes room: "
            f"use Segmenter(header_octets={len(octets)})"
        )
    return octets


def _check_reference(reference: int, bits: int) -> None:
    if not isinstance(reference, int):
        raise TypeError(f"reference must be int or None, not {type(reference).__name__}")
    if not 0 <= reference < 1 << bits:
        raise ValueError(f"reference must be 0 to {(1 << bits) - 1}, not {reference}")
