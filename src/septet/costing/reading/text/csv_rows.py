"""Rows of a batch of delimited text: views into a block of the file, or lists of texts.

A kernel writes a view for each field of a plain record. Other records come as texts from the module
`csv`; they are lists as long as the batch has no other rows, so that they need no copies.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload

from ...._kernels import (
    NO_WHOLE_RECORD,
    OTHER_RECORD,
    WHOLE_RECORD,
    join_rows,
    read_records,
)
from ....arrow.buffers import grow
from ....arrow.rows import VIEW_BYTES
from ....arrow.structures import read_chunks
from ....arrow.view_columns import ViewColumn, make_views
from ..sources import RecordBytes
from .csv_records import RecordReader
from .csv_scanner import split_record
from .text_files import MAX_RECORD_BYTES, decode

__all__ = ["FieldColumns", "RowBuilder"]

_MAX_ROWS = 1 << 15
_MAX_LISTED_ROWS = 1 << 12  # few enough for their texts to stay in the cache
_MAX_BYTES = 1 << 22
_BLOCK, _UNQUOTED, _TEXTS = range(3)  # the data buffers of the views


class RowBuilder:
    """Collects rows of wanted columns for one batch.

    Attributes:
        row_count: The number of rows so far.
    """

    def __init__(self, reader: RecordReader, fields: Sequence[int]) -> None:
        """Start without rows.

        Args:
            reader: The reader of the records, which may keep their bytes too.
            fields: The indexes of the wanted fields.
        """
        self.row_count = 0
        self._reader = reader
        self._wanted = array("i", [*fields, WHOLE_RECORD] if reader.keep else fields)
        self._max_byte_count = reader.byte_count + _MAX_BYTES
        self._lists: list[list[Any]] = [[] for _ in self._wanted]
        self._block: bytearray | None = None  # that the views refer to
        self._views = bytearray()
        self._unquoted = bytearray()
        self._unquoted_size = 0
        self._texts = bytearray()

    @property
    def has_views(self) -> bool:
        """Whether there are rows whose fields are views into a block."""
        return self._block is not None

    @property
    def is_full(self) -> bool:
        """Whether a new batch must begin before more records are read."""
        if self._reader.byte_count >= self._max_byte_count:
            return True
        if self._block is None:
            return self.row_count >= _MAX_LISTED_ROWS
        return self.row_count >= _MAX_ROWS or self._block is not self._reader.block

    def read_plain(self) -> bool:
        """Read plain records of the block; return whether the next one is another record."""
        reader = self._reader
        if not self._views:
            grow(self._views, len(self._wanted) * _MAX_ROWS * VIEW_BYTES)
        missing = self._unquoted_size + len(reader.block) - reader.start - len(self._unquoted)
        if missing > 0:
            grow(self._unquoted, missing)
        outcome, end, line_count, row, self._unquoted_size = read_records(
            reader.block,
            reader.start,
            reader.is_last,
            ord(reader.delimiter),
            reader.width,
            MAX_RECORD_BYTES,
            self._wanted,
            self._views,
            self.row_count,
            self._unquoted,
            self._unquoted_size,
        )
        row_count = row - self.row_count
        if row_count and self._block is None:
            self._block = reader.block
            for column, texts in enumerate(self._lists):
                self._write_views(column, 0, texts)
        self.row_count = row
        reader.pass_plain(end, line_count, row_count, has_no_record=outcome == NO_WHOLE_RECORD)
        return outcome == OTHER_RECORD

    def has_room(self, row_count: int) -> bool:
        """Return whether so many rows can be added."""
        return self._block is None or self.row_count + row_count <= _MAX_ROWS

    def add(self, columns: Sequence[Sequence[Any]]) -> None:
        """Add rows: for each wanted field a text, and for kept records their bytes."""
        for column, texts in enumerate(columns):
            if self._block is None:
                self._lists[column] += texts
            else:
                self._write_views(column, self.row_count, texts)
        self.row_count += len(columns[0])

    def make_columns(self) -> tuple[list[Any], RecordBytes | None]:
        """Return the columns of the wanted fields, and the records if they are kept."""
        if self._block is None:
            columns: list[Any] = self._lists
            if self._reader.keep:
                texts = bytearray()
                columns[-1] = ViewColumn(make_views(columns[-1], texts, 0), [texts])
        else:
            del self._unquoted[self._unquoted_size :]
            buffers = [self._block, self._unquoted, self._texts]
            size = self.row_count * VIEW_BYTES
            starts = range(0, len(self._views), _MAX_ROWS * VIEW_BYTES)
            views = memoryview(self._views)
            columns = [ViewColumn(views[start : start + size], buffers) for start in starts]
        if not self._reader.keep:
            return columns, None
        *columns, records = columns
        return columns, RecordBytes(records, self._reader.delimiter)

    def _write_views(self, column: int, row: int, texts: Sequence[Any]) -> None:
        """Write views of texts, which are copied to a buffer of their own."""
        start = (column * _MAX_ROWS + row) * VIEW_BYTES
        data = texts if self._wanted[column] == WHOLE_RECORD else map(str.encode, texts)
        views = make_views(data, self._texts, _TEXTS)
        self._views[start : start + len(views)] = views


class FieldColumns(Sequence[ViewColumn]):
    """All columns of some records; the records are parsed on first use.

    Args:
        records: The records.
        width: The number of fields of each.
    """

    def __init__(self, records: RecordBytes, width: int) -> None:
        self._records = records
        self._width = width

    def __len__(self) -> int:
        return self._width

    @overload
    def __getitem__(self, index: int) -> ViewColumn: ...

    @overload
    def __getitem__(self, index: slice) -> list[ViewColumn]: ...

    def __getitem__(self, index: int | slice) -> Any:
        return self._columns[index]

    @cached_property
    def _columns(self) -> list[ViewColumn]:
        rows, delimiter = self._records
        (chunk,) = read_chunks(rows)
        offsets, block = join_rows([(chunk.addresses, chunk.offset), b"\n"], len(rows))
        starts = memoryview(offsets).cast("q")
        column_size = len(rows) * VIEW_BYTES
        views, unquoted = bytearray(), bytearray()
        grow(views, self._width * column_size)
        grow(unquoted, len(block))
        others: dict[int, list[bytes]] = {}  # the fields of records that are not plain
        row = unquoted_size = 0
        while row < len(rows):
            *_, row, unquoted_size = read_records(
                block,
                starts[row],
                True,
                ord(delimiter),
                self._width,
                MAX_RECORD_BYTES,
                array("i", range(self._width)),
                views,
                row,
                unquoted,
                unquoted_size,
            )
            if row < len(rows):
                others[row] = self._parse(bytes(block[starts[row] : starts[row + 1] - 1]))
                row += 1
        texts = bytearray()
        memory = memoryview(views)
        columns = [
            memory[start : start + column_size] for start in range(0, len(views), column_size)
        ]
        for column, view in enumerate(columns):
            made = make_views((fields[column] for fields in others.values()), texts, _TEXTS)
            for number, other in enumerate(others):
                part = made[number * VIEW_BYTES : (number + 1) * VIEW_BYTES]
                view[other * VIEW_BYTES : (other + 1) * VIEW_BYTES] = part
        return [ViewColumn(view, [block, unquoted, texts]) for view in columns]

    def _parse(self, record: bytes) -> list[bytes]:
        """Return the fields of a record."""
        delimiter = self._records.delimiter
        try:
            fields = next(csv.reader([decode(record)], delimiter=delimiter, strict=True))
        except csv.Error:  # a field is longer than the module allows
            return list(map(bytes, split_record(record, 0, len(record), delimiter.encode())))
        return [field.encode("utf-8", "surrogateescape") for field in fields]
