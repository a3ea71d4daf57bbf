"""Convert texts to the octets of segments and back: septets, packing, user data headers.

`_compiled_wire` has the same functions. Each septet is stored in an octet of its own until it is
packed (3GPP TS 23.038, 6.1.2.1). Tables are given by their identifiers, as in `alphabets`.
"""

from __future__ import annotations

from functools import cache

from ...exceptions import SegmentLimitError
from ...standard.alphabets import ESCAPE, locking_chars, locking_table, single_chars, single_table
from ...standard.limits import MAX_SEGMENTS, OCTETS, header_septets, septet_capacity
from .bounds import check_record
from .kernel import plain_text, tables_and_ends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ...standard.user_data_header import ReferenceBits
    from .kernel import Kernel

__all__ = ["Encoder", "from_septets", "pack", "to_septets", "unpack"]

_SEPTETS = 0x80


@cache
def _spellings(locking: int, single: int) -> dict[str, bytes]:
    escaped = {char: bytes((ESCAPE, septet)) for char, septet in single_table(single).items()}
    plain = {char: bytes((septet,)) for char, septet in locking_table(locking).items()}
    return escaped | plain


def to_septets(text: str, start: int, locking: int, single: int) -> tuple[bytes, int]:
    """Convert the characters of a text to septets.

    Args:
        text: The text.
        start: Index of the first character to convert.
        locking: Identifier of the locking table.
        single: Identifier of the single shift table.

    Returns:
        The septets, and the index of the first character that neither table has, or `len(text)`.

    Raises:
        TypeError: `text` is not a `str`.
        ValueError: `start` is outside the text.
        KeyError: There is no such table.
    """
    spellings = _spellings(locking, single)
    text = plain_text(text)
    _check_range(start, len(text))
    septets: list[bytes] = []
    for index in range(start, len(text)):
        spelling = spellings.get(text[index])
        if spelling is None:
            return b"".join(septets), index
        septets.append(spelling)
    return b"".join(septets), len(text)


def from_septets(
    septets: bytes, start: int, locking: int, single: int, strict: bool
) -> tuple[str, int]:
    """Convert septets to text.

    Args:
        septets: The septets, one for each octet.
        start: Index of the first septet to convert.
        locking: Identifier of the locking table.
        single: Identifier of the single shift table.
        strict: Whether to end before a septet without a character. Otherwise, an escape is ignored
            if the single shift table lacks the next septet, and a septet without a character is
            read as a space (3GPP TS 23.038, 6.2.1.1).

    Returns:
        The text, and the index of the first octet that cannot be converted, or `len(septets)`. An
        octet above 0x7F is not a septet.

    Raises:
        ValueError: `start` is outside the septets.
        KeyError: There is no such table.
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
    """Pack septets into octets.

    Args:
        septets: The septets, one for each octet.
        fill_bits: Zero bits before the first septet, from 0 to 6.

    Raises:
        ValueError: An octet is not a septet, or `fill_bits` is out of range.
    """
    _check_fill_bits(fill_bits)
    octets = bytearray()
    bits, size = 0, fill_bits
    for index, septet in enumerate(septets):
        if septet >= _SEPTETS:
            raise ValueError(f"octet 0x{septet:02X} at index {index} is not a septet")
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
    """Unpack septets from octets.

    Args:
        octets: The packed septets.
        count: Number of septets to unpack.
        fill_bits: Bits to skip before the first septet, from 0 to 6.

    Raises:
        ValueError: The octets do not hold so many septets, or `fill_bits` is out of range.
    """
    _check_fill_bits(fill_bits)
    if count < 0 or (count and fill_bits + 7 * count > 8 * len(octets)):
        raise ValueError(f"{len(octets)} octets do not hold {count} septets")
    padded = octets + b"\0"
    septets = bytearray()
    for first_bit in range(fill_bits, fill_bits + 7 * count, 7):
        index, shift = divmod(first_bit, 8)
        septets.append((padded[index] | padded[index + 1] << 8) >> shift & 0x7F)
    return bytes(septets)


class Encoder:
    """Encodes texts by the rules of a kernel.

    Args:
        kernel: The kernel that chooses the encoding of a text and cuts it.
        record: The type of the records, a subclass of `tuple` with the fields data coding, header,
            user data, length of the user data (TP-UDL), body, reference (None for a single
            segment), total and sequence.
        codings: The data codings for GSM-7 and for UCS-2.
        reference_bits: 8 or 16.
        read_options: Called with the rules of the kernel and the options of `encode` if one of them
            is given; checks them and returns the data codings, and the octets of further elements
            for every header, at most 140.

    Raises:
        TypeError: `record` is not a subclass of `tuple`.
    """

    __slots__ = ("_codings", "_kernel", "_read_options", "_record", "_reference_bits")

    def __init__(
        self,
        kernel: Kernel,
        record: type[tuple[Any, ...]],
        codings: tuple[int, int],
        reference_bits: ReferenceBits,
        read_options: Callable[..., tuple[tuple[int, int], bytes]],
    ) -> None:
        check_record("record", record)
        self._kernel, self._record, self._codings = kernel, record, codings
        self._reference_bits, self._read_options = reference_bits, read_options

    def encode(
        self,
        text: str,
        *,
        reference: int | None = None,
        message_class: int | None = None,
        elements: Iterable[Any] = (),
    ) -> list[Any]:
        """Return the octets of each segment of a text, for a gateway.

        Args:
            text: Any `str`; it is not normalised.
            reference: The number that the segments of one text have in common, of `reference_bits`
                bits; None for a random one. A text of one segment does not use it.
            message_class: 0 (shown at once) to 3, as part of the data coding (3GPP TS 23.038, 4).
            elements: Further elements for the header of every segment. They may take at most the
                `header_octets` of the rules, so that `count` includes them.

        Returns:
            A record for each segment of `split`, with the user data, its length and data coding.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: The reference or message class is out of range.
            EncodingError: GSM-7 is forced and the text has another character.
            SegmentLimitError: The text takes more than 255 segments.
            UserDataHeaderError: The elements do not fit, or `encode` makes one of them itself.

        Example:
            >>> septet.encode("Hi")[0].user_data.hex()
            'c834'
        """
        codings, octets = self._codings, b""
        if reference is not None or message_class is not None or elements:
            codings, octets = self._read_options(
                self._kernel.rules, reference, message_class, elements
            )
        if len(octets) > OCTETS:
            raise ValueError(f"elements of {len(octets)} octets do not fit")
        text = plain_text(text)
        tables, ends = tables_and_ends(self._kernel, text)
        if len(ends) > MAX_SEGMENTS:
            raise SegmentLimitError(len(ends))
        if len(ends) == 1:
            reference = None
        elif reference is None:
            reference = _random_reference(self._reference_bits)
        segments = []
        start = 0
        for sequence, (stop, _) in enumerate(ends, 1):
            if stop - start > septet_capacity():
                raise ValueError(f"a segment of {stop - start} characters does not fit")
            body = text[start:stop]
            udh = self._header(tables, reference, len(ends), sequence, octets)
            if tables is None:
                user_data = udh + body.encode("utf-16-be", "surrogatepass")
                length = len(user_data)
            else:
                septets, _ = to_septets(body, 0, *tables)
                udh_septets, fill_bits = header_septets(len(udh))
                user_data = udh + pack(septets, fill_bits)
                length = udh_septets + len(septets)
            coding = codings[tables is None]
            fields = (coding, udh, user_data, length, body, reference, len(ends), sequence)
            segments.append(tuple.__new__(self._record, fields))
            start = stop
        return segments

    def _header(
        self,
        tables: tuple[int, int] | None,
        reference: int | None,
        total: int,
        sequence: int,
        elements: bytes,
    ) -> bytes:
        """Return the header of a segment, with further elements; no octets if it is empty."""
        from ...standard import user_data_header as header

        locking, single = tables or (0, 0)
        own_elements = []
        if reference is not None:
            own_elements.append(
                header.concatenation(reference, total, sequence, self._reference_bits)
            )
        if single:
            own_elements.append(header.single_shift(single))
        if locking:
            own_elements.append(header.locking_shift(locking))
        octets = header.encode_udh(own_elements)[1:] + elements
        return bytes((len(octets),)) + octets if octets else b""


def _random_reference(bits: int) -> int:
    from random import getrandbits

    return getrandbits(bits)


def _check_range(start: int, length: int) -> None:
    if not 0 <= start <= length:
        raise ValueError(f"start {start} is not within 0 to {length}")


def _check_fill_bits(fill_bits: int) -> None:
    if not 0 <= fill_bits <= 6:
        raise ValueError(f"fill_bits must be 0 to 6, not {fill_bits}")
