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

from .._kernels import unpack
from ..exceptions import UserDataHeaderError
from ..standard.data_coding import data_coding_of, encoding_of
from ..standard.encoding import Encoding
from ..standard.limits import header_septets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..standard.user_data_header import InformationElement

__all__ = ["DATA_CODINGS", "EncodedSegment", "check_reference", "data_codings", "element_octets"]

DATA_CODINGS = data_coding_of(Encoding.GSM7), data_coding_of(Encoding.UCS2)
"""The data codings of GSM-7 and UCS-2 without a message class."""


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


def data_codings(message_class: int) -> tuple[int, int]:
    """Return the data codings of GSM-7 and UCS-2 with a message class.

    Raises:
        TypeError: `message_class` is not an `int`.
        ValueError: It is not 0 to 3.
    """
    return (
        data_coding_of(Encoding.GSM7, message_class),
        data_coding_of(Encoding.UCS2, message_class),
    )


def element_octets(elements: Iterable[InformationElement], max_octets: int) -> bytes:
    """Return the octets of further elements for the header of every segment.

    Raises:
        UserDataHeaderError: They take more than `max_octets`, or `encode` makes one of them itself.
    """
    from ..standard.user_data_header import OWN_ELEMENTS, encode_udh

    elements = tuple(elements)
    for iei, _ in elements:
        if iei in OWN_ELEMENTS:
            raise UserDataHeaderError(f"element 0x{iei:02X} is made by encode itself")
    octets = encode_udh(elements)[1:]
    if len(octets) > max_octets:
        raise UserDataHeaderError(
            f"the elements take {len(octets)} octets, but header_octets={max_octets} reserves "
            f"{max_octets}: use Segmenter(header_octets={len(octets)})"
        )
    return octets


def check_reference(reference: int, bits: int) -> None:
    """Check the reference of a concatenation.

    Raises:
        TypeError: It is not an `int`.
        ValueError: It has more bits.
    """
    if not isinstance(reference, int):
        raise TypeError(f"reference must be int or None, not {type(reference).__name__}")
    if not 0 <= reference < 1 << bits:
        raise ValueError(f"reference must be 0 to {(1 << bits) - 1}, not {reference}")
