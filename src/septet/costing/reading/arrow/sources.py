"""Sources that pyarrow reads: Arrow IPC files, and tables with the Arrow C interface."""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ....display.wording import shorten
from ....exceptions import MissingExtraError, SourceError
from ..sources import Batch, Columns, Source, find_column
from ..templates import missing_value
from ..unreadable_rows import first_line
from .checks import DAMAGE, are_sound, is_damage, undecodable_rows
from .parquet_pages import DamagedPageError
from .rows import (
    as_plain_text,
    is_text,
    split_rows,
    take_runs,
    value_type,
)

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch, Schema

__all__ = ["ArrowSource", "IpcSource", "TableSource", "check_pyarrow", "distinct", "import_pyarrow"]

_MAX_TYPE_LENGTH = 80
_MAX_ROWS = 2**31 - 1  # of a record batch; more would be nulls without any memory


class ArrowSource(Source):
    """A source of Arrow record batches."""

    def _check_schema(self, schema: Schema) -> None:
        """Check that the columns exist and have usable types.

        Raises:
            SourceError: A column is missing, not unique, or not of a usable type; or the name of a
                column is not valid UTF-8.
        """
        from pyarrow import types

        try:
            names = schema.names
            kinds = [str(field.type) for field in schema]
        except UnicodeDecodeError as error:
            reason = "the name of a column is not valid UTF-8"
            raise SourceError(f"{self.name} is damaged: {reason}") from error
        self._columns = self._columns.with_fields(
            [field.name for field in schema if _can_be_text(value_type(field.type))]
        )
        for name in self._columns.names:
            index = find_column(name, names, self.name)
            kind = value_type(schema.field(index).type)
            if is_text(kind):
                continue
            shown = shorten(kinds[index], _MAX_TYPE_LENGTH)
            if name in self._columns.messages:
                is_number = name == self._columns.to and types.is_integer(kind)
                hint = "; write recipients as text, such as +12025550123" if is_number else ""
                raise SourceError(
                    f"{self.name}: expected text in column {name!r}, got {shown}{hint}"
                )
            if not _can_be_text(kind):
                raise SourceError(
                    f"{self.name}: expected text or numbers in column {name!r}, got {shown}"
                )
        if self._columns.keep:
            self.header = names

    def __iter__(self) -> Iterator[Batch]:
        """Yield batches of bounded size; see `Source`."""
        try:
            yield from self._read()
        except SourceError:
            raise
        except Exception as error:
            if isinstance(error, DamagedPageError) or is_damage(error):
                raise self._make_damage_error(error) from error
            raise

    @contextmanager
    def _opening(self, kind: str) -> Iterator[None]:
        """Turn the errors of opening a file into one that names it."""
        from pyarrow import ArrowException

        try:
            yield
        except SourceError:
            raise
        except (ArrowException, OSError) as error:
            raise SourceError(f"{self.name} is not {kind}: {first_line(error)}") from error
        except DAMAGE as error:
            raise SourceError(f"{self.name} is damaged: {first_line(error)}") from error

    @abstractmethod
    def _read(self) -> Iterator[Batch]:
        """Yield batches of bounded size, with the errors of pyarrow."""

    def _split(self, batch: RecordBatch) -> Iterator[Batch]:
        """Check a record batch, and yield its rows in batches of bounded size."""
        from pyarrow.types import is_run_end_encoded

        if batch.num_rows > _MAX_ROWS:
            raise ValueError(
                f"expected at most {_MAX_ROWS:,} rows in a batch, got {batch.num_rows:,}"
            )
        columns = [batch.column(name) for name in self._columns.names]
        kept = batch.columns if self._columns.keep else []
        is_utf8 = are_sound(columns)
        are_sound(
            [
                column
                for name, column in zip(self.header, kept, strict=True)
                if name not in self._columns.names
            ]
        )
        decoded = columns + [column for column in kept if is_run_end_encoded(column.type)]
        for start, stop in split_rows(decoded, batch.num_rows):
            yield self._convert(
                [as_plain_text(column[start:stop]) for column in columns],
                [column[start:stop] for column in kept],
                stop - start,
                is_utf8,
            )

    def _convert(
        self, columns: list[Array[Any]], kept: list[Array[Any]], row_count: int, is_utf8: bool
    ) -> Batch:
        """Return the readable rows of some columns, and count the others as unreadable."""
        reasons = self._find_missing_values(columns)
        if not is_utf8:
            undecodable = {row for column in columns for row in undecodable_rows(column)}
            reasons |= dict.fromkeys(undecodable, "not valid UTF-8")
        rows_before = self.rows_read
        for row in sorted(reasons):
            self.rows_read = rows_before + row
            self._skip_row(f"row {rows_before + row + 1}", reasons[row])
        self.rows_read = rows_before + row_count
        cells = [*columns, *kept]
        if reasons:
            cells = [take_runs(column, reasons) for column in cells]
        return self._make_batch(self._columns.split(cells))

    def _find_missing_values(self, columns: Sequence[Array[Any]]) -> dict[int, str]:
        """Return the rows without a value for a field, and why they cannot be read."""
        reasons: dict[int, str] = {}
        if self._columns.template_column is not None:
            return reasons
        values = self._columns.split(columns).values
        for name, column in zip(self._columns.fields, values, strict=True):
            if column.null_count:
                from pyarrow import compute  # which takes long

                rows: list[Any] = compute.indices_nonzero(column.is_null()).to_pylist()
                for row in rows:
                    reasons.setdefault(row, missing_value(name))
        return reasons


class IpcSource(ArrowSource):
    """An Arrow IPC file, in the file format (also called Feather) or in the stream format."""

    def __init__(self, path: str, columns: Columns) -> None:
        super().__init__(path, columns)
        _check_exists(path)
        pyarrow = import_pyarrow("reading Arrow files")
        self._file = pyarrow.OSFile(path)
        self._fraction = 0.0
        try:
            self.byte_count = self._file.size()
            with self._opening("an Arrow file"):
                schema = self._open().schema
                self._check_schema(schema)
                fields = sorted(map(schema.get_field_index, distinct(self._columns.names)))
                if columns.keep:
                    fields = list(range(len(schema)))
                self._reader = self._open(pyarrow.ipc.IpcReadOptions(included_fields=fields))
        except BaseException:
            self.close()
            raise

    @property
    def fraction(self) -> float:
        """The fraction of the file that has been read, from 0.0 to 1.0."""
        return self._fraction

    def _open(self, options: Any = None) -> Any:
        from pyarrow import ArrowInvalid, ipc

        self._file.seek(0)
        try:
            return ipc.open_file(self._file, options=options)
        except ArrowInvalid:
            self._file.seek(0)
            return ipc.open_stream(self._file, options=options)

    def _read(self) -> Iterator[Batch]:
        if hasattr(self._reader, "num_record_batches"):
            count = self._reader.num_record_batches
            for number in range(count):
                self._fraction = (number + 1) / count
                yield from self._split(self._reader.get_batch(number))
            return
        for batch in self._reader:
            self._fraction = self._file.tell() / self.byte_count
            yield from self._split(batch)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class TableSource(ArrowSource):
    """A table in memory, or anything else with the Arrow C stream interface."""

    def __init__(self, name: str, table: Any, columns: Columns) -> None:
        super().__init__(name, columns)
        pyarrow = import_pyarrow("reading a table")
        if isinstance(table, Mapping):
            needs_all = columns.keep or columns.template_column is not None
            names = table if needs_all else distinct(columns.names)
            table = {name: table[name] for name in names}
        try:
            if isinstance(table, Mapping):
                table = pyarrow.table(table)
            self._reader = pyarrow.RecordBatchReader.from_stream(table)
            schema = self._reader.schema
        except (pyarrow.ArrowException, *DAMAGE) as error:
            raise SourceError(f"{name} cannot be read as a table: {first_line(error)}") from error
        self._check_schema(schema)

    def _read(self) -> Iterator[Batch]:
        for batch in self._reader:
            yield from self._split(batch)

    def close(self) -> None:
        """Release the stream."""
        self._reader.close()


def distinct(names: Iterable[str]) -> list[str]:
    """Return names in their order, each once."""
    return [*dict.fromkeys(names)]


def _can_be_text(kind: Any) -> bool:
    """Return whether a type holds texts or values that have one text each."""
    from pyarrow import types

    return is_text(kind) or types.is_primitive(kind) or types.is_decimal(kind)


def _check_exists(path: str) -> None:
    """Raise the usual OSError of Python if a file cannot be opened; pyarrow raises its own."""
    open(path, "rb").close()


def check_pyarrow(purpose: str) -> None:
    """Check that pyarrow is there, without importing it.

    Args:
        purpose: What it is needed for.

    Raises:
        MissingExtraError: It is not installed.
    """
    if "pyarrow" in sys.modules:
        is_installed = sys.modules["pyarrow"] is not None
    else:
        is_installed = find_spec("pyarrow") is not None
    if not is_installed:
        raise MissingExtraError("pyarrow", "arrow", purpose)


def import_pyarrow(purpose: str) -> Any:
    """Return pyarrow.

    Args:
        purpose: What it is needed for.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        import pyarrow.ipc
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        raise MissingExtraError("pyarrow", "arrow", purpose) from error
    return pyarrow
