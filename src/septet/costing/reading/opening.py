"""Opens files of messages: the end of a file's name determines how it is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeAlias

from ...exceptions import SourceError
from .sources import Columns, Source

__all__ = [
    "FOLDER_SUFFIXES",
    "SUPPORTED",
    "WORKBOOK_SUFFIXES",
    "open_file",
    "open_source",
    "read_header",
]


# Each kind of source has much to import: only those that are opened are imported.
def _open_csv(path: str, columns: Columns) -> Source:
    from .text.csv_files import CsvSource

    return CsvSource(path, columns)


def _open_json_lines(path: str, columns: Columns) -> Source:
    from .text.json_files import JsonLinesSource

    return JsonLinesSource(path, columns)


def _open_zip(path: str, columns: Columns) -> Source:
    from ...files.zip_files import find_only_file

    with open(path, "rb") as file:
        try:
            name = find_only_file(file)
        except OSError as error:
            raise SourceError(f"{path} is not a ZIP archive: {error}") from error
    if (opener := _find_opener(name, _TEXT_SOURCES | {".txt": _open_csv})) is None:
        raise SourceError(f"unsupported file type: {name!r} in {path} ({SUPPORTED})")
    return opener(path, columns)


def _open_excel(path: str, columns: Columns) -> Source:
    from .excel_files import ExcelSource

    return ExcelSource(path, columns)


def _open_parquet(path: str, columns: Columns) -> Source:
    from .arrow.parquet_files import ParquetSource

    return ParquetSource(path, columns)


def _open_ipc(path: str, columns: Columns) -> Source:
    from .arrow.sources import IpcSource

    return IpcSource(path, columns)


_Open: TypeAlias = Callable[[str, Columns], Source]
_TEXT_SOURCES: dict[str, _Open] = {
    ".csv": _open_csv,
    ".tsv": _open_csv,
    ".jsonl": _open_json_lines,
    ".ndjson": _open_json_lines,
}
_ARROW_SOURCES: dict[str, _Open] = {
    ".parquet": _open_parquet,
    ".arrow": _open_ipc,
    ".arrows": _open_ipc,
    ".feather": _open_ipc,
    ".ipc": _open_ipc,
}
_COMPRESSED = (".gz", ".zst", ".bz2")
_SOURCES = {
    **_TEXT_SOURCES,
    **{name + end: _TEXT_SOURCES[name] for name in _TEXT_SOURCES for end in _COMPRESSED},
    **{".json" + end: _open_json_lines for end in _COMPRESSED},  # as providers name their exports
    **_ARROW_SOURCES,
}
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
"""The ends of the names of Excel workbooks."""
_NAMED_ONLY = {
    **{".txt" + end: _open_csv for end in ("", *_COMPRESSED)},
    ".zip": _open_zip,
    **dict.fromkeys(WORKBOOK_SUFFIXES, _open_excel),
}
"""Files that are read when they are named: in a folder, most of them are other files or copies."""
FOLDER_SUFFIXES = tuple(_SOURCES)
"""The ends of the names of files that are read when their folder is named."""
SUPPORTED = (
    f"supported: {', '.join(_TEXT_SOURCES)}, .txt, each also with {', '.join(_COMPRESSED)} or in a "
    f".zip; {', '.join('.json' + end for end in _COMPRESSED)}, {', '.join(_ARROW_SOURCES)}, .xlsx"
)
"""The types of files, for messages."""


def open_source(
    path: str | os.PathLike[str],
    text: str,
    to: str | None = None,
    *,
    encoding: str | None = None,
) -> Source:
    """Open a file of messages.

    >>> with open_source("examples/campaign.csv", "body", to="phone") as source:
    ...     rows = sum(len(batch.texts) for batch in source)

    Args:
        path: The file; the end of its name determines how it is read. See `estimate`.
        text: The name of the column of texts.
        to: The name of the column of recipients, if it is read.
        encoding: The encoding of a CSV or JSON Lines file; see `estimate`.

    Returns:
        A source of batches, to be closed or used in a `with` statement.

    Raises:
        OSError: The file cannot be opened.
        SourceError: The type of the file is not supported, the file is invalid, or a column is
            missing or does not hold text.
        MissingExtraError: The file is Parquet or Arrow, and the extra `arrow` is not installed; or
            it is compressed with zstd, and the extra `zstd` is not installed.
        ValueError: The encoding is unknown.
    """
    return open_file(os.fspath(path), Columns(text, to, encoding=encoding))


def read_header(path: str, encoding: str | None = None) -> Sequence[str]:
    """Return the names of the columns of a file of messages.

    Args:
        path: The file.
        encoding: The encoding of a CSV or JSON Lines file; see `estimate`.

    Raises:
        OSError, SourceError, MissingExtraError, ValueError: As for `open_source`.
    """
    with open_file(path, Columns(None, keep=True, encoding=encoding)) as source:
        return source.header


def open_file(path: str, columns: Columns) -> Source:
    """Open a file of messages; raises what `open_source` does.

    Args:
        path: The file.
        columns: The columns to read.
    """
    if (opener := _find_opener(path, _SOURCES | _NAMED_ONLY)) is None:
        raise SourceError(f"unsupported file type: {path} ({SUPPORTED})")
    return opener(path, columns)


def _find_opener(name: str, openers: dict[str, _Open]) -> _Open | None:
    """Return what opens a file of a name; the pipe of a shell is read as CSV."""
    default = _open_csv if name.startswith("/dev/") else None
    ends = (openers[suffix] for suffix in openers if name.lower().endswith(suffix))
    return next(ends, default)
