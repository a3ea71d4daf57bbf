"""A campaign, wherever its messages are: files, folders, globs, tables, batches of columns.

What is open is one file at a time. But before the first row of several files is read, all of them
are opened once, so that a wrong column in the last one does not wait for the others.
"""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import compress
from typing import Any, NoReturn

from ...exceptions import SourceError
from .arrow_sources import IpcSource, ParquetSource, TableSource
from .csv_files import CsvSource
from .json_files import JsonLinesSource
from .sources import Batch, Columns, Source, position
from .templates import no_value

__all__ = ["Campaign", "find_files", "open_source"]

_KINDS: dict[str, Callable[[str, Columns], Source]] = {
    ".csv": CsvSource,
    ".csv.gz": CsvSource,
    ".tsv": CsvSource,
    ".tsv.gz": CsvSource,
    ".jsonl": JsonLinesSource,
    ".jsonl.gz": JsonLinesSource,
    ".ndjson": JsonLinesSource,
    ".ndjson.gz": JsonLinesSource,
    ".parquet": ParquetSource,
    ".arrow": IpcSource,
    ".arrows": IpcSource,
    ".feather": IpcSource,
    ".ipc": IpcSource,
}
_LISTED = ", ".join(_KINDS)


def open_source(path: str | os.PathLike[str], text: str, to: str | None = None) -> Source:
    """Open a file of messages and find its columns.

    Args:
        path: A file of one of the kinds that can be read, which the end of its name tells.
        text: Name of the column of texts.
        to: Name of the column of recipients.

    Raises:
        OSError: The file cannot be opened.
        SourceError: It is not such a file, or a column is missing or not text.
        MissingExtraError: Parquet or Arrow without pyarrow.
    """
    return _open_file(os.fspath(path), Columns(text, to))


def find_files(path: str | os.PathLike[str]) -> list[str]:
    """Return the files that a path stands for, in the order of their names.

    Args:
        path: A file; a folder, for all files in it and in its folders whose kind can be read,
            except those whose names begin with "." or "_"; or a glob of both.

    Raises:
        SourceError: There is none.
    """
    name = os.fspath(path)
    if glob.has_magic(name) and not os.path.lexists(name):
        found = sorted(glob.glob(name, recursive=True))
        if not found:
            raise SourceError(f"no file is called {name}")
        return [file for match in found for file in find_files(match)]
    if not os.path.isdir(name):
        return [name]
    files = []
    for folder, folders, names in os.walk(name, onerror=_raise):
        folders[:] = sorted(each for each in folders if each[0] not in "._")
        readable = (each for each in sorted(names) if each[0] not in "._" and _kind(each))
        files += [os.path.join(folder, each) for each in readable]
    if not files:
        raise SourceError(f"{name} has no files that can be read: {_LISTED}")
    return files


def _raise(error: OSError) -> NoReturn:
    raise error


class Campaign(Source):
    """All messages of a source, one part after the other; see `estimate`."""

    def __init__(self, source: Any, columns: Columns) -> None:
        super().__init__("the campaign", columns)
        self._part: Source | None = None
        self._sizes: dict[str, int] = {}
        self._real_paths: Collection[str] = ()
        self._octets_read = 0
        self._parts: Iterator[Source]
        paths = [source] if _is_path(source) else source
        if isinstance(paths, list | tuple) and all(map(_is_path, paths)):
            # A file that two names stand for is one file.
            files = {os.path.realpath(file): file for path in paths for file in find_files(path)}
            if len(files) > 1:
                # A pipe that was opened once has nothing to say to who comes again.
                for file in filter(os.path.isfile, files.values()):
                    _open_file(file, columns).close()
            self._real_paths = files
            self._parts = (_open_file(file, columns) for file in files.values())
            self._sizes = {file: os.path.getsize(file) for file in files.values()}
        elif isinstance(source, Mapping) or hasattr(source, "__arrow_c_stream__"):
            self._parts = iter([_open_table("the table", source, columns)])
        elif isinstance(source, Iterable):
            self._parts = _open_parts(source, columns)
        else:
            kind = type(source).__name__
            raise TypeError(f"a source is a path, a table or an iterable of them, not {kind}")

    @property
    def fraction(self) -> float:
        """How much has been read, from 0.0 to 1.0; 0.0 unless all of it are files."""
        if self._part is None or not self._sizes:
            return 0.0
        octets = self._octets_read + self._part.fraction * self._sizes[self._part.name]
        return min(1.0, octets / (sum(self._sizes.values()) or 1))

    def has_file(self, path: str | os.PathLike[str]) -> bool:
        """Tell whether one of its files is that one, by whatever name."""
        return os.path.realpath(path) in self._real_paths

    def __iter__(self) -> Iterator[Batch]:
        for part in self._parts:
            before = self.rows_read
            with part:
                self._part = part
                self.header = part.header
                for batch in part:
                    self.rows_read = before + part.rows_read
                    yield batch
            self.rows_read = before + part.rows_read
            self.unreadable += part.unreadable.within(part.name)
            self._octets_read += self._sizes.get(part.name, 0)

    def close(self) -> None:
        """Close what is open."""
        if self._part is not None:
            self._part.close()


class ListSource(Source):
    """A batch of columns that are lists of texts."""

    def __init__(self, name: str, table: Mapping[str, Any], columns: Columns) -> None:
        super().__init__(name, columns)
        names = columns.names
        self._cells = [list(table[each]) for each in names]
        messages = len(columns.messages)
        for place, (each, cells) in enumerate(zip(names, self._cells, strict=True)):
            if len(cells) != len(self._cells[0]):
                lengths = f"{len(self._cells[0]):,} rows of {names[0]!r} and {len(cells):,}"
                raise SourceError(f"{name} has {lengths} of {each!r}")
            for row, cell in enumerate(cells, 1):
                if cell is None or isinstance(cell, str):
                    continue
                if place < messages or not isinstance(cell, int | float):
                    kind = type(cell).__name__
                    raise SourceError(f"{name}, row {row}: {each!r} is not text but {kind}")
                cells[row - 1] = json.dumps(cell)
        if columns.keep:
            self.header = list(table)
            self._cells += [
                [
                    cell if cell is None or isinstance(cell, str) else json.dumps(cell, default=str)
                    for cell in cells
                ]
                for cells in table.values()
            ]

    def __iter__(self) -> Iterator[Batch]:
        first = len(self._columns.messages)
        reasons: dict[int, str] = {}
        for name, values in zip(self._columns.fields, self._cells[first:], strict=False):
            for row, value in enumerate(values):
                if value is None:
                    reasons.setdefault(row, no_value(name))
        row_count = len(self._cells[0])
        for row in sorted(reasons):
            self.rows_read = row
            self._note(f"row {row + 1}", reasons[row])
        self.rows_read = row_count
        is_readable = [row not in reasons for row in range(row_count)]
        yield self._batch([list(compress(cells, is_readable)) for cells in self._cells])

    def close(self) -> None:
        """Do nothing: nothing is open."""


def _open_parts(parts: Iterable[Any], columns: Columns) -> Iterator[Source]:
    for number, part in enumerate(parts, 1):
        if _is_path(part):
            for file in find_files(part):
                yield _open_file(file, columns)
        else:
            yield _open_table(f"batch {number}", part, columns)


def _open_table(name: str, table: Any, columns: Columns) -> Source:
    if isinstance(table, Mapping):
        for wanted in columns.names:
            position(wanted, list(table), name)
        if all(isinstance(cells, list | tuple) for cells in table.values()):
            return ListSource(name, table, columns)
    elif not hasattr(table, "__arrow_c_stream__"):
        kind = type(table).__name__
        raise TypeError(f"{name} must be a path, a table or a dict of columns, not {kind}")
    return TableSource(name, table, columns)


def _open_file(path: str, columns: Columns) -> Source:
    kind = _kind(path)
    if kind is None:
        raise SourceError(f"{path} is of an unknown kind; these can be read: {_LISTED}")
    return _KINDS[kind](path, columns)


def _kind(path: str) -> str | None:
    """Return the end of a name that tells how the file is read; what a shell opened is CSV."""
    end = ".csv" if path.startswith("/dev/") else None
    return next((end for end in _KINDS if path.lower().endswith(end)), end)


def _is_path(part: Any) -> bool:
    return isinstance(part, str | os.PathLike)
