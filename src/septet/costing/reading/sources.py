"""Where messages come from: batches of texts, whatever holds them.

A source gives a few thousand rows at a time, so memory does not grow with it. A row that cannot be
read is noted with its place and reason, and the rest goes on; what cannot be read at all is a
`SourceError`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ...exceptions import SourceError
from .templates import Template

__all__ = [
    "Batch",
    "Columns",
    "Source",
    "UnreadableRow",
    "UnreadableRows",
    "first_line",
    "position",
]

_EXAMPLES_KEPT = 5
_NAMES_TOLD = 30
_NAME_TOLD = 40


@dataclass(frozen=True, slots=True)
class Batch:
    """Some consecutive readable rows of a source.

    Attributes:
        texts: One text per row, or a null: a list or an Arrow array, as `septet.count_many` takes;
            None where `make_texts()` makes them.
        recipients: One recipient per row likewise, or None if there is no column of them.
        groups: Columns by whose values messages are added up: one text or None per row.
        source: What the source is called, as in the places of unreadable rows.
        first: The number of its first row in the source, from 1.
        missing: The numbers of rows from there on that are not among them, for they cannot be read.
        kept: All columns of the source, in its order, if they were to be kept.
        values: What the fields of the template were filled with, if there is one: for each a list
            of texts, or a pyarrow array of them.
        header: Their names.
        template: What makes the texts, if they are not there.
    """

    texts: Any
    recipients: Any = None
    groups: Sequence[Sequence[str | None]] = ()
    source: str = ""
    first: int = 1
    missing: Sequence[int] = ()
    kept: Sequence[Any] = ()
    values: Sequence[Any] = ()
    header: Sequence[str] = ()
    template: Template | None = None

    def make_texts(self) -> Any:
        """Return the texts, which a template makes anew each time."""
        if self.template is None:
            return self.texts
        return self.template.render(self.values, len(self.values[0]))

    def number(self, row: int) -> int:
        """Return the number in the source of a row of the batch, which is counted from 0."""
        number = self.first + row
        for missing in self.missing:
            number += missing <= number
        return number


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a source are read.

    Attributes:
        text: Name of the column of texts, unless a template makes them.
        to: Name of the column of recipients, if it is wanted.
        by: Names of the columns by whose values messages are added up.
        keep: Whether batches bring all columns of the source besides.
        template: What the texts are made by, unless there is a column of them.
    """

    text: str | None
    to: str | None = None
    by: tuple[str, ...] = ()
    keep: bool = False
    template: Template | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (self.template is None):
            raise ValueError("either the column of texts or a template is needed")
        if self.template is not None and not self.template.fields and self.to is None:
            raise ValueError("a template without fields needs the column of recipients")

    @property
    def messages(self) -> list[str]:
        """The names of the columns that must be text."""
        return [name for name in (self.text, self.to) if name is not None]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the columns that fill the template."""
        return () if self.template is None else self.template.fields

    @property
    def names(self) -> list[str]:
        """All names: those of `messages`, then `fields`, then `by`."""
        return [*self.messages, *self.fields, *self.by]


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

    def within(self, name: str) -> UnreadableRows:
        """Return the same rows, their places in a source of that name."""
        examples = [UnreadableRow(f"{name}, {row.place}", row.reason) for row in self.examples]
        return UnreadableRows(self.count, examples)


class Source(ABC):
    """Messages that are read once, batch by batch.

    Attributes:
        name: What messages call it: the path of a file.
        rows_read: Rows met so far, unreadable ones included.
        unreadable: The rows that could not be read so far.
        header: The names of all columns, if they are to be kept.
    """

    header: Sequence[str] = ()

    def __init__(self, name: str, columns: Columns) -> None:
        self.name = name
        self.rows_read = 0
        self.unreadable = UnreadableRows()
        self._columns = columns
        self._first = 1  # row of the batch that is being read
        self._missing: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def fraction(self) -> float:
        """How much of it has been read, from 0.0 to 1.0; 0.0 where that is not known."""
        return 0.0

    @abstractmethod
    def __iter__(self) -> Iterator[Batch]:
        """Read on.

        Raises:
            SourceError: It is damaged from here on.
        """

    @abstractmethod
    def close(self) -> None:
        """Close what it opened."""

    def _note(self, place: str, reason: str) -> None:
        """Note that the next row cannot be read."""
        self.rows_read += 1
        self._missing.append(self.rows_read)
        self.unreadable.note(place, reason)

    def _batch(self, cells: Sequence[Any]) -> Batch:
        """Return the rows since the last batch, but those that were noted.

        Args:
            cells: Their columns, in the order of the names that are read, all others behind them.
                No value of a field may be null.
        """
        columns = self._columns
        first_field = len(columns.messages)
        first_group = first_field + len(columns.fields)
        stop = len(columns.names)
        values, texts, template = cells[first_field:first_group], cells[0], columns.template
        # What takes no lock of the interpreter is left to those who count.
        is_joined_later = bool(values) and not isinstance(values[0], list)
        if template is not None:
            texts = None if is_joined_later else template.render(values, len(texts))
        batch = Batch(
            texts,
            None if columns.to is None else cells[first_field - 1],
            cells[first_group:stop],
            self.name,
            self._first,
            self._missing,
            cells[stop:],
            values,
            self.header,
            template if is_joined_later else None,
        )
        self._first, self._missing = self.rows_read + 1, []
        return batch

    def _damaged(self, error: Exception) -> SourceError:
        reason = first_line(error)
        return SourceError(f"{self.name} is damaged after {self.rows_read:,} rows: {reason}")


def position(name: str, columns: Sequence[str], source: str) -> int:
    """Return where the one column of a name is.

    Raises:
        SourceError: There is none, or more than one.
    """
    there = ", ".join(repr(_beginning(column)) for column in columns[:_NAMES_TOLD])
    if len(columns) > _NAMES_TOLD:
        there += f" and {len(columns) - _NAMES_TOLD:,} more"
    if name not in columns:
        from difflib import get_close_matches

        by_lower_case = {column.lower(): column for column in columns}
        near = get_close_matches(name.lower(), by_lower_case, n=1)
        hint = f" (perhaps {_beginning(by_lower_case[near[0]])!r})" if near else ""
        raise SourceError(f"{source} has no column {name!r}{hint}; its columns are {there}")
    if columns.count(name) > 1:
        raise SourceError(f"{source} has more than one column {name!r}; its columns are {there}")
    return columns.index(name)


def _beginning(name: str) -> str:
    """Return as much of a name as fits into a message: a file that is no CSV may have any."""
    return name if len(name) <= _NAME_TOLD else f"{name[:_NAME_TOLD]}…"


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or its name."""
    return (str(error).splitlines() or [type(error).__name__])[0]
