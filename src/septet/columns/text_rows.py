"""Rows of any column of texts as the kernels read them, and what they ask of such rows."""

from __future__ import annotations

import ctypes
from array import array
from collections import namedtuple

from .._kernels import encode_texts
from ..arrow.rows import Addresses, Outcome
from ..rewriting.rewriters import borrow_rewriter
from .surveys import read_plain_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .._kernels import Hasher, Kernel
    from ..rewriting.replacements import Level

__all__ = ["TextRows", "hash_column", "measure_replaced", "read_text_rows"]


class TextRows(namedtuple("TextRows", ("addresses", "first", "stop", "has_surrogates", "owner"))):
    """Some rows of a column.

    Attributes:
        addresses: Where the rows are.
        first: The first of them.
        stop: The row after the last one.
        has_surrogates: Whether there may be lone surrogates, of three bytes each.
        owner: Keeps the memory.
    """

    __slots__ = ()

    addresses: Addresses
    first: int
    stop: int
    has_surrogates: bool
    owner: object

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return self.stop - self.first


def read_text_rows(column: Any) -> Iterator[TextRows]:
    """Yield the rows of a column, in order; the texts of lists are encoded.

    Args:
        column: A column as `count_many` takes it.

    Raises:
        TypeError: The object is not a column of texts.
        ValueError: The Arrow structures are inconsistent.
        RuntimeError: Another thread made a list shorter meanwhile.
    """
    row = 0
    for piece in read_plain_pieces(column):
        if isinstance(piece, list):
            rows = _encode(piece, row)
        else:
            stop = piece.offset + piece.length
            rows = TextRows(piece.addresses, piece.offset, stop, False, piece)
        yield rows
        row += rows.row_count


def _encode(texts: list[Any], row: int) -> TextRows:
    length = len(texts)
    offsets = array("q", bytes(8 * (length + 1)))
    nulls = memoryview(bytearray(length + 7 >> 3))
    octets = encode_texts(texts, memoryview(offsets), nulls, row)
    values = ctypes.addressof((ctypes.c_char * 0).from_buffer(octets))
    addresses = Addresses("U", offsets.buffer_info()[0], values, 0, 0, 0, 0)
    return TextRows(addresses, 0, length, True, (offsets, octets))


def hash_column(hasher: Hasher, column: Any, hashes: array[int], skips_mark: bool = False) -> None:
    """Hash the texts of a column, each with the hash that is in its place.

    Args:
        hasher: Has the key.
        column: A column as `count_many` takes it.
        hashes: 64 bits for each row, as for `Hasher.hash_rows`.
        skips_mark: As for `Hasher.hash_rows`.

    Raises:
        TypeError: The object is not a column of texts.
        ValueError: The Arrow structures are inconsistent, or there are more rows than hashes.
        RuntimeError: Another thread made a list shorter meanwhile.
    """
    start = 0
    for rows in read_text_rows(column):
        stop = start + rows.row_count
        outcome, row = hasher.hash_rows(*rows[:3], memoryview(hashes)[start:stop], skips_mark)
        if outcome != Outcome.FINE:
            raise Outcome(outcome).error(start + row - rows.first)
        start = stop


def measure_replaced(
    kernel: Kernel, rows: TextRows, selected: memoryview, level: Level
) -> memoryview:
    """Return the segments of rows after all replacements of a level, as int32.

    Args:
        kernel: Counts by the rules.
        rows: The rows.
        selected: 1 for each row to count, else 0; the segments of these are 0.
        level: The level of `transliterate`.
    """
    count = rows.row_count
    segments, units = (memoryview(array("i", bytes(4 * count))) for _ in range(2))
    encodings = memoryview(bytearray(count))
    with borrow_rewriter(kernel, level, "always") as rewriter:
        rewriter.measure_rows(
            *rows[:3], selected, segments, units, encodings, 0, rows.has_surrogates
        )
    return segments
