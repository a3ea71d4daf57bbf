"""CSV files of messages, parsed by the standard library.

Fields are separated by semicolons or tabs if the wanted columns are found that way: spreadsheets
write these where numbers have a decimal comma. A record that cannot be parsed is reported with its
lines, and the rest of the file is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from ...exceptions import SourceError
from .sources import Batch, Columns, find_column
from .text_files import DAMAGE, TextFile, are_utf8

if TYPE_CHECKING:
    from _csv import Reader

__all__ = ["CsvSource"]

_DELIMITERS = ",;\t"
_BATCH_ROWS = 4096
_LINES_AT_ONCE = 512  # few enough for their records to stay in the cache


class _Records(NamedTuple):
    """Parsed records, and the line numbers that separate them.

    Attributes:
        records: The fields of each record; a blank line gives a record without fields.
        borders: The number of lines of the file before each record and after the last one.
    """

    records: list[list[str]]
    borders: Sequence[int]


class CsvSource(TextFile):
    """A CSV file; compressed by gzip if its name ends in .gz."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns, newline="")
        self._line_count = 0  # lines whose records have been parsed
        self._waiting: list[str] = []  # lines that have been read but not parsed
        self._has_line_records = True  # each of the last records was one line
        try:
            header = self._parse_header()
            self._width = len(header)
            self._indexes = [find_column(name, header, path) for name in columns.names]
            if columns.keep:
                self.header = header
                self._indexes += range(self._width)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        columns: list[list[str]] = [[] for _ in self._indexes]
        try:
            while self._waiting or self._read_lines():
                self._add_readable(columns, self._parse_waiting_lines())
                if self._waiting:
                    self._add_readable(columns, self._parse_one_record())
                if len(columns[0]) >= _BATCH_ROWS:
                    yield self._make_batch(self._columns.split(columns))
                    columns = [[] for _ in self._indexes]
        except DAMAGE as error:
            self.rows_read += sum(map(bool, self._parse_waiting_lines().records))
            raise self._make_damage_error(error) from error
        if columns[0]:
            yield self._make_batch(self._columns.split(columns))

    def _parse_header(self) -> list[str]:
        """Choose the delimiter, and return the fields of the first record that is not blank."""
        header: list[str] = []
        try:
            for line in self._stream:
                self._waiting.append(line)
                if line.strip("\r\n"):
                    break
            self._delimiter = max(_DELIMITERS, key=self._rate_delimiter)
            while not header:
                lines: list[str] = []
                header = self._parse_record(lines)
                self._advance(len(lines))
                if not lines:
                    break
        except csv.Error as error:
            raise SourceError(f"{self.name}: the header is not valid CSV: {error}") from error
        except DAMAGE as error:
            raise self._make_damage_error(error) from error
        if not header:
            raise SourceError(f"{self.name} is empty")
        if not are_utf8(header):
            raise SourceError(f"{self.name}: the header is not valid UTF-8")
        return header

    def _rate_delimiter(self, delimiter: str) -> tuple[int, int]:
        """Return how many wanted columns a delimiter gives, and if none, how many columns."""
        try:
            header = next(csv.reader(self._waiting[-1:], delimiter=delimiter, strict=True), [])
        except csv.Error:
            return 0, 0
        wanted_count = len(set(self._columns.names).intersection(header))
        return wanted_count, 0 if wanted_count else len(header)

    def _read_lines(self) -> bool:
        """Read more lines, also those before damage; return False at the end of the file."""
        self._waiting.extend(islice(self._stream, _LINES_AT_ONCE))
        return bool(self._waiting)

    def _parse_waiting_lines(self) -> _Records:
        """Parse the waiting lines up to a record that is invalid or continues after them.

        The lines of that record stay waiting.
        """
        first, line_count = self._line_count, len(self._waiting)
        parsed = _Records([], range(first, first + line_count + 1))
        if self._has_line_records:
            with suppress(csv.Error):
                parsed.records.extend(self._make_reader(self._waiting))
        if len(parsed.records) != line_count:
            parsed = self._parse_records_of_any_length()
        self._has_line_records = len(parsed.records) == line_count
        self._advance(parsed.borders[-1] - first)
        return parsed

    def _parse_records_of_any_length(self) -> _Records:
        """Parse the waiting lines, whose records may have several lines each."""
        reader = self._make_reader(self._waiting)
        records, borders = [], [self._line_count]
        with suppress(csv.Error):
            for record in reader:
                records.append(record)
                borders.append(self._line_count + reader.line_num)
        return _Records(records, borders)

    def _parse_one_record(self) -> _Records:
        """Parse the next record, however many lines it has, or skip it if it is invalid."""
        first = self._line_count
        lines: list[str] = []
        try:
            record = self._parse_record(lines)
        except csv.Error as error:
            # An unclosed quote would swallow the rest of the file: skip only its first line, and
            # parse the next lines again.
            hint = "; the lines after it are read as separate rows" if len(lines) > 1 else ""
            self._waiting[: len(lines)] = lines
            self._advance(1)
            self._skip_row(_format_lines(first, first + 1), f"not valid CSV: {error}{hint}")
            return _Records([], [first])
        self._advance(len(lines))
        return _Records([record], [first, self._line_count])

    def _parse_record(self, lines: list[str]) -> list[str]:
        """Return the fields of the next record; `lines` receives its lines, waiting or not."""

        def collect() -> Iterator[str]:
            for line in chain(self._waiting, self._stream):
                lines.append(line)
                yield line

        return next(self._make_reader(collect()), [])

    def _make_reader(self, lines: Iterable[str]) -> Reader:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _advance(self, line_count: int) -> None:
        """Continue after some lines, which are no longer waiting."""
        del self._waiting[:line_count]
        self._line_count += line_count

    def _add_readable(self, columns: list[list[str]], parsed: _Records) -> None:
        """Add the readable records to columns, and skip the others; blank lines are no rows."""
        records = parsed.records
        cells = self._transpose(records) if set(map(len, records)) == {self._width} else None
        if cells is None or not self._are_read_columns_utf8(cells):
            pairs = zip(records, pairwise(parsed.borders), strict=True)
            records = [record for record, lines in pairs if self._is_readable(record, *lines)]
            cells = self._transpose(records)
        else:
            self.rows_read += len(records)
        for column, more in zip(columns, cells, strict=True):
            column.extend(more)

    def _transpose(self, records: list[list[str]]) -> list[list[str]]:
        """Return the columns of records of full width, in the order of `_indexes`."""
        return [[record[index] for record in records] for index in self._indexes]

    def _are_read_columns_utf8(self, cells: list[list[str]]) -> bool:
        """Return whether the columns that are read are UTF-8; kept columns may be anything."""
        return all(map(are_utf8, cells[: len(self._columns.names)]))

    def _is_readable(self, record: list[str], first: int, last: int) -> bool:
        """Return whether a record is a readable row, and skip it if it is unreadable."""
        if not record:
            return False
        if len(record) != self._width:
            reason = f"expected {self._width} fields, got {len(record)}"
        elif not self._are_read_columns_utf8(self._transpose([record])):
            reason = "not valid UTF-8"
        else:
            self.rows_read += 1
            return True
        self._skip_row(_format_lines(first, last), reason)
        return False


def _format_lines(before: int, last: int) -> str:
    """Return the place of a record that begins after line `before` and ends with line `last`."""
    return f"line {last}" if before + 1 == last else f"lines {before + 1}-{last}"
