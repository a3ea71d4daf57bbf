"""Work on many rows and their facts for campaign estimates: find rates, sum messages, join rows.

A rate is the index of its prefix; a message without a rate has a negative number, the reason.
Prices, names and currencies are in `costing`.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from itertools import accumulate, repeat

from ...standard.limits import E164_PATTERN, MAX_SEGMENTS, UNMARKED_PATTERN
from .bounds import check_length, check_list, check_min_length, check_rows, list_item
from .dictionaries import copy_dictionary_facts
from .wrong_decoding import find_wrong_decoding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = [
    "ADDED_DECIMALS",
    "LOST_DIGITS",
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "PrefixIndex",
    "add_to_sums",
    "are_utf8",
    "copy_dictionary_facts",
    "count_distinct_rows",
    "count_empty",
    "find_rows_beyond",
    "find_wrong_decoding",
    "join_rows",
]

# Why a number has no rate: these values take the place of the index of a rate.
NO_RATE, NOT_E164, NO_NUMBER, LOST_DIGITS, ADDED_DECIMALS = -1, -2, -3, -4, -5
_REASON_COUNT = 5

_E164 = re.compile(E164_PATTERN)
_UNMARKED = re.compile(UNMARKED_PATTERN)
# What is left of a number when a spreadsheet rounds it (4.47911E+11), or when a program makes it a
# decimal number (447911123456.0).
_DAMAGED = re.compile(
    r"[ \t]*[+-]?[0-9]+(?:(?P<lost_digits>(?:[.,][0-9]*)?[Ee][+-]?[0-9]+)|[.,]0+)[ \t]*"
)


class PrefixIndex:
    """Finds the longest of several prefixes of a telephone number.

    Args:
        prefixes: Different strings of digits.
        adds_plus: Whether numbers of at least 7 digits may have "00" or nothing in place of "+".

    Raises:
        ValueError: A prefix is not a `str` of digits.
    """

    __slots__ = ("_adds_plus", "_indexes", "_lengths")

    def __init__(self, prefixes: tuple[str, ...], adds_plus: bool = False) -> None:
        self._adds_plus = adds_plus
        self._indexes: dict[str, int] = {}
        for index, prefix in enumerate(prefixes):
            # A subclass may override every method, so only its characters are read.
            digits = str.__str__(prefix) if isinstance(prefix, str) else ""
            if not (digits.isascii() and digits.isdigit()):
                raise ValueError(f"prefix {prefix!r} is not digits")
            self._indexes[digits] = index
        self._lengths = sorted(set(map(len, self._indexes)), reverse=True)

    def find(self, number: str) -> int:
        """Return the index of the longest prefix of a number, or the reason why it has none.

        Args:
            number: A number; any other string gives a reason.

        Returns:
            An index of `prefixes`, or `NO_RATE`, `NO_NUMBER`, `LOST_DIGITS`, `ADDED_DECIMALS`, or
            for everything else that is no number, `NOT_E164`.

        Raises:
            TypeError: `number` is not a `str`.
        """
        if not isinstance(number, str):
            raise TypeError(f"number must be str, not {type(number).__name__}")
        # A subclass may override every method, so only its characters are read.
        return self._find(str.__str__(number))

    def _find(self, number: str) -> int:
        if self._adds_plus and _UNMARKED.fullmatch(number) is not None:
            number = f"+{number.removeprefix('00')}"
        elif _E164.fullmatch(number) is None:
            if not number:
                return NO_NUMBER
            damaged = _DAMAGED.fullmatch(number)
            if damaged is None:
                return NOT_E164
            return ADDED_DECIMALS if damaged["lost_digits"] is None else LOST_DIGITS
        for length in self._lengths:
            index = self._indexes.get(number[1 : 1 + length])
            if index is not None:
                return index
        return NO_RATE

    def find_rows(
        self, column: Addresses, first: int, stop: int, rates: memoryview
    ) -> tuple[int, int]:
        """Find the longest prefix of each number in rows of an Arrow column.

        Args:
            column: The numbers.
            first: Row to begin with.
            stop: Row to end before.
            rates: Receives for each row what `find` returns; a null is `NO_NUMBER`.

        Returns:
            An `Outcome`, and the row that caused it, or `stop`.

        Raises:
            ValueError: `first` and `stop` are not a range, or `rates` is too short.
        """
        from ...arrow.rows import Outcome, OutOfRangeError, read_rows

        check_min_length("rates", len(rates), check_rows(first, stop))
        row = first
        try:
            for value in read_rows(column, first, stop):
                rates[row - first] = self.find((value or b"").decode("latin-1"))
                row += 1
        except OutOfRangeError as error:
            return error.outcome, row
        return Outcome.FINE, stop

    def find_texts(
        self, numbers: list[str | None], first: int, stop: int, rates: memoryview, base: int
    ) -> None:
        """Find the longest prefix of each number in items of a list.

        Args:
            numbers: The numbers.
            first: Item to begin with.
            stop: Item to end before.
            rates: Receives for each item what `find` returns; None is `NO_NUMBER`.
            base: The row number of the first item of the list, for error messages.

        Raises:
            TypeError: An item is neither a `str` nor None.
            ValueError: `first` and `stop` are not a range, or `rates` is too short.
            RuntimeError: The list has fewer than `stop` items, or became shorter meanwhile.
        """
        check_min_length("rates", len(rates), check_rows(first, stop))
        check_list(numbers, stop)
        for row in range(first, stop):
            number = list_item(numbers, row)
            if number is not None and not isinstance(number, str):
                name = type(number).__name__
                raise TypeError(f"row {base + row}: number must be str or None, not {name}")
            rates[row - first] = NO_NUMBER if number is None else self._find(str.__str__(number))


def add_to_sums(
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    rates: memoryview | None,
    by_segments: memoryview,
    by_rate: memoryview | None,
) -> tuple[int, list[int]]:
    """Add rows to sums of messages and segments.

    Args:
        segments: Segments of each row.
        units: Units of each row; a row with 0 units has no text.
        encodings: 0 (GSM-7) or 1 (UCS-2) for each row.
        rates: What `PrefixIndex` returned for the number of each row; None without rates.
        by_segments: Messages in GSM-7 by segments, from 0 to 255, then those in UCS-2.
        by_rate: Messages and segments for each reason, from the last to the first, then for each
            rate; None without rates.

    Returns:
        The number of rows without text, and the rows with more than 255 segments; neither are added
        to the sums.

    Raises:
        ValueError: The length of a buffer is wrong, only one of `rates` and `by_rate` is given, or
            a row has no sum.
    """
    rows, sum_count = len(segments), 0
    check_length("units", len(units), rows)
    check_length("encodings", len(encodings), rows)
    check_length("by_segments", len(by_segments), 2 * (MAX_SEGMENTS + 1))
    if (rates is None) != (by_rate is None):
        raise ValueError("rates and by_rate must be given together")
    if rates is not None and by_rate is not None:
        check_length("rates", len(rates), rows)
        sum_count = len(by_rate) // 2
        check_min_length("by_rate", sum_count, _REASON_COUNT)
    without_text = 0
    too_long: list[int] = []
    all_rates = repeat(0) if rates is None else rates
    facts = list(zip(segments, map(bool, units), encodings, all_rates, strict=False))
    for key, messages in Counter(facts).items():
        segment_count, has_text, encoding, rate = key
        index = _REASON_COUNT + rate
        if not has_text:
            without_text += messages
        elif segment_count > MAX_SEGMENTS:
            too_long += [row for row, each in enumerate(facts) if each == key]
        elif segment_count < 0 or encoding > 1 or (by_rate and not 0 <= index < sum_count):
            row = facts.index(key)
            raise ValueError(f"row {row} has a segment count, encoding or rate that has no sum")
        else:
            by_segments[encoding * (MAX_SEGMENTS + 1) + segment_count] += messages
            if by_rate is not None:
                by_rate[2 * index] += messages
                by_rate[2 * index + 1] += messages * segment_count
    return without_text, sorted(too_long)


def are_utf8(column: Addresses, first: int, stop: int) -> bool:
    """Check whether rows of an Arrow column are UTF-8, nulls included.

    Args:
        column: A column of layout "u" or "U", whose last offset is not checked.
        first: Row to begin with.
        stop: Row to end before.

    Returns:
        Whether all rows are UTF-8; False also if offsets decrease.

    Raises:
        ValueError: `first` and `stop` are not a range.
    """
    from ...arrow.rows import OutOfRangeError, read_rows

    check_rows(first, stop)
    try:
        for row in read_rows(column._replace(validity=0), first, stop):
            (row or b"").decode()
    except (OutOfRangeError, UnicodeDecodeError):
        return False
    return True


def count_distinct_rows(
    columns: list[memoryview], rows: memoryview, others: list[memoryview]
) -> list[tuple[int, ...]]:
    """Count how often each distinct combination of values occurs in some rows.

    Args:
        columns: Columns of int32 or uint8; only the values in `rows` are used.
        rows: Row numbers of `columns`.
        others: Further columns of int32 or uint8, with one value for each of `rows`.

    Returns:
        The count and the values of each combination, in the order of first occurrence.

    Raises:
        ValueError: The length of one of `others` is wrong, or a row is not one of a column.
    """
    for column in columns:
        for row in rows:
            if not 0 <= row < len(column):
                raise ValueError(f"row {row} is not one of the {len(column)} rows of columns")
    for column in others:
        check_length("others", len(column), len(rows))
    selected = [map(column.__getitem__, rows) for column in columns]
    counts = Counter(zip(*selected, *others, strict=True))
    return [(count, *values) for values, count in counts.items()]


def count_empty(column: Addresses, first: int, stop: int) -> int:
    """Count the texts of an Arrow column that are empty or null.

    Args:
        column: The texts.
        first: Row to begin with.
        stop: Row to end before.

    Raises:
        ValueError: `first` and `stop` are not a range, or a row is outside its buffer.
    """
    from ...arrow.rows import OutOfRangeError, read_rows

    check_rows(first, stop)
    try:
        return sum(not row for row in read_rows(column, first, stop))
    except OutOfRangeError:
        raise ValueError("a row is outside its buffer") from None


def find_rows_beyond(
    segments: memoryview, encodings: memoryview, max_segments: int, is_ucs2: bool
) -> memoryview:
    """Find the rows with more segments than a limit, or in UCS-2 where GSM-7 is expected.

    Args:
        segments: Segments of each row.
        encodings: 0 (GSM-7) or 1 (UCS-2) for each row.
        max_segments: The limit.
        is_ucs2: Whether UCS-2 is expected.

    Returns:
        The row numbers, as int32.

    Raises:
        ValueError: The buffers differ in length.
    """
    check_length("encodings", len(encodings), len(segments))
    facts = zip(segments, encodings, strict=True)
    rows = [
        row
        for row, (segment_count, encoding) in enumerate(facts)
        if segment_count > max_segments or encoding > is_ucs2
    ]
    return memoryview(array("i", rows))


def join_rows(
    pieces: list[bytes | tuple[Addresses, int]], length: int, rows: memoryview | None = None
) -> tuple[bytearray, bytearray]:
    """Join constant bytes and rows of Arrow columns to one text for each row.

    Args:
        pieces: The parts of each row in order: bytes that are the same in each row, or a column of
            texts and its first row. A null adds nothing.
        length: Number of rows of the columns.
        rows: Row numbers to join, in this order; None for all.

    Returns:
        The offsets and the bytes of an Arrow column of large_utf8.

    Raises:
        ValueError: `length` or a first row is negative, one of `rows` is not a row of the columns,
            or a row is outside its buffer.
    """
    count = check_rows(0, length) if rows is None else len(rows)
    for row in () if rows is None else rows:
        if not 0 <= row < length:
            raise ValueError(f"row {row} is not one of the {length} rows of columns")
    columns = [
        [piece] * count if isinstance(piece, bytes) else _read_pieces(*piece, length, rows)
        for piece in pieces
    ]
    joined = list(map(b"".join, zip(*columns, strict=True))) if pieces else [b""] * count
    offsets = array("q", accumulate(map(len, joined), initial=0))
    return bytearray(offsets.tobytes()), bytearray().join(joined)


def _read_pieces(
    column: Addresses, first: int, length: int, rows: memoryview | None
) -> list[bytes]:
    from ...arrow.rows import OutOfRangeError, read_rows

    check_rows(0, first)
    stop = first + length
    pieces: list[bytes] = []
    try:
        if rows is None:
            for value in read_rows(column, first, stop):
                pieces.append(value or b"")
        else:
            for row in rows:
                pieces.append(next(read_rows(column, first + row, stop)) or b"")
    except OutOfRangeError:
        row = len(pieces) if rows is None else rows[len(pieces)]
        raise ValueError(f"row {row} is outside its buffer") from None
    return pieces
