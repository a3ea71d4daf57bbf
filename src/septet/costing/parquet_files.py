"""Parquet files of messages, read by pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..exceptions import MissingExtraError, SourceError
from .sources import Batch, Source, first_line, position

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch
    from pyarrow.parquet import ParquetFile

__all__ = ["ParquetSource", "readable_rows"]

_BATCH_ROWS = 32_768
_READ_OCTETS = 1 << 20


class ParquetSource(Source):
    """A Parquet file."""

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
        """How much of the file has been read, from 0.0 to 1.0."""
        row_count = self._file.metadata.num_rows
        return self.rows_read / row_count if row_count else 1.0

    def __iter__(self) -> Iterator[Batch]:
        from pyarrow import ArrowException

        try:
            for batch in self._file.iter_batches(_BATCH_ROWS, columns=self._names):
                yield self._convert(batch)
        except (ArrowException, OSError) as error:
            raise self._damaged(error) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _check_column(self, name: str) -> None:
        from pyarrow import types

        schema = self._file.schema_arrow
        kind = schema.field(position(name, schema.names, self.path)).type
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
        raise SourceError(f"{path} is not a Parquet file: {first_line(error)}") from error
