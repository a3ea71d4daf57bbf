"""JSON Lines files: a JSON object on each line.

A kernel reads the plain lines of a block, and the standard library those that it leaves. A line
that cannot be parsed is reported, and the other lines are read. A key that an object lacks is null;
a key that is in none of the first lines is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from ...._kernels import JsonRows
from ....exceptions import SourceError
from ..sources import Batch, Columns, find_column
from ..templates import missing_value
from .text_files import MAX_RECORD_BYTES, TextFile, decode

__all__ = ["JsonLinesSource"]

_BLOCK_BYTES = 4 << 20
_BATCH_ROWS = 65_536
_FIRST_LINES = 4096
_FIRST_BYTES = 4 << 20
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
        blocks = _split_blocks(self._blocks)
        with self._closed_on_error():
            first_blocks = _take_first(blocks)
            self._check_names(list(islice(_iterate_lines(first_blocks), _FIRST_LINES)))
        self._line_blocks = chain(first_blocks, blocks)
        columns = self._columns
        self._json_columns = (
            *((name, False, False) for name in columns.messages),
            *((name, True, columns.template is not None) for name in columns.fields),
            *((name, True, False) for name in (*columns.labels, *self.header)),
        )

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        try:
            for block in self._line_blocks:
                if block is None:
                    self._parse_row(None)
                else:
                    yield from self._read_block(block)
        except OSError as error:
            raise self._make_damage_error(error) from error

    def _read_block(self, block: bytes) -> Iterator[Batch]:
        """Yield the rows of a block of lines."""
        max_line_bytes = MAX_RECORD_BYTES if _has_few_values(block) else _SMALL_BYTES
        rows = JsonRows(block, self._json_columns, _BATCH_ROWS, max_line_bytes)
        position = 0
        while position < len(block):
            row_count = len(rows)
            position, line_count = rows.read(position)
            self._line_count += line_count
            self.rows_read += len(rows) - row_count
            if len(rows) == _BATCH_ROWS:
                yield from self._make_batches(rows.take())
            elif position < len(block):
                stop = block.index(b"\n", position)
                cells = self._parse_row(block[position:stop])
                if cells is not None:
                    try:
                        rows.add(cells)
                    except UnicodeEncodeError:  # a lone surrogate, which only a list can hold
                        yield from self._make_batches(rows.take())
                        yield from self._parse_rows(cells, block[stop + 1 :])
                        return
                    self.rows_read += 1
                position = stop + 1
        yield from self._make_batches(rows.take())

    def _parse_rows(self, cells: list[str | None], lines: bytes) -> Iterator[Batch]:
        """Yield a row that is parsed already and those of some lines, in lists."""
        rows = [cells]
        self.rows_read += 1
        for line in lines.split(b"\n")[:-1]:
            if (row := self._parse_row(line)) is not None:
                rows.append(row)
                self.rows_read += 1
            if len(rows) == _BATCH_ROWS:
                yield from self._make_batches(list(map(list, zip(*rows, strict=True))))
                rows = []
        yield from self._make_batches(list(map(list, zip(*rows, strict=True))))

    def _make_batches(self, columns: list[Any]) -> Iterator[Batch]:
        """Yield a batch of the columns of some rows, unless they have none."""
        if columns and len(columns[0]):
            yield self._make_batch(self._columns.split(columns))
        self._begin_batch()

    def _check_names(self, lines: list[bytes | None]) -> None:
        if not any(line is None or line.strip() for line in lines):
            raise SourceError(f"{self.name} is empty")
        names: dict[str, None] = {}
        needs_all = self._columns.keep or self._columns.template_column is not None
        reason = None
        for line in lines:
            if names.keys() >= set(self._columns.names) and not needs_all:
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
        self._columns = self._columns.with_fields(list(names))
        if self._columns.keep:
            self.header = list(names)

    def _parse_row(self, line: bytes | None) -> list[str | None] | None:
        """Return the row of a line; None if it is blank or unreadable."""
        self._line_count += 1
        if line is not None and not line.strip():
            return None
        try:
            row = self._parse_object(line)
            cells = [_to_text(name, row.get(name)) for name in self._columns.messages]
            to_value = _to_label if self._columns.template_column is not None else _to_value
            cells += [to_value(name, row.get(name)) for name in self._columns.fields]
            cells += [_to_label(name, row.get(name)) for name in self._columns.labels]
            cells += [_to_cell(row.get(name)) for name in self.header]
        except ValueError as error:
            self._skip_row(f"line {self._line_count}", str(error))
            return None
        return cells

    def _parse_object(self, line: bytes | None) -> dict[str, Any]:
        """Return the object of a line.

        Raises:
            ValueError: The line has none.
        """
        if line is None or len(line) > MAX_RECORD_BYTES:
            raise ValueError(f"longer than {MAX_RECORD_BYTES >> 20} MiB")
        if not _has_few_values(line):
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


def _split_blocks(blocks: Iterator[bytes]) -> Iterator[bytes | None]:
    """Yield a file in blocks of whole lines, each with a line feed; None for each too long line."""
    lines: list[bytes | bytearray] = []
    byte_count = 0
    rest = bytearray()  # the beginning of a line
    is_too_long = False
    try:
        for block in blocks:
            start, stop = 0, block.rfind(b"\n") + 1
            if stop and is_too_long:
                start = block.index(b"\n") + 1
                yield None
                is_too_long = False
            if stop > start:
                lines += [rest, block[start:stop]]
                byte_count += len(rest) + stop - start
                rest = bytearray()
            if byte_count >= _BLOCK_BYTES:
                whole, lines, byte_count = b"".join(lines), [], 0
                yield whole
                del whole
            if is_too_long:
                continue
            rest += block[stop:]
            if len(rest) > MAX_RECORD_BYTES:
                if lines:
                    yield b"".join(lines)
                lines, byte_count = [], 0
                rest.clear()
                is_too_long = True
    except OSError:
        if lines:
            yield b"".join(lines)
        raise
    if rest:
        lines += [rest, b"\n"]
    if lines:
        yield b"".join(lines)
    if is_too_long:
        yield None


def _take_first(blocks: Iterator[bytes | None]) -> list[bytes | None]:
    """Take the blocks with the first lines, which say what the columns are."""
    taken: list[bytes | None] = []
    line_count = byte_count = 0
    for block in blocks:
        taken.append(block)
        line_count += 1 if block is None else block.count(b"\n")
        byte_count += len(block or b"")
        if line_count >= _FIRST_LINES or byte_count >= _FIRST_BYTES:
            break
    return taken


def _iterate_lines(blocks: list[bytes | None]) -> Iterator[bytes | None]:
    """Yield the lines of blocks without their ends; None for each that is too long."""
    for block in blocks:
        if block is None:
            yield None
            continue
        start = 0
        while start < len(block):
            stop = block.index(b"\n", start)
            yield block[start:stop]
            start = stop + 1


def _has_few_values(lines: bytes) -> bool:
    """Return whether objects for the values of each line would take little memory."""
    return len(lines) <= _SMALL_BYTES or sum(map(lines.count, _VALUE_STARTS)) <= _MAX_VALUES


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
