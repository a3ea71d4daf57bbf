"""Campaigns: files, folders, globs, tables and iterables of them, read as one source.

Each thread has one file open at a time. Several files are all opened and closed once before the
first row is read, so that a missing column in the last one is reported before counting starts.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from threading import Lock
from typing import Any, NoReturn, Self

from ...columns.pieces import find_hint
from ...exceptions import SourceError
from ...files.whole_files import is_same_file
from .opening import FOLDER_SUFFIXES, SUPPORTED, open_file
from .sources import Batch, Columns, Dialect, Source, find_column
from .unreadable_rows import UnreadableRows

__all__ = ["Campaign", "find_files", "without_repeats"]


def find_files(path: str | os.PathLike[str], more_suffixes: tuple[str, ...] = ()) -> list[str]:
    """Return the files that a path stands for, ordered by name.

    Args:
        path: A file; a folder, for all files of supported types in it and its subfolders, except
            those whose names begin with "." or "_"; or a glob pattern. A part of a pattern that
            exists literally is not a pattern, and `**` follows no links.
        more_suffixes: Ends of the names of further files of a folder, in lower case.

    Returns:
        The paths of the files, at least one.

    Raises:
        OSError: A folder cannot be listed.
        SourceError: No files match the pattern, or the folder has no files of supported types.
    """
    name = os.fspath(path)
    if glob.has_magic(name) and not os.path.lexists(name):
        from pathlib import Path

        matches = sorted(_matches("", Path(name).parts))
        files = [file for match in matches for file in _files_of(match, more_suffixes)]
        if not files:
            raise SourceError(f"no files match {name}")
        return list(dict.fromkeys(files))  # a pattern can match a folder and a file in it
    files = _files_of(name, more_suffixes)
    if not files:
        raise SourceError(f"no supported files in {name} ({SUPPORTED})")
    return files


def _files_of(path: str, more_suffixes: tuple[str, ...]) -> list[str]:
    """Return a path that is not a folder, or else the files of the folder that can be read."""
    if not os.path.isdir(path):
        return [path]
    suffixes = FOLDER_SUFFIXES + more_suffixes
    files = []
    for folder, folders, names in os.walk(path, onerror=_raise):
        folders[:] = sorted(each for each in folders if each[0] not in "._")
        files += [
            os.path.join(folder, each)
            for each in sorted(names)
            if each[0] not in "._" and each.lower().endswith(suffixes)
        ]
    return files


def _matches(folder: str, parts: Sequence[str]) -> set[str]:
    """Return the paths below a folder that match the parts of a pattern.

    Unlike `glob`, this takes parts literally that exist, and `**` follows no links, which may lead
    in circles.
    """
    if not parts or (parts == ("**",) and os.path.isdir(folder or os.curdir)):
        return {folder or os.curdir}
    part, rest = parts[0], parts[1:]
    path = os.path.join(folder, part)
    if part == "**":
        below = [folder or os.curdir]
        for each, folders, _ in os.walk(folder or os.curdir):
            folders[:] = [name for name in folders if name[0] != "."]
            below += [os.path.join(each, name) for name in folders]
        paths = [os.path.normpath(each) if not folder else each for each in below]
    elif os.path.lexists(path):
        paths = [path]
    else:
        paths = [os.path.join(folder, name) for name in glob.glob(part, root_dir=folder or None)]
    return {match for each in paths for match in _matches(each, rest)}


def without_repeats(files: Iterable[str]) -> list[str]:
    """Return files in order, each once by the first of its names."""
    first_names: dict[str, str] = {}
    for file in files:
        first_names.setdefault(os.path.realpath(file), file)
    return list(first_names.values())


def _raise(error: OSError) -> NoReturn:
    raise error


class Campaign:
    """All messages of a campaign, in parts: files or parts of them, or tables; see `estimate`.

    Attributes:
        name: The name in messages.
        header: The names of all columns, if they are kept.
        dialect: How the first file is written.
        compression: The codec of the first file, if it is Parquet.
        has_only_files: Whether all parts are files that any thread can read, in any order.
        remarks: What is not plain about files that have been opened, for people.
        rows_read: The number of rows so far, unreadable ones included.
    """

    name = "the campaign"
    header: Sequence[str] = ()
    dialect = Dialect()
    compression: str | None = None

    def __init__(self, source: Any, columns: Columns) -> None:
        self.rows_read = 0
        self.remarks: list[str] = []
        self.has_only_files = False
        self._unreadable: dict[int, UnreadableRows] = {}
        self._files: list[str] = []
        self._byte_count = self._bytes_read = 0
        self._open_sources: set[Source] = set()
        self._lock = Lock()
        self._sources: Iterator[Source]
        paths = [source] if _is_path(source) else source
        if isinstance(paths, list | tuple) and all(map(_is_path, paths)):
            files = self._files = without_repeats(
                file for path in paths for file in find_files(path)
            )
            if len(files) > 1:
                # A pipe cannot be opened a second time.
                for file in filter(os.path.isfile, files):
                    open_file(file, columns).close()
            self._sources = (open_file(file, columns) for file in files)
            self._byte_count = sum(map(os.path.getsize, files))
            self.has_only_files = all(map(os.path.isfile, files))
        elif isinstance(source, Mapping) or hasattr(source, "__arrow_c_stream__"):
            self._sources = iter([_open_table("the table", source, columns)])
        elif isinstance(source, Iterable) and find_hint(source) is None:
            self._sources = _open_parts(source, columns, self._files)
        else:
            raise _wrong_source("expected a path, a table or an iterable of them", source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def fraction(self) -> float:
        """The fraction that has been read, from 0.0 to 1.0; 0.0 unless all parts are files."""
        return min(1.0, self._bytes_read / self._byte_count) if self._byte_count else 0.0

    @property
    def files(self) -> list[str]:
        """The files so far, in order; those of an iterable are known when they are opened."""
        return self._files

    @property
    def unreadable(self) -> UnreadableRows:
        """The rows that could not be read in the parts that are finished."""
        parts = sorted(self._unreadable.items())
        return sum((rows for _, rows in parts), UnreadableRows())

    def has_file(self, path: str | os.PathLike[str]) -> bool:
        """Return whether a file is one of those that are read, by any of its names.

        The files of an iterable are known when they are opened.
        """
        return any(is_same_file(path, file) for file in self._files)

    def __iter__(self) -> Iterator[Batch]:
        """Yield the batches of all parts; see `Source`."""
        for part in self.parts(split=False):
            for batch in part:
                yield batch
                del batch  # so that only one is in memory while the next is read

    def parts(self, *, split: bool) -> Iterator[Iterator[Batch]]:
        """Yield the batches of each part, in order; threads may read several parts at a time.

        Args:
            split: Whether a file may be several parts.
        """
        numbers = count()
        for position, source in enumerate(self._sources):
            if position == 0:
                self.dialect = source.dialect
                self.compression = source.compression
            self.header = source.header
            if source.remark:
                self.remarks.append(f"{source.name}: {source.remark}")
            self._open_sources.add(source)
            for part in source.parts() if split else [source]:
                if part is not source:
                    self._open_sources.discard(source)
                    self._open_sources.add(part)
                yield self._read(next(numbers), part)

    def _read(self, number: int, source: Source) -> Iterator[Batch]:
        """Yield the batches of a part, and keep count of what has been read."""
        rows_before, bytes_before = source.rows_read, 0
        with source:
            for batch in source:
                rows, byte_count = source.rows_read, int(source.fraction * source.byte_count)
                with self._lock:
                    self.rows_read += rows - rows_before
                    self._bytes_read += byte_count - bytes_before
                rows_before, bytes_before = rows, byte_count
                yield batch
                del batch
        with self._lock:
            self.rows_read += source.rows_read - rows_before
            self._bytes_read += source.byte_count - bytes_before
            if source.unreadable.count:
                self._unreadable[number] = source.unreadable.within(source.name)
            self._open_sources.discard(source)

    def close(self) -> None:
        """Close the files and tables that are open."""
        for source in self._open_sources:
            source.close()


def _open_parts(parts: Iterable[Any], columns: Columns, files: list[str]) -> Iterator[Source]:
    """Yield the parts of an iterable one by one, and add the paths of files to `files`."""
    for number, part in enumerate(parts, 1):
        if _is_path(part):
            for file in find_files(part):
                files.append(file)
                yield open_file(file, columns)
        else:
            yield _open_table(f"batch {number}", part, columns)


def _open_table(name: str, table: Any, columns: Columns) -> Source:
    if isinstance(table, Mapping):
        for wanted in columns.names:
            find_column(wanted, list(table), name)
        if all(isinstance(cells, list | tuple) for cells in table.values()):
            from .list_source import ListSource

            return ListSource(name, table, columns)
    elif not hasattr(table, "__arrow_c_stream__"):
        raise _wrong_source(f"{name}: expected a path, a table or a dict of columns", table)
    from .arrow.sources import TableSource

    return TableSource(name, table, columns)


def _wrong_source(expected: str, source: object) -> TypeError:
    hint = find_hint(source)
    message = f"{expected}, got {type(source).__name__}"
    return TypeError(message if hint is None else f"{message}; {hint}")


def _is_path(part: Any) -> bool:
    return isinstance(part, str | os.PathLike)
