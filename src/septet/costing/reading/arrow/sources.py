"""Sources that pyarrow reads: Parquet, Arrow IPC files, and tables with the Arrow C interface."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from ....display.wording import shorten
from ....exceptions import MissingExtraError, SourceError
from ..sources import Batch, Columns, Source, find_column, first_line
from ..templates import missing_value
from .checks import DAMAGE, are_sound, undecodable_rows
from .parquet_pages import (
    DamagedPageError,
    LeafColumn,
    RowGroups,
    batch_sizes,
    divide_row_groups,
    find_compression,
    read_row_groups,
)
from .rows import (
    BATCH_BYTES,
    BATCH_ROWS,
    as_plain_text,
    is_text,
    split_rows,
    take_runs,
    to_labels,
    value_type,
)

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch, Schema
    from pyarrow.parquet import ParquetFile

__all__ = ["IpcSource", "ParquetSource", "TableSource"]

_BUFFER_BYTES = 1 << 20
_MAX_TYPE_LENGTH = 80
_MAX_ROWS = 2**31 - 1  # of a record batch; more would be nulls without any memory


class ArrowSource(Source):
    """A source of Arrow record batches."""

    def _check_schema(self, schema: Schema) -> None:
        """Check that the columns exist and have usable types.

        Raises:
            SourceError: A column is missing, not unique, or not of a usable type; or the name of a
                column is not valid UTF-8.
        """
        from pyarrow import types

        try:
            names = schema.names
            kinds = [str(field.type) for field in schema]
        except UnicodeDecodeError as error:
            reason = "the name of a column is not valid UTF-8"
            raise SourceError(f"{self.name} is damaged: {reason}") from error
        for name in self._columns.names:
            index = find_column(name, names, self.name)
            kind = value_type(schema.field(index).type)
            if is_text(kind):
                continue
            shown = shorten(kinds[index], _MAX_TYPE_LENGTH)
            if name in self._columns.messages:
                is_number = name == self._columns.to and types.is_integer(kind)
                hint = "; write recipients as text, such as +12025550123" if is_number else ""
                raise SourceError(
                    f"{self.name}: expected text in column {name!r}, got {shown}{hint}"
                )
            if not (types.is_primitive(kind) or types.is_decimal(kind)):
                raise SourceError(
                    f"{self.name}: expected text or numbers in column {name!r}, got {shown}"
                )
        if self._columns.keep:
            self.header = names

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        from pyarrow import ArrowException

        try:
            for batch in self._batches():
                yield from self._split(batch)
        except SourceError:
            raise
        except (ArrowException, DamagedPageError, *DAMAGE) as error:
            raise self._make_damage_error(error) from error

    @contextmanager
    def _opening(self, kind: str) -> Iterator[None]:
        """Turn the errors of opening a file into one that names it."""
        from pyarrow import ArrowException

        try:
            yield
        except SourceError:
            raise
        except (ArrowException, OSError) as error:
            raise SourceError(f"{self.name} is not {kind}: {first_line(error)}") from error
        except DAMAGE as error:
            raise SourceError(f"{self.name} is damaged: {first_line(error)}") from error

    @abstractmethod
    def _batches(self) -> Iterator[RecordBatch]:
        """Yield record batches of any size."""

    def _split(self, batch: RecordBatch) -> Iterator[Batch]:
        """Check a record batch, and yield its rows in batches of bounded size."""
        from pyarrow.types import is_run_end_encoded

        if batch.num_rows > _MAX_ROWS:
            raise ValueError(
                f"expected at most {_MAX_ROWS:,} rows in a batch, got {batch.num_rows:,}"
            )
        columns = [batch.column(name) for name in self._columns.names]
        kept = batch.columns if self._columns.keep else []
        is_utf8 = are_sound(columns)
        are_sound(
            [
                column
                for name, column in zip(self.header, kept, strict=True)
                if name not in self._columns.names
            ]
        )
        decoded = columns + [column for column in kept if is_run_end_encoded(column.type)]
        for start, stop in split_rows(decoded, batch.num_rows):
            yield self._convert(
                [as_plain_text(column[start:stop]) for column in columns],
                [column[start:stop] for column in kept],
                stop - start,
                is_utf8,
            )

    def _convert(
        self, columns: list[Array[Any]], kept: list[Array[Any]], row_count: int, is_utf8: bool
    ) -> Batch:
        """Return the readable rows of some columns, and count the others as unreadable."""
        reasons = self._find_missing_values(columns)
        if not is_utf8:
            undecodable = {row for column in columns for row in undecodable_rows(column)}
            reasons |= dict.fromkeys(undecodable, "not valid UTF-8")
        rows_before = self.rows_read
        for row in sorted(reasons):
            self.rows_read = rows_before + row
            self._skip_row(f"row {rows_before + row + 1}", reasons[row])
        self.rows_read = rows_before + row_count
        cells = [*columns, *kept]
        if reasons:
            cells = [take_runs(column, reasons) for column in cells]
        parts = self._columns.split(cells)
        return self._make_batch(parts._replace(groups=list(map(to_labels, parts.groups))))

    def _find_missing_values(self, columns: Sequence[Array[Any]]) -> dict[int, str]:
        """Return the rows without a value for a field, and why they cannot be read."""
        reasons: dict[int, str] = {}
        values = self._columns.split(columns).values
        for name, column in zip(self._columns.fields, values, strict=True):
            if column.null_count:
                from pyarrow import compute  # which takes long

                rows: list[Any] = compute.indices_nonzero(column.is_null()).to_pylist()
                for row in rows:
                    reasons.setdefault(row, missing_value(name))
        return reasons


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
            pyarrow = _pyarrow("reading Parquet")
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

    def _batches(self) -> Iterator[RecordBatch]:
        """Yield record batches of bounded size."""
        parts: list[RecordBatch] = []
        row_count = byte_count = 0
        for part in self._parts():
            parts.append(part)
            row_count += part.num_rows
            byte_count += part.nbytes
            # Rows that might have been long were read a few at a time.
            if row_count > BATCH_ROWS // 2 or byte_count > BATCH_BYTES // 2:
                yield from _joined(parts)
                parts.clear()
                row_count = byte_count = 0
        yield from _joined(parts)

    def _parts(self) -> Iterator[RecordBatch]:
        """Yield record batches as they are read."""
        columns = None if self._columns.keep else _distinct(self._columns.names)
        groups = self._row_groups
        stored = read_row_groups(self._bytes) if groups is None else groups.stored
        sizes = batch_sizes(self._bytes, list(self._leaf_columns()), stored)
        first = next(sizes, None)
        if first is None:
            return
        reader = self._file.iter_batches(
            first,
            None if groups is None else list(groups.indexes),
            columns,
            use_threads=groups is None,
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


class IpcSource(ArrowSource):
    """An Arrow IPC file, in the file format (also called Feather) or in the stream format."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        _check_exists(path)
        pyarrow = _pyarrow("reading Arrow files")
        self._file = pyarrow.OSFile(path)
        self._fraction = 0.0
        try:
            self.byte_count = self._file.size()
            with self._opening("an Arrow file"):
                schema = self._open().schema
                self._check_schema(schema)
                fields = sorted(map(schema.get_field_index, _distinct(columns.names)))
                if columns.keep:
                    fields = list(range(len(schema)))
                self._reader = self._open(pyarrow.ipc.IpcReadOptions(included_fields=fields))
        except BaseException:
            self.close()
            raise

    @property
    def fraction(self) -> float:
        """The fraction of the file that has been read, from 0.0 to 1.0."""
        return self._fraction

    def _open(self, options: Any = None) -> Any:
        from pyarrow import ArrowInvalid, ipc

        self._file.seek(0)
        try:
            return ipc.open_file(self._file, options=options)
        except ArrowInvalid:
            self._file.seek(0)
            return ipc.open_stream(self._file, options=options)

    def _batches(self) -> Iterator[RecordBatch]:
        if hasattr(self._reader, "num_record_batches"):
            count = self._reader.num_record_batches
            for number in range(count):
                self._fraction = (number + 1) / count
                yield self._reader.get_batch(number)
            return
        for batch in self._reader:
            self._fraction = self._file.tell() / self.byte_count
            yield batch

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class TableSource(ArrowSource):
    """A table in memory, or anything else with the Arrow C stream interface."""

    def __init__(self, name: str, table: Any, columns: Columns) -> None:
        super().__init__(name, columns)
        pyarrow = _pyarrow("reading a table")
        if isinstance(table, Mapping):
            names = table if columns.keep else _distinct(columns.names)
            table = {name: table[name] for name in names}
        try:
            if isinstance(table, Mapping):
                table = pyarrow.table(table)
            self._reader = pyarrow.RecordBatchReader.from_stream(table)
            schema = self._reader.schema
        except (pyarrow.ArrowException, *DAMAGE) as error:
            raise SourceError(f"{name} cannot be read as a table: {first_line(error)}") from error
        self._check_schema(schema)

    def _batches(self) -> Iterator[RecordBatch]:
        return iter(self._reader)

    def close(self) -> None:
        """Release the stream."""
        self._reader.close()


def _distinct(names: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(names)]


def _joined(parts: list[RecordBatch]) -> Iterator[RecordBatch]:
    """Yield the rows of some record batches as one, or as they are if they cannot be joined."""
    from pyarrow import ArrowException, Table

    if len(parts) > 1:
        try:
            parts = Table.from_batches(parts).combine_chunks().to_batches()
        except ArrowException:  # of dictionaries that differ, and are of other values than texts
            parts = list(parts)
    yield from parts


def _check_exists(path: str) -> None:
    """Raise the usual OSError of Python if a file cannot be opened; pyarrow raises its own."""
    open(path, "rb").close()


def _pyarrow(purpose: str) -> Any:
    try:
        import pyarrow.ipc
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "arrow", purpose) from error
    return pyarrow
