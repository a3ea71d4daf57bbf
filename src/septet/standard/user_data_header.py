"""The user data header: encodes and decodes information elements (3GPP TS 23.040, 9.2.3.24).

A header is one octet with the length of the rest (UDHL), then elements: identifier (IEI), length,
data. It comes before the text in every segment that needs one.
"""

from __future__ import annotations

from collections import namedtuple

from ..exceptions import UserDataHeaderError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal, TypeAlias

    ReferenceBits: TypeAlias = Literal[8, 16]

__all__ = [
    "CONCATENATION_8_BIT",
    "CONCATENATION_16_BIT",
    "LOCKING_SHIFT",
    "OWN_ELEMENTS",
    "SINGLE_SHIFT",
    "Concatenation",
    "InformationElement",
    "concatenation",
    "decode_udh",
    "encode_udh",
    "locking_shift",
    "read_concatenation",
    "single_shift",
]

CONCATENATION_8_BIT = 0x00
CONCATENATION_16_BIT = 0x08
SINGLE_SHIFT = 0x24
LOCKING_SHIFT = 0x25

OWN_ELEMENTS = (CONCATENATION_8_BIT, CONCATENATION_16_BIT, SINGLE_SHIFT, LOCKING_SHIFT)
"""The elements that `encode` adds itself; callers must not give them."""

_OCTET = 0xFF
_MAX_UDHL = 139


class InformationElement(namedtuple("InformationElement", ("iei", "data"))):
    """An information element of a user data header (9.2.3.24).

    Attributes:
        iei: Information element identifier, one octet.
        data: Octets of the element, without identifier and length.
    """

    __slots__ = ()

    iei: int
    data: bytes


class Concatenation(
    namedtuple("Concatenation", ("reference", "total", "sequence", "reference_bits"))
):
    """The fields of a concatenation element (9.2.3.24.1, 9.2.3.24.8).

    Attributes:
        reference: Reference that all segments of a text have in common.
        total: Number of segments of the text, 1 to 255.
        sequence: Number of the segment, from 1 to `total`.
        reference_bits: Width of the reference, 8 or 16.
    """

    __slots__ = ()

    reference: int
    total: int
    sequence: int
    reference_bits: ReferenceBits


def concatenation(
    reference: int, total: int, sequence: int, reference_bits: ReferenceBits = 8
) -> InformationElement:
    """Return the concatenation element of a segment (9.2.3.24.1, 9.2.3.24.8).

    Args:
        reference: Reference that all segments of a text have in common, of `reference_bits` bits.
        total: Number of segments of the text, 1 to 255.
        sequence: Number of the segment, from 1 to `total`.
        reference_bits: Width of the reference, 8 or 16.

    Raises:
        UserDataHeaderError: A value does not fit its field.
    """
    if reference_bits not in (8, 16):
        raise UserDataHeaderError(f"reference_bits must be 8 or 16, not {reference_bits!r}")
    if not 0 <= reference < 1 << reference_bits:
        raise UserDataHeaderError(f"reference {reference} does not fit into {reference_bits} bits")
    if not 1 <= sequence <= total <= _OCTET:
        raise UserDataHeaderError(f"sequence {sequence} of {total} is not within 1 to {_OCTET}")
    iei = CONCATENATION_8_BIT if reference_bits == 8 else CONCATENATION_16_BIT
    octets = reference.to_bytes(reference_bits // 8, "big") + bytes((total, sequence))
    return InformationElement(iei, octets)


def read_concatenation(elements: Iterable[InformationElement]) -> Concatenation | None:
    """Return the fields of the last valid concatenation element, or None without one.

    An element is ignored if its length is wrong, its total or sequence is 0, or its sequence is
    greater than its total (9.2.3.24, 9.2.3.24.1).
    """
    last = None
    for iei, data in elements:
        if iei == CONCATENATION_8_BIT and len(data) == 3:
            reference, total, sequence = data
            bits: ReferenceBits = 8
        elif iei == CONCATENATION_16_BIT and len(data) == 4:
            high, low, total, sequence = data
            reference, bits = high << 8 | low, 16
        else:
            continue
        if 1 <= sequence <= total:
            last = Concatenation(reference, total, sequence, bits)
    return last


def locking_shift(language: int) -> InformationElement:
    """Return the element for a national locking shift table (9.2.3.24.16)."""
    return InformationElement(LOCKING_SHIFT, bytes((language,)))


def single_shift(language: int) -> InformationElement:
    """Return the element for a national single shift table (9.2.3.24.15)."""
    return InformationElement(SINGLE_SHIFT, bytes((language,)))


def encode_udh(elements: Iterable[InformationElement]) -> bytes:
    """Return the octets of a header, beginning with UDHL; no octets if there are no elements.

    Raises:
        UserDataHeaderError: An identifier is not one octet, or the header is too long.
    """
    octets = bytearray()
    for iei, data in elements:
        if not 0 <= iei <= _OCTET:
            raise UserDataHeaderError(f"information element identifier {iei} is not one octet")
        if len(octets) + 2 + len(data) > _MAX_UDHL:
            raise UserDataHeaderError(
                f"element 0x{iei:02X} of {len(data)} octets does not fit: "
                f"a header holds at most {_MAX_UDHL} octets of elements"
            )
        octets += bytes((iei, len(data))) + data
    return bytes((len(octets),)) + octets if octets else b""


def decode_udh(octets: bytes) -> tuple[InformationElement, ...]:
    """Return the elements of the header at the beginning of user data.

    Args:
        octets: The user data; octets after the header are ignored.

    Raises:
        UserDataHeaderError: A length goes beyond the end of the header or of the octets.
    """
    if not octets:
        raise UserDataHeaderError("the user data is empty: a header begins with its length")
    end = 1 + octets[0]
    if end > len(octets):
        raise UserDataHeaderError(
            f"the header length is {octets[0]}, but only {len(octets) - 1} octets follow it"
        )
    elements = []
    start = 1
    while start < end:
        if start + 2 > end or start + 2 + octets[start + 1] > end:
            raise UserDataHeaderError(f"information element at octet {start} is cut off")
        stop = start + 2 + octets[start + 1]
        elements.append(InformationElement(octets[start], bytes(octets[start + 2 : stop])))
        start = stop
    return tuple(elements)
