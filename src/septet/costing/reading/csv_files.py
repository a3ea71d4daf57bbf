"""CSV files of messages, read by the standard library.

Semicolons or tabs separate the fields where the columns wanted are found by them: spreadsheets
write those where numbers have a comma. A record that cannot be read is noted with its lines, and
the rest of the file goes on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING

from ...exceptions import SourceError
from .sources import Batch, Columns, position
from .text_files import DAMAGE, TextFile, are_utf8

if TYPE_CHECKING:
    from _csv import Reader

__all__ = ["CsvSource"]

_DELIMITERS = ",;\t"
_BATCH_ROWS = 4096
_LINES_AT_ONCE = 512  # few enough for their records to stay in the cache


class CsvSource(TextFile):
    """A CSV file, perhaps compressed by gzip."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns, newline="")
        self._line_count = 0  # of the records so far
        self._waiting: list[str] = []  # lines behind them that were read already
        self._is_by_line = True  # the last ones were a record each
        try:
            header = self._header()
            self._width = len(header)
            self._positions = [position(name, header, path) for name in columns.names]
            self._needed = len(self._positions)
            if columns.keep:
                self.header = header
                self._positions += range(self._width)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Batch]:
        columns: list[list[str]] = [[] for _ in self._positions]
        try:
            while self._waiting or self._read_on():
                self._add_readable(columns, *self._records())
                if self._waiting:
                    self._add_readable(columns, *self._record_alone())
                if len(columns[0]) >= _BATCH_ROWS:
                    yield self._batch(columns)
                    columns = [[] for _ in self._positions]
        except DAMAGE as error:
            self.rows_read += sum(map(bool, self._records()[0]))
            raise self._damaged(error) from error
        if columns[0]:
            yield self._batch(columns)

    def _header(self) -> list[str]:
        header: list[str] = []
        try:
            for line in self._stream:
                self._waiting.append(line)
                if line.strip("\r\n"):
                    break
            self._delimiter = max(_DELIMITERS, key=self._columns_by)
            while not header:
                taken: list[str] = []
                header = self._next_record(taken)
                self._take(len(taken))
                if not taken:
                    break
        except csv.Error as error:
            raise SourceError(f"{self.name}: the header is not valid CSV: {error}") from error
        except DAMAGE as error:
            raise self._damaged(error) from error
        if not header:
            raise SourceError(f"{self.name} is empty")
        if not are_utf8(header):
            raise SourceError(f"{self.name}: the header is not valid UTF-8")
        return header

    def _columns_by(self, delimiter: str) -> tuple[int, int]:
        """Return how many wanted columns the header has by a delimiter, and if none, how many."""
        try:
            header = next(csv.reader(self._waiting[-1:], delimiter=delimiter, strict=True), [])
        except csv.Error:
            return 0, 0
        found = len(set(self._columns.names).intersection(header))
        return found, 0 if found else len(header)

    def _read_on(self) -> bool:
        """Read some lines more, also those before damage; False at the end of the file."""
        self._waiting.extend(islice(self._stream, _LINES_AT_ONCE))
        return bool(self._waiting)

    def _records(self) -> tuple[list[list[str]], Sequence[int]]:
        """Return the records of the lines that wait, and the numbers of the lines between them.

        The first that is not valid, or goes on in lines that are not read yet, is left waiting.
        """
        first, waiting = self._line_count, len(self._waiting)
        records: list[list[str]] = []
        borders: Sequence[int] = range(first, first + waiting + 1)
        if self._is_by_line:
            with suppress(csv.Error):
                records.extend(self._reader(self._waiting))
        if len(records) != waiting:
            records, borders = self._records_and_borders()
        self._is_by_line = len(records) == waiting
        self._take(borders[-1] - first)
        return records, borders

    def _records_and_borders(self) -> tuple[list[list[str]], list[int]]:
        """Return the same, whatever lines a record takes."""
        reader = self._reader(self._waiting)
        records, borders = [], [self._line_count]
        with suppress(csv.Error):
            for record in reader:
                records.append(record)
                borders.append(self._line_count + reader.line_num)
        return records, borders

    def _record_alone(self) -> tuple[list[list[str]], list[int]]:
        """Return the next record, over as many lines as it takes, or note that it is not valid."""
        first = self._line_count
        taken: list[str] = []
        try:
            record = self._next_record(taken)
        except csv.Error as error:
            # A quote that is never closed would take the rest of the file with it: only its first
            # line is given up, and reading starts again at the next.
            rest = "; the lines after it are read as rows of their own" if len(taken) > 1 else ""
            self._waiting[: len(taken)] = taken
            self._take(1)
            self._note(_lines(first, first + 1), f"not valid CSV: {error}{rest}")
            return [], [first]
        self._take(len(taken))
        return [record], [first, self._line_count]

    def _next_record(self, taken: list[str]) -> list[str]:
        """Read a record; `taken` receives its lines, those that wait among them."""

        def lines() -> Iterator[str]:
            for line in chain(self._waiting, self._stream):
                taken.append(line)
                yield line

        return next(self._reader(lines()), [])

    def _reader(self, lines: Iterable[str]) -> Reader:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _take(self, count: int) -> None:
        """Go on behind so many lines; those that waited wait no more."""
        del self._waiting[:count]
        self._line_count += count

    def _add_readable(
        self, columns: list[list[str]], records: list[list[str]], borders: Sequence[int]
    ) -> None:
        """Add the records that can be read, and note the others; blank lines are none."""
        cells = self._cells(records) if set(map(len, records)) == {self._width} else None
        if cells is None or not all(map(are_utf8, cells[: self._needed])):
            pairs = zip(records, pairwise(borders), strict=True)
            records = [record for record, lines in pairs if self._is_readable(record, *lines)]
            cells = self._cells(records)
        else:
            self.rows_read += len(records)
        for column, more in zip(columns, cells, strict=True):
            column.extend(more)

    def _cells(self, records: list[list[str]]) -> list[list[str]]:
        return [[record[at] for record in records] for at in self._positions]

    def _is_readable(self, record: list[str], first: int, last: int) -> bool:
        if record and len(record) != self._width:
            self._note(_lines(first, last), f"{len(record)} instead of {self._width} fields")
        elif record and not all(map(are_utf8, self._cells([record])[: self._needed])):
            self._note(_lines(first, last), "not valid UTF-8")
        elif record:
            self.rows_read += 1
            return True
        return False


def _lines(first: int, last: int) -> str:
    """Return the place of a record behind line `first`, up to line `last`."""
    return f"line {last}" if first + 1 == last else f"lines {first + 1}-{last}"
