"""Priced files: the messages of a campaign with columns for their segments, price and notes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import IO, Any, NamedTuple, Protocol

from ...exceptions import MissingExtraError, SourceError
from ...files.whole_files import whole_file
from ..insights.counted_batches import BatchFacts
from ..rates.card import RateCard
from ..reading.campaigns import Campaign
from ..reading.sources import Batch
from .csv_output import CsvOutput
from .priced_rows import ADDED, PricedRows, RowPricer

__all__ = ["PricedBatch", "PricedFile", "priced_file"]


class PricedBatch(NamedTuple):
    """The rows of a batch as they are written.

    Attributes:
        source: The name of their source.
        header: The names of its columns.
        rows: What the format made of them.
    """

    source: str
    header: Sequence[str]
    rows: Any


class _Output(Protocol):
    """A format of priced files."""

    def convert(self, batch: Batch, rows: PricedRows) -> Any: ...
    def write(self, converted: Any) -> None: ...
    def write_header(self, names: Sequence[str]) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class PricedFile:
    """A file that is being written; made by `priced_file`."""

    def __init__(self, output: _Output, campaign: Campaign, rates: RateCard | None) -> None:
        """Begin without rows.

        Args:
            output: The format.
            campaign: The campaign that is read, with all columns kept.
            rates: The card to price by; None to price nothing.
        """
        self._output = output
        self._campaign = campaign
        self._pricer = RowPricer(rates)
        self._names: list[str] = []

    def convert(self, batch: Batch, facts: BatchFacts) -> PricedBatch:
        """Price the rows of a batch; several threads may do so at a time.

        Args:
            batch: The batch.
            facts: The facts of its rows.

        Returns:
            What `write` writes. It does not refer to the batch, unless this is very large.

        Raises:
            SourceError: A column cannot be written.
        """
        rows = self._output.convert(batch, self._pricer.price(facts))
        return PricedBatch(batch.source, batch.header, rows)

    def write(self, batch: PricedBatch) -> None:
        """Write the next batch, in the order of the rows.

        Raises:
            OSError: The file cannot be written.
            SourceError: A column has the name of one that is added, or cannot be written; or the
                batch has other columns than the one before it.
        """
        if not self._names:
            self._write_header(batch.header, batch.source)
        elif self._names != [*batch.header, *ADDED]:
            raise SourceError(f"{batch.source} has other columns than the part before it")
        self._output.write(batch.rows)

    def finish(self) -> None:
        """Write the end of the file; raises what `write` raises."""
        if not self._names:
            self._write_header(self._campaign.header, self._campaign.name)
        self._output.finish()

    def _write_header(self, header: Sequence[str], source: str) -> None:
        for name in ADDED:
            if name in header:
                raise SourceError(f"{source} has a column {name!r} already")
        self._names = [*header, *ADDED]
        self._output.write_header(self._names)


@contextmanager
def priced_file(
    path: str | os.PathLike[str], campaign: Campaign, rates: RateCard | None
) -> Iterator[PricedFile]:
    """Open a file for the messages of a campaign, and move it into place at the end.

    Args:
        path: The file to write: Parquet with the compression of the campaign's first part if its
            name ends in .parquet, else CSV with the delimiter, line ends, byte order mark and
            separator line of that part, compressed if the name ends in .gz.
        campaign: The campaign that is read, with all columns kept.
        rates: The card to price by; None to price nothing.

    Yields:
        The file, to which batches are written.

    Raises:
        OSError: The file cannot be written.
        SourceError: As for `PricedFile.write`.
        MissingExtraError: The file is Parquet and pyarrow is not installed.
    """
    target = os.fspath(path)
    with whole_file(target) as file, closing(_open(file, target.lower(), campaign)) as output:
        priced = PricedFile(output, campaign, rates)
        yield priced
        priced.finish()


def _open(file: IO[bytes], name: str, campaign: Campaign) -> _Output:
    if not name.endswith(".parquet"):
        return CsvOutput(file, campaign, is_compressed=name.endswith(".gz"))
    try:
        import pyarrow.parquet  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "arrow", "writing Parquet") from error
    from .parquet_output import ParquetOutput

    return ParquetOutput(file, campaign)
