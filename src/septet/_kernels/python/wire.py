"""Pure-Python twin of the octets: the reference, written to be read.

`_compiled_wire` answers as it does. A septet lies in an octet of its own until it is packed (3GPP
TS 23.038, 6.1.2.1). Tables are named by their identifiers, as in `alphabets`.
"""

from __future__ import annotations

from functools import cache

from ...exceptions import SegmentLimitError
from ...standard.alphabets import ESCAPE, locking_chars, locking_table, single_chars, single_table
from ...standard.limits import MAX_SEGMENTS, OCTETS, header_septets, septet_capacity
from .kernel import plain_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from .kernel import Kernel

    Record = TypeVar("Record", bound=tuple[object, ...])

__all__ = ["encode_segments", "from_septets", "pack", "to_septets", "unpack"]

_SEPTETS = 0x80


@cache
def _spellings(locking: int, single: int) -> dict[str, bytes]:
    escaped = {char: bytes((ESCAPE, septet)) for char, septet in single_table(single).items()}
    plain = {char: bytes((septet,)) for char, septet in locking_table(locking).items()}
    return escaped | plain


def to_septets(text: str, start: int, locking: int, single: int) -> tuple[bytes, int]:
    """Return the septets of a text from `start` on, and the index of what the tables lack."""
    spellings = _spellings(locking, single)
    text = plain_text(text)
    _check_range(start, len(text))
    found: list[bytes] = []
    for index in range(start, len(text)):
        spelling = spellings.get(text[index])
        if spelling is None:
            return b"".join(found), index
        found.append(spelling)
    return b"".join(found), len(text)


def from_septets(
    septets: bytes, start: int, locking: int, single: int, strict: bool
) -> tuple[str, int]:
    """Return the text of septets from `start` on, and the index of what cannot be read.

    That is an octet that is no septet. `strict` ends also before what stands for no character; else
    the escape before a septet that its table lacks is passed over, and what is still nothing reads
    as a space (3GPP TS 23.038, 6.2.1.1).
    """
    plain, escaped = locking_chars(locking), single_chars(single)
    _check_range(start, len(septets))
    chars = []
    index = start
    while index < len(septets) and septets[index] < _SEPTETS:
        septet, following = septets[index], septets[index + 1 : index + 2]
        char, stop = plain[septet], index + 1
        if septet == ESCAPE and following and following[0] < _SEPTETS:
            char = escaped[following[0]]
            if not char and not strict:
                char = plain[following[0]]
            stop += 1
        if strict and not char:
            break
        chars.append(char or " ")
        index = stop
    return "".join(chars), index


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Return the octets of septets that begin behind some fill bits (0 to 6)."""
    _check_fill_bits(fill_bits)
    octets = bytearray()
    bits, size = 0, fill_bits
    for index, septet in enumerate(septets):
        if septet >= _SEPTETS:
            raise ValueError(f"octet 0x{septet:02X} at index {index} is no septet")
        bits |= septet << size
        size += 7
        if size >= 8:
            octets.append(bits & 0xFF)
            bits >>= 8
            size -= 8
    if size:
        octets.append(bits)
    return bytes(octets)


def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes:
    """Return that many septets out of octets, the first of them behind some fill bits."""
    _check_fill_bits(fill_bits)
    if count < 0 or (count and fill_bits + 7 * count > 8 * len(octets)):
        raise ValueError(f"{len(octets)} octets do not hold {count} septets")
    padded = octets + b"\0"
    septets = bytearray()
    for first_bit in range(fill_bits, fill_bits + 7 * count, 7):
        index, shift = divmod(first_bit, 8)
        septets.append((padded[index] | padded[index + 1] << 8) >> shift & 0x7F)
    return bytes(septets)


def encode_segments(
    kernel: Kernel,
    text: str,
    result: type[Record],
    gsm7_coding: int,
    ucs2_coding: int,
    reference: int | None,
    reference_bits: int,
    elements: bytes,
) -> list[Record]:
    """Return a record of the octets of each segment of a text.

    Args:
        kernel: Says what the text is counted in and where it is cut.
        text: The whole text.
        result: The record, a tuple of data coding, header, user data, its length (TP-UDL) and body.
        gsm7_coding: Data coding of a text in GSM-7.
        ucs2_coding: Data coding of a text in UCS-2.
        reference: What the segments have in common if there are several; None for any.
        reference_bits: 8 or 16.
        elements: Octets of further elements for every header.

    Raises:
        SegmentLimitError: There are too many segments to number.
    """
    from ...standard.user_data_header import concatenation, encode_udh, locking_shift, single_shift

    if len(elements) > OCTETS:
        raise ValueError(f"elements of {len(elements)} octets do not fit")
    text = plain_text(text)
    tables, ends = kernel.tables_and_ends(text)
    locking, single = tables or (0, 0)
    total = len(ends)
    if total > MAX_SEGMENTS:
        raise SegmentLimitError(total)
    if reference is None:
        reference = _any_reference(reference_bits) if total > 1 else 0
    segments = []
    start = 0
    for sequence, (stop, _) in enumerate(ends, 1):
        if stop - start > septet_capacity():
            raise ValueError(f"a segment of {stop - start} characters does not fit")
        body = text[start:stop]
        own = []
        if total > 1:
            own.append(concatenation(reference, total, sequence, reference_bits))
        if single:
            own.append(single_shift(single))
        if locking:
            own.append(locking_shift(locking))
        octets = encode_udh(own)[1:] + elements
        udh = bytes((len(octets),)) + octets if octets else b""
        if tables is None:
            coding = ucs2_coding
            user_data = udh + body.encode("utf-16-be", "surrogatepass")
            length = len(user_data)
        else:
            coding = gsm7_coding
            septets, _ = to_septets(body, 0, locking, single)
            before, fill_bits = header_septets(len(udh))
            user_data = udh + pack(septets, fill_bits)
            length = before + len(septets)
        segments.append(tuple.__new__(result, (coding, udh, user_data, length, body)))
        start = stop
    return segments


def _any_reference(bits: int) -> int:
    from random import getrandbits

    return getrandbits(bits)


def _check_range(start: int, length: int) -> None:
    if not 0 <= start <= length:
        raise ValueError(f"start {start} is not within 0 to {length}")


def _check_fill_bits(fill_bits: int) -> None:
    if not 0 <= fill_bits <= 6:
        raise ValueError(f"fill_bits must be 0 to 6, not {fill_bits}")
