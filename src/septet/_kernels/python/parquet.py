"""Texts of Parquet pages as views; `_compiled_parquet` has the same class.

A page may be damaged: every length, width and index is checked before it is used.
"""

from __future__ import annotations

from itertools import repeat
from struct import pack

from ...arrow.rows import INLINE_BYTES, VIEW_BYTES
from .bounds import check_min_length, check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    Bytes: TypeAlias = bytes | bytearray | memoryview
    Memory: TypeAlias = bytearray | memoryview

__all__ = ["TextPages"]

_LENGTH_BYTES = 4  # before a value in the plain encoding
_MAX_WIDTH = 32  # bits of an index
_MAX_HEAD_SHIFT = 28  # of the last seven bits of the head of a run

_DAMAGE = "the page is damaged, or a text is not UTF-8"


class TextPages:
    """Reads the texts of the pages of a column chunk, one page after the other.

    In the plain encoding, zeros are written over the length of each text that is read.
    """

    def __init__(self) -> None:
        self._dictionary: list[bytes] = []  # a view of each of its values
        self._rest = 0  # rows of the page that are not read yet
        self._levels: Iterator[int] | None = None
        self._indexes: Iterator[int] | None = None
        self._values = memoryview(b"")
        self._position = 0  # of the next value in the plain encoding

    def read_dictionary(self, values: Memory, count: int) -> None:
        """Read the dictionary page, whose values are in buffer 0 for all views.

        Args:
            values: The page, decompressed, in writable memory.
            count: The number of its values.

        Raises:
            ValueError: The page is damaged, or a text is not UTF-8.
        """
        if not 0 <= count <= len(values) // _LENGTH_BYTES:
            raise ValueError(_DAMAGE)
        dictionary = []
        position = 0
        for _ in range(count):
            view, position = _read_plain(memoryview(values), position, 0)
            dictionary.append(view)
        self._rest = 0
        self._dictionary = dictionary

    def start_page(
        self, levels: Bytes | None, values: Memory, start: int, count: int, has_indexes: bool
    ) -> None:
        """Begin a data page.

        Args:
            levels: The definition levels of a column with nulls, of one bit each; None without.
            values: The page, decompressed, in writable memory. Nobody else may change it until the
                next page begins.
            start: Where the values begin in it.
            count: The number of its rows.
            has_indexes: Whether it holds indexes of values of the dictionary instead of values.

        Raises:
            ValueError: The page is damaged.
        """
        if not 0 <= start <= len(values) or count < 0:
            raise ValueError(_DAMAGE)
        width = values[start] if has_indexes and start < len(values) else 0
        if width > _MAX_WIDTH:
            raise ValueError(_DAMAGE)
        self._values, self._position = memoryview(values), start
        self._indexes = _read_runs(self._values[start + 1 :], width) if has_indexes else None
        self._levels = None if levels is None else _read_runs(memoryview(levels), 1)
        self._rest = count

    def read(self, views: bytearray, validity: bytearray, row: int, count: int, buffer: int) -> int:
        """Write views of the next rows of the page.

        Args:
            views: A view of 16 bytes for each row.
            validity: A bit for each row, all of which are 1 at first.
            row: The number in both of the first row.
            count: How many rows are read.
            buffer: The index of the page among the data buffers.

        Returns:
            The number of nulls, whose bits are 0 now.

        Raises:
            ValueError: The page is damaged or has fewer rows, a text is not UTF-8, or a buffer is
                too small. Nothing more can be read from the page then.
        """
        check_rows(0, row)
        check_rows(0, count)
        check_min_length("views", len(views) // VIEW_BYTES - row, count)
        check_min_length("validity", len(validity) * 8 - row, count)
        rest, self._rest = self._rest, 0
        if count > rest:
            raise ValueError(_DAMAGE)
        null_count = 0
        for number in range(row, row + count):
            level = 1 if self._levels is None else next(self._levels, None)
            if level == 0:
                view = bytes(VIEW_BYTES)
                validity[number >> 3] &= ~(1 << (number & 7))
                null_count += 1
            elif level != 1:
                raise ValueError(_DAMAGE)
            elif self._indexes is None:
                view, self._position = _read_plain(self._values, self._position, buffer)
            else:
                index = next(self._indexes, None)
                if index is None or index >= len(self._dictionary):
                    raise ValueError(_DAMAGE)
                view = self._dictionary[index]
            views[number * VIEW_BYTES : (number + 1) * VIEW_BYTES] = view
        self._rest = rest - count
        return null_count


def _read_plain(values: memoryview, position: int, buffer: int) -> tuple[bytes, int]:
    """Return the view of a value in the plain encoding, and the position after it."""
    start = position + _LENGTH_BYTES
    stop = start + int.from_bytes(values[position:start], "little")
    if start > len(values) or stop > len(values):
        raise ValueError(_DAMAGE)
    values[position:start] = bytes(_LENGTH_BYTES)
    text = bytes(values[start:stop])
    try:
        text.decode()
    except UnicodeDecodeError:
        raise ValueError(_DAMAGE) from None
    if len(text) <= INLINE_BYTES:
        return pack("=i12s", len(text), text), stop
    return pack("=i4s2i", len(text), text, buffer, start), stop


def _read_runs(content: memoryview, width: int) -> Iterator[int]:
    """Yield numbers in the hybrid of runs and packed groups of eight, up to the first damage."""
    position = 0
    while True:
        head = shift = 0
        while True:
            if position == len(content) or shift > _MAX_HEAD_SHIFT:
                return
            byte = content[position]
            position += 1
            head |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if head & 1:
            bit = position * 8
            for _ in range((head >> 1) * 8):
                start, stop = bit >> 3, (bit + width + 7) >> 3
                if stop > len(content):
                    return
                word = int.from_bytes(content[start:stop], "little")
                yield word >> (bit & 7) & ((1 << width) - 1)
                bit += width
            position = bit >> 3
        else:
            stop = position + (width + 7) // 8
            if stop > len(content):
                return
            value = int.from_bytes(content[position:stop], "little")
            position = stop
            yield from repeat(value, head >> 1)
