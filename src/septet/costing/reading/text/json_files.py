"""JSON Lines files: a JSON object on each line, parsed by the standard library.

A line that cannot be parsed is reported, and the other lines are read. A key that an object lacks
is null; a key that is in none of the first lines is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeAlias

from ....exceptions import SourceError
from ..sources import Batch, Columns, find_column
from ..templates import missing_value
from .text_files import MAX_RECORD_BYTES, TextFile, decode

__all__ = ["JsonLinesSource"]

_Line: TypeAlias = bytes | bytearray

_BATCH_ROWS = 4096
_BATCH_BYTES = 4 << 20
_SMALL_BYTES = 8 << 20
_MAX_VALUES = 1 << 21
_VALUE_STARTS = (b",", b"[", b"{")  # in texts too, so that a line has at most as many values
_KINDS = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}


class JsonLinesSource(TextFile):
    """A JSON Lines file."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        self._line_count = 0
        lines = _split_lines(self._blocks)
        with self._closed_on_error():
            first_lines = _take_first(lines)
            self._check_names(first_lines)
        self._lines = chain(first_lines, lines)

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        rows: list[list[str | None]] = []
        byte_count = 0
        try:
            for line in self._lines:
                rows += self._parse_row(line)
                byte_count += len(line or b"")
                if len(rows) >= _BATCH_ROWS or byte_count >= _BATCH_BYTES:
                    yield from self._make_batches(rows)
                    rows, byte_count = [], 0
        except OSError as error:
            raise self._make_damage_error(error) from error
        yield from self._make_batches(rows)

    def _make_batches(self, rows: list[list[str | None]]) -> Iterator[Batch]:
        """Yield a batch of some rows, unless there are none."""
        if rows:
            yield self._make_batch(self._columns.split(list(map(list, zip(*rows, strict=True)))))
        self._begin_batch()

    def _check_names(self, lines: list[_Line | None]) -> None:
        if not any(line is None or line.strip() for line in lines):
            raise SourceError(f"{self.name} is empty")
        names: dict[str, None] = {}
        reason = None
        for line in lines:
            if names.keys() >= set(self._columns.names) and not self._columns.keep:
                return
            try:
                names |= dict.fromkeys(self._parse_object(line))
            except ValueError as error:  # the line is reported when it is parsed as a row
                reason = reason or str(error)
        if not names and reason is not None:
            first = next(line for line in lines if line is None or line.strip())
            is_array = first is not None and first.lstrip().startswith(b"[")
            hint = "; convert the JSON array to lines: jq -c '.[]' FILE" if is_array else ""
            raise SourceError(f"{self.name} has no JSON objects: {reason}{hint}")
        for name in self._columns.names:
            find_column(name, list(names), self.name)
        if self._columns.keep:
            self.header = list(names)

    def _parse_row(self, line: _Line | None) -> list[list[str | None]]:
        """Return the row of a line; none if it is blank or unreadable."""
        self._line_count += 1
        if line is not None and not line.strip():
            return []
        try:
            row = self._parse_object(line)
            cells = [_to_text(name, row.get(name)) for name in self._columns.messages]
            cells += [_to_value(name, row.get(name)) for name in self._columns.fields]
            cells += [_to_label(name, row.get(name)) for name in self._columns.by]
            cells += [_to_cell(row.get(name)) for name in self.header]
        except ValueError as error:
            self._skip_row(f"line {self._line_count}", str(error))
            return []
        self.rows_read += 1
        return [cells]

    def _parse_object(self, line: _Line | None) -> dict[str, Any]:
        """Return the object of a line.

        Raises:
            ValueError: The line has none.
        """
        if line is None:
            raise ValueError(f"longer than {MAX_RECORD_BYTES >> 20} MiB")
        if len(line) > _SMALL_BYTES and sum(map(line.count, _VALUE_STARTS)) > _MAX_VALUES:
            raise ValueError(f"more than {_MAX_VALUES:,} values")
        try:
            value = json.loads(line.decode())
        except UnicodeDecodeError as error:
            raise ValueError(self._describe_invalid([decode(line)])) from error
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise ValueError(f"not valid JSON: {reason}") from error
        if not isinstance(value, dict):
            raise ValueError(f"expected a JSON object, got {_KINDS[type(value)]}")
        return value


def _split_lines(blocks: Iterator[bytes]) -> Iterator[_Line | None]:
    """Yield the lines of a file without their ends; None for each that is too long."""
    line = bytearray()
    is_too_long = False
    for block in blocks:
        first, *others = block.split(b"\n")
        line += first
        is_too_long = is_too_long or len(line) > MAX_RECORD_BYTES
        if others:
            yield None if is_too_long else line
            yield from others[:-1]
            line = bytearray(others[-1])
            is_too_long = False
        elif is_too_long:
            line.clear()
    if line or is_too_long:
        yield None if is_too_long else line


def _take_first(lines: Iterator[_Line | None]) -> list[_Line | None]:
    """Take the lines of the first batch."""
    taken: list[_Line | None] = []
    byte_count = 0
    for line in lines:
        taken.append(line)
        byte_count += len(line or b"")
        if len(taken) >= _BATCH_ROWS or byte_count >= _BATCH_BYTES:
            break
    return taken


def _to_text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"expected text for {name!r}, got {_KINDS[type(value)]}")


def _to_value(name: str, value: Any) -> str:
    text = _to_label(name, value)
    if text is None:
        raise ValueError(missing_value(name))
    return text


def _to_label(name: str, value: Any) -> str | None:
    if isinstance(value, list | dict):
        raise ValueError(f"expected text or a number for {name!r}, got {_KINDS[type(value)]}")
    return _to_cell(value)


def _to_cell(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)
