"""Campaigns written out with what each message takes and costs."""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Protocol

from .._kernels import NO_RATE
from ..encoding import Encoding
from ..exceptions import MissingExtraError, SourceError
from ..segmentation import Segmenter
from ..whole_files import whole_file
from .campaigns import Campaign
from .money import money
from .pricing import NO_TEXT, find_rate
from .rates import Rate, RateCard
from .sources import Batch, Columns, listed
from .templates import parse_template

__all__ = ["ADDED", "write_priced"]

ADDED = ("encoding", "unit_count", "segment_count", "price", "currency", "note")
"""The columns that are written behind those of the source."""

_AS_IT_WAS = "septet.as_it_was"
_ENCODINGS = tuple(map(str, Encoding))


def write_priced(
    source: Any,
    path: str | os.PathLike[str],
    *,
    text: str | None = None,
    template: str | None = None,
    to: str | None = None,
    rates: RateCard | None = None,
    segmenter: Segmenter | None = None,
) -> None:
    """Write the messages of a source with encoding, units, segments, price, currency and a note.

    A row without text takes nothing, and one without a price has none; the note says why. So the
    columns add up to the estimate. Rows that cannot be read are not there.

    Args:
        source: What `estimate` takes; every part must have the same columns.
        path: The file to write: Parquet if its name ends in .parquet, else CSV. It is there when
            all is written, and not before.
        text: Name of the column of texts.
        template: Instead of it, what the texts are made by; they are not written.
        to: Name of the column of recipients.
        rates: The card to price by.
        segmenter: The rules to count by; the default ones if left out.

    Raises:
        OSError: The file cannot be written.
        SourceError: A column has the name of one that is added, or parts have other columns.
        Exception: What `estimate` raises.
    """
    rules = segmenter or Segmenter()
    columns = Columns(text, to, keep=True, template=parse_template(template))
    target = os.fspath(path)
    open_writer = _open_parquet if target.lower().endswith(".parquet") else _open_csv
    names: list[str] = []
    prices = _Prices(rates)
    with (
        Campaign(source, columns) as campaign,
        whole_file(target) as unfinished,
        open_writer(os.fspath(unfinished)) as writer,
    ):
        for batch in campaign:
            if not names:
                names = _names(campaign.header, batch.source)
            elif names != [*campaign.header, *ADDED]:
                raise SourceError(f"{batch.source} has other columns than what was before it")
            writer.write(names, [*batch.kept, *_added(batch, rules, rates, prices)])
        if not names:
            names = _names(campaign.header, campaign.name)
            writer.write(names, [[] for _ in names])


def _names(header: Sequence[str], source: str) -> list[str]:
    for name in ADDED:
        if name in header:
            raise SourceError(f"{source} has a column {name!r} already")
    return [*header, *ADDED]


def _added(
    batch: Batch, segmenter: Segmenter, rates: RateCard | None, prices: _Prices
) -> list[list[Any]]:
    """Return the columns of `ADDED`."""
    found = segmenter.analyze_many(batch.texts)
    indexes: Sequence[int] = [NO_RATE] * len(found)
    if rates is not None:
        indexes = rates.match_many(batch.recipients)
    facts = (memoryview(part) for part in (found.encoding, found.unit_count, found.segment_count))
    rows = [
        (_ENCODINGS[encoding], units, segments, *prices[index, segments])
        if units
        else (None, 0, 0, None, None, NO_TEXT)
        for encoding, units, segments, index in zip(*facts, indexes, strict=True)
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
            self[key] = Decimal(money(rate.cost(key[1]))), rate.currency, None
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
