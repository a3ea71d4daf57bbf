"""Encode a text as the octets of its segments.

A segment is TP-User-Data of at most 140 octets (3GPP TS 23.040, 9.2.3.24): a header if it needs
one, then either septets, packed from the next septet boundary on (TS 23.038, 6.1.2.1), or UTF-16BE.
TP-Data-Coding-Scheme says which of the two it is, and TP-User-Data-Length how long it is.

UCS-2 has no surrogate pairs, but phones read it as UTF-16, and so does septet. A lone surrogate is
a code unit like any other and decodes to itself; a high and a low surrogate side by side in a `str`
are one character in UTF-16, and decode to that character.
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
    from typing import Any

    from ..rules.rules import Rules
    from ..standard.user_data_header import InformationElement

__all__ = ["DATA_CODINGS", "EncodedSegment", "read_options"]

DATA_CODINGS = data_coding_of(Encoding.GSM7), data_coding_of(Encoding.UCS2)
"""The data codings of GSM-7 and UCS-2 without a message class."""


class EncodedSegment(
    namedtuple(
        "EncodedSegment",
        (
            "data_coding",
            "udh",
            "user_data",
            "user_data_length",
            "body",
            "reference",
            "total",
            "sequence",
        ),
    )
):
    """One segment of a text, encoded.

    Example:
        >>> septet.encode("Hi")[0].user_data.hex()
        'c834'

    Attributes:
        data_coding: TP-Data-Coding-Scheme, one octet (3GPP TS 23.038, 4).
        udh: Octets of the user data header, beginning with its length; empty without a header.
        user_data: TP-User-Data, at most 140 octets: the header, fill bits and packed septets, or
            the header and UTF-16BE.
        user_data_length: TP-User-Data-Length: septets, including those that the header and its
            fill bits take (GSM-7), or octets (UCS-2).
        body: Text of the segment.
        reference: The reference that all segments of the text have in common; None if the text has
            only this segment.
        total: Number of segments of the text, 1 to 255.
        sequence: Number of the segment, from 1 to `total`.
    """

    __slots__ = ()

    data_coding: int
    udh: bytes
    user_data: bytes
    user_data_length: int
    body: str
    reference: int | None
    total: int
    sequence: int

    @property
    def septets(self) -> bytes:
        """Septets of the body, each in an octet of its own, as in SMPP; empty for UCS-2."""
        if encoding_of(self.data_coding) == Encoding.UCS2:
            return b""
        before, fill_bits = header_septets(len(self.udh))
        count = self.user_data_length - before
        return unpack(self.user_data[len(self.udh) :], count, fill_bits)

    def to_dict(self, *, packed: bool = True) -> dict[str, Any]:
        """Return the segment as values that JSON can hold, with the arguments of `decode`.

        Args:
            packed: Whether septets stay packed. If not, `user_data` has each in an octet of its
                own, as in SMPP, and `user_data_length` is None.

        Returns:
            The attributes, with octets as hexadecimal digits, and `has_udh` and `packed`.
        """
        is_packed = packed or encoding_of(self.data_coding) == Encoding.UCS2
        user_data = self.user_data if is_packed else self.udh + self.septets
        return {
            **self._asdict(),
            "udh": self.udh.hex(),
            "user_data": user_data.hex(),
            # Septets that are not packed need no length, and `decode` allows none.
            "user_data_length": self.user_data_length if packed else None,
            "has_udh": self.udh != b"",
            "packed": packed,
        }


def read_options(
    rules: Rules,
    reference: int | None,
    message_class: int | None,
    elements: Iterable[InformationElement],
) -> tuple[tuple[int, int], bytes]:
    """Check the options of `Segmenter.encode`.

    Returns:
        The data codings of GSM-7 and UCS-2, and the octets of the elements.

    Raises:
        TypeError: An option has the wrong type.
        ValueError: The reference or message class is out of range.
        UserDataHeaderError: The elements do not fit, or `encode` makes one of them itself.
    """
    codings = DATA_CODINGS
    if reference is not None:
        _check_reference(reference, rules.reference_bits)
    if message_class is not None:
        codings = (
            data_coding_of(Encoding.GSM7, message_class),
            data_coding_of(Encoding.UCS2, message_class),
        )
    return codings, _element_octets(elements, rules.header_octets) if elements else b""


def _element_octets(elements: Iterable[InformationElement], max_octets: int) -> bytes:
    """Return the octets of further elements for the header of every segment."""
    from ..standard.user_data_header import OWN_ELEMENTS, encode_udh

    elements = tuple(elements)
    for iei, _ in elements:
        if iei in OWN_ELEMENTS:
            raise UserDataHeaderError(f"element 0x{iei:02X} is added by encode itself")
    octets = encode_udh(elements)[1:]
    if len(octets) > max_octets:
        raise UserDataHeaderError(
            f"the elements take {len(octets)} octets, but header_octets={max_octets} reserves "
            f"{max_octets}; use Segmenter(header_octets={len(octets)})"
        )
    return octets


def _check_reference(reference: int, bits: int) -> None:
    if not isinstance(reference, int):
        raise TypeError(f"reference must be int or None, not {type(reference).__name__}")
    if not 0 <= reference < 1 << bits:
        raise ValueError(f"reference must be 0 to {(1 << bits) - 1}, not {reference}")
