"""Sources of messages: batches of rows, the columns that are read, and rows that are unreadable.

A source yields a few thousand rows at a time, so memory does not grow with its size. A row that
cannot be read is reported with its place and reason, and the other rows are read. A source that
cannot be read as a whole raises `SourceError`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, NamedTuple, Self

from ...arrow.view_columns import ViewColumn
from ...display.wording import listed, shorten
from ...exceptions import SourceError
from ...files.text_encodings import check_encoding
from .row_templates import RowTemplates, without_rows
from .templates import Filled, Template
from .unreadable_rows import UnreadableRows, first_line

__all__ = [
    "Batch",
    "Cells",
    "Columns",
    "Dialect",
    "RecordBytes",
    "Source",
    "find_column",
    "list_columns",
]

_MAX_NAMES_SHOWN = 30
_MAX_NAME_LENGTH = 40


class RecordBytes(NamedTuple):
    """Records of a delimited file as they are in it.

    Attributes:
        rows: Each record without its line end. Columns that are only kept need not be UTF-8.
        delimiter: The character between fields.
    """

    rows: ViewColumn
    delimiter: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some consecutive rows of a source; unreadable rows between them are left out.

    >>> batch = Batch(["Hello", None], ["+12025550123", "+447700900123"])

    Attributes:
        texts: One text or null per row: a column as `septet.count_many` takes it, or `Filled` if a
            template makes the texts.
        recipients: One recipient or null per row likewise; None if there is no such column.
        groups: The columns whose values messages are grouped by, likewise.
        networks: The name of each recipient's network or null likewise; None if there is no such
            column.
        source: The name of the source, as in the places of unreadable rows.
        first_row: The number in the source of the first row, from 1.
        skipped: The numbers of unreadable rows from `first_row` on, in ascending order.
        kept: All columns of the source, in its order, if they were to be kept.
        header: The names of `kept`.
        records: The same rows as they are in a CSV file, if all columns were to be kept; else None.
    """

    texts: Any
    recipients: Any = None
    _: KW_ONLY
    groups: Sequence[Any] = ()
    networks: Any = None
    source: str = ""
    first_row: int = 1
    skipped: Sequence[int] = ()
    kept: Sequence[Any] = ()
    header: Sequence[str] = ()
    records: RecordBytes | None = None

    @property
    def values(self) -> Sequence[Any]:
        """The columns of values of the template's fields; empty without a template."""
        return self.texts.values if isinstance(self.texts, Filled) else ()

    def make_texts(self) -> Any:
        """Return the column of texts; a template is filled anew on each call."""
        return self.texts.render() if isinstance(self.texts, Filled) else self.texts

    def row_number(self, index: int) -> int:
        """Return the number in the source, from 1, of the row with an index in the batch.

        Args:
            index: The index of a text of the batch, from 0.
        """
        number = self.first_row + index
        for skipped in self.skipped:
            number += skipped <= number
        return number


class Dialect(NamedTuple):
    """How a CSV file is written.

    Attributes:
        delimiter: The character between fields.
        line_end: What ends a record: CR LF, LF or CR.
        head: What precedes the header: a byte order mark, a line such as `sep=;`, both or nothing.
    """

    delimiter: str = ","
    line_end: str = "\r\n"
    head: str = ""


class Cells(NamedTuple):
    """The columns of some rows, by their purpose.

    Attributes:
        text: The column of texts, or of templates; None if one template makes the texts.
        recipients: The column of recipients; None if it is not read.
        values: The columns of `Columns.fields`.
        groups: The columns whose values messages are grouped by.
        kept: All columns of the source, if they are kept.
        networks: The column of the recipients' networks; None if it is not read.
    """

    text: Any
    recipients: Any
    values: Sequence[Any]
    groups: Sequence[Any]
    kept: Sequence[Any]
    networks: Any = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a source that are read.

    Attributes:
        text: The name of the column of texts; None if a template makes them.
        to: The name of the column of recipients, if it is read.
        by: The names of the columns whose values messages are grouped by.
        keep: Whether batches hold all columns of the source besides.
        template: The template that makes the texts, if there is no column of them.
        encoding: The encoding of CSV and JSON Lines files without a byte order mark; UTF-8 if None.
        sheet: The sheet of workbooks; the first visible one with the columns if None.
        network: The name of the column of the recipients' networks, if it is read.
        template_column: The name of the column of templates, if each row has its own.
        field_names: The names of the columns that can fill these, when they are known.

    Raises:
        ValueError: Several of `text`, `template` and `template_column` are given, or none and the
            columns are not kept, or a template without fields but no `to`; or the encoding is
            unknown.
    """

    text: str | None
    to: str | None = None
    by: tuple[str, ...] = ()
    keep: bool = False
    template: Template | None = None
    encoding: str | None = None
    network: str | None = None
    template_column: str | None = None
    field_names: tuple[str, ...] = ()
    sheet: str | None = None

    def __post_init__(self) -> None:
        ways = [self.text, self.template, self.template_column]
        way_count = len(ways) - ways.count(None)
        if way_count > 1 or (not way_count and not self.keep):
            raise ValueError("pass either text=, template= or template_column=")
        if self.template is not None and not self.template.fields and self.to is None:
            raise ValueError("a template without fields needs the column of recipients")
        if self.encoding is not None:
            check_encoding(self.encoding)

    @property
    def messages(self) -> list[str]:
        """The names of the columns that must be text, if given."""
        names = (self.text, self.template_column, self.to)
        return [name for name in names if name is not None]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the columns that fill the template, or that can fill those of a column."""
        return self.field_names if self.template is None else self.template.fields

    def with_fields(self, names: Sequence[str]) -> Columns:
        """Return the same columns, with those unique names that can fill a column of templates."""
        if self.template_column is None:
            return self
        return replace(self, field_names=tuple(n for n in names if n and names.count(n) == 1))

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the columns that may be texts or numbers: `by`, and `network` if given."""
        return self.by if self.network is None else (*self.by, self.network)

    @property
    def names(self) -> list[str]:
        """All names, in the order that `split` expects: `messages`, `fields`, `labels`."""
        return [*self.messages, *self.fields, *self.labels]

    def split(self, cells: Sequence[Any]) -> Cells:
        """Return columns by their purpose.

        Args:
            cells: A column for each of `names`, followed by all columns that are kept.
        """
        rest = iter(cells)
        text = None if self.text is None and self.template_column is None else next(rest)
        recipients = None if self.to is None else next(rest)
        values = [next(rest) for _ in self.fields]
        groups = [next(rest) for _ in self.by]
        networks = None if self.network is None else next(rest)
        return Cells(text, recipients, values, groups, list(rest), networks)


class Source(ABC):
    """Messages that are read once, batch by batch.

    Attributes:
        name: The name in messages: the path of a file.
        byte_count: The size of the file; 0 if it is not known.
        rows_read: The number of rows so far, unreadable ones included.
        unreadable: The rows that could not be read so far.
        header: The names of all columns, if they are kept.
        dialect: How the source is written, if it is CSV.
        compression: The name of the codec of its first column, as pyarrow writes it, if it is
            Parquet.
        remark: What is not plain about the source, for people; empty if nothing is.
    """

    header: Sequence[str] = ()
    dialect: Dialect = Dialect()
    compression: str | None = None
    remark = ""

    def __init__(self, name: str, columns: Columns) -> None:
        self.name = name
        self.byte_count = 0
        self.rows_read = 0
        self.unreadable = UnreadableRows()
        self._columns = columns
        self._first_row = 1  # of the batch that is being read
        self._skipped: list[int] = []
        self._templates: RowTemplates | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def fraction(self) -> float:
        """The fraction that has been read, from 0.0 to 1.0; 0.0 if it is not known."""
        return 0.0

    @abstractmethod
    def __iter__(self) -> Iterator[Batch]:
        """Yield the rest of the rows in batches.

        Raises:
            SourceError: The source is damaged from here on.
        """

    def parts(self) -> Iterator[Source]:
        """Yield sources of consecutive rows, in order, which threads can read at the same time.

        Each has its share of `byte_count`, begins with the `rows_read` of the rows before it, and
        must be closed. This source itself is the only one, or else it is closed.
        """
        yield self

    @abstractmethod
    def close(self) -> None:
        """Close the file or stream of the source."""

    def _skip_row(self, place: str, reason: str) -> None:
        """Count the next row as unreadable."""
        self.rows_read += 1
        self._skipped.append(self.rows_read)
        self.unreadable.add(place, reason)

    def _make_batch(self, cells: Cells, records: RecordBytes | None = None) -> Batch:
        """Return the readable rows since the last batch.

        Args:
            cells: Their columns. No value of a field of the only template is null.
            records: Their records, if they are kept.
        """
        texts, template = cells.text, self._columns.template
        if self._columns.template_column is not None:
            texts, cells, records = self._fill_templates(cells, records)
        elif template is not None:
            # Only a template without fields is filled here: it has no columns to count later.
            row_count = 0 if cells.recipients is None else len(cells.recipients)
            texts = (
                Filled(template, cells.values) if cells.values else template.render((), row_count)
            )
        batch = Batch(
            texts,
            cells.recipients,
            groups=cells.groups,
            networks=cells.networks,
            source=self.name,
            first_row=self._first_row,
            skipped=self._skipped,
            kept=cells.kept,
            header=self.header,
            records=records,
        )
        self._begin_batch()
        return batch

    def _fill_templates(
        self, cells: Cells, records: RecordBytes | None
    ) -> tuple[Any, Cells, RecordBytes | None]:
        """Return the texts of a batch whose texts are templates, and its readable rows."""
        if self._templates is None:
            self._templates = RowTemplates(self._columns.fields)
        numbers = self._templates.read(cells.text)
        if reasons := self._templates.find_unreadable(numbers, cells.values):
            self._skip_made_rows(reasons)
            numbers = array("i", without_rows(list(numbers), reasons))
            if records is not None:
                records = records._replace(rows=records.rows.without_rows(reasons))
            cells = cells._replace(
                recipients=without_rows(cells.recipients, reasons),
                values=[without_rows(column, reasons) for column in cells.values],
                groups=[without_rows(column, reasons) for column in cells.groups],
                networks=without_rows(cells.networks, reasons),
                kept=self._keep(records, cells.kept, reasons),
            )
        return self._templates.fill(numbers, cells.values), cells, records

    def _keep(
        self, records: RecordBytes | None, kept: Sequence[Any], left_out: dict[int, str]
    ) -> Sequence[Any]:
        """Return all columns of a batch without some rows; `records` lack these already."""
        return [without_rows(column, left_out) for column in kept]

    def _skip_made_rows(self, reasons: dict[int, str]) -> None:
        """Count rows as unreadable, by their indexes in the batch that is being made."""
        skipped = set(self._skipped)
        numbers = [n for n in range(self._first_row, self.rows_read + 1) if n not in skipped]
        for index in sorted(reasons):
            self._skipped.append(numbers[index])
            self.unreadable.add(f"row {numbers[index]}", reasons[index])
        self._skipped.sort()

    def _begin_batch(self) -> None:
        """Begin a batch after the rows that have been read, which may all be unreadable."""
        self._first_row, self._skipped = self.rows_read + 1, []

    def _make_damage_error(self, error: Exception) -> SourceError:
        reason = first_line(error)
        return SourceError(f"{self.name} is damaged after {self.rows_read:,} rows: {reason}")


def find_column(name: str, columns: Sequence[str], source: str, advice: str = "") -> int:
    """Return the index of the only column with a name.

    Args:
        name: The name of the column.
        columns: The names of all columns.
        source: The name of the source, for error messages.
        advice: The end of the message if no column has the name.

    Raises:
        SourceError: No column has the name, or more than one.
    """
    names = list_columns(columns)
    if name not in columns:
        from difflib import get_close_matches

        by_lower_case = {column.lower(): column for column in columns}
        close = get_close_matches(name.lower(), by_lower_case, n=1)
        hint = (
            f" (did you mean {shorten(by_lower_case[close[0]], _MAX_NAME_LENGTH)!r}?)"
            if close
            else ""
        )
        raise SourceError(f"{source} has no column {name!r}{hint}; its columns are {names}{advice}")
    if columns.count(name) > 1:
        raise SourceError(f"{source} has more than one column {name!r}; its columns are {names}")
    return columns.index(name)


def list_columns(columns: Sequence[str]) -> str:
    """Return the names of columns for a message; the first of them if there are many."""
    return listed([repr(shorten(name, _MAX_NAME_LENGTH)) for name in columns], _MAX_NAMES_SHOWN)
