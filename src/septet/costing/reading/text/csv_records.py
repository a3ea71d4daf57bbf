"""Records of delimited text from blocks of bytes, in memory that no file can exceed.

The module `csv` parses whole lines, many at once. A record that it refuses is read alone by the
same rules: it may have a field that is longer than `csv.field_size_limit()`, which belongs to the
process and is left alone, or it cannot be read.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ....display.wording import plural
from .csv_scanner import InvalidRecordError, RecordScanner, find_line_end, split_record
from .text_files import MAX_RECORD_BYTES, count_line_ends, count_lines, decode, decode_lines

if TYPE_CHECKING:
    from _csv import Reader

__all__ = ["RecordReader", "Records", "UnreadableRecord", "wrong_width"]

_UNCLOSED = "a quote that is never closed"
_LINES_AT_ONCE = 512  # few enough for their records to stay in the cache
_MIN_LINES_BYTES = 1 << 7
_MAX_LINES_BYTES = 1 << 16


class Records(NamedTuple):
    """Parsed records, and the line numbers that separate them.

    Attributes:
        records: The fields of each record; a blank line gives a record without fields.
        borders: The number of lines of the file before each record and after the last one.
        is_utf8: Whether all bytes are known to be valid UTF-8.
    """

    records: list[list[str]]
    borders: Sequence[int]
    is_utf8: bool


class UnreadableRecord(NamedTuple):
    """A record that cannot be read.

    Attributes:
        reason: Why not, for people.
        borders: The number of lines of the file before the record and after it.
    """

    reason: str
    borders: tuple[int, int]


class RecordReader:
    """Reads a file of delimited text from its first byte to its last.

    Attributes:
        delimiter: The character between fields, which is known when the header has been found.
        width: The number of fields of the records. No longer record is kept in memory.
        byte_count: The bytes of the file as UTF-8 that have been parsed.
        line_count: The lines of the file that have been parsed.
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.delimiter = ","
        self.width = 0
        self.byte_count = 0
        self.line_count = 0
        self._blocks = blocks
        self._data = bytearray()  # read but not parsed; a record begins here
        self._damage: OSError | None = None  # after `_data`
        self._separate_bytes = 0  # of `_data`: lines after a quote that is never closed
        self._lines_bytes = _MIN_LINES_BYTES  # what `csv` is given at once
        self._has_line_records = True  # each of the last records was one line

    def peek_line(self, max_bytes: int) -> bytes | None:
        """Return the next line with its end, which stays to be read; None if it is too long.

        Args:
            max_bytes: The size of the longest line to return.

        Returns:
            The line; it is empty at the end of the file.
        """
        end = self._find(find_line_end, max_bytes)
        return None if end is None or end > max_bytes else bytes(self._data[:end])

    def peek_record(self, max_bytes: int) -> tuple[list[str], int]:
        """Return the fields of the next record, and its size; the record stays to be read.

        Args:
            max_bytes: The size of the longest record to return.

        Raises:
            InvalidRecordError: The record is not valid, or too long.
        """
        scanner = RecordScanner(self.delimiter.encode())
        end = self._find(scanner.scan, max_bytes)
        if end is None or end > max_bytes:
            raise InvalidRecordError(f"longer than {max_bytes >> 20} MiB", max_bytes)
        if scanner.is_quoted:
            raise InvalidRecordError(_UNCLOSED, end)
        return self._split(end), end

    def peek_line_end(self, byte_count: int) -> str:
        """Return the line end of the next record, whose size is given; empty if it has none."""
        ends = ("\r\n", "\n", "\r")
        return next((end for end in ends if self._data.endswith(end.encode(), 0, byte_count)), "")

    def skip(self, byte_count: int) -> None:
        """Continue after some bytes: whole lines that have been looked at."""
        self._advance(byte_count, count_lines(self._data, byte_count))

    def read(self) -> Records | UnreadableRecord | None:
        """Return the next records, at least one; None at the end of the file."""
        size = self._find_whole_lines()
        if size:
            parsed = self._parse_lines(bytes(self._data[:size]).splitlines(keepends=True))
            if parsed.records:
                return parsed
        elif not self._data:
            return None
        # After a record that `csv` refuses, it is given few lines: more such records may follow.
        self._lines_bytes = _MIN_LINES_BYTES
        return self._read_record()

    def _find_whole_lines(self) -> int:
        """Return the size of the lines that `csv` is given next; 0 if the first is too long."""
        limit = min(self._lines_bytes, self._separate_bytes or self._lines_bytes)
        try:
            while len(self._data) < limit and self._fill():
                pass
        except OSError as error:  # raised again when the lines before it have been parsed
            self._damage = error
        if len(self._data) < limit and self._damage is None:
            return len(self._data)
        end = 1 + max(self._data.rfind(b"\n", 0, limit), self._data.rfind(b"\r", 0, limit))
        if end == 0 and self._damage is not None:
            raise self._damage
        is_cut = self._data.endswith(b"\r", 0, end) and self._data.startswith(b"\n", end)
        return end + is_cut

    def _parse_lines(self, byte_lines: list[bytes]) -> Records:
        """Parse whole lines up to a record that `csv` refuses or that continues after them."""
        lines, is_utf8 = decode_lines(byte_lines)
        parsed = Records([], range(self.line_count, self.line_count + len(lines) + 1), is_utf8)
        if self._has_line_records:
            with suppress(csv.Error):
                parsed.records.extend(self._make_reader(lines))
            if not parsed.records:
                return parsed
        if len(parsed.records) != len(lines):
            parsed = self._parse_records_of_any_length(lines, is_utf8)
        self._has_line_records = len(parsed.records) == len(lines)
        line_count = parsed.borders[-1] - self.line_count
        byte_count = sum(map(len, byte_lines[:line_count]))
        self._advance(byte_count, line_count)
        if line_count:
            size = min(byte_count * _LINES_AT_ONCE // line_count, 4 * self._lines_bytes)
            self._lines_bytes = min(max(size, _MIN_LINES_BYTES), _MAX_LINES_BYTES)
        return parsed

    def _parse_records_of_any_length(self, lines: list[str], is_utf8: bool) -> Records:
        """Parse lines whose records may have several lines each."""
        reader = self._make_reader(lines)
        records, borders = [], [self.line_count]
        with suppress(csv.Error):
            for record in reader:
                records.append(record)
                borders.append(self.line_count + reader.line_num)
        return Records(records, borders, is_utf8)

    def _make_reader(self, lines: list[str]) -> Reader:
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def _read_record(self) -> Records | UnreadableRecord:
        """Read the next record by itself, or skip it."""
        scanner = RecordScanner(self.delimiter.encode())
        try:
            if self._separate_bytes:
                end: int | None = find_line_end(self._data, 0) or len(self._data)
                scanner.scan(self._data[:end], 0)
            else:
                end = self._find(scanner.scan, MAX_RECORD_BYTES)
        except InvalidRecordError as error:
            return self._skip_invalid_record(error)
        if end is None or end > MAX_RECORD_BYTES:
            return self._skip_long_record(scanner, end)
        if scanner.is_quoted:
            return self._skip_invalid_record(InvalidRecordError(_UNCLOSED, end))
        first = self.line_count
        is_wide = scanner.field_count > self.width
        fields = [] if is_wide else self._split(end)
        self.skip(end)
        borders = (first, self.line_count)
        if is_wide:
            return UnreadableRecord(wrong_width(self.width, scanner.field_count), borders)
        return Records([fields], borders, is_utf8=False)

    def _skip_invalid_record(self, error: InvalidRecordError) -> UnreadableRecord:
        """Skip only the first line of a record, for its quote may never have been closed.

        The lines that the quote went through are read again. None of them can begin a record of
        several lines: it would run into the same error. So they are looked at one by one.
        """
        first = self.line_count
        line_end = find_line_end(self._data, 0) or len(self._data)
        has_more_lines = error.position > line_end
        hint = "; the lines after it are read as separate rows" if has_more_lines else ""
        last_line = error.position
        if error.position < len(self._data):
            last_line = 1 + max(self._data.rfind(end, 0, error.position) for end in (b"\r", b"\n"))
        self._separate_bytes = max(self._separate_bytes, last_line)
        self._advance(line_end, 1)
        return UnreadableRecord(f"not valid CSV: {error.reason}{hint}", (first, first + 1))

    def _skip_long_record(self, scanner: RecordScanner, end: int | None) -> UnreadableRecord:
        """Skip a record up to the end of the line in which its last quote is closed."""
        first = self.line_count
        while end is None:
            size = len(self._data)
            if not self._fill():
                end = size
                break
            self._advance(size, count_line_ends(self._data, size))
            end = _scan_on(scanner, self._data)
        reason = f"longer than {MAX_RECORD_BYTES >> 20} MiB"
        if scanner.is_quoted:
            reason += f", with {_UNCLOSED}"
        self.skip(end)
        return UnreadableRecord(reason, (first, self.line_count))

    def _find(self, find: Callable[[bytearray, int], int | None], max_bytes: int) -> int | None:
        """Return the index that a function finds in the data, which is read as far as needed.

        Returns:
            The index, or the end of the file; None if the function finds none in so many bytes.
        """
        start = 0
        while (end := find(self._data, start)) is None:
            start = len(self._data)
            if start > max_bytes:
                return None
            if not self._fill():
                return start
        return end

    def _split(self, end: int) -> list[str]:
        return [decode(field) for field in split_record(self._data, end, self.delimiter.encode())]

    def _fill(self) -> bool:
        """Read one more block; return False at the end of the file."""
        if self._damage is not None:
            raise self._damage
        block = next(self._blocks, b"")
        self._data += block
        return bool(block)

    def _advance(self, byte_count: int, line_count: int) -> None:
        """Continue after some bytes and lines."""
        del self._data[:byte_count]
        self._separate_bytes = max(0, self._separate_bytes - byte_count)
        self.byte_count += byte_count
        self.line_count += line_count


def wrong_width(expected: int, count: int) -> str:
    """Return why a record with another number of fields than the header cannot be read."""
    return f"expected {plural(expected, 'field')}, got {count:,}"


def _scan_on(scanner: RecordScanner, data: bytearray) -> int | None:
    """Continue to the end of a record, whatever follows its closing quotes."""
    position = 0
    while True:
        try:
            return scanner.scan(data, position)
        except InvalidRecordError as error:
            position = error.position
