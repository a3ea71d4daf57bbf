"""JSON Lines files: a JSON object on each line, parsed by the standard library.

A line that cannot be parsed is reported, and the other lines are read. A key that an object lacks
is null; a key that is in none of the first lines is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...exceptions import SourceError
from .sources import Batch, Columns, find_column
from .templates import missing_value
from .text_files import DAMAGE, TextFile, are_utf8

__all__ = ["JsonLinesSource"]

_BATCH_LINES = 4096
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
    """A JSON Lines file; compressed by gzip if its name ends in .gz."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns, newline="\n")
        self._line_count = 0
        try:
            self._lines = self._read_lines()
            self._check_names()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        while self._lines:
            rows = [row for line in self._lines if (row := self._parse_row(line)) is not None]
            if rows:
                cells = list(map(list, zip(*rows, strict=True)))
                yield self._make_batch(self._columns.split(cells))
            self._lines = self._read_lines()

    def _read_lines(self) -> list[str]:
        lines: list[str] = []
        try:
            lines.extend(islice(self._stream, _BATCH_LINES))
        except DAMAGE as error:
            self.rows_read += sum(not line.isspace() for line in lines)
            raise self._make_damage_error(error) from error
        return lines

    def _check_names(self) -> None:
        if all(map(str.isspace, self._lines)):
            raise SourceError(f"{self.name} is empty")
        names: dict[str, None] = {}
        reason = None
        for line in self._lines:
            if names.keys() >= set(self._columns.names) and not self._columns.keep:
                return
            try:
                names |= dict.fromkeys(_parse_object(line))
            except ValueError as error:
                reason = reason or error  # the line is reported when it is parsed as a row
        if not names and reason is not None:
            raise SourceError(f"{self.name} has no JSON objects: {reason}")
        for name in self._columns.names:
            find_column(name, list(names), self.name)
        if self._columns.keep:
            self.header = list(names)

    def _parse_row(self, line: str) -> list[str | None] | None:
        """Return the cells of a line; None if it is blank or unreadable."""
        self._line_count += 1
        if line.isspace():
            return None
        try:
            row = _parse_object(line)
            cells = [_to_text(name, row.get(name)) for name in self._columns.messages]
            cells += [_to_value(name, row.get(name)) for name in self._columns.fields]
            cells += [_to_label(name, row.get(name)) for name in self._columns.by]
            cells += [_to_cell(row.get(name)) for name in self.header]
        except ValueError as error:
            self._skip_row(f"line {self._line_count}", str(error))
            return None
        self.rows_read += 1
        return cells


def _parse_object(line: str) -> dict[str, Any]:
    if not are_utf8([line]):
        raise ValueError("not valid UTF-8")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise ValueError(f"not valid JSON: {reason}") from error
    if not isinstance(value, dict):
        raise ValueError(f"expected a JSON object, got {_KINDS[type(value)]}")
    return value


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
