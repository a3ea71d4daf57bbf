"""CSV files of messages: the header, and the columns of the rows below it.

Fields are separated as a line such as `sep=;` says, or else by semicolons or tabs if the wanted
columns are found that way: spreadsheets write these where numbers have a decimal comma. A record
that cannot be read is reported with its lines, and the rest of the file is read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import compress, islice, pairwise
from typing import Any

from ....exceptions import SourceError
from ..headers import MAX_ROWS, find_header
from ..sources import Batch, Columns, Dialect, RecordBytes, find_column
from .csv_records import RecordReader, Records, UnreadableRecord, wrong_width
from .csv_rows import FieldColumns, RowBuilder
from .csv_scanner import InvalidRecordError
from .text_files import TextFile, are_utf8, decode

__all__ = ["CsvSource"]

_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r'("?)sep=((?![\w"])[!-~]|\t)\2*\1\2*\s*', re.IGNORECASE)
_MAX_HEADER_BYTES = 1 << 20
_MAX_TITLE_BYTES = 1 << 16


class CsvSource(TextFile):
    """A file of delimited text."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        self._separator_line = ""
        self._advice = ""  # if the header lacks columns
        with self._closed_on_error():
            self._reader = RecordReader(self._blocks)
            header = self._read_header()
            self._width = self._reader.width = len(header)
            self._columns = columns = columns.with_fields(header)
            indexes = [find_column(name, header, path, self._advice) for name in columns.names]
            self._fields = list(dict.fromkeys(indexes))
            self._columns_of_names = list(map(self._fields.index, indexes))
            self._reader.keep = columns.keep
            if columns.keep:
                self.header = header

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        rows = self._start_rows()
        try:
            while self._reader.has_more():
                if rows.is_full:
                    yield from self._finish(rows)
                    rows = self._start_rows()
                before = rows.row_count
                has_other = rows.read_plain()
                self.rows_read += rows.row_count - before
                if not (has_other or self._reader.is_stuck):
                    if rows.has_views:  # they can be counted while the next block is read
                        yield from self._finish(rows)
                        rows = self._start_rows()
                    continue
                parsed = self._reader.read()
                if isinstance(parsed, UnreadableRecord):
                    self._skip_row(_format_lines(*parsed.borders), parsed.reason)
                elif parsed is not None:
                    if not rows.has_room(len(parsed.records)):
                        yield from self._finish(rows)
                        rows = self._start_rows()
                    self._add_readable(rows, parsed)
                del parsed  # a record may be large
        except OSError as error:
            raise self._make_damage_error(error) from error
        yield from self._finish(rows)

    def _keep(
        self, records: RecordBytes | None, kept: Sequence[Any], left_out: dict[int, str]
    ) -> Sequence[Any]:
        return [] if records is None else FieldColumns(records, self._width)

    def _start_rows(self) -> RowBuilder:
        return RowBuilder(self._reader, self._fields)

    def _finish(self, rows: RowBuilder) -> Iterator[Batch]:
        """Yield the batch of some rows, unless there are none."""
        if rows.row_count:
            columns, records = rows.make_columns()
            cells = self._columns.split([columns[index] for index in self._columns_of_names])
            if records is not None:
                cells = cells._replace(kept=FieldColumns(records, self._width))
            yield self._make_batch(cells, records)
        self._begin_batch()

    def _read_header(self) -> list[str]:
        """Choose the delimiter, and return the fields of the record that names the columns."""
        delimiters = self._skip_lines_before_header()
        header, byte_count = self._peek_header(delimiters)
        if not set(self._columns.names).issubset(header):
            delimiters = self._skip_titles(delimiters)
            header, byte_count = self._peek_header(delimiters)
        line_end = self._reader.peek_line_end(byte_count) or Dialect().line_end
        separator_line = self._separator_line and self._separator_line + line_end
        self.dialect = Dialect(self._reader.delimiter, line_end, self.mark + separator_line)
        self._reader.skip(byte_count)
        if not are_utf8(header):
            raise SourceError(f"{self.name}: the header is {self._describe_invalid(header)}")
        return header

    def _peek_header(self, delimiters: str) -> tuple[list[str], int]:
        """Choose the delimiter, and return the fields and the size of the next record."""
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
        return headers[self._reader.delimiter]

    def _skip_titles(self, delimiters: str) -> str:
        """Skip rows above the header, if there are any; return the delimiters that are possible."""
        lines = self._reader.peek_lines(_MAX_TITLE_BYTES)
        for delimiter in delimiters:
            rows, line_counts = [], [0]
            reader = csv.reader(map(decode, lines), delimiter=delimiter, strict=True)
            with suppress(csv.Error):
                for row in islice(reader, MAX_ROWS):
                    rows.append(row)
                    line_counts.append(reader.line_num)
            places = [f"line {self._reader.line_count + count + 1}" for count in line_counts]
            header = find_header(rows, places, self._columns.names)
            self._advice = self._advice or header.advice
            if header.rows_above:
                self.remark = header.remark
                for line in lines[: line_counts[header.rows_above]]:
                    self._reader.skip(len(line))
                return delimiter
        return delimiters

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

    def _add_readable(self, rows: RowBuilder, parsed: Records) -> None:
        """Add the readable records to the rows, and skip the others; blank lines are not rows."""
        records = parsed.records
        pieces = parsed.split_bytes() if self._reader.keep else []
        cells = self._transpose(records) if set(map(len, records)) == {self._width} else None
        if cells is None or not (parsed.is_utf8 or all(map(are_utf8, cells))):
            pairs = zip(records, pairwise(parsed.borders), strict=True)
            is_readable = [self._is_readable(record, *lines) for record, lines in pairs]
            pieces = list(compress(pieces, is_readable))
            cells = self._transpose(list(compress(records, is_readable)))
        else:
            self.rows_read += len(records)
        rows.add([*cells, pieces] if self._reader.keep else cells)

    def _transpose(self, records: list[list[str]]) -> list[list[str]]:
        """Return the wanted columns of records of full width."""
        return [[record[index] for record in records] for index in self._fields]

    def _is_readable(self, record: list[str], first: int, last: int) -> bool:
        """Return whether a record is a readable row, and skip it if it is unreadable."""
        if not record:
            return False
        if len(record) != self._width:
            reason = wrong_width(self._width, len(record))
        elif not are_utf8(cells := [record[index] for index in self._fields]):
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
