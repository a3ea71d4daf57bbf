"""Decode the octets of one segment to its text.

TP-User-Data-Length says how many septets the octets hold. Without it, 8n - 1 septets cannot be
distinguished from 8n septets whose last one is `@`, which is seven zero bits.
"""

from __future__ import annotations

from collections import namedtuple

from .. import _kernels
from ..exceptions import DecodingError, UserDataHeaderError
from ..standard.alphabets import ESCAPE, LOCKING_IDS, SINGLE_IDS
from ..standard.data_coding import encoding_of
from ..standard.encoding import Encoding
from ..standard.limits import header_septets
from ..standard.user_data_header import LOCKING_SHIFT, SINGLE_SHIFT, decode_udh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from ..standard.user_data_header import InformationElement

    Octets: TypeAlias = bytes | bytearray | memoryview
    Tables: TypeAlias = tuple[int, int]

__all__ = ["Received", "decode", "read_units", "take_apart"]

_LOCKING_LANGUAGES = {bytes((identifier,)) for identifier in LOCKING_IDS if identifier}
_SINGLE_LANGUAGES = {bytes((identifier,)) for identifier in SINGLE_IDS if identifier}


class Received(namedtuple("Received", ("tables", "units", "elements"))):
    """The parts of a received segment.

    Attributes:
        tables: Identifiers of the locking and the single shift table of GSM-7; None for UCS-2.
        units: Septets, each in an octet of its own, or code units as UTF-16BE.
        elements: All information elements of the header, of known and unknown kinds.
    """

    __slots__ = ()

    tables: Tables | None
    units: bytes
    elements: tuple[InformationElement, ...]


def decode(
    user_data: Octets,
    *,
    data_coding: int = 0x00,
    has_udh: bool = False,
    user_data_length: int | None = None,
    packed: bool = True,
    strict: bool = False,
) -> str:
    """Return the text of one segment.

    Args:
        user_data: TP-User-Data, or the short message of SMPP.
        data_coding: TP-Data-Coding-Scheme, one octet; reserved values mean GSM-7.
        has_udh: Whether the data begins with a header (TP-UDHI, or 0x40 in SMPP's `esm_class`).
            Its national language elements choose the tables; a `Reassembler` reads its
            concatenation element.
        user_data_length: TP-User-Data-Length, in septets (GSM-7) or octets (UCS-2), including the
            header. Without it all octets are text, except seven zero bits at the very end: they
            are read as spare bits and not as an `@`.
        packed: Whether GSM-7 septets are packed; False for one septet in each octet, as in SMPP.
        strict: Whether invalid data raises. Otherwise an escape before a septet that is not in its
            table is ignored, septets without a character become spaces (3GPP TS 23.038, 6.2.1.1),
            elements of reserved languages or with invalid lengths are ignored (TS 23.040,
            9.2.3.24), and half a code unit at the end is dropped.

    Returns:
        The text of the segment.

    Raises:
        TypeError: An argument has the wrong type.
        ValueError: `user_data_length` is given although the septets are not packed.
        DecodingError: The data is shorter than `user_data_length`, is not text, or is invalid and
            `strict` is set; the message says where.
        UserDataHeaderError: The header is longer than the data.

    Example:
        >>> septet.decode(bytes.fromhex("c834"))
        'Hi'
    """
    received = take_apart(user_data, data_coding, has_udh, user_data_length, packed, strict)
    return read_units(received.tables, received.units, strict)


def take_apart(
    user_data: Octets,
    data_coding: int,
    has_udh: bool,
    user_data_length: int | None,
    packed: bool,
    strict: bool,
    functions: Any = _kernels,
) -> Received:
    """Return the header's elements and the units of one segment.

    Arguments as for `decode`; `functions` has those of an implementation (`_kernels.load`).
    """
    if not isinstance(user_data, (bytes, bytearray, memoryview)):
        raise TypeError(f"user_data must be bytes, not {type(user_data).__name__}")
    octets = bytes(user_data)
    encoding = encoding_of(data_coding)
    elements = _elements(octets, strict) if has_udh else ()
    header_octets = 1 + octets[0] if has_udh else 0
    if encoding == Encoding.UCS2:
        end = _checked_length(user_data_length, header_octets, len(octets), "octets")
        units = octets[header_octets:end]
        if len(units) % 2:
            if strict:
                raise DecodingError(f"the last code unit has only octet {end - 1}")
            units = units[:-1]
        return Received(None, units, elements)
    tables = _tables(elements, strict)
    if not packed:
        if user_data_length is not None:
            raise ValueError("user_data_length must be None with packed=False")
        return Received(tables, octets[header_octets:], elements)
    before, fill_bits = header_septets(header_octets)
    total = 8 * len(octets) // 7
    end = _checked_length(user_data_length, before, total, "septets")
    units = functions.unpack(octets[header_octets:], max(end - before, 0), fill_bits)
    if user_data_length is None and 7 * total == 8 * len(octets) and units.endswith(b"\0"):
        units = units[:-1]
    return Received(tables, units, elements)


def read_units(tables: Tables | None, units: bytes, strict: bool, functions: Any = _kernels) -> str:
    """Return the text of septets or code units; `functions` as for `take_apart`.

    Raises:
        DecodingError: An octet is not a septet; if `strict`, also a septet without a character.
    """
    if tables is None:
        return units.decode("utf-16-be", "surrogatepass")
    text: str
    text, stop = functions.from_septets(units, 0, *tables, strict)
    if stop < len(units):
        what = "is not a character" if units[stop] < 0x80 else "is not a septet"
        shown = units[stop : stop + 2] if units[stop] == ESCAPE else units[stop : stop + 1]
        raise DecodingError(f"0x{shown.hex().upper()} at index {stop} of the septets {what}")
    return text


def _elements(octets: bytes, strict: bool) -> tuple[InformationElement, ...]:
    try:
        return decode_udh(octets)
    except UserDataHeaderError:
        # An element that is cut off makes the whole header invalid, but not the text (9.2.3.24).
        if strict or not octets or octets[0] >= len(octets):
            raise
        return ()


def _tables(elements: tuple[InformationElement, ...], strict: bool) -> Tables:
    """Return the tables that the elements choose; the last of each kind counts (9.2.3.24)."""
    locking = single = 0
    for iei, data in elements:
        if iei == LOCKING_SHIFT:
            locking = _language(iei, data, _LOCKING_LANGUAGES, strict)
        elif iei == SINGLE_SHIFT:
            single = _language(iei, data, _SINGLE_LANGUAGES, strict)
    return locking, single


def _language(iei: int, data: bytes, known: set[bytes], strict: bool) -> int:
    if data in known:
        return data[0]
    if strict:
        raise DecodingError(
            f"element 0x{iei:02X} has an unknown language: {data.hex() or 'no data'}"
        )
    return 0


def _checked_length(length: int | None, header: int, available: int, unit: str) -> int:
    if length is None:
        return available
    if not isinstance(length, int):
        raise TypeError(f"user_data_length must be int or None, not {type(length).__name__}")
    if length > available:
        raise DecodingError(
            f"user_data_length is {length} {unit}, but the data holds only {available}"
        )
    if length < header:
        raise DecodingError(
            f"user_data_length is {length} {unit}, but the header alone takes {header}"
        )
    return length
