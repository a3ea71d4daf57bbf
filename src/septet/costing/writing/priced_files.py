"""Priced files: the messages of a campaign with columns for their segments, price and notes."""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from functools import cache, partial
from typing import IO, Any, Protocol, TypeAlias

from ...exceptions import MissingExtraError, SourceError
from ...files.whole_files import text_of, whole_file
from ...standard.encoding import Encoding
from ..insights.counted_batches import BatchFacts
from ..rates.card import RateCard
from ..rates.pricing import find_rate
from ..rates.rate import Rate
from ..rates.unpriced import NO_TEXT
from ..reading.campaigns import Campaign
from ..reading.sources import Batch, first_line
from .arrow_columns import check_writable, iter_cells, to_parquet

__all__ = ["ADDED", "priced_file"]

ADDED = ("encoding", "unit_count", "segment_count", "price", "currency", "note")
"""The columns that follow those of the source."""

_Price: TypeAlias = "tuple[Decimal | None, str | None, str | None]"
_KEEP_BYTES = "septet.keep_bytes"
_ENCODINGS = tuple(map(str, Encoding))


@contextmanager
def priced_file(
    path: str | os.PathLike[str], campaign: Campaign, rates: RateCard | None
) -> Iterator[Callable[[Batch, BatchFacts], None]]:
    """Open a file for the messages of a campaign, and move it into place at the end.

    Args:
        path: The file to write: Parquet if its name ends in .parquet, else CSV with the delimiter,
            line ends, byte order mark and separator line of the campaign's first part.
        campaign: The campaign that is read, with all columns kept.
        rates: The card to price by; None to price nothing.

    Yields:
        A function that writes a batch with its facts.

    Raises:
        OSError: The file cannot be written.
        SourceError: A column has the name of one that is added, or a part has other columns than
            the one before it.
        MissingExtraError: The file is Parquet and pyarrow is not installed.
    """
    target = os.fspath(path)
    is_parquet = target.lower().endswith(".parquet")
    names: list[str] = []
    price_of = cache(partial(_price, rates))
    with ExitStack() as stack:
        file = stack.enter_context(whole_file(target))
        writer = stack.enter_context(
            _open_parquet(file) if is_parquet else _open_csv(file, campaign)
        )

        def write(batch: Batch, facts: BatchFacts) -> None:
            if not names:
                names.extend(_names(batch.header, batch.source))
            elif names != [*batch.header, *ADDED]:
                raise SourceError(f"{batch.source} has other columns than the part before it")
            writer.write(batch.source, names, [*batch.kept, *_added_columns(facts, price_of)])

        yield write
        if not names:
            names = _names(campaign.header, campaign.name)
            writer.write(campaign.name, names, [[] for _ in names])


def _names(header: Sequence[str], source: str) -> list[str]:
    for name in ADDED:
        if name in header:
            raise SourceError(f"{source} has a column {name!r} already")
    return [*header, *ADDED]


def _added_columns(facts: BatchFacts, price_of: Callable[[int, int], _Price]) -> list[list[Any]]:
    """Return the columns of `ADDED`."""
    columns = facts.columns
    memories = columns.encoding.memory, columns.unit_count.memory, columns.segment_count.memory
    rows = [
        (_ENCODINGS[encoding], units, segments, *price_of(index, segments))
        if units
        else (None, 0, 0, None, None, NO_TEXT)
        for encoding, units, segments, index in zip(*memories, facts.rates, strict=True)
    ]
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in ADDED]


def _price(rates: RateCard | None, index: int, segments: int) -> _Price:
    """Return price, currency and note of a message by the index of its rate."""
    rate = find_rate(rates, index, segments)
    if isinstance(rate, Rate):
        return rate.cost(segments), rate.currency, None
    return None, None, rate


class _Writer(Protocol):
    def write(self, source: str, names: Sequence[str], columns: Sequence[Any]) -> None: ...


class _CsvWriter:
    def __init__(self, file: IO[str], campaign: Campaign) -> None:
        self._file = file
        self._campaign = campaign
        self._writer: Any = None

    def write(self, source: str, names: Sequence[str], columns: Sequence[Any]) -> None:
        if self._writer is None:
            dialect = self._campaign.dialect
            self._file.write(dialect.head)
            lines = _Lines(self._file, dialect.line_end)
            self._writer = csv.writer(lines, delimiter=dialect.delimiter)
            self._writer.writerow(names)
        cells = [
            column if isinstance(column, list) else iter_cells(column, _place(source, name))
            for name, column in zip(names, columns, strict=True)
        ]
        self._writer.writerows(zip(*cells, strict=True))


class _Lines:
    """Writes records with another line end than CR LF.

    Given that line end, `csv` of some versions of Python leaves cells with the other line ends
    without quotes.
    """

    def __init__(self, file: IO[str], line_end: str) -> None:
        self._file = file
        self._line_end = line_end

    def write(self, record: str) -> None:
        self._file.write(record.removesuffix("\r\n") + self._line_end)


class _ParquetWriter:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._writer: Any = None
        self._schema: Any = None

    def write(self, source: str, names: Sequence[str], columns: Sequence[Any]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = [
            pa.string(),
            pa.int32(),
            pa.int32(),
            pa.decimal128(20, 6),
            pa.string(),
            pa.string(),
        ]
        kept = [
            pa.array(map(_clean, column), pa.string())
            if isinstance(column, list)
            else to_parquet(column, _place(source, name))
            for name, column in zip(names, columns[: -len(ADDED)], strict=False)
        ]
        if self._schema is not None:
            kept = [
                self._as_before(column, index, _place(source, name))
                for index, (name, column) in enumerate(zip(names, kept, strict=False))
            ]
        pairs = zip(columns[-len(ADDED) :], kinds, strict=True)
        arrays = [*kept, *(pa.array(column, kind) for column, kind in pairs)]
        try:
            table = pa.Table.from_arrays(arrays, [_clean(name) or "" for name in names])
            if self._writer is None:
                self._schema = table.schema
                self._writer = pq.ParquetWriter(self._file, table.schema)
            self._writer.write_table(table)
        except pa.ArrowException as error:
            for name, column in zip(names, arrays, strict=True):
                check_writable(column, _place(source, name))
            raise SourceError(
                f"{source} cannot be written as Parquet: {first_line(error)}"
            ) from error

    def _as_before(self, column: Any, index: int, place: str) -> Any:
        """Return a column with the type that it had in the parts before this one."""
        from pyarrow import ArrowException

        expected = self._schema.field(index).type
        if column.type == expected:
            return column
        try:
            return column.cast(expected)
        except ArrowException as error:
            raise SourceError(
                f"{place} is of another type than in the part before it: "
                f"expected {expected}, got {column.type}"
            ) from error

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _place(source: str, name: str) -> str:
    return f"{source}: column {name!r}"


def _clean(cell: str | None) -> str | None:
    """Return a cell with a question mark for each surrogate, which stands for an invalid byte."""
    return cell and cell.encode("utf-8", "replace").decode()


@contextmanager
def _open_csv(file: IO[bytes], campaign: Campaign) -> Iterator[_Writer]:
    with text_of(file, _KEEP_BYTES) as text:
        yield _CsvWriter(text, campaign)


def _keep_bytes(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write the bytes that were not UTF-8 unchanged, and a question mark for other surrogates.

    Only JSON can have other surrogates.
    """
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeEncodeError as surrogate:
        return "?", surrogate.start + 1


codecs.register_error(_KEEP_BYTES, _keep_bytes)


@contextmanager
def _open_parquet(file: IO[bytes]) -> Iterator[_Writer]:
    try:
        import pyarrow.parquet  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "arrow", "writing Parquet") from error
    writer = _ParquetWriter(file)
    try:
        yield writer
    finally:
        writer.close()
