"""CSV files of messages: the header, and the columns of the rows below it.

Fields are separated as a line such as `sep=;` says, or else by semicolons or tabs if the wanted
columns are found that way: spreadsheets write these where numbers have a decimal comma. A record
that cannot be read is reported with its lines, and the rest of the file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ....exceptions import SourceError
from ..sources import Batch, Columns, Dialect, find_column
from .csv_records import RecordReader, Records, UnreadableRecord, wrong_width
from .csv_scanner import InvalidRecordError
from .text_files import TextFile, are_utf8, decode

__all__ = ["CsvSource"]

_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r'("?)sep=((?![\w"])[!-~]|\t)\2*\1\2*\s*', re.IGNORECASE)
_MAX_HEADER_BYTES = 1 << 20
_BATCH_ROWS = 4096
_BATCH_BYTES = 4 << 20


class CsvSource(TextFile):
    """A file of delimited text."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        self._separator_line = ""
        with self._closed_on_error():
            self._reader = RecordReader(self._blocks)
            header = self._read_header()
            self._width = self._reader.width = len(header)
            self._read_indexes = [find_column(name, header, path) for name in columns.names]
            self._indexes = self._read_indexes
            if columns.keep:
                self.header = header
                self._indexes = [*self._read_indexes, *range(self._width)]

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        columns: list[list[str]] = [[] for _ in self._indexes]
        max_bytes = _BATCH_BYTES
        try:
            while parsed := self._reader.read():
                if isinstance(parsed, UnreadableRecord):
                    self._skip_row(_format_lines(*parsed.borders), parsed.reason)
                else:
                    self._add_readable(columns, parsed)
                del parsed  # a record may be large
                if len(columns[0]) >= _BATCH_ROWS or self._reader.byte_count >= max_bytes:
                    if columns[0]:
                        yield self._make_batch(self._columns.split(columns))
                    self._begin_batch()
                    columns = [[] for _ in self._indexes]
                    max_bytes = self._reader.byte_count + _BATCH_BYTES
        except OSError as error:
            raise self._make_damage_error(error) from error
        if columns[0]:
            yield self._make_batch(self._columns.split(columns))

    def _read_header(self) -> list[str]:
        """Choose the delimiter, and return the fields of the first record that is not blank."""
        delimiters = self._skip_lines_before_header()
        headers: dict[str, tuple[list[str], int]] = {}
        reason = ""
        for self._reader.delimiter in delimiters:
            try:
                headers[self._reader.delimiter] = self._reader.peek_record(_MAX_HEADER_BYTES)
            except InvalidRecordError as error:
                reason = reason or error.reason
        if not headers:
            raise SourceError(f"{self.name}: the header is not valid CSV: {reason}")
        self._reader.delimiter = max(headers, key=lambda each: self._rate_header(*headers[each]))
        header, byte_count = headers[self._reader.delimiter]
        line_end = self._reader.peek_line_end(byte_count) or Dialect().line_end
        separator_line = self._separator_line and self._separator_line + line_end
        self.dialect = Dialect(self._reader.delimiter, line_end, self.mark + separator_line)
        self._reader.skip(byte_count)
        if not are_utf8(header):
            raise SourceError(f"{self.name}: the header is {self._describe_invalid(header)}")
        return header

    def _skip_lines_before_header(self) -> str:
        """Skip a separator line and blank rows; return the delimiters that are possible."""
        delimiters = _DELIMITERS
        line_count = 0
        is_empty = True
        while line := self._reader.peek_line(_MAX_HEADER_BYTES - self._reader.byte_count):
            line_count += 1
            declared = _SEPARATOR_LINE.fullmatch(decode(line)) if line_count == 1 else None
            if declared is not None:
                delimiters = declared[2]
                self._separator_line = declared[0].rstrip("\r\n")
            elif not _is_blank(line, delimiters):
                return delimiters
            self._reader.skip(len(line))
            is_empty = is_empty and line.isspace()
        if line is None:
            raise SourceError(
                f"{self.name}: the header (line {line_count + 1}) is not in the first "
                f"{_MAX_HEADER_BYTES >> 20} MiB of the file"
            )
        if is_empty:
            raise SourceError(f"{self.name} is empty")
        raise SourceError(f"{self.name} has no header: all of its rows are blank")

    def _rate_header(self, header: list[str], _: int) -> tuple[int, int]:
        """Return how many wanted columns a header has, and if none, how many columns."""
        wanted_count = len(set(self._columns.names).intersection(header))
        return wanted_count, 0 if wanted_count else len(header)

    def _add_readable(self, columns: list[list[str]], parsed: Records) -> None:
        """Add the readable records to columns, and skip the others; blank lines are not rows."""
        records = parsed.records
        cells = self._transpose(records) if set(map(len, records)) == {self._width} else None
        if cells is None or not (parsed.is_utf8 or self._are_read_columns_utf8(cells)):
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
        return all(map(are_utf8, cells[: len(self._read_indexes)]))

    def _is_readable(self, record: list[str], first: int, last: int) -> bool:
        """Return whether a record is a readable row, and skip it if it is unreadable."""
        if not record:
            return False
        if len(record) != self._width:
            reason = wrong_width(self._width, len(record))
        elif not are_utf8(cells := [record[index] for index in self._read_indexes]):
            reason = self._describe_invalid(cells)
        else:
            self.rows_read += 1
            return True
        self._skip_row(_format_lines(first, last), reason)
        return False


def _is_blank(line: bytes, delimiters: str) -> bool:
    """Return whether a line has no text, only delimiters, spaces and pairs of quotes."""
    return not line.count(b'"') % 2 and not line.strip(f'{delimiters} "\t\r\n'.encode())


def _format_lines(before: int, last: int) -> str:
    """Return the place of a record that begins after line `before` and ends with line `last`."""
    return f"line {last}" if before + 1 == last else f"lines {before + 1}-{last}"
