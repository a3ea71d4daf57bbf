"""Rows of an Arrow column of texts, read from memory by `ctypes`, one after the other.

Offsets that go back and views that point past their buffer are noticed before anything is read.
"""

from __future__ import annotations

import ctypes
from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "OFFSETS_GO_BACK",
    "VIEW_OUT_OF_RANGE",
    "Addresses",
    "OutOfRangeError",
    "decode_row",
    "read_rows",
]

# The outcomes of scan_column.h that say so.
OFFSETS_GO_BACK = 1
VIEW_OUT_OF_RANGE = 2

_INLINE = 12  # octets that a view holds itself
_VIEW = 16
_LENGTH = 4


class Addresses(
    namedtuple(
        "Addresses",
        ("layout", "rows", "values", "buffers", "sizes", "buffer_count", "validity"),
    )
):
    """Where the rows of a column lie: `septet_column` of scan_column.h.

    Attributes:
        layout: "u", "U" or "vu".
        rows: Address of the offsets, or of the views.
        values: Address of the octets ("u", "U").
        buffers: Address of the addresses of the octets ("vu").
        sizes: Address of their sizes ("vu").
        buffer_count: How many there are ("vu").
        validity: Address of the bits that say which rows are not null; 0 if none is null.
    """

    __slots__ = ()

    layout: str
    rows: int
    values: int
    buffers: int
    sizes: int
    buffer_count: int
    validity: int


class OutOfRangeError(Exception):
    """A row that does not lie where rows can lie."""

    def __init__(self, outcome: int) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def read_rows(column: Addresses, first: int, stop: int) -> Iterator[bytes | None]:
    """Yield the octets of each row from `first` up to `stop`, None for a null."""
    if first == stop:
        return  # there may be no memory at all
    layout, rows, values, buffers, sizes, buffer_count, validity = column
    bits = (ctypes.c_uint8 * (stop + 7 >> 3)).from_address(validity) if validity else None

    def is_null(row: int) -> bool:
        return bits is not None and not bits[row >> 3] >> (row & 7) & 1

    if layout == "vu":
        addresses = (ctypes.c_void_p * buffer_count).from_address(buffers) if buffer_count else ()
        lengths = (ctypes.c_int64 * buffer_count).from_address(sizes) if buffer_count else ()
        for row in range(first, stop):
            view = rows + row * _VIEW
            length, _, buffer, offset = (ctypes.c_int32 * 4).from_address(view)
            if is_null(row):
                yield None
            elif 0 <= length <= _INLINE:
                yield ctypes.string_at(view + _LENGTH, length)
            elif (
                length < 0
                or not 0 <= buffer < buffer_count
                or offset < 0
                or offset + length > lengths[buffer]
            ):
                raise OutOfRangeError(VIEW_OUT_OF_RANGE)
            else:
                yield ctypes.string_at((addresses[buffer] or 0) + offset, length)
        return
    offsets = ((ctypes.c_int32 if layout == "u" else ctypes.c_int64) * (stop + 1)).from_address(
        rows
    )
    last = offsets[stop]
    if not 0 <= offsets[first] <= last:
        raise OutOfRangeError(OFFSETS_GO_BACK)
    for row in range(first, stop):
        begin, end = offsets[row], offsets[row + 1]
        if not begin <= end <= last:
            raise OutOfRangeError(OFFSETS_GO_BACK)
        yield None if is_null(row) else ctypes.string_at(values + begin, end - begin)


def decode_row(octets: bytes) -> str:
    """Return the text, or what counts as octets that are not UTF-8 do.

    That is one code unit for every octet that begins a character (two from 0xF0 on), and one for
    continuation octets at the start.
    """
    try:
        return octets.decode()
    except UnicodeDecodeError:
        firsts = octets[:1] + bytes(octet for octet in octets[1:] if octet & 0xC0 != 0x80)
        return "".join("\U0010ffff" if octet >= 0xF0 else "\uffff" for octet in firsts)
