"""Rows that could not be read: how many there are, and where the first few are."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...display.wording import shorten

__all__ = ["UnreadableRow", "UnreadableRows", "first_line"]

_MAX_EXAMPLES = 5
_MAX_REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that could not be read.

    Attributes:
        place: The place of the row, such as "line 17".
        reason: Why the row could not be read.
    """

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(slots=True)
class UnreadableRows:
    """The number of rows that could not be read, and the first few of them.

    Attributes:
        count: The number of unreadable rows.
        examples: The first five of them.
    """

    count: int = 0
    examples: list[UnreadableRow] = field(default_factory=list)

    def to_dict(self) -> dict[str, object]:
        """Return the count, and the place and reason of each example, as plain values."""
        examples = [{"place": row.place, "reason": row.reason} for row in self.examples]
        return {"count": self.count, "examples": examples}

    def __add__(self, other: UnreadableRows) -> UnreadableRows:
        """Return the rows of both."""
        examples = [*self.examples, *other.examples][:_MAX_EXAMPLES]
        return UnreadableRows(self.count + other.count, examples)

    def add(self, place: str, reason: str) -> None:
        """Count one more row; only the first five are kept as examples.

        Args:
            place: The file and the line or row.
            reason: Why the row cannot be read.
        """
        self.count += 1
        if len(self.examples) < _MAX_EXAMPLES:
            self.examples.append(UnreadableRow(place, reason))

    def within(self, name: str) -> UnreadableRows:
        """Return the same rows with the name of their source before each place.

        Args:
            name: The name of the source.
        """
        examples = [UnreadableRow(f"{name}, {row.place}", row.reason) for row in self.examples]
        return UnreadableRows(self.count, examples)


def first_line(error: Exception) -> str:
    """Return the first line of an error's message, or the name of its type if it has none."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return shorten(first, _MAX_REASON_LENGTH)
