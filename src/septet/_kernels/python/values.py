"""Groups of rows that have the same value in a column of texts: their numbers and messages."""

from __future__ import annotations

from collections import Counter
from itertools import compress
from threading import Lock

from .bounds import check_length, check_list, check_min_length, check_rows, list_item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = ["GroupCounts", "ValueIndex", "choose_by_network"]


class GroupCounts:
    """Counts the messages of each group by rate and segments."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, int, int]] = Counter()

    def add(
        self, groups: memoryview, rates: memoryview, segments: memoryview, units: memoryview
    ) -> None:
        """Count the rows that have a text.

        Args:
            groups: The number of each row's group, as int32.
            rates: What `PrefixIndex` returned for the number of each row, as int32.
            segments: Segments of each row, as int32.
            units: Units of each row, as int32; a row with 0 units has no text.

        Raises:
            ValueError: The buffers differ in length.
        """
        check_length("rates", len(rates), len(groups))
        check_length("segments", len(segments), len(groups))
        check_length("units", len(units), len(groups))
        self._counts.update(compress(zip(groups, rates, segments, strict=True), units))

    def take(self) -> dict[tuple[int, int, int], int]:
        """Return the counts, in any order, and start at nothing again.

        Returns:
            Messages by group, rate and segments.
        """
        counts, self._counts = self._counts, Counter()
        return counts


class ValueIndex:
    """Numbers the distinct values of columns of texts, in the order in which they first occur.

    Null is a value too. Values keep their numbers from column to column, so memory grows with the
    number of distinct values.
    """

    __slots__ = ("_lock", "_numbers")

    def __init__(self) -> None:
        # By their UTF-8, in which a lone surrogate of a text in a list takes three bytes.
        self._numbers: dict[bytes | None, int] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._numbers)

    def find_rows(
        self, column: Addresses, first: int, stop: int, numbers: memoryview
    ) -> tuple[int, int]:
        """Find the number of the value in each of some rows of an Arrow column.

        Args:
            column: The values.
            first: Row to begin with.
            stop: Row to end before.
            numbers: Receives the number of each row, as int32; a new value gets the next one.

        Returns:
            An `Outcome`, and the row that caused it, or `stop`. A new value that is not UTF-8 is
            not added.

        Raises:
            ValueError: `first` and `stop` are not a range, or `numbers` is too short.
        """
        from ...arrow.rows import Outcome, OutOfRangeError, read_rows

        check_min_length("numbers", len(numbers), check_rows(first, stop))
        row = first
        try:
            for value in read_rows(column, first, stop):
                if value is not None and value not in self._numbers:
                    value.decode()
                numbers[row - first] = self._number(value)
                row += 1
        except OutOfRangeError as error:
            return error.outcome, row
        except UnicodeDecodeError:
            return Outcome.NOT_UTF8, row
        return Outcome.FINE, stop

    def find_texts(
        self, texts: list[str | None], first: int, stop: int, numbers: memoryview, base: int
    ) -> None:
        """Find the number of the value of each of some items of a list.

        Args:
            texts: The values.
            first: Item to begin with.
            stop: Item to end before.
            numbers: Receives the number of each item, as int32; a new value gets the next one.
            base: The row number of the first item of the list, for error messages.

        Raises:
            TypeError: An item is neither a `str` nor None.
            ValueError: `first` and `stop` are not a range, or `numbers` is too short.
            RuntimeError: The list has fewer than `stop` items, or became shorter meanwhile.
        """
        check_min_length("numbers", len(numbers), check_rows(first, stop))
        check_list(texts, stop)
        for row in range(first, stop):
            text = list_item(texts, row)
            if text is not None and not isinstance(text, str):
                name = type(text).__name__
                raise TypeError(f"row {base + row}: value must be str or None, not {name}")
            value = None if text is None else str.encode(text, "utf-8", "surrogatepass")
            numbers[row - first] = self._number(value)

    def values(self, first: int = 0) -> list[str | None]:
        """Return the values from a number on, in the order of their numbers.

        Args:
            first: The number of the first one.

        Raises:
            ValueError: `first` is negative or greater than the number of values.
        """
        check_rows(first, len(self._numbers))
        return [
            value if value is None else value.decode("utf-8", "surrogatepass")
            for value in [*self._numbers][first:]
        ]

    def _number(self, value: bytes | None) -> int:
        with self._lock:
            return self._numbers.setdefault(value, len(self._numbers))


def choose_by_network(
    rates: memoryview,
    networks: memoryview,
    columns: memoryview,
    table: memoryview,
    column_count: int,
) -> None:
    """Replace the rates of rows that have others for some networks.

    Args:
        rates: What `PrefixIndex` returned for the number of each row, as int32; changed in place if
            it is a line of the table.
        networks: The number of each row's network, as int32.
        columns: For each number of a network, its column in the table, as int32.
        table: The rates by line and column, line by line, as int32.
        column_count: How many columns a line has.

    Raises:
        ValueError: `networks` has another length than `rates`, the table does not consist of whole
            lines, or a row has no network or no column.
    """
    check_length("networks", len(networks), len(rates))
    if column_count < 1 or len(table) % column_count:
        raise ValueError(f"table has {len(table)} rates, not lines of {column_count}")
    lines = len(table) // column_count
    for row, rate in enumerate(rates):
        network = networks[row]
        column = columns[network] if 0 <= network < len(columns) else -1
        if not 0 <= column < column_count:
            raise ValueError(f"row {row} has a network that has no column")
        if 0 <= rate < lines:
            rates[row] = table[rate * column_count + column]
