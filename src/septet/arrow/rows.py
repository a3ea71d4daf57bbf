"""Rows of an Arrow column of texts, read from memory by `ctypes`, one after the other.

Offsets that go backwards and views that point outside their buffer are detected before anything is
read.
"""

from __future__ import annotations

import ctypes
from collections import namedtuple
from enum import IntEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "INLINE_BYTES",
    "LENGTH_BYTES",
    "VIEW_BYTES",
    "Addresses",
    "OutOfRangeError",
    "Outcome",
    "decode_row",
    "read_rows",
]

VIEW_BYTES = 16
"""The size of a view of a utf8_view."""

INLINE_BYTES = 12
"""The size of the longest text that a view holds itself."""

LENGTH_BYTES = 4
"""The size of the length, with which a view begins."""


class Outcome(IntEnum):
    """How reading the rows of a column ended; the values are those of `septet_outcome` in C."""

    FINE = 0
    OFFSETS_GO_BACK = 1
    VIEW_OUT_OF_RANGE = 2
    NO_ENCODING = 3
    TOO_LONG = 4
    NO_MEMORY = 5
    NOT_UTF8 = 6

    def error(self, row: int) -> Exception:
        """Return the error for rows that could not be read.

        Args:
            row: Number of the row that could not be read, from 0.

        Returns:
            A `ValueError` that names the row, or a `MemoryError`. `NO_ENCODING` depends on the
            rules and has no error here.
        """
        if self is Outcome.NO_MEMORY:
            return MemoryError()
        return ValueError(f"row {row}: {_REASONS[self]}")


_REASONS = {
    Outcome.OFFSETS_GO_BACK: "its offsets go backwards, or beyond the last one",
    Outcome.VIEW_OUT_OF_RANGE: "its view points outside its buffer",
    Outcome.TOO_LONG: "its text takes 1 GiB or more",
    Outcome.NOT_UTF8: "its text is not UTF-8",
}


class Addresses(
    namedtuple(
        "Addresses",
        ("layout", "rows", "values", "buffers", "sizes", "buffer_count", "validity"),
    )
):
    """Where the rows of a column are in memory: `septet_column` in C.

    Attributes:
        layout: "u" (utf8), "U" (large_utf8) or "vu" (utf8_view).
        rows: Address of the offsets, or of the views.
        values: Address of the bytes of the texts ("u", "U").
        buffers: Address of the addresses of the buffers with the bytes ("vu").
        sizes: Address of the sizes of these buffers ("vu").
        buffer_count: Number of these buffers ("vu").
        validity: Address of the validity bits, one for each row; 0 if no row is null.
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
    """A row points outside the memory of its column.

    Attributes:
        outcome: What is wrong with the row.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def read_rows(column: Addresses, first: int, stop: int) -> Iterator[bytes | None]:
    """Yield the bytes of each row from `first` up to `stop`, None for a null.

    Raises:
        OutOfRangeError: A row points outside the memory of the column.
    """
    if first == stop:
        return  # the buffers of a column without rows may be absent
    layout, rows, values, buffers, sizes, buffer_count, validity = column
    bits = (ctypes.c_uint8 * (stop + 7 >> 3)).from_address(validity) if validity else None

    def is_null(row: int) -> bool:
        return bits is not None and not bits[row >> 3] >> (row & 7) & 1

    if layout == "vu":
        addresses = (ctypes.c_void_p * buffer_count).from_address(buffers) if buffer_count else ()
        lengths = (ctypes.c_int64 * buffer_count).from_address(sizes) if buffer_count else ()
        for row in range(first, stop):
            view = rows + row * VIEW_BYTES
            length, _, buffer, offset = (ctypes.c_int32 * 4).from_address(view)
            if is_null(row):
                yield None
            elif 0 <= length <= INLINE_BYTES:
                yield ctypes.string_at(view + LENGTH_BYTES, length)
            elif (
                length < 0
                or not 0 <= buffer < buffer_count
                or offset < 0
                or offset + length > lengths[buffer]
            ):
                raise OutOfRangeError(Outcome.VIEW_OUT_OF_RANGE)
            else:
                yield ctypes.string_at((addresses[buffer] or 0) + offset, length)
        return
    offsets = ((ctypes.c_int32 if layout == "u" else ctypes.c_int64) * (stop + 1)).from_address(
        rows
    )
    last = offsets[stop]
    if not 0 <= offsets[first] <= last:
        raise OutOfRangeError(Outcome.OFFSETS_GO_BACK)
    for row in range(first, stop):
        begin, end = offsets[row], offsets[row + 1]
        if not begin <= end <= last:
            raise OutOfRangeError(Outcome.OFFSETS_GO_BACK)
        yield None if is_null(row) else ctypes.string_at(values + begin, end - begin)


def decode_row(row_bytes: bytes) -> str:
    """Return the text of a row; bytes that are not UTF-8 become placeholders that count the same.

    Such a row counts one code unit for every byte that begins a character (two from 0xF0 on), and
    one for continuation bytes at its start.
    """
    try:
        return row_bytes.decode()
    except UnicodeDecodeError:
        firsts = row_bytes[:1] + bytes(byte for byte in row_bytes[1:] if byte & 0xC0 != 0x80)
        return "".join("\U0010ffff" if byte >= 0xF0 else "\uffff" for byte in firsts)
