"""Where a record of delimited text ends, and its fields: the rules of the module `csv`, on bytes.

A field that begins with a quote goes up to the next quote that is not doubled, over any number of
lines. Quotes in other fields are text. Everything is a field of its own between delimiters, also
nothing; only a blank line has no fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

__all__ = ["InvalidRecordError", "RecordScanner", "find_line_end", "split_record"]

_QUOTE = b'"'


class InvalidRecordError(Exception):
    """A record with a quote that is not followed by what must follow it.

    Attributes:
        reason: What is wrong, for people.
        position: The index of the first byte that is wrong.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason, position)
        self.reason = reason
        self.position = position


class _State(Enum):
    FIELD_START = auto()
    PLAIN = auto()
    QUOTED = auto()
    AFTER_QUOTE = auto()  # in a quoted field: the quote closes it, or is the first of two


class RecordScanner:
    """Finds the end of one record, of which any number of blocks may be read and dropped.

    Attributes:
        field_count: The fields that have begun.
    """

    def __init__(self, delimiter: bytes) -> None:
        self.field_count = 1
        self._delimiter = delimiter
        self._state = _State.FIELD_START

    @property
    def is_quoted(self) -> bool:
        """Whether a quote is open."""
        return self._state is _State.QUOTED

    def scan(self, data: bytes | bytearray, start: int) -> int | None:
        """Continue with more bytes of the record.

        Args:
            data: The bytes. They do not end between CR and LF.
            start: The index of the first byte that has not been scanned.

        Returns:
            The index after the line end of the record; None if it goes on after the data.

        Raises:
            InvalidRecordError: A closing quote is followed by text. If scanning continues at that
                position, the rest of the field is plain text.
        """
        position = start
        while position < len(data):
            match self._state:
                case _State.FIELD_START:
                    is_quote = data.startswith(_QUOTE, position)
                    position += is_quote
                    self._state = _State.QUOTED if is_quote else _State.PLAIN
                case _State.QUOTED:
                    quote = data.find(_QUOTE, position)
                    if quote < 0:
                        return None
                    position = quote + 1
                    self._state = _State.AFTER_QUOTE
                case _State.AFTER_QUOTE:
                    position = self._continue_after_quote(data, position)
                case _State.PLAIN:
                    line_end = find_line_end(data, position)
                    end = len(data) if line_end is None else line_end
                    position = self._skip_plain_fields(data, position, end)
                    if self._state is _State.PLAIN:
                        return line_end
        return None

    def _skip_plain_fields(self, data: bytes | bytearray, start: int, end: int) -> int:
        """Continue at a field in quotes, or else at the end of the line or the data."""
        quote = data.find(self._delimiter + _QUOTE, start, end)
        if quote >= 0:
            end = quote + 1
            self._state = _State.FIELD_START
        elif data.endswith(self._delimiter, start, end):
            self._state = _State.FIELD_START  # the next block may begin with a quote
        self.field_count += data.count(self._delimiter, start, end)
        return end

    def _continue_after_quote(self, data: bytes | bytearray, position: int) -> int:
        if data.startswith(_QUOTE, position):
            self._state = _State.QUOTED
            return position + 1
        self._state = _State.PLAIN
        if data.startswith((self._delimiter, b"\r", b"\n"), position):
            return position
        delimiter = self._delimiter.decode()
        raise InvalidRecordError(f"a closing quote without {delimiter!r} after it", position)


def split_record(
    data: bytes | bytearray, start: int, end: int, delimiter: bytes
) -> Iterator[bytes | bytearray]:
    """Yield the fields of a record that a scanner has found.

    Args:
        data: Bytes with the record.
        start: The index at which it begins.
        end: The index after its line end, or the end of the data.
        delimiter: The byte between its fields.
    """
    if data.endswith(b"\n", start, end):
        end -= 1
    if data.endswith(b"\r", start, end):
        end -= 1
    position = start
    while end > start:
        if data.startswith(_QUOTE, position):
            stop = _find_closing_quote(data, position + 1)
            yield data[position + 1 : stop].replace(b'""', _QUOTE)
            stop += 1
        else:
            stop = data.find(delimiter, position, end)
            stop = end if stop < 0 else stop
            yield data[position:stop]
        if stop == end:
            return
        position = stop + len(delimiter)


def _find_closing_quote(data: bytes | bytearray, position: int) -> int:
    while True:
        position = data.index(_QUOTE, position)
        if not data.startswith(_QUOTE, position + 1):
            return position
        position += 2


def find_line_end(data: bytes | bytearray, start: int) -> int | None:
    """Return the index after the next CR, LF or CR LF; None if there is none."""
    line_feed = data.find(b"\n", start)
    end = len(data) if line_feed < 0 else line_feed
    carriage_return = data.find(b"\r", start, end)
    if carriage_return >= 0:
        return carriage_return + 1 + data.startswith(b"\n", carriage_return + 1)
    return None if line_feed < 0 else line_feed + 1
