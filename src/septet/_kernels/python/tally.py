"""Reference twin of what is done with many rows and their facts: rates found, rows joined.

A rate is known here by its index among the prefixes of a card, and a message without one by the
reason, a negative number. Prices, names and currencies live above, in `costing`.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from itertools import accumulate

from .bounds import check_length, check_list, check_room, check_rows, list_item
from .look_up import look_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = [
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "PrefixIndex",
    "Seen",
    "add_up",
    "are_utf8",
    "count_alike",
    "count_empty",
    "find_beyond",
    "join_rows",
    "look_up",
]

# What is found instead of the index of a rate, and how many such reasons there are.
NO_RATE, NOT_E164, NO_NUMBER = -1, -2, -3
_REASONS = 3

_MOST_SEGMENTS = 255

# ITU-T E.164: at most 15 digits, and no country code begins with 0; a country code alone is no
# number.
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


class PrefixIndex:
    """Finds the longest of some prefixes that a number begins with.

    Args:
        prefixes: Digits, each string once.

    Raises:
        ValueError: A prefix is not a `str` of digits.
    """

    __slots__ = ("_indexes", "_lengths")

    def __init__(self, prefixes: tuple[str, ...]) -> None:
        self._indexes: dict[str, int] = {}
        for index, prefix in enumerate(prefixes):
            # A subclass may say of itself what it likes: only its characters count.
            digits = str.__str__(prefix) if isinstance(prefix, str) else ""
            if not (digits.isascii() and digits.isdigit()):
                raise ValueError(f"prefix {prefix!r} is not digits")
            self._indexes[digits] = index
        self._lengths = sorted(set(map(len, self._indexes)), reverse=True)

    def find(self, number: str) -> int:
        """Return the index of the longest prefix of an E.164 number, or why there is none.

        Raises:
            TypeError: `number` is not a `str`.
        """
        if not isinstance(number, str):
            raise TypeError(f"number must be str, not {type(number).__name__}")
        # A subclass may say of itself what it likes: only its characters count.
        number = str.__str__(number)
        if not number:
            return NO_NUMBER
        if _E164.fullmatch(number) is None:
            return NOT_E164
        for length in self._lengths:
            index = self._indexes.get(number[1 : 1 + length])
            if index is not None:
                return index
        return NO_RATE

    def find_rows(
        self, column: Addresses, first: int, stop: int, found: memoryview
    ) -> tuple[int, int]:
        """Find for the rows from `first` up to `stop` of an Arrow column of numbers.

        Returns:
            An outcome (`septet_outcome` in scan_column.h), and the row that caused it.

        Raises:
            ValueError: `first` and `stop` are no range, or `found` is shorter than it.
        """
        from ...arrow.rows import OutOfRangeError, read_rows

        check_room("found", len(found), check_rows(first, stop))
        row = first
        try:
            for octets in read_rows(column, first, stop):
                found[row - first] = self.find((octets or b"").decode("latin-1"))
                row += 1
        except OutOfRangeError as error:
            return error.outcome, row
        return 0, stop

    def find_texts(
        self, numbers: list[str | None], first: int, stop: int, found: memoryview, base: int
    ) -> None:
        """Find for the numbers of a list from `first` up to `stop`.

        Errors name the row, which is `base` for the first of the list.

        Raises:
            TypeError: A row is neither a `str` nor None.
            ValueError: `first` and `stop` are no range, or `found` is shorter than it.
            RuntimeError: The list is, or has become, shorter.
        """
        check_room("found", len(found), check_rows(first, stop))
        check_list(numbers, stop)
        for row in range(first, stop):
            number = list_item(numbers, row)
            if number is not None and not isinstance(number, str):
                name = type(number).__name__
                raise TypeError(f"row {base + row}: number must be str or None, not {name}")
            found[row - first] = NO_NUMBER if number is None else self.find(number)


class Seen:
    """A set of 64-bit hashes that tells which were there before."""

    __slots__ = ("_hashes",)

    def __init__(self) -> None:
        self._hashes: set[int] = set()

    def __len__(self) -> int:
        return len(self._hashes)

    def mark(self, hashes: memoryview, marks: memoryview) -> None:
        """Add hashes, and note for each whether it was there before.

        Args:
            hashes: Unsigned numbers of 64 bits.
            marks: Receives 1 for each that was there, else 0.

        Raises:
            ValueError: There are not as many marks as hashes.
        """
        check_length("marks", len(marks), len(hashes))
        for row, number in enumerate(hashes):
            marks[row] = number in self._hashes
            self._hashes.add(number)


def add_up(
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    rates: memoryview | None,
    by_segments: memoryview,
    by_rate: memoryview | None,
) -> tuple[int, list[int]]:
    """Add the messages of some rows to sums.

    Args:
        segments: Segments of each row.
        units: Units of each row; a row without any has no text.
        encodings: 0 (GSM-7) or 1 (UCS-2) of each row.
        rates: What was found for the number of each row, if there are rates.
        by_segments: Messages of GSM-7 by segments, from 0 to 255, then those of UCS-2.
        by_rate: Messages and segments of each reason, from the last to the first, then of each
            rate.

    Returns:
        How many rows have no text, and the rows of more than 255 segments, which are not added.

    Raises:
        ValueError: A buffer has another length than the rows or the sums need, there is only one of
            `rates` and `by_rate`, or the sums have no place for a row.
    """
    rows, rate_count = len(segments), 0
    check_length("units", len(units), rows)
    check_length("encodings", len(encodings), rows)
    check_length("by_segments", len(by_segments), 2 * (_MOST_SEGMENTS + 1))
    if (rates is None) != (by_rate is None):
        raise ValueError("rates and by_rate must be given together")
    if rates is not None and by_rate is not None:
        check_length("rates", len(rates), rows)
        rate_count = len(by_rate) // 2
        check_room("by_rate", rate_count, _REASONS)
    without_text = 0
    too_long = []
    for row, segment_count in enumerate(segments):
        if units[row] == 0:
            without_text += 1
        elif segment_count > _MOST_SEGMENTS:
            too_long.append(row)
        else:
            place = 0 if rates is None else _REASONS + rates[row]
            if (
                segment_count < 0
                or encodings[row] > 1
                or (rates is not None and not 0 <= place < rate_count)
            ):
                raise ValueError(f"row {row} has a segment count, encoding or rate that has no sum")
            by_segments[encodings[row] * (_MOST_SEGMENTS + 1) + segment_count] += 1
            if by_rate is not None:
                by_rate[2 * place] += 1
                by_rate[2 * place + 1] += segment_count
    return without_text, too_long


def are_utf8(column: Addresses, first: int, stop: int) -> bool:
    """Tell whether rows of an Arrow column of layout "u" or "U" are UTF-8, nulls included.

    Rows that do not lie end to end are not. The last offset is taken to be in bounds.

    Raises:
        ValueError: `first` and `stop` are no range.
    """
    from ...arrow.rows import OutOfRangeError, read_rows

    check_rows(first, stop)
    try:
        for row in read_rows(column._replace(validity=0), first, stop):
            (row or b"").decode()
    except (OutOfRangeError, UnicodeDecodeError):
        return False
    return True


def count_alike(
    columns: list[memoryview], rows: memoryview, others: list[memoryview]
) -> list[tuple[int, ...]]:
    """Count the records that some rows of columns are.

    Args:
        columns: Of each the value in these rows is part of the record: int32 or uint8.
        rows: The rows.
        others: Columns of as many values as these are, which come after.

    Returns:
        For each record that there is, in the order of the first ones, how many and its values.

    Raises:
        ValueError: There are not as many values, or a row is not one of a column.
    """
    for column in columns:
        for row in rows:
            if not 0 <= row < len(column):
                raise ValueError(f"row {row} is not one of the {len(column)} rows of columns")
    for column in others:
        check_length("others", len(column), len(rows))
    chosen = [map(column.__getitem__, rows) for column in columns]
    records = Counter(zip(*chosen, *others, strict=True))
    return [(count, *record) for record, count in records.items()]


def count_empty(column: Addresses, first: int, stop: int) -> int:
    """Return how many texts of an Arrow column are empty or null.

    Raises:
        ValueError: `first` and `stop` are no range, or the Arrow structures contradict themselves.
    """
    from ...arrow.rows import OutOfRangeError, read_rows

    check_rows(first, stop)
    try:
        return sum(not row for row in read_rows(column, first, stop))
    except OutOfRangeError:
        raise ValueError("a row lies outside its buffer") from None


def find_beyond(
    segments: memoryview, encodings: memoryview, most: int, is_ucs2: bool
) -> memoryview:
    """Return the rows that take another encoding or more segments.

    Args:
        segments: Segments of each row.
        encodings: 0 (GSM-7) or 1 (UCS-2) of each row.
        most: Segments that are not more.
        is_ucs2: Whether UCS-2 is not another encoding; GSM-7 never is.

    Raises:
        ValueError: There are not as many encodings as segments.
    """
    check_length("encodings", len(encodings), len(segments))
    facts = zip(segments, encodings, strict=True)
    rows = [row for row, its in enumerate(facts) if its[0] > most or its[1] > is_ucs2]
    return memoryview(array("i", rows))


def join_rows(
    pieces: list[bytes | tuple[Addresses, int]], length: int, rows: memoryview | None = None
) -> tuple[bytearray, bytearray]:
    """Join octets and rows of Arrow columns to rows.

    Args:
        pieces: What follows each other in a row: octets that are the same in each, or a column of
            texts and its first row. A null adds nothing.
        length: Rows of the columns.
        rows: Those that are wanted, if not all are.

    Returns:
        The offsets of Arrow's large_utf8, and the octets.

    Raises:
        ValueError: `length` or a first row is negative, one of `rows` is not one of the columns, or
            the Arrow structures contradict themselves.
    """
    count = check_rows(0, length) if rows is None else len(rows)
    for row in () if rows is None else rows:
        if not 0 <= row < length:
            raise ValueError(f"row {row} is not one of the {length} rows of columns")
    columns = [
        [piece] * count if isinstance(piece, bytes) else _octets(*piece, length, rows)
        for piece in pieces
    ]
    joined = list(map(b"".join, zip(*columns, strict=True))) if pieces else [b""] * count
    offsets = array("q", accumulate(map(len, joined), initial=0))
    return bytearray(offsets.tobytes()), bytearray().join(joined)


def _octets(column: Addresses, first: int, length: int, rows: memoryview | None) -> list[bytes]:
    from ...arrow.rows import OutOfRangeError, read_rows

    check_rows(0, first)
    stop = first + length
    found: list[bytes] = []
    try:
        if rows is None:
            for octets in read_rows(column, first, stop):
                found.append(octets or b"")
        else:
            for row in rows:
                found.append(next(read_rows(column, first + row, stop)) or b"")
    except OutOfRangeError:
        row = len(found) if rows is None else rows[len(found)]
        raise ValueError(f"row {row} lies outside its buffer") from None
    return found
