"""Campaigns written out with what each message takes and costs."""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Protocol

from ...columns.surveys import listed
from ...exceptions import MissingExtraError, SourceError
from ...files.whole_files import whole_file
from ...standard.encoding import Encoding
from ..estimates.fold import Facts
from ..rates.card import RateCard
from ..rates.pricing import NO_TEXT, find_rate
from ..rates.rate import Rate
from ..reading.campaigns import Campaign
from ..reading.sources import Batch

__all__ = ["ADDED", "priced_file"]

ADDED = ("encoding", "unit_count", "segment_count", "price", "currency", "note")
"""The columns that are written behind those of the source."""

_AS_IT_WAS = "septet.as_it_was"
_ENCODINGS = tuple(map(str, Encoding))


@contextmanager
def priced_file(
    path: str | os.PathLike[str], campaign: Campaign, rates: RateCard | None
) -> Iterator[Callable[[Batch, Facts], None]]:
    """Yield what writes the batches of a campaign, with what was found of each; see `estimate`.

    Args:
        path: The file to write.
        campaign: What is read, all columns of it.
        rates: The card that prices it.

    Raises:
        OSError: The file cannot be written.
        SourceError: A column has the name of one that is added, or parts have other columns.
        MissingExtraError: Parquet without pyarrow.
    """
    target = os.fspath(path)
    open_writer = _open_parquet if target.lower().endswith(".parquet") else _open_csv
    names: list[str] = []
    prices = _Prices(rates)
    with whole_file(target) as unfinished, open_writer(os.fspath(unfinished)) as writer:

        def write(batch: Batch, facts: Facts) -> None:
            if not names:
                names.extend(_names(batch.header, batch.source))
            elif names != [*batch.header, *ADDED]:
                raise SourceError(f"{batch.source} has other columns than what was before it")
            writer.write(names, [*batch.kept, *_added(facts, prices)])

        yield write
        if not names:
            names = _names(campaign.header, campaign.name)
            writer.write(names, [[] for _ in names])


def _names(header: Sequence[str], source: str) -> list[str]:
    for name in ADDED:
        if name in header:
            raise SourceError(f"{source} has a column {name!r} already")
    return [*header, *ADDED]


def _added(facts: Facts, prices: _Prices) -> list[list[Any]]:
    """Return the columns of `ADDED`."""
    found = facts.columns
    parts = (memoryview(part) for part in (found.encoding, found.unit_count, found.segment_count))
    rows = [
        (_ENCODINGS[encoding], units, segments, *prices[index, segments])
        if units
        else (None, 0, 0, None, None, NO_TEXT)
        for encoding, units, segments, index in zip(*parts, facts.rates, strict=True)
    ]
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in ADDED]


class _Prices(dict[tuple[int, int], tuple[Decimal | None, str | None, str | None]]):
    """Price, currency and note by the index of a rate and segments, found when first asked for."""

    def __init__(self, rates: RateCard | None) -> None:
        super().__init__()
        self._rates = rates

    def __missing__(self, key: tuple[int, int]) -> tuple[Decimal | None, str | None, str | None]:
        rate = find_rate(self._rates, *key)
        if isinstance(rate, Rate):
            self[key] = rate.cost(key[1]), rate.currency, None
        else:
            self[key] = None, None, rate
        return self[key]


class _Writer(Protocol):
    def write(self, names: Sequence[str], columns: Sequence[Any]) -> None: ...


class _CsvWriter:
    def __init__(self, file: Any) -> None:
        self._writer = csv.writer(file)
        self._has_header = False

    def write(self, names: Sequence[str], columns: Sequence[Any]) -> None:
        if not self._has_header:
            self._writer.writerow(names)
            self._has_header = True
        self._writer.writerows(zip(*map(listed, columns), strict=True))


class _ParquetWriter:
    def __init__(self, path: str) -> None:
        self._path = path
        self._writer: Any = None

    def write(self, names: Sequence[str], columns: Sequence[Any]) -> None:
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
            pa.array(map(_clean, column), pa.string()) if isinstance(column, list) else column
            for column in columns[: -len(ADDED)]
        ]
        pairs = zip(columns[-len(ADDED) :], kinds, strict=True)
        arrays = [*kept, *(pa.array(column, kind) for column, kind in pairs)]
        table = pa.Table.from_arrays(arrays, list(names))
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _clean(cell: str | None) -> str | None:
    """Return what UTF-8 can say of a cell: it may come from bytes that are none."""
    return cell and cell.encode("utf-8", "replace").decode()


@contextmanager
def _open_csv(path: str) -> Iterator[_Writer]:
    with open(path, "w", encoding="utf-8", errors=_AS_IT_WAS, newline="") as file:
        yield _CsvWriter(file)


def _as_it_was(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write bytes that were not UTF-8 as they were; other surrogates come from JSON only."""
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeEncodeError as surrogate:
        return "?", surrogate.start + 1


codecs.register_error(_AS_IT_WAS, _as_it_was)


@contextmanager
def _open_parquet(path: str) -> Iterator[_Writer]:
    try:
        import pyarrow.parquet  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "arrow", "writing Parquet") from error
    writer = _ParquetWriter(path)
    try:
        yield writer
    finally:
        writer.close()
