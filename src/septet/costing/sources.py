"""Files of messages as batches of texts: CSV by the standard library, Parquet by pyarrow.

A source gives a few thousand rows at a time, so memory does not grow with the file. A row that
cannot be read is noted with its place and reason, and the rest of the file goes on; a file that
cannot be read at all is a `SourceError`. This is the only place that imports pyarrow.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import zlib
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from ..exceptions import MissingExtraError, SourceError

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch
    from pyarrow.parquet import ParquetFile

__all__ = ["Batch", "Source", "UnreadableRow", "UnreadableRows", "open_source", "readable_rows"]

_BATCH_ROWS = 4096
_PARQUET_BATCH_ROWS = 32_768
_READ_OCTETS = 1 << 20
_EXAMPLES_KEPT = 5


@dataclass(frozen=True, slots=True)
class Batch:
    """Some consecutive readable rows of a source.

    Attributes:
        texts: One text per row, or a null: a list or an Arrow array, as `septet.count_many` takes.
        recipients: One recipient per row likewise, or None if there is no column of them.
    """

    texts: Any
    recipients: Any = None


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """Where a row stands that could not be read ("line 17"), and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(slots=True)
class UnreadableRows:
    """How many rows of a source could not be read, and the first few of them."""

    count: int = 0
    examples: list[UnreadableRow] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        """Return the count, and place and reason of the first few."""
        examples = [{"place": row.place, "reason": row.reason} for row in self.examples]
        return {"count": self.count, "examples": examples}

    def __add__(self, other: UnreadableRows) -> UnreadableRows:
        """Return the rows of both."""
        examples = [*self.examples, *other.examples][:_EXAMPLES_KEPT]
        return UnreadableRows(self.count + other.count, examples)

    def note(self, place: str, reason: str) -> None:
        """Count one more row; only the first few are kept as examples."""
        self.count += 1
        if len(self.examples) < _EXAMPLES_KEPT:
            self.examples.append(UnreadableRow(place, reason))


class Source(ABC):
    """An opened file of messages: iterate over its batches, once.

    Attributes:
        rows_read: Rows met so far, unreadable ones included.
        unreadable: The rows that could not be read so far.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.rows_read = 0
        self.unreadable = UnreadableRows()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    @abstractmethod
    def fraction(self) -> float:
        """How much of the file has been read, from 0.0 to 1.0."""

    @abstractmethod
    def __iter__(self) -> Iterator[Batch]:
        """Read on.

        Raises:
            SourceError: The file is damaged from here on.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the file."""

    def _damaged(self, error: Exception) -> SourceError:
        reason = _first_line(error)
        return SourceError(f"{self.path} is damaged after {self.rows_read:,} rows: {reason}")


def open_source(path: str | os.PathLike[str], text: str, to: str | None = None) -> Source:
    """Open a file of messages and find its columns.

    Args:
        path: A file that ends in .csv, .csv.gz or .parquet.
        text: Name of the column of texts.
        to: Name of the column of recipients.

    Raises:
        OSError: The file cannot be opened.
        SourceError: It is not such a file, or a column is missing or not text.
        MissingExtraError: Parquet without pyarrow.
    """
    name = os.fspath(path)
    lowered = name.lower()
    if lowered.endswith((".csv", ".csv.gz")):
        return _CsvSource(name, text, to)
    if lowered.endswith(".parquet"):
        return _ParquetSource(name, text, to)
    raise SourceError(f"{name} is of an unknown kind: .csv, .csv.gz and .parquet can be read")


class _CsvSource(Source):
    def __init__(self, path: str, text: str, to: str | None) -> None:
        super().__init__(path)
        self._file = open(path, "rb")  # noqa: SIM115  closed by close()
        self._size = os.fstat(self._file.fileno()).st_size
        binary = gzip.GzipFile(fileobj=self._file) if path.lower().endswith(".gz") else self._file
        # Undecodable bytes become lone surrogates, which UTF-8 itself never decodes to: one bad
        # byte then spoils its row and not the file.
        self._stream = io.TextIOWrapper(
            binary, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._line_count = 0
        self._record: list[str] = []
        self._taken_back: deque[str] = deque()
        try:
            header = self._header()
            self._width = len(header)
            self._text_at = _position(text, header, path)
            self._to_at = None if to is None else _position(to, header, path)
        except BaseException:
            self.close()
            raise

    @property
    def fraction(self) -> float:
        return self._file.tell() / self._size if self._size else 1.0

    def __iter__(self) -> Iterator[Batch]:
        texts: list[str | None] = []
        recipients: list[str | None] | None = None if self._to_at is None else []
        for row in self._rows():
            texts.append(row[self._text_at])
            if recipients is not None and self._to_at is not None:
                recipients.append(row[self._to_at])
            if len(texts) == _BATCH_ROWS:
                yield Batch(texts, recipients)
                texts = []
                recipients = None if self._to_at is None else []
        if texts:
            yield Batch(texts, recipients)

    def close(self) -> None:
        self._stream.close()
        self._file.close()

    def _header(self) -> list[str]:
        try:
            header = next(filter(None, csv.reader(self._lines(), strict=True)), None)
        except csv.Error as error:
            raise SourceError(f"{self.path}: the header is not valid CSV: {error}") from error
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise self._damaged(error) from error
        if header is None:
            raise SourceError(f"{self.path} is empty")
        if not all(map(_is_valid, header)):
            raise SourceError(f"{self.path}: the header is not valid UTF-8")
        return header

    def _rows(self) -> Iterator[list[str]]:
        """Yield the readable rows and note the others."""
        text_at = self._text_at
        to_at = text_at if self._to_at is None else self._to_at
        width = self._width
        reader = csv.reader(self._lines(), strict=True)
        while True:
            self._record.clear()
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # A quote that is never closed would take the rest of the file with it: only its
                # first line is given up, and reading starts again at the next.
                is_alone = len(self._record) == 1
                self._take_back()
                rest = "" if is_alone else "; the lines after it are read as rows of their own"
                self._note(f"not valid CSV: {error}{rest}")
                reader = csv.reader(self._lines(), strict=True)
                continue
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise self._damaged(error) from error
            if not row:
                continue
            if len(row) != width:
                self._note(f"{len(row)} instead of {width} fields")
            elif not (_is_valid(row[text_at]) and _is_valid(row[to_at])):
                self._note("not valid UTF-8")
            else:
                self.rows_read += 1
                yield row

    def _lines(self) -> Iterator[str]:
        taken_back, record, stream = self._taken_back, self._record, self._stream
        while line := taken_back.popleft() if taken_back else stream.readline():
            record.append(line)
            self._line_count += 1
            yield line

    def _take_back(self) -> None:
        self._taken_back.extendleft(reversed(self._record[1:]))
        self._line_count -= len(self._record) - 1
        del self._record[1:]

    def _note(self, reason: str) -> None:
        first = self._line_count - len(self._record) + 1
        last = self._line_count
        place = f"line {first}" if first == last else f"lines {first}-{last}"
        self.rows_read += 1
        self.unreadable.note(place, reason)


class _ParquetSource(Source):
    def __init__(self, path: str, text: str, to: str | None) -> None:
        super().__init__(path)
        self._names = [text] if to is None else [text, to]
        self._to = to
        # pyarrow has its own words for a file that is not there; Python's are the ones people know.
        open(path, "rb").close()
        self._file = _open_parquet(path)
        try:
            for name in self._names:
                self._check_column(name)
        except BaseException:
            self.close()
            raise

    @property
    def fraction(self) -> float:
        row_count = self._file.metadata.num_rows
        return self.rows_read / row_count if row_count else 1.0

    def __iter__(self) -> Iterator[Batch]:
        from pyarrow import ArrowException

        try:
            for batch in self._file.iter_batches(_PARQUET_BATCH_ROWS, columns=self._names):
                yield self._convert(batch)
        except (ArrowException, OSError) as error:
            raise self._damaged(error) from error

    def close(self) -> None:
        self._file.close()

    def _check_column(self, name: str) -> None:
        from pyarrow import types

        schema = self._file.schema_arrow
        kind = schema.field(_position(name, schema.names, self.path)).type
        value = kind.value_type if types.is_dictionary(kind) else kind
        if types.is_null(value):
            return
        if types.is_string(value) or types.is_large_string(value) or types.is_string_view(value):
            return
        hint = ""
        if types.is_integer(value) and name == self._to:
            hint = "; a recipient is text, as in +12025550123"
        raise SourceError(f"{self.path}: column {name!r} is not text but {kind}{hint}")

    def _convert(self, batch: RecordBatch) -> Batch:
        columns = [_plain(batch.column(name)) for name in self._names]
        converted, unreadable = readable_rows(*columns)
        for row in unreadable:
            self.unreadable.note(f"row {self.rows_read + row + 1}", "not valid UTF-8")
        self.rows_read += batch.num_rows
        return converted


def readable_rows(*columns: Array[Any]) -> tuple[Batch, list[int]]:
    """Return the rows of a column of texts, and if wanted one of recipients, that are UTF-8.

    Neither Parquet nor Spark says whether its strings are.

    Args:
        columns: Arrow arrays of strings.

    Returns:
        The rows whose octets are UTF-8, and the indexes of the others.
    """
    from pyarrow import ArrowInvalid, array

    try:
        for column in columns:
            column.validate(full=True)
    except ArrowInvalid:
        unreadable = {row for column in columns for row in _undecodable_rows(column)}
        is_readable = array([row not in unreadable for row in range(len(columns[0]))])
        return Batch(*(column.filter(is_readable) for column in columns)), sorted(unreadable)
    return Batch(*columns), []


def _undecodable_rows(column: Array[Any]) -> Iterator[int]:
    for row, value in enumerate(column):
        try:
            value.as_py()
        except UnicodeDecodeError:
            yield row


def _plain(column: Array[Any]) -> Array[Any]:
    """Return the column as one of texts: no dictionary, and not of the type null."""
    from pyarrow import string, types

    if types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return column.cast(string()) if types.is_null(column.type) else column


def _open_parquet(path: str) -> ParquetFile:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "arrow", "reading Parquet") from error
    try:
        # Read bit by bit: what is read ahead stays in memory to the end of the file.
        return ParquetFile(path, buffer_size=_READ_OCTETS, pre_buffer=False)
    except (ArrowException, OSError) as error:
        raise SourceError(f"{path} is not a Parquet file: {_first_line(error)}") from error


def _position(name: str, columns: Sequence[str], path: str) -> int:
    there = ", ".join(map(repr, columns))
    if name not in columns:
        raise SourceError(f"{path} has no column {name!r}; its columns are {there}")
    if columns.count(name) > 1:
        raise SourceError(f"{path} has more than one column {name!r}; its columns are {there}")
    return columns.index(name)


def _is_valid(cell: str) -> bool:
    if cell.isascii():
        return True
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
