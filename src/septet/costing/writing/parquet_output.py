"""Priced files as Parquet: the columns of the source and further ones, in row groups."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from itertools import accumulate
from typing import IO, Any, NamedTuple

from ..._kernels import are_utf8, join_rows
from ...arrow.rows import read_rows
from ...exceptions import SourceError
from ..rates.money import to_micros
from ..reading.campaigns import Campaign
from ..reading.sources import Batch
from ..reading.unreadable_rows import first_line
from .arrow_columns import check_writable, to_parquet
from .priced_rows import PricedRows
from .text_cells import large_texts, texts_of

__all__ = ["ParquetOutput", "ParquetPart"]

_GROUP_ROWS = 98_304
_GROUP_BYTES = 32 << 20
_SAMPLE_ROWS = 4096
_COMPRESSION = "snappy"  # of campaigns that are not Parquet


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

    def __init__(self, file: IO[bytes], campaign: Campaign, *, has_bounds: bool) -> None:
        """Begin an empty file.

        Args:
            file: The file to write to; it stays open.
            campaign: The campaign that is read; its compression is known once it has a batch.
            has_bounds: Whether to add the columns `BOUNDS`.
        """
        self._file = file
        self._campaign = campaign
        self._has_bounds = has_bounds
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
        return ParquetPart(batch.source, [*kept, *_added_columns(rows, self._has_bounds)])

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
            added = _added_columns(nothing, self._has_bounds)
            kept = [_strings([], "") for _ in self._names[: -len(added)]]
            self.write(ParquetPart("", [*kept, *added]))
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
            names = [name.encode("utf-8", "replace").decode() for name in self._names]
            schema = pa.schema(list(map(pa.field, names, self._types)))
            columns = [
                pa.chunked_array([part.columns[index] for part in parts], kind)
                for index, kind in enumerate(self._types)
            ]
            table = pa.Table.from_arrays(columns, schema=schema)
            if self._writer is None:
                compression: Any = self._campaign.compression or _COMPRESSION
                self._writer = pq.ParquetWriter(
                    self._file,
                    schema,
                    use_dictionary=_repetitive_columns(table),
                    compression=compression,
                )
            self._writer.write_table(table, 2 * _GROUP_ROWS)
        except pa.ArrowException as error:
            for part in parts:
                for name, column in zip(self._names, part.columns, strict=True):
                    check_writable(column, _place(part.source, name))
            source = parts[0].source
            raise SourceError(
                f"{source} cannot be written as Parquet: {first_line(error)}"
            ) from error


def _repetitive_columns(table: Any) -> Any:
    """Return the names of the columns whose values are to be stored once, in dictionaries.

    Looking up values that never occur again takes longer than anything else that is done with them.
    Columns of nested values are taken to be repetitive, by True for all columns.
    """
    from pyarrow import ArrowNotImplementedError, compute

    sample = table.slice(0, _SAMPLE_ROWS)
    try:
        return [
            name
            for name, column in zip(sample.schema.names, sample.columns, strict=True)
            if 2 * compute.count_distinct(column).as_py() <= len(sample)
        ]
    except ArrowNotImplementedError:
        return True


def _added_columns(rows: PricedRows, has_bounds: bool) -> list[Any]:
    """Return the columns of `ADDED`, whose values are those of `rows.prices` but the units.

    Args:
        rows: The values.
        has_bounds: Whether the columns of `BOUNDS` follow.
    """
    import pyarrow as pa

    prices = rows.prices
    row_count = len(rows.numbers)
    numbers, units = (
        pa.Array.from_buffers(pa.int32(), row_count, [None, pa.py_buffer(memory)])
        for memory in (rows.numbers, rows.unit_counts)
    )
    distinct = [
        _strings([price.encoding for price in prices], ""),
        _integers([price.segment_count for price in prices], pa.int32()),
        _amounts(price.price for price in prices),
        _strings([price.currency for price in prices], ""),
        _strings([price.note for price in prices], ""),
    ]
    if has_bounds:
        distinct.append(_amounts(price.price_lowest for price in prices))
        distinct.append(_amounts(price.price_highest for price in prices))
    encodings, *others = (values.take(numbers) for values in distinct)
    return [encodings, units, *others]


def _to_array(column: Any, place: str) -> Any:
    """Return a kept column as an Arrow array that Parquet can hold."""
    if isinstance(column, list):
        return _strings(column, place)
    return to_parquet(column, place) if hasattr(column, "type") else _copy_texts(column, place)


def _copy_texts(column: Any, place: str) -> Any:
    """Return one of our own columns of texts as an array of strings."""
    import pyarrow as pa

    texts = texts_of(column)
    rows = len(column)
    offsets, joined = join_rows([(texts.addresses, texts.first)], rows)
    copied = large_texts(offsets, joined)
    if not are_utf8(copied.addresses, 0, rows):
        read = read_rows(texts.addresses, texts.first, texts.first + rows)
        return _strings(
            [row if row is None else row.decode("utf-8", "surrogateescape") for row in read], place
        )
    exported: Any = pa.array(column)
    return _to_strings(exported.buffers()[0], offsets, joined, place)


# `pyarrow.array` would import pandas to find out whether a list is of its types.


def _strings(cells: list[str | None], place: str) -> Any:
    """Return texts as an array, with a question mark for each surrogate."""
    rows = [(cell or "").encode("utf-8", "replace") for cell in cells]
    offsets = array("q", accumulate(map(len, rows), initial=0))
    return _to_strings(_validity(cells), offsets, b"".join(rows), place)


def _to_strings(validity: Any, offsets: Any, texts: Any, place: str) -> Any:
    """Return an array of strings made of the buffers of large ones."""
    import pyarrow as pa

    buffers = [validity, pa.py_buffer(offsets), pa.py_buffer(texts)]
    rows = memoryview(offsets).nbytes // 8 - 1
    try:
        return pa.Array.from_buffers(pa.large_string(), rows, buffers).cast(pa.string())
    except pa.ArrowException as error:
        raise SourceError(f"{place} cannot be written as Parquet: {first_line(error)}") from error


def _amounts(amounts: Iterable[Decimal | None]) -> Any:
    import pyarrow as pa

    micros = [None if amount is None else to_micros(amount) for amount in amounts]
    return _integers(micros, pa.decimal128(20, 6))


def _integers(values: Sequence[int | None], kind: Any) -> Any:
    """Return integers as an array of a type whose values are integers in memory."""
    import pyarrow as pa

    width = kind.bit_width // 8
    memory = b"".join((value or 0).to_bytes(width, sys.byteorder, signed=True) for value in values)
    return pa.Array.from_buffers(kind, len(values), [_validity(values), pa.py_buffer(memory)])


def _validity(values: Sequence[Any]) -> Any:
    """Return a bit for each value that is not None; None if all are not."""
    from pyarrow import py_buffer

    if None not in values:
        return None
    bits = "".join("01"[value is not None] for value in reversed(values))
    return py_buffer(int(bits, 2).to_bytes(len(values) + 7 >> 3, "little"))


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
