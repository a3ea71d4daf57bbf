"""Parquet files as batches: plain texts page by page, everything else by pyarrow."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from ....arrow.view_columns import ViewColumn
from ..sources import Batch, Columns, Source
from .parquet_pages import (
    DamagedPageError,
    LeafColumn,
    batch_sizes,
    read_metadata,
    read_row_groups,
    row_count_of,
)
from .plain_texts import MIN_ROWS, NotPlainError, PlainColumn, find_plain_columns, read_plain_texts
from .rows import BATCH_BYTES, BATCH_ROWS
from .sources import ArrowSource, check_pyarrow, distinct, import_pyarrow

if TYPE_CHECKING:
    from pyarrow import RecordBatch
    from pyarrow.parquet import FileMetaData, ParquetFile

__all__ = ["ParquetSource"]

_BUFFER_BYTES = 1 << 20
_PART_ROWS = 1 << 17  # at least, of a part of a file that one thread reads


class RowGroups(NamedTuple):
    """Consecutive row groups of a file.

    Attributes:
        metadata: pyarrow's metadata of the file, if it was read.
        columns: The columns that are read, if they are plain; see `plain_texts`.
        stored: The row groups as `read_row_groups` returns them.
        indexes: Their indexes in the file.
        first_row: The number of rows before them.
        row_count: The number of their rows.
        total: The number of rows of the file.
    """

    metadata: FileMetaData | None
    columns: Sequence[PlainColumn]
    stored: Sequence[dict[int, Any]]
    indexes: range
    first_row: int
    row_count: int
    total: int

    def share_of(self, byte_count: int) -> int:
        """Return their share of the bytes of the file; the shares add up."""
        total = max(1, self.total)
        stop = self.first_row + self.row_count
        return byte_count * stop // total - byte_count * self.first_row // total


class ParquetSource(ArrowSource):
    """A Parquet file, or some of its row groups."""

    def __init__(self, path: str, columns: Columns, row_groups: RowGroups | None = None) -> None:
        """Open the file.

        Args:
            path: The file.
            columns: The columns to read.
            row_groups: The row groups to read; None for all, whose columns pyarrow decodes in
                threads of its own if it is needed.
        """
        super().__init__(path, columns)
        self._row_groups = row_groups
        self._opened: ParquetFile | None = None
        self._metadata: dict[int, Any] | None = None
        self._bytes = open(path, "rb")  # noqa: SIM115  closed by close()
        self.byte_count = os.fstat(self._bytes.fileno()).st_size
        try:
            if row_groups is None:
                check_pyarrow("reading Parquet")
            self._plain_columns = self._find_plain_columns()
            if row_groups is not None:
                self.byte_count = row_groups.share_of(self.byte_count)
                self.rows_read = row_groups.first_row
                self._begin_batch()
            if not self._plain_columns:
                self._opened = self._open()
        except BaseException:
            self.close()
            raise

    def _find_plain_columns(self) -> Sequence[PlainColumn]:
        """Return the columns if all of them are plain, else none; without importing pyarrow."""
        if self._row_groups is not None:
            return self._row_groups.columns
        columns = self._columns
        if columns.keep or columns.template is not None or columns.template_column is not None:
            return []
        try:
            return find_plain_columns(self._read_metadata(), distinct(columns.names))
        except DamagedPageError:  # pyarrow will tell
            return []

    def _read_metadata(self) -> dict[int, Any]:
        """Return the metadata of the file, which is read once."""
        if self._metadata is None:
            self._metadata = read_metadata(self._bytes)
        return self._metadata

    @property
    def _file(self) -> ParquetFile:
        """The file as pyarrow reads it."""
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> ParquetFile:
        """Import pyarrow, which takes long, open the file, and check the columns."""
        pyarrow = import_pyarrow("reading Parquet")
        with self._opening("a Parquet file"):
            # Without pre_buffer: data that is read ahead stays in memory to the end.
            file: ParquetFile = pyarrow.parquet.ParquetFile(
                self.name,
                metadata=None if self._row_groups is None else self._row_groups.metadata,
                buffer_size=_BUFFER_BYTES,
                pre_buffer=False,
            )
            self._check_schema(file.schema_arrow)
            self.compression = _find_compression(file.metadata)
        return file

    @property
    def fraction(self) -> float:
        """The fraction of the rows that has been read, from 0.0 to 1.0."""
        if self._row_groups is not None:
            first_row, row_count = self._row_groups.first_row, self._row_groups.row_count
        else:
            first_row = 0
            row_count = sum(map(row_count_of, read_row_groups(self._read_metadata())))
        return (self.rows_read - first_row) / row_count if row_count else 1.0

    def parts(self) -> Iterator[Source]:
        """Yield sources of some row groups each; see `Source`."""
        try:
            stored = read_row_groups(self._read_metadata())
        except DamagedPageError as error:
            raise self._make_damage_error(error) from error
        metadata = None if self._opened is None else self._opened.metadata
        parts = list(_divide_row_groups(metadata, self._plain_columns, stored))
        if len(parts) < 2:
            yield self
            return
        self.close()
        for part in parts:
            yield ParquetSource(self.name, self._columns, part)

    def _read(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `ArrowSource`."""
        if self._row_groups is None:
            groups = list(enumerate(read_row_groups(self._read_metadata())))
        else:
            groups = list(zip(self._row_groups.indexes, self._row_groups.stored, strict=True))
        names, columns = distinct(self._columns.names), self._plain_columns
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
        if self._opened is not None:
            self._opened.close()
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


def _find_compression(metadata: Any) -> str | None:
    """Return the codec of the first column of a Parquet file, if pyarrow can write it."""
    from pyarrow import Codec

    if not metadata.num_row_groups or not metadata.num_columns:
        return None
    name = metadata.row_group(0).column(0).compression.lower()
    try:
        is_available = name == "uncompressed" or Codec.is_available(name)
    except ValueError:  # one that pyarrow only knows by its name
        return None
    return name.replace("uncompressed", "none") if is_available else None


def _divide_row_groups(
    metadata: FileMetaData | None,
    columns: Sequence[PlainColumn],
    stored: Sequence[dict[int, Any]],
) -> Iterator[RowGroups]:
    """Yield the row groups of a file in parts of some size.

    Args:
        metadata: pyarrow's metadata of the file, if it was read.
        columns: The columns that are read, if they are plain.
        stored: All row groups as `read_row_groups` returns them.
    """
    first = first_row = row_count = 0
    total = sum(map(row_count_of, stored))
    for index, group in enumerate(stored):
        row_count += row_count_of(group)
        if row_count >= _PART_ROWS or index + 1 == len(stored):
            indexes = range(first, index + 1)
            groups = stored[first : index + 1]
            yield RowGroups(metadata, columns, groups, indexes, first_row, row_count, total)
            first, first_row, row_count = index + 1, first_row + row_count, 0
