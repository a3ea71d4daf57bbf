"""Sources that pyarrow reads: Parquet, Arrow IPC files, and tables with the Arrow C interface."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ..._kernels import are_utf8
from ...arrow.rows import Addresses
from ...exceptions import MissingExtraError, SourceError
from .sources import Batch, Columns, Source, find_column, first_line
from .templates import missing_value

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch, Schema
    from pyarrow.parquet import ParquetFile

__all__ = ["IpcSource", "ParquetSource", "TableSource", "readable_rows"]

_BATCH_ROWS = 32_768
_BUFFER_BYTES = 1 << 20


class ArrowSource(Source):
    """A source of Arrow record batches."""

    def _check_schema(self, schema: Schema) -> None:
        """Check that the columns exist and have usable types.

        Raises:
            SourceError: A column is missing, not unique, or not of a usable type.
        """
        from pyarrow import types

        for name in self._columns.names:
            kind = schema.field(find_column(name, schema.names, self.name)).type
            if _is_text(kind):
                continue
            if name in self._columns.messages:
                is_number = name == self._columns.to and types.is_integer(kind)
                hint = "; write recipients as text, such as +12025550123" if is_number else ""
                raise SourceError(
                    f"{self.name}: expected text in column {name!r}, got {kind}{hint}"
                )
            if not (types.is_primitive(kind) or types.is_decimal(kind)):
                raise SourceError(
                    f"{self.name}: expected text or numbers in column {name!r}, got {kind}"
                )
        if self._columns.keep:
            self.header = schema.names

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        from pyarrow import ArrowException

        try:
            for batch in self._batches():
                for start in range(0, batch.num_rows, _BATCH_ROWS):
                    yield self._convert(batch.slice(start, _BATCH_ROWS))
        except (ArrowException, OSError) as error:
            raise self._make_damage_error(error) from error

    @abstractmethod
    def _batches(self) -> Iterator[RecordBatch]:
        """Yield record batches of any size."""

    def _convert(self, batch: RecordBatch) -> Batch:
        """Return the readable rows of a record batch, and count the others as unreadable."""
        columns = [_as_plain_text(batch.column(name)) for name in self._columns.names]
        readable, undecodable_rows = readable_rows(*columns)
        reasons = self._find_missing_values(columns)
        reasons |= dict.fromkeys(undecodable_rows, "not valid UTF-8")
        rows_before = self.rows_read
        for row in sorted(reasons):
            self.rows_read = rows_before + row
            self._skip_row(f"row {rows_before + row + 1}", reasons[row])
        self.rows_read = rows_before + batch.num_rows
        kept = batch.columns if self._columns.keep else []
        if reasons:
            is_readable = _mask(batch.num_rows, reasons)
            readable = [_filtered(column, is_readable) for column in columns]
            kept = [_filtered(column, is_readable).cast(column.type) for column in kept]
        cells = self._columns.split([*readable, *kept])
        return self._make_batch(cells._replace(groups=list(map(_to_labels, cells.groups))))

    def _find_missing_values(self, columns: Sequence[Array[Any]]) -> dict[int, str]:
        """Return the rows without a value for a field, and why they cannot be read."""
        from pyarrow import compute

        reasons: dict[int, str] = {}
        values = self._columns.split(columns).values
        for name, column in zip(self._columns.fields, values, strict=True):
            if column.null_count:
                rows: list[Any] = compute.indices_nonzero(column.is_null()).to_pylist()
                for row in rows:
                    reasons.setdefault(row, missing_value(name))
        return reasons


class ParquetSource(ArrowSource):
    """A Parquet file."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        _check_exists(path)
        self._file = _open_parquet(path)
        try:
            schema = self._file.schema_arrow
            self._check_schema(schema)
            self._names = None if columns.keep else _distinct(columns.names)
        except BaseException:
            self.close()
            raise

    @property
    def fraction(self) -> float:
        """The fraction of the file that has been read, from 0.0 to 1.0."""
        row_count = self._file.metadata.num_rows
        return self.rows_read / row_count if row_count else 1.0

    def _batches(self) -> Iterator[RecordBatch]:
        return self._file.iter_batches(_BATCH_ROWS, columns=self._names)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class IpcSource(ArrowSource):
    """An Arrow IPC file, in the file format (also called Feather) or in the stream format."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        _check_exists(path)
        pyarrow = _pyarrow("reading Arrow files")
        self._file = pyarrow.OSFile(path)
        self._fraction = 0.0
        try:
            schema = self._open().schema
            self._check_schema(schema)
            fields = sorted(map(schema.get_field_index, _distinct(columns.names)))
            if columns.keep:
                fields = list(range(len(schema)))
            self._reader = self._open(pyarrow.ipc.IpcReadOptions(included_fields=fields))
        except (pyarrow.ArrowException, OSError) as error:
            self.close()
            raise SourceError(f"{path} is not an Arrow file: {first_line(error)}") from error
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
        size = self._file.size()
        for batch in self._reader:
            self._fraction = self._file.tell() / size
            yield batch

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class TableSource(ArrowSource):
    """A table in memory, or anything else with the Arrow C stream interface."""

    def __init__(self, name: str, table: Any, columns: Columns) -> None:
        super().__init__(name, columns)
        pyarrow = _pyarrow("reading a table")
        try:
            if isinstance(table, Mapping):
                table = pyarrow.table(
                    {
                        name: table[name]
                        for name in (table if columns.keep else _distinct(columns.names))
                    }
                )
            self._reader = pyarrow.RecordBatchReader.from_stream(table)
        except (pyarrow.ArrowException, TypeError, ValueError) as error:
            raise SourceError(f"{name} cannot be read as a table: {first_line(error)}") from error
        self._check_schema(self._reader.schema)

    def _batches(self) -> Iterator[RecordBatch]:
        return iter(self._reader)

    def close(self) -> None:
        """Release the stream."""
        self._reader.close()


def readable_rows(*columns: Array[Any]) -> tuple[list[Array[Any]], list[int]]:
    """Return the rows of some columns of texts that are valid UTF-8.

    Neither Parquet nor Spark checks its strings.

    Args:
        columns: Arrow arrays of strings of the same length.

    Returns:
        The columns with the rows whose bytes are valid UTF-8 in all columns, and the indexes of the
        other rows.

    Raises:
        ArrowInvalid: An array is invalid in another way.
    """
    from pyarrow import ArrowInvalid

    try:
        for column in columns:
            column.validate()
            if not _are_utf8(column):
                column.validate(full=True)
    except ArrowInvalid:
        for column in columns:
            column.view(_binary_type(column.type)).validate(full=True)
        unreadable = {row for column in columns for row in _undecodable_rows(column)}
        is_readable = _mask(len(columns[0]), unreadable)
        return [_filtered(column, is_readable) for column in columns], sorted(unreadable)
    return list(columns), []


def _are_utf8(column: Array[Any]) -> bool:
    """Return whether all rows are UTF-8, faster than pyarrow; False if it is not known."""
    from pyarrow import types

    buffers: list[Any] = column.buffers()
    layout = "u" if types.is_string(column.type) else "U"
    if not (layout == "u" or types.is_large_string(column.type)) or not all(buffers[1:]):
        return False
    rows, values = (buffer.address for buffer in buffers[1:])
    addresses = Addresses(layout, rows, values, 0, 0, 0, 0)
    return are_utf8(addresses, column.offset, column.offset + len(column))


def _filtered(column: Array[Any], is_readable: Array[Any]) -> Array[Any]:
    from pyarrow import concat_arrays, types

    # Views cannot be filtered, old versions of pyarrow cannot cast them, and pyarrow before 25
    # crashes on some views made by a cast.
    if types.is_string_view(column.type):
        runs = [column[:0]]
        row = 0
        for flag, group in groupby(is_readable.to_pylist()):
            length = len(list(group))
            if flag:
                runs.append(column[row : row + length])
            row += length
        return concat_arrays(runs)
    return column.filter(is_readable)


def _mask(row_count: int, unreadable: Container[int]) -> Array[Any]:
    from pyarrow import array

    return array([row not in unreadable for row in range(row_count)])


def _undecodable_rows(column: Array[Any]) -> Iterator[int]:
    for row, value in enumerate(column):
        try:
            value.as_py()
        except UnicodeDecodeError:
            yield row


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    value = kind.value_type if types.is_dictionary(kind) else kind
    tests = (types.is_null, types.is_string, types.is_large_string, types.is_string_view)
    return any(test(value) for test in tests)


def _binary_type(kind: Any) -> Any:
    import pyarrow as pa

    types = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}
    return types.get(kind) or pa.binary_view()


def _as_plain_text(column: Array[Any]) -> Array[Any]:
    """Return the column as texts, without a dictionary."""
    from pyarrow import string, types

    if types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    is_text = not types.is_null(column.type) and _is_text(column.type)
    return column if is_text else column.cast(string())


def _to_labels(column: Array[Any]) -> list[str | None]:
    """Return a column with few distinct texts as a list; each becomes a string once a batch."""
    encoded = column.dictionary_encode()
    texts: list[str | None] = [*encoded.dictionary.to_pylist(), None]
    indexes = encoded.indices.fill_null(len(texts) - 1)
    buffer: Any = indexes.buffers()[1]
    memory = memoryview(buffer).cast("i")[indexes.offset :]
    return [*map(texts.__getitem__, memory[: len(column)])]


def _distinct(names: Iterable[str]) -> list[str]:
    return [*dict.fromkeys(names)]


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


def _open_parquet(path: str) -> ParquetFile:
    pyarrow = _pyarrow("reading Parquet")
    try:
        # Without pre_buffer: data that is read ahead stays in memory to the end of the file.
        file: ParquetFile = pyarrow.parquet.ParquetFile(
            path, buffer_size=_BUFFER_BYTES, pre_buffer=False
        )
    except (pyarrow.ArrowException, OSError) as error:
        raise SourceError(f"{path} is not a Parquet file: {first_line(error)}") from error
    return file
