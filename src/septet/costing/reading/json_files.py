"""Files of JSON Lines: a JSON object on each line, read by the standard library.

A line that cannot be read is noted, and the rest of the file goes on. A name that an object lacks
is null; a name that none of the first lines has is taken for a mistake.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...exceptions import SourceError
from .sources import Batch, Columns, position
from .templates import no_value
from .text_files import DAMAGE, TextFile, are_utf8

__all__ = ["JsonLinesSource"]

_BATCH_LINES = 4096
_KINDS = {bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}


class JsonLinesSource(TextFile):
    """A file of JSON Lines, perhaps compressed by gzip."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns, newline="\n")
        self._line_count = 0
        try:
            self._waiting = self._read_on()
            self._check_names()
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Batch]:
        while self._waiting:
            rows = [row for line in self._waiting if (row := self._row(line)) is not None]
            if rows:
                yield self._batch(list(map(list, zip(*rows, strict=True))))
            self._waiting = self._read_on()

    def _read_on(self) -> list[str]:
        lines: list[str] = []
        try:
            lines.extend(islice(self._stream, _BATCH_LINES))
        except DAMAGE as error:
            self.rows_read += sum(not line.isspace() for line in lines)
            raise self._damaged(error) from error
        return lines

    def _check_names(self) -> None:
        if all(map(str.isspace, self._waiting)):
            raise SourceError(f"{self.name} is empty")
        names: dict[str, None] = {}
        reason = None
        for line in self._waiting:
            if names.keys() >= set(self._columns.names) and not self._columns.keep:
                return
            try:
                names |= dict.fromkeys(_object(line))
            except ValueError as error:
                reason = reason or error  # the line is noted when its turn comes
        if not names and reason is not None:
            raise SourceError(f"{self.name} has no JSON objects: {reason}")
        for name in self._columns.names:
            position(name, list(names), self.name)
        if self._columns.keep:
            self.header = list(names)

    def _row(self, line: str) -> list[str | None] | None:
        """Return the cells of a line, None if it is blank or cannot be read."""
        self._line_count += 1
        if line.isspace():
            return None
        try:
            found = _object(line)
            cells = [_text(name, found.get(name)) for name in self._columns.messages]
            cells += [_value(name, found.get(name)) for name in self._columns.fields]
            cells += [_label(name, found.get(name)) for name in self._columns.by]
            cells += [_written(found.get(name)) for name in self.header]
        except ValueError as error:
            self._note(f"line {self._line_count}", str(error))
            return None
        self.rows_read += 1
        return cells


def _object(line: str) -> dict[str, Any]:
    if not are_utf8([line]):
        raise ValueError("not valid UTF-8")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise ValueError(f"not valid JSON: {reason}") from error
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{name!r} is not text but {_KINDS[type(value)]}")


def _value(field: str, value: Any) -> str:
    text = _label(field, value)
    if text is None:
        raise ValueError(no_value(field))
    return text


def _label(name: str, value: Any) -> str | None:
    if isinstance(value, list | dict):
        raise ValueError(f"{name!r} is {_KINDS[type(value)]}")
    return _written(value)


def _written(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)
