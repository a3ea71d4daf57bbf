"""Files of messages as batches of texts.

A source gives a few thousand rows at a time, so memory does not grow with the file. A row that
cannot be read is noted with its place and reason, and the rest of the file goes on; a file that
cannot be read at all is a `SourceError`.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ..exceptions import SourceError

__all__ = [
    "Batch",
    "Source",
    "UnreadableRow",
    "UnreadableRows",
    "first_line",
    "open_source",
    "position",
]

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
        reason = first_line(error)
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
    from .csv_files import CsvSource
    from .parquet_files import ParquetSource

    name = os.fspath(path)
    lowered = name.lower()
    if lowered.endswith((".csv", ".csv.gz")):
        return CsvSource(name, text, to)
    if lowered.endswith(".parquet"):
        return ParquetSource(name, text, to)
    raise SourceError(f"{name} is of an unknown kind: .csv, .csv.gz and .parquet can be read")


def position(name: str, columns: Sequence[str], path: str) -> int:
    """Return where the one column of a name is.

    Raises:
        SourceError: There is none, or more than one.
    """
    there = ", ".join(map(repr, columns))
    if name not in columns:
        raise SourceError(f"{path} has no column {name!r}; its columns are {there}")
    if columns.count(name) > 1:
        raise SourceError(f"{path} has more than one column {name!r}; its columns are {there}")
    return columns.index(name)


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or its name."""
    return (str(error).splitlines() or [type(error).__name__])[0]
