"""Kept columns as cells of text, and records of them.

Arrow columns of texts are read in place. Others become texts a column at a time, or once for each
distinct value; only lists and nested values are Python objects row by row, a few of them at a time.
"""

from __future__ import annotations

import codecs
import ctypes
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from typing import Any, NamedTuple, Protocol

from ..._kernels import make_records
from ...arrow.rows import Addresses
from ...arrow.structures import read_chunks
from ..reading.arrow.rows import is_text, without_views
from .arrow_columns import iter_cells

__all__ = ["Texts", "iter_records", "large_texts", "list_records", "texts_of"]

_KEEP_BYTES = "septet.keep_bytes"
_LIST_ROWS = 4096
_OBJECT_ROWS = 16  # a nested row can be much larger as an object than it is in the array
_MAX_BYTES = 16 << 20  # of the texts of a dictionary, and of records, that are made at once


class Texts(NamedTuple):
    """Some rows of text or bytes in memory.

    Attributes:
        addresses: The Arrow column that they are in.
        first: The first of them in the column.
        owner: The object that keeps the memory alive.
    """

    addresses: Addresses
    first: int
    owner: object


def texts_of(column: Any) -> Texts:
    """Return a column of texts with `__arrow_c_array__` as it is in memory."""
    (chunk,) = read_chunks(column)
    return Texts(chunk.addresses, chunk.offset, chunk)


def iter_records(
    columns: Sequence[Any], places: Sequence[str], row_count: int, delimiter: str
) -> Iterator[tuple[Texts, int]]:
    """Yield the rows of some columns as records without line ends, in parts of a bounded size.

    Cells are in quotes where `csv.writer` writes them by default, and nulls are empty.

    Args:
        columns: Lists of `str | None`, sound Arrow arrays of any type, or other columns of texts
            with `__arrow_c_array__`.
        places: For each its source and name, for error messages.
        row_count: The number of rows of each.
        delimiter: The character between cells.

    Yields:
        Records, and how many they are.

    Raises:
        SourceError: A value cannot be shown as text.
    """
    cells = [_cells_of(column, place) for column, place in zip(columns, places, strict=True)]
    rows_at_once = min((each.rows_at_once for each in cells), default=row_count)
    row = 0
    while row < row_count:
        stop = min(row + rows_at_once, row_count)
        texts = [each.read(row, stop) for each in cells]
        while row < stop:
            offsets, records = make_records(
                [(each.addresses, each.first) for each in texts],
                stop - row,
                ord(delimiter),
                _MAX_BYTES,
            )
            count = len(offsets) // 8 - 1
            yield large_texts(offsets, records), count
            texts = [each._replace(first=each.first + count) for each in texts]
            row += count


def list_records(columns: Sequence[list[str | None]], delimiter: str) -> list[bytes]:
    """Return the rows of a few short lists as records without line ends; see `iter_records`."""
    texts = [_encode(column) for column in columns]
    row_count = len(columns[0])
    offsets, records = make_records(
        [(each.addresses, each.first) for each in texts], row_count, ord(delimiter), 1 << 62
    )
    borders = memoryview(offsets).cast("q")
    return [bytes(records[borders[row] : borders[row + 1]]) for row in range(row_count)]


class _Cells(Protocol):
    """The cells of a column.

    Attributes:
        rows_at_once: How many rows may be read at once.
    """

    rows_at_once: int

    def read(self, start: int, stop: int) -> Texts: ...


class _TextCells:
    """Texts that are read in place."""

    rows_at_once = 1 << 31

    def __init__(self, column: Any) -> None:
        self._texts = texts_of(column)

    def read(self, start: int, stop: int) -> Texts:
        return self._texts._replace(first=self._texts.first + start)


class _DictionaryCells:
    """Distinct texts, and the index of one for each row."""

    def __init__(self, values: Any, indexes: Any) -> None:
        from pyarrow import compute

        longest = compute.max(compute.binary_length(values)).as_py() or 0
        self.rows_at_once = max(1, _MAX_BYTES // max(longest, 1))
        self._values = values
        self._indexes = indexes

    def read(self, start: int, stop: int) -> Texts:
        return texts_of(self._values.take(self._indexes[start:stop]))


class _ListCells:
    """Texts in a list."""

    rows_at_once = _LIST_ROWS

    def __init__(self, cells: list[str | None]) -> None:
        self._cells = cells

    def read(self, start: int, stop: int) -> Texts:
        return _encode(self._cells[start:stop])


class _ObjectCells:
    """Values that become Python objects."""

    rows_at_once = _OBJECT_ROWS

    def __init__(self, column: Any, place: str) -> None:
        self._column = column
        self._place = place

    def read(self, start: int, stop: int) -> Texts:
        return _encode(iter_cells(self._column[start:stop], self._place))


def _cells_of(column: Any, place: str) -> _Cells:
    if isinstance(column, list):
        return _ListCells(column)
    if not hasattr(column, "type"):  # our own columns of texts
        return _TextCells(column)
    from pyarrow import ArrowNotImplementedError, types

    kind = column.type
    if types.is_dictionary(kind):
        values = column.dictionary
        if types.is_dictionary(values.type):
            return _ObjectCells(column, place)
        texts = _in_place(values)
        if texts is None:
            texts = _to_array(iter_cells(values, place))
        return _DictionaryCells(without_views(texts), column.indices)
    texts = _in_place(column)
    if texts is not None:
        return _TextCells(texts)
    if types.is_primitive(kind) or types.is_decimal(kind):
        with suppress(ArrowNotImplementedError):
            encoded = column.dictionary_encode()
            values = _to_array(iter_cells(encoded.dictionary, place))
            return _DictionaryCells(values, encoded.indices)
    return _ObjectCells(column, place)


def _in_place(column: Any) -> Any:
    """Return an array as one of texts if no Python code has to look at its values, else None."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    as_text = {
        pa.binary(): pa.string(),
        pa.large_binary(): pa.large_string(),
        pa.binary_view(): pa.string_view(),
    }
    if kind in as_text:
        return column.view(as_text[kind])
    return column if is_text(kind) else None


def _to_array(cells: Iterable[Any]) -> Any:
    """Return cells as an Arrow array of texts, whose bytes need not be UTF-8."""
    import pyarrow as pa

    # `pyarrow.array` would import pandas to find out whether a list is of its types.
    offsets, texts = map(pa.py_buffer, _join(cells))
    return pa.Array.from_buffers(pa.large_string(), offsets.size // 8 - 1, [None, offsets, texts])


def _encode(cells: Iterable[Any]) -> Texts:
    return large_texts(*_join(cells))


def _join(cells: Iterable[Any]) -> tuple[bytearray, bytearray]:
    """Return the offsets and the bytes of cells."""
    rows = [b"" if cell is None else str(cell).encode("utf-8", _KEEP_BYTES) for cell in cells]
    offsets = array("q", accumulate(map(len, rows), initial=0))
    return bytearray(offsets.tobytes()), bytearray().join(rows)


def large_texts(offsets: bytearray, texts: bytearray) -> Texts:
    """Return texts in the layout large_utf8, by their 64-bit offsets and their bytes."""
    memory = [(ctypes.c_char * 0).from_buffer(buffer) for buffer in (offsets, texts)]
    first, second = map(ctypes.addressof, memory)
    return Texts(Addresses("U", first, second, 0, 0, 0, 0), 0, memory)


def _keep_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write the bytes that were not UTF-8 unchanged, and a question mark for other surrogates.

    Only JSON can have other surrogates.
    """
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeEncodeError as surrogate:
        return "?", surrogate.start + 1


codecs.register_error(_KEEP_BYTES, _keep_bytes)
