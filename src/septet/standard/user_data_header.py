"""The user data header: information elements to octets and back (3GPP TS 23.040, 9.2.3.24).

A header is one octet with the length of the rest (UDHL), then elements: identifier (IEI), length,
data. It lies in front of the text in every segment that needs one.
"""

from __future__ import annotations

from collections import namedtuple

from ..exceptions import UserDataHeaderError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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
"""The elements that follow from a text and the rules, and are nobody else's to give."""

_OCTET = 0xFF
_MAX_UDHL = 139


class InformationElement(namedtuple("InformationElement", ("iei", "data"))):
    """One element of a user data header.

    Attributes:
        iei: Identifier, one octet.
        data: Octets of the element, without identifier and length.
    """

    __slots__ = ()

    iei: int
    data: bytes


class Concatenation(
    namedtuple("Concatenation", ("reference", "total", "sequence", "reference_bits"))
):
    """Which segment of which text it is.

    Attributes:
        reference: The same in all segments of a text.
        total: Segments of the text, 1 to 255.
        sequence: Number of the segment, from 1.
        reference_bits: 8 or 16.
    """

    __slots__ = ()

    reference: int
    total: int
    sequence: int
    reference_bits: int


def concatenation(
    reference: int, total: int, sequence: int, reference_bits: int = 8
) -> InformationElement:
    """Return the element that numbers one segment of a text (9.2.3.24.1, 9.2.3.24.8).

    Args:
        reference: The same in all segments of a text, `reference_bits` wide.
        total: Segments of the text, 1 to 255.
        sequence: Number of this segment, from 1 to `total`.
        reference_bits: 8 or 16.

    Raises:
        UserDataHeaderError: A value does not fit its field.
    """
    if reference_bits not in (8, 16):
        raise UserDataHeaderError(f"reference_bits must be 8 or 16, not {reference_bits!r}")
    if not 0 <= reference < 1 << reference_bits:
        raise UserDataHeaderError(f"reference {reference} does not fit {reference_bits} bits")
    if not 1 <= sequence <= total <= _OCTET:
        raise UserDataHeaderError(f"sequence {sequence} of {total} is not within 1 to {_OCTET}")
    iei = CONCATENATION_8_BIT if reference_bits == 8 else CONCATENATION_16_BIT
    octets = reference.to_bytes(reference_bits // 8, "big") + bytes((total, sequence))
    return InformationElement(iei, octets)


def read_concatenation(elements: Iterable[InformationElement]) -> Concatenation | None:
    """Return what the elements say of concatenation, the last of them if there are several.

    An element of another length is ignored, and so are a total or a sequence of 0 and a sequence
    beyond the total (9.2.3.24, 9.2.3.24.1).
    """
    found = None
    for iei, data in elements:
        size = {CONCATENATION_8_BIT: 3, CONCATENATION_16_BIT: 4}.get(iei)
        if len(data) == size and 1 <= data[-1] <= data[-2]:
            reference = int.from_bytes(data[:-2], "big")
            found = Concatenation(reference, data[-2], data[-1], 8 * (size - 2))
    return found


def locking_shift(language: int) -> InformationElement:
    """Return the element that replaces the default alphabet (9.2.3.24.16)."""
    return InformationElement(LOCKING_SHIFT, bytes((language,)))


def single_shift(language: int) -> InformationElement:
    """Return the element that replaces the extension table (9.2.3.24.15)."""
    return InformationElement(SINGLE_SHIFT, bytes((language,)))


def encode_udh(elements: Iterable[InformationElement]) -> bytes:
    """Return the header's octets, UDHL first; no elements give no octets.

    Raises:
        UserDataHeaderError: An identifier or the whole does not fit its field.
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
    """Return the elements of the header that `octets` begins with; text after it is left alone.

    Raises:
        UserDataHeaderError: A length points beyond the octets there are.
    """
    if not octets:
        raise UserDataHeaderError("no octets: a header begins with its length")
    end = 1 + octets[0]
    if end > len(octets):
        raise UserDataHeaderError(
            f"header length {octets[0]} at octet 0 goes beyond the {len(octets)} octets there are"
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
