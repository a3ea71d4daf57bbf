"""Priced files: the messages of a campaign with columns for their segments, price and notes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple, Protocol

from ...exceptions import MissingExtraError, SourceError
from ...files.whole_files import whole_file
from ..insights.counted_batches import BatchFacts
from ..rates.card import RateCard
from ..reading.campaigns import Campaign
from ..reading.sources import Batch
from .csv_output import CsvOutput
from .priced_rows import ADDED, BOUNDS, PricedRows, RowPricer

__all__ = ["PricedBatch", "PricedFile", "priced_file"]


_COPIED_AT_ONCE = 1 << 20


class PricedBatch(NamedTuple):
    """The rows of a batch as they are written.

    Attributes:
        source: The name of their source.
        header: The names of its columns.
        rows: What each output made of them; only the last ones if the first is needed no more.
    """

    source: str
    header: Sequence[str]
    rows: list[Any]


class _Output(Protocol):
    """A format of priced files."""

    def convert(self, batch: Batch, rows: PricedRows) -> Any: ...
    def write(self, converted: Any) -> None: ...
    def write_header(self, names: Sequence[str]) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...


class PricedFile:
    """A file that is being written; made by `priced_file`.

    Whether any price is a range is known at the end. If it is possible, the file is written without
    the columns for ranges too, until there is one.
    """

    def __init__(self, outputs: Sequence[_Output], campaign: Campaign, rates: RateCard | None):
        """Begin without rows.

        Args:
            outputs: The format; and the same with the columns `BOUNDS`, if prices can be ranges.
            campaign: The campaign that is read, with all columns kept.
            rates: The card to price by; None to price nothing.
        """
        self._outputs = outputs
        self._campaign = campaign
        self._pricer = RowPricer(rates)
        self._header: Sequence[str] | None = None
        self.has_range = False

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
        rows = self._pricer.price(facts)
        self.has_range = self.has_range or rows.has_range
        # The first one is needed no more if any batch has a range, whatever its place.
        outputs = self._outputs[self.has_range :]
        return PricedBatch(
            batch.source, batch.header, [output.convert(batch, rows) for output in outputs]
        )

    def write(self, batch: PricedBatch) -> None:
        """Write the next batch, in the order of the rows.

        Raises:
            OSError: The file cannot be written.
            SourceError: A column has the name of one that is added, or cannot be written; or the
                batch has other columns than the one before it.
        """
        if self._header is None:
            self._write_header(batch.header, batch.source)
        elif self._header != [*batch.header]:
            raise SourceError(f"{batch.source} has other columns than the part before it")
        for output, rows in zip(reversed(self._outputs), reversed(batch.rows), strict=False):
            output.write(rows)

    def finish(self) -> None:
        """Write the end of the file; raises what `write` raises."""
        if self._header is None:
            self._write_header(self._campaign.header, self._campaign.name)
        if self.has_range:
            self._check_names(BOUNDS, self._campaign.name)
        self._outputs[self.has_range].finish()

    def _write_header(self, header: Sequence[str], source: str) -> None:
        self._header = [*header]
        self._check_names(ADDED, source)
        for output, more in zip(self._outputs, ((), BOUNDS), strict=False):
            output.write_header([*header, *ADDED, *more])

    def _check_names(self, names: Sequence[str], source: str) -> None:
        for name in names:
            if name in (self._header or ()):
                raise SourceError(f"{source} has a column {name!r} already")


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
    name = target.lower()
    with whole_file(target) as file, ExitStack() as stack:
        files = [file]
        if rates is not None and rates.has_ranges:
            files = [stack.enter_context(_temporary_file(target)) for _ in range(2)]
        outputs = [
            stack.enter_context(closing(_open(each, name, campaign, has_bounds=has_bounds)))
            for has_bounds, each in zip((False, True), files, strict=False)
        ]
        priced = PricedFile(outputs, campaign, rates)
        yield priced
        priced.finish()
        if len(files) > 1:
            finished = files[priced.has_range]
            finished.seek(0)
            shutil.copyfileobj(finished, file, _COPIED_AT_ONCE)


def _temporary_file(target: str) -> IO[bytes]:
    """Return a file without a name, on the disk of the target if possible."""
    folder = os.path.dirname(os.path.realpath(target))
    with suppress(OSError):  # a device or a pipe
        return TemporaryFile(dir=folder)
    return TemporaryFile()


def _open(file: IO[bytes], name: str, campaign: Campaign, *, has_bounds: bool) -> _Output:
    if not name.endswith(".parquet"):
        is_compressed = name.endswith(".gz")
        return CsvOutput(file, campaign, has_bounds=has_bounds, is_compressed=is_compressed)
    try:
        import pyarrow.parquet  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "arrow", "writing Parquet") from error
    from .parquet_output import ParquetOutput

    return ParquetOutput(file, campaign, has_bounds=has_bounds)
