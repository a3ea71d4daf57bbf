"""Records of delimited text from blocks of bytes, in memory that no file can exceed.

A kernel reads plain records (`csv_rows`). The others are read here: the module `csv` parses whole
lines, many at once. A record that it refuses is read alone by the same rules: it may have a field
that is longer than `csv.field_size_limit()`, which belongs to the process and is left alone, or it
cannot be read.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
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
_BLOCK_BYTES = 1 << 22
_MANY_ROWS = 512  # plain ones, after which few other records are expected


class Records(NamedTuple):
    """Parsed records, and the line numbers that separate them.

    Attributes:
        records: The fields of each record; a blank line gives a record without fields.
        borders: The number of lines of the file before each record and after the last one.
        is_utf8: Whether all bytes are known to be valid UTF-8.
        lines: The bytes of the records, line by line; those of a single one may be in one piece, or
            missing if the reader does not keep bytes.
    """

    records: list[list[str]]
    borders: Sequence[int]
    is_utf8: bool
    lines: Sequence[bytes]

    def split_bytes(self) -> list[bytes]:
        """Return the bytes of each record without its line end."""
        if len(self.records) == 1:
            records = [b"".join(self.lines)]
        else:
            first = self.borders[0]
            pairs = pairwise(self.borders)
            records = [b"".join(self.lines[start - first : stop - first]) for start, stop in pairs]
        return list(map(_without_line_end, records))


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
        keep: Whether the bytes of records are wanted.
        block: Bytes of the file as UTF-8. When a record of it has been read, it does not change any
            more: another block takes its place.
        start: The index in the block at which the next record begins.
        is_last: Whether the block goes up to the end of the file.
        byte_count: The bytes of the file as UTF-8 that have been parsed.
        line_count: The lines of the file that have been parsed.
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.delimiter = ","
        self.width = 0
        self.keep = False
        self.block = bytearray()
        self.start = 0
        self.is_last = False
        self.byte_count = 0
        self.line_count = 0
        self._blocks = blocks
        self._has_no_record = True  # none that is whole is left in the block
        self._damage: OSError | None = None  # after the block
        self._separate_bytes = 0  # of the rest: lines after a quote that is never closed
        self._lines_bytes = _MIN_LINES_BYTES  # what `csv` is given at once
        self._has_line_records = True  # each of the last records was one line

    def peek_line(self, max_bytes: int) -> bytes | None:
        """Return the next line with its end, which stays to be read; None if it is too long.

        Args:
            max_bytes: The size of the longest line to return.

        Returns:
            The line; it is empty at the end of the file.
        """
        size = self._find(find_line_end, max_bytes)
        return None if size is None or size > max_bytes else self._peek(size)

    def peek_lines(self, max_bytes: int) -> list[bytes]:
        """Return the next lines, together of a size at most; they stay to be read."""
        while self._rest < max_bytes and self._fill():
            pass
        return self._peek(min(self._rest, max_bytes)).splitlines(keepends=True)

    def peek_record(self, max_bytes: int) -> tuple[list[str], int]:
        """Return the fields of the next record, and its size; the record stays to be read.

        Args:
            max_bytes: The size of the longest record to return.

        Raises:
            InvalidRecordError: The record is not valid, or too long.
        """
        scanner = RecordScanner(self.delimiter.encode())
        size = self._find(scanner.scan, max_bytes)
        if size is None or size > max_bytes:
            raise InvalidRecordError(f"longer than {max_bytes >> 20} MiB", max_bytes)
        if scanner.is_quoted:
            raise InvalidRecordError(_UNCLOSED, size)
        return self._split(size), size

    def peek_line_end(self, byte_count: int) -> str:
        """Return the line end of the next record, whose size is given; empty if it has none."""
        ends = ("\r\n", "\n", "\r")
        stop = self.start + byte_count
        return next(
            (end for end in ends if self.block.endswith(end.encode(), self.start, stop)), ""
        )

    def skip(self, byte_count: int) -> None:
        """Continue after some bytes: whole lines that have been looked at."""
        self._advance(byte_count, count_lines(self.block, self.start, self.start + byte_count))

    def has_more(self) -> bool:
        """Return whether the file has more records; read another block if this one has none."""
        if self._has_no_record or self.start == len(self.block):
            self._has_no_record = False
            size = min(max(_BLOCK_BYTES, 2 * self._rest), MAX_RECORD_BYTES + 1)
            try:
                while self._rest < size and self._fill():
                    pass
            except OSError as error:  # raised again when the records before it have been parsed
                self._damage = error
        return self._rest > 0 or self._damage is not None

    def pass_plain(self, end: int, line_count: int, row_count: int, *, has_no_record: bool) -> None:
        """Continue after plain records that a kernel has read.

        Args:
            end: The index after them.
            line_count: The number of their lines.
            row_count: The number of them that are rows.
            has_no_record: Whether the rest of the block is no whole record.
        """
        self._advance(end - self.start, line_count)
        self._has_no_record = has_no_record
        if row_count >= _MANY_ROWS:
            self._lines_bytes = _MIN_LINES_BYTES

    @property
    def is_stuck(self) -> bool:
        """Whether no more can be read before the next record, which is too long or damaged."""
        return self._damage is not None or self._rest > MAX_RECORD_BYTES

    def read(self) -> Records | UnreadableRecord | None:
        """Return the next records, at least one; None at the end of the file."""
        size = self._find_whole_lines()
        if size:
            parsed = self._parse_lines(self._peek(size).splitlines(keepends=True))
            if parsed.records:
                return parsed
        elif not self._rest and self._damage is None:
            return None
        # After a record that `csv` refuses, it is given few lines: more such records may follow.
        self._lines_bytes = _MIN_LINES_BYTES
        return self._read_record()

    @property
    def _rest(self) -> int:
        """The size of what has been read but not parsed."""
        return len(self.block) - self.start

    def _peek(self, size: int) -> bytes:
        """Return the next bytes."""
        with memoryview(self.block) as view:
            return bytes(view[self.start : self.start + size])

    def _find_whole_lines(self) -> int:
        """Return the size of the lines that `csv` is given next; 0 if the first is too long."""
        limit = min(self._lines_bytes, self._separate_bytes or self._lines_bytes)
        try:
            while self._rest < limit and self._fill():
                pass
        except OSError as error:  # raised again when the lines before it have been parsed
            self._damage = error
        start = self.start
        if self._rest < limit and self._damage is None:
            return self._rest
        stop = start + limit
        feed, carriage = (self.block.rfind(end, start, stop) for end in (b"\n", b"\r"))
        end = max(feed, carriage) + 1
        if end == 0:
            return 0
        is_cut = self.block.endswith(b"\r", start, end) and self.block.startswith(b"\n", end)
        return end + is_cut - start

    def _parse_lines(self, byte_lines: list[bytes]) -> Records:
        """Parse whole lines up to a record that `csv` refuses or that continues after them."""
        lines, is_utf8 = decode_lines(byte_lines)
        borders = range(self.line_count, self.line_count + len(lines) + 1)
        parsed = Records([], borders, is_utf8, byte_lines)
        if self._has_line_records:
            with suppress(csv.Error):
                parsed.records.extend(self._make_reader(lines))
            if not parsed.records:
                return parsed
        if len(parsed.records) != len(lines):
            parsed = self._parse_records_of_any_length(lines, byte_lines, is_utf8)
        self._has_line_records = len(parsed.records) == len(lines)
        line_count = parsed.borders[-1] - self.line_count
        byte_count = sum(map(len, parsed.lines))
        self._advance(byte_count, line_count)
        if line_count:
            size = min(byte_count * _LINES_AT_ONCE // line_count, 4 * self._lines_bytes)
            self._lines_bytes = min(max(size, _MIN_LINES_BYTES), _MAX_LINES_BYTES)
        return parsed

    def _parse_records_of_any_length(
        self, lines: list[str], byte_lines: list[bytes], is_utf8: bool
    ) -> Records:
        """Parse lines whose records may have several lines each."""
        reader = self._make_reader(lines)
        records, borders = [], [self.line_count]
        with suppress(csv.Error):
            for record in reader:
                records.append(record)
                borders.append(self.line_count + reader.line_num)
        return Records(records, borders, is_utf8, byte_lines[: borders[-1] - self.line_count])

    def _make_reader(self, lines: list[str]) -> Reader:
        return csv.reader(lines, delimiter=self.delimiter, strict=True)

    def _read_record(self) -> Records | UnreadableRecord:
        """Read the next record by itself, or skip it."""
        scanner = RecordScanner(self.delimiter.encode())
        try:
            if self._separate_bytes:
                size: int | None = self._scan_line(scanner)
            else:
                size = self._find(scanner.scan, MAX_RECORD_BYTES)
        except InvalidRecordError as error:
            position = error.position - self.start
            line_size = self._find(find_line_end, MAX_RECORD_BYTES)
            if line_size is not None and max(line_size, position + 1) <= MAX_RECORD_BYTES:
                return self._skip_invalid_record(error.reason, position, line_size)
            end = _scan_on(scanner, self.block, self.start + position)
            size = None if end is None else end - self.start
        if size is None or size > MAX_RECORD_BYTES:
            return self._skip_long_record(scanner, size)
        if scanner.is_quoted:
            line_size = self._find(find_line_end, size) or size
            return self._skip_invalid_record(_UNCLOSED, size, line_size)
        first = self.line_count
        is_wide = scanner.field_count > self.width
        fields = [] if is_wide else self._split(size)
        lines = [self._peek(size)] if self.keep and not is_wide else []
        self.skip(size)
        borders = (first, self.line_count)
        if is_wide:
            return UnreadableRecord(wrong_width(self.width, scanner.field_count), borders)
        return Records([fields], borders, is_utf8=False, lines=lines)

    def _scan_line(self, scanner: RecordScanner) -> int:
        """Scan the next line only, and return its size."""
        size = (find_line_end(self.block, self.start) or len(self.block)) - self.start
        try:
            scanner.scan(self._peek(size), 0)
        except InvalidRecordError as error:
            raise InvalidRecordError(error.reason, self.start + error.position) from None
        return size

    def _skip_invalid_record(self, reason: str, position: int, line_size: int) -> UnreadableRecord:
        """Skip only the first line of a record, for its quote may never have been closed.

        The lines that the quote went through are read again. None of them can begin a record of
        several lines: it would run into the same error. So they are looked at one by one.

        Args:
            reason: What is wrong.
            position: How many of the next bytes go up to the first one that is wrong.
            line_size: The size of the first line.
        """
        first = self.line_count
        hint = "; the lines after it are read as separate rows" if position > line_size else ""
        lines_size = position  # up to the line with the error
        if position < self._rest:
            stop = self.start + position
            feed, carriage = (self.block.rfind(end, self.start, stop) for end in (b"\n", b"\r"))
            lines_size = max(feed, carriage) + 1 - self.start
        self._separate_bytes = max(self._separate_bytes, lines_size)
        self._advance(line_size, 1)
        return UnreadableRecord(f"not valid CSV: {reason}{hint}", (first, first + 1))

    def _skip_long_record(self, scanner: RecordScanner, size: int | None) -> UnreadableRecord:
        """Skip a record up to the end of the line in which its last quote is closed."""
        first = self.line_count
        while size is None:
            rest = self._rest
            if not self._fill():
                size = rest
                break
            self._advance(rest, count_line_ends(self.block, self.start, self.start + rest))
            end = _scan_on(scanner, self.block, self.start)
            size = None if end is None else end - self.start
        reason = f"longer than {MAX_RECORD_BYTES >> 20} MiB"
        if scanner.is_quoted:
            reason += f", with {_UNCLOSED}"
        self.skip(size)
        return UnreadableRecord(reason, (first, self.line_count))

    def _find(self, find: Callable[[bytearray, int], int | None], max_bytes: int) -> int | None:
        """Return how many of the next bytes go up to an index that a function finds.

        Returns:
            The size, which may be that of the rest of the file; None if the function finds no index
            in so many bytes.
        """
        start = self.start
        while (end := find(self.block, start)) is None:
            size = self._rest
            if size > max_bytes:
                return None
            if not self._fill():
                return size
            start = self.start + size
        return end - self.start

    def _split(self, size: int) -> list[str]:
        stop = self.start + size
        fields = split_record(self.block, self.start, stop, self.delimiter.encode())
        return [decode(field) for field in fields]

    def _fill(self) -> bool:
        """Read more of the file; return False at its end."""
        if self._damage is not None:
            raise self._damage
        more = next(self._blocks, b"")
        if not more:
            self.is_last = True
            return False
        if self.start:
            self.block = self.block[self.start :]
            self.start = 0
        self.block += more
        return True

    def _advance(self, byte_count: int, line_count: int) -> None:
        """Continue after some bytes and lines."""
        self.start += byte_count
        self._separate_bytes = max(0, self._separate_bytes - byte_count)
        self.byte_count += byte_count
        self.line_count += line_count


def wrong_width(expected: int, count: int) -> str:
    """Return why a record with another number of fields than the header cannot be read."""
    return f"expected {plural(expected, 'field')}, got {count:,}"


def _without_line_end(record: bytes) -> bytes:
    if record.endswith(b"\r\n"):
        return record[:-2]
    return record[:-1] if record.endswith((b"\n", b"\r")) else record


def _scan_on(scanner: RecordScanner, data: bytearray, position: int) -> int | None:
    """Continue to the end of a record, whatever follows its closing quotes."""
    while True:
        try:
            return scanner.scan(data, position)
        except InvalidRecordError as error:
            position = error.position
