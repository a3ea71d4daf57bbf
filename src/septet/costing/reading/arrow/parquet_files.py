"""Parquet files as batches: plain texts page by page, everything else by pyarrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

from ....arrow.view_columns import ViewColumn
from ..sources import Batch, Columns, Source
from .parquet_pages import (
    DamagedPageError,
    LeafColumn,
    RowGroups,
    batch_sizes,
    divide_row_groups,
    find_compression,
    read_row_groups,
    row_count_of,
)
from .plain_texts import MIN_ROWS, NotPlainError, find_plain_columns, read_plain_texts
from .rows import BATCH_BYTES, BATCH_ROWS
from .sources import ArrowSource, distinct, import_pyarrow

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

__all__ = ["ParquetSource"]

_BUFFER_BYTES = 1 << 20


class ParquetSource(ArrowSource):
    """A Parquet file, or some of its row groups."""

    def __init__(self, path: str, columns: Columns, row_groups: RowGroups | None = None) -> None:
        """Open the file.

        Args:
            path: The file.
            columns: The columns to read.
            row_groups: The row groups to read; None for all, whose columns pyarrow then decodes in
                its own threads.
        """
        super().__init__(path, columns)
        self._bytes = open(path, "rb")  # noqa: SIM115  closed by close()
        try:
            pyarrow = import_pyarrow("reading Parquet")
            with self._opening("a Parquet file"):
                # Without pre_buffer: data that is read ahead stays in memory to the end.
                self._file: ParquetFile = pyarrow.parquet.ParquetFile(
                    path,
                    metadata=None if row_groups is None else row_groups.metadata,
                    buffer_size=_BUFFER_BYTES,
                    pre_buffer=False,
                )
                self._check_schema(self._file.schema_arrow)
                self.compression = find_compression(self._file.metadata)
        except BaseException:
            self._bytes.close()
            raise
        self.byte_count = os.fstat(self._bytes.fileno()).st_size
        self._row_groups = row_groups
        if row_groups is not None:
            self.byte_count = row_groups.share_of(self.byte_count)
            self.rows_read = row_groups.first_row
            self._begin_batch()

    @property
    def fraction(self) -> float:
        """The fraction of the rows that has been read, from 0.0 to 1.0."""
        if self._row_groups is not None:
            first_row, row_count = self._row_groups.first_row, self._row_groups.row_count
        else:
            first_row, row_count = 0, self._file.metadata.num_rows
        return (self.rows_read - first_row) / row_count if row_count else 1.0

    def parts(self) -> Iterator[Source]:
        """Yield sources of some row groups each; see `Source`."""
        try:
            stored = read_row_groups(self._bytes)
        except DamagedPageError as error:
            raise self._make_damage_error(error) from error
        parts = list(divide_row_groups(self._file.metadata, stored))
        if len(parts) < 2:
            yield self
            return
        self.close()
        for part in parts:
            yield ParquetSource(self.name, self._columns, part)

    def _read(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `ArrowSource`."""
        if self._row_groups is None:
            groups = list(enumerate(read_row_groups(self._bytes)))
        else:
            groups = list(zip(self._row_groups.indexes, self._row_groups.stored, strict=True))
        can_be_plain = not self._columns.keep and self._columns.template is None
        names = distinct(self._columns.names)
        columns = find_plain_columns(self._file, names) if can_be_plain else []
        for is_plain, run in groupby(
            groups, lambda group: bool(columns) and row_count_of(group[1]) >= MIN_ROWS
        ):
            if not is_plain:
                yield from self._read_by_pyarrow(list(run))
                continue
            for group in run:
                rows_before = self.rows_read
                try:
                    for texts in read_plain_texts(self._bytes, group[1], columns):
                        yield self._make_plain_batch(dict(zip(names, texts, strict=True)))
                        del texts  # which may be large
                except NotPlainError:
                    yield from self._read_by_pyarrow([group], self.rows_read - rows_before)

    def _make_plain_batch(self, columns: dict[str, ViewColumn]) -> Batch:
        """Return a batch of rows, all of which are readable."""
        cells = [columns[name] for name in self._columns.names]
        self.rows_read += len(cells[0])
        return self._make_batch(self._columns.split(cells))

    def _read_by_pyarrow(
        self, row_groups: list[tuple[int, dict[int, Any]]], skipped: int = 0
    ) -> Iterator[Batch]:
        """Yield the rows of some row groups, each with its index, but without the first ones."""
        row_count, expected = 0, sum(row_count_of(group) for _, group in row_groups)
        for batch in self._batches(row_groups):
            row_count += batch.num_rows
            if skipped < batch.num_rows:
                yield from self._split(batch.slice(skipped))
            skipped = max(0, skipped - batch.num_rows)
        if row_count != expected:
            raise DamagedPageError(f"expected {expected:,} rows in row groups, got {row_count:,}")

    def _batches(self, row_groups: list[tuple[int, dict[int, Any]]]) -> Iterator[RecordBatch]:
        """Yield record batches of bounded size."""
        parts: list[RecordBatch] = []
        row_count = byte_count = 0
        for part in self._parts(row_groups):
            parts.append(part)
            row_count += part.num_rows
            byte_count += part.nbytes
            # Rows that might have been long were read a few at a time.
            if row_count > BATCH_ROWS // 2 or byte_count > BATCH_BYTES // 2:
                yield from _joined(parts)
                parts.clear()
                row_count = byte_count = 0
        yield from _joined(parts)

    def _parts(self, row_groups: list[tuple[int, dict[int, Any]]]) -> Iterator[RecordBatch]:
        """Yield record batches as they are read."""
        columns = None if self._columns.keep else distinct(self._columns.names)
        sizes = batch_sizes(self._bytes, list(self._leaf_columns()), [g for _, g in row_groups])
        first = next(sizes, None)
        if first is None:
            return
        reader = self._file.iter_batches(
            first,
            [index for index, _ in row_groups],
            columns,
            use_threads=self._row_groups is None,
        )
        for size in chain([first], sizes):
            self._file.reader.set_batch_size(size)  # of the rows that are not read yet
            rest = size
            while rest > 0:
                part = next(reader, None)
                if part is None:
                    return
                rest -= part.num_rows
                yield part
        yield from reader

    def _leaf_columns(self) -> Iterator[LeafColumn]:
        """Yield the columns as they are stored, of those that are read."""
        schema: Any = self._file.schema
        for index in range(len(schema)):
            column = schema.column(index)
            path = column.path
            if self._columns.keep or any(
                f"{path}.".startswith(f"{name}.") for name in self._columns.names
            ):
                is_repeated = column.max_repetition_level > 0
                yield LeafColumn(index, path, is_repeated, max(0, column.length or 0))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._bytes.close()


def _joined(parts: list[RecordBatch]) -> Iterator[RecordBatch]:
    """Yield the rows of some record batches as one, or as they are if they cannot be joined."""
    from pyarrow import ArrowException, Table

    if len(parts) > 1:
        try:
            parts = Table.from_batches(parts).combine_chunks().to_batches()
        except ArrowException:  # of dictionaries that differ, and are of other values than texts
            parts = list(parts)
    yield from parts
