"""Priced files as Parquet: the columns of the source and further ones, in row groups."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, Any, NamedTuple

from ..._kernels import are_utf8, join_rows
from ...arrow.rows import read_rows
from ...exceptions import SourceError
from ..reading.sources import Batch, first_line
from .arrow_columns import check_writable, to_parquet
from .priced_rows import ADDED, PricedRows
from .text_cells import large_texts, texts_of

__all__ = ["ParquetOutput", "ParquetPart"]

_GROUP_ROWS = 1 << 17
_GROUP_BYTES = 32 << 20


class ParquetPart(NamedTuple):
    """The rows of a batch.

    Attributes:
        source: The name of their source.
        columns: Arrow arrays: the columns of the source, then the added ones.
    """

    source: str
    columns: list[Any]


class ParquetOutput:
    """Collects batches to row groups, which a thread of its own writes."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin an empty file.

        Args:
            file: The file to write to; it stays open.
        """
        self._file = file
        self._names: list[str] = []
        self._types: list[Any] = []
        self._writer: Any = None
        self._parts: list[ParquetPart] = []
        self._row_count = self._byte_count = 0
        self._thread = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None  # the row group before

    def convert(self, batch: Batch, rows: PricedRows) -> ParquetPart:
        """Return the rows of a batch as Arrow arrays; several threads may do so at a time.

        Args:
            batch: The batch, with all columns kept.
            rows: The added columns.

        Raises:
            SourceError: Parquet cannot hold the type of a column.
        """
        kept = [
            _to_array(column, _place(batch.source, name))
            for name, column in zip(batch.header, batch.kept, strict=True)
        ]
        return ParquetPart(batch.source, [*kept, *_added_columns(rows)])

    def write_header(self, names: Sequence[str]) -> None:
        """Take the names of all columns, once and first."""
        self._names = list(names)

    def write(self, part: ParquetPart) -> None:
        """Write what `convert` returned, in the order of the batches.

        Raises:
            OSError: The file cannot be written.
            SourceError: A column is of another type than before, or has a value that Parquet cannot
                hold.
        """
        columns = part.columns
        if not self._types:
            self._types = [column.type for column in columns]
        for index, expected in enumerate(self._types):
            if columns[index].type != expected:
                place = _place(part.source, self._names[index])
                columns[index] = _as_before(columns[index], expected, place)
        self._parts.append(part)
        self._row_count += len(columns[0])
        self._byte_count += sum(column.nbytes for column in columns)
        if self._row_count >= _GROUP_ROWS or self._byte_count >= _GROUP_BYTES:
            self._write_group()

    def finish(self) -> None:
        """Write the rest of the rows and the end of the file.

        Raises:
            OSError, SourceError: As for `write`.
        """
        if not self._types:  # there are no rows, so any type will do for the columns of the source
            nothing = PricedRows(memoryview(b"").cast("i"), memoryview(b"").cast("i"), [])
            kept = [_to_array([], "") for _ in self._names[: -len(ADDED)]]
            self.write(ParquetPart("", [*kept, *_added_columns(nothing)]))
        self._write_group()
        self._wait()
        self._writer.close()

    def close(self) -> None:
        """End the thread, whether the file is finished or not."""
        self._thread.shutdown()
        if self._writer is not None and self._writer.is_open:
            with suppress(Exception):  # another one is on its way
                self._writer.close()

    def _write_group(self) -> None:
        """Have the collected rows written, once those before them are."""
        self._wait()
        self._written = self._thread.submit(self._write_parts, self._parts)
        self._parts = []
        self._row_count = self._byte_count = 0

    def _wait(self) -> None:
        if self._written is not None:
            self._written.result()

    def _write_parts(self, parts: list[ParquetPart]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            fields = zip([_clean(name) or "" for name in self._names], self._types, strict=True)
            schema = pa.schema([pa.field(name, kind) for name, kind in fields])
            columns = [
                pa.chunked_array([part.columns[index] for part in parts], kind)
                for index, kind in enumerate(self._types)
            ]
            table = pa.Table.from_arrays(columns, schema=schema)
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._file, schema)
            self._writer.write_table(table, 2 * _GROUP_ROWS)
        except pa.ArrowException as error:
            for part in parts:
                for name, column in zip(self._names, part.columns, strict=True):
                    check_writable(column, _place(part.source, name))
            source = parts[0].source
            raise SourceError(
                f"{source} cannot be written as Parquet: {first_line(error)}"
            ) from error


def _added_columns(rows: PricedRows) -> list[Any]:
    """Return the columns of `ADDED`, whose values are those of `rows.prices` but the units."""
    import pyarrow as pa

    prices = rows.prices
    row_count = len(rows.numbers)
    numbers, units = (
        pa.Array.from_buffers(pa.int32(), row_count, [None, pa.py_buffer(memory)])
        for memory in (rows.numbers, rows.unit_counts)
    )
    distinct: list[Any] = [
        pa.array([price.encoding for price in prices], pa.string()),
        pa.array([price.segment_count for price in prices], pa.int32()),
        pa.array([price.price for price in prices], pa.decimal128(20, 6)),
        pa.array([price.currency for price in prices], pa.string()),
        pa.array([price.note for price in prices], pa.string()),
    ]
    encodings, *others = (values.take(numbers) for values in distinct)
    return [encodings, units, *others]


def _to_array(column: Any, place: str) -> Any:
    """Return a kept column as an Arrow array that Parquet can hold."""
    if isinstance(column, list):
        from pyarrow import array, string

        return array(map(_clean, column), string())
    return to_parquet(column, place) if hasattr(column, "type") else _copy_texts(column)


def _copy_texts(column: Any) -> Any:
    """Return one of our own columns of texts as an array of strings."""
    import pyarrow as pa

    texts = texts_of(column)
    rows = len(column)
    offsets, joined = join_rows([(texts.addresses, texts.first)], rows)
    copied = large_texts(offsets, joined)
    if not are_utf8(copied.addresses, 0, rows):
        first, stop = texts.first, texts.first + rows
        decoded = (
            row if row is None else row.decode("utf-8", "surrogateescape")
            for row in read_rows(texts.addresses, first, stop)
        )
        return _to_array(list(decoded), "")
    exported: Any = pa.array(column)
    buffers = [exported.buffers()[0], pa.py_buffer(offsets), pa.py_buffer(joined)]
    array = pa.Array.from_buffers(pa.large_string(), rows, buffers, exported.null_count)
    return array.cast(pa.string())


def _as_before(column: Any, expected: Any, place: str) -> Any:
    """Return a column with the type that it had in the parts before this one."""
    from pyarrow import ArrowException

    try:
        return column.cast(expected)
    except ArrowException as error:
        raise SourceError(
            f"{place} is of another type than in the part before it: "
            f"expected {expected}, got {column.type}"
        ) from error


def _place(source: str, name: str) -> str:
    return f"{source}: column {name!r}"


def _clean(cell: str | None) -> str | None:
    """Return a cell with a question mark for each surrogate, which stands for an invalid byte."""
    return cell and cell.encode("utf-8", "replace").decode()
