"""Priced files as delimited text: the records of the source with further fields behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import IO, NamedTuple

from ..._kernels import append_fields
from ...files.gzip_parts import GzipWriter, compress_part
from ..reading.campaigns import Campaign
from ..reading.sources import Batch, Dialect
from .priced_rows import PricedRows
from .text_cells import Texts, iter_records, list_records, texts_of

__all__ = ["CsvOutput", "CsvPart"]

_ROWS_AT_ONCE = 4096  # few enough for the allocator to use the memory of other pieces again


class CsvPart(NamedTuple):
    """Some bytes of the file.

    Attributes:
        data: The records, in one piece or several.
        compressed: The same compressed, if the file is; then they are one piece.
    """

    data: Sequence[bytes | bytearray]
    compressed: bytes | None


class CsvOutput:
    """Writes records in the dialect of the campaign's first part."""

    def __init__(
        self, file: IO[bytes], campaign: Campaign, *, has_bounds: bool, is_compressed: bool
    ) -> None:
        """Begin an empty file.

        Args:
            file: The file to write to; it stays open.
            campaign: The campaign that is read; its dialect is known once it has a batch.
            has_bounds: Whether to add the columns `BOUNDS`.
            is_compressed: Whether to write gzip.
        """
        self._file = file
        self._campaign = campaign
        self._has_bounds = has_bounds
        self._gzip = GzipWriter(file) if is_compressed else None

    def convert(self, batch: Batch, rows: PricedRows) -> Iterable[CsvPart]:
        """Return the rows of a batch as they are written; several threads may do so at a time.

        Args:
            batch: The batch, with all columns kept.
            rows: The added columns.

        Raises:
            SourceError: A value cannot be shown as text.
        """
        parts = map(self._to_part, self._join(batch, rows))
        # A batch of ordinary rows is one part. What is large is made when it is written.
        return chain(list(islice(parts, 2)), parts)

    def write(self, parts: Iterable[CsvPart]) -> None:
        """Write what `convert` returned, in the order of the batches."""
        for part in parts:
            if self._gzip is None:
                for data in part.data:
                    self._file.write(data)
            else:
                self._gzip.write(part.data[0], part.compressed or b"")

    def write_header(self, names: Sequence[str]) -> None:
        """Write the names of all columns, once and first."""
        dialect = self._campaign.dialect
        (record,) = list_records([[name] for name in names], dialect.delimiter)
        self.write([self._to_part([_to_bytes(dialect.head), record, _end(dialect)])])

    def finish(self) -> None:
        """Write the end of the file."""
        if self._gzip is not None:
            self._gzip.finish()

    def close(self) -> None:
        """Do nothing: the file stays open, and there is nothing else to close."""

    def _to_part(self, data: Sequence[bytes | bytearray]) -> CsvPart:
        if self._gzip is None:
            return CsvPart(data, None)
        joined = b"".join(data)
        return CsvPart([joined], compress_part(joined))

    def _join(self, batch: Batch, rows: PricedRows) -> Iterator[list[bytearray]]:
        """Yield the records of a batch with the added fields and line ends, in pieces."""
        dialect = self._campaign.dialect
        delimiter = _to_bytes(dialect.delimiter)
        prices = rows.prices
        others: list[list[str | None]] = [
            [str(price.segment_count) for price in prices],
            _amounts(price.price for price in prices),
            [price.currency for price in prices],
            [price.note for price in prices],
        ]
        if self._has_bounds:
            others.append(_amounts(price.price_lowest for price in prices))
            others.append(_amounts(price.price_highest for price in prices))
        encodings = list_records([[price.encoding for price in prices]], dialect.delimiter)
        before = [b"".join((delimiter, encoding, delimiter)) for encoding in encodings]
        after = [
            b"".join((delimiter, record, _end(dialect)))
            for record in list_records(others, dialect.delimiter)
        ]
        row = 0
        for records, count in _records_of(batch, dialect.delimiter, len(rows.numbers)):
            stop = row + count
            parts = [
                slice(first, min(first + _ROWS_AT_ONCE, stop))
                for first in range(row, stop, _ROWS_AT_ONCE)
            ]
            yield [
                append_fields(
                    (records.addresses, records.first + part.start - row),
                    rows.unit_counts[part],
                    rows.numbers[part],
                    before,
                    after,
                )
                for part in parts
            ]
            row = stop


def _records_of(batch: Batch, delimiter: str, row_count: int) -> Iterator[tuple[Texts, int]]:
    """Yield the records of a batch without line ends, and how many they are."""
    if batch.records is not None and batch.records.delimiter == delimiter:
        yield texts_of(batch.records.rows), row_count
    else:
        places = [f"{batch.source}: column {name!r}" for name in batch.header]
        yield from iter_records(batch.kept, places, row_count, delimiter)


def _amounts(amounts: Iterable[Decimal | None]) -> list[str | None]:
    return [None if amount is None else str(amount) for amount in amounts]


def _end(dialect: Dialect) -> bytes:
    return _to_bytes(dialect.line_end)


def _to_bytes(text: str) -> bytes:
    return text.encode()
