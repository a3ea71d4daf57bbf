"""Rows of priced files: number their prices, append fields to records, make records of columns.

A record is the bytes of a row of delimited text, without its line end.
"""

from __future__ import annotations

from array import array
from itertools import accumulate

from .bounds import check_length, check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...arrow.rows import Addresses

__all__ = ["append_fields", "make_records", "number_prices"]

_NO_TEXT = 0, 0, 0


def number_prices(
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    rates: memoryview,
    numbers: memoryview,
) -> list[tuple[int, int, int]]:
    """Number the distinct combinations of encoding, rate and segments of rows.

    Args:
        segments: Segments of each row, as int32.
        units: Units of each row, as int32; a row with 0 units has no text.
        encodings: The number of each row's encoding, as uint8.
        rates: The number of each row's rate, as int32.
        numbers: Receives the number of each row's combination, as int32.

    Returns:
        Encoding, rate and segments of each combination, in the order of first occurrence. All rows
        without text have one combination, (0, 0, 0).

    Raises:
        ValueError: The buffers differ in length.
    """
    rows = len(segments)
    check_length("units", len(units), rows)
    check_length("encodings", len(encodings), rows)
    check_length("rates", len(rates), rows)
    check_length("numbers", len(numbers), rows)
    # A text has segments, so its combination is another one than that of rows without text.
    distinct: dict[tuple[bool, int, int, int], int] = {}
    for row in range(rows):
        has_text = units[row] != 0
        key = (encodings[row], rates[row], segments[row]) if has_text else _NO_TEXT
        numbers[row] = distinct.setdefault((has_text, *key), len(distinct))
    return [(encoding, rate, count) for _, encoding, rate, count in distinct]


def append_fields(
    records: tuple[Addresses, int],
    units: memoryview,
    numbers: memoryview,
    before: list[bytes],
    after: list[bytes],
) -> bytearray:
    """Return records with further fields behind each.

    Args:
        records: An Arrow column of records, and its first row.
        units: The number that is written behind each record, as int32.
        numbers: For each record the index of what is written before and after its units, as int32.
        before: What is written before the units, delimiters included.
        after: What is written after the units, delimiters and line end included.

    Returns:
        Each record, followed by its fields.

    Raises:
        ValueError: The buffers or the lists differ in length, the first row is negative, a record
            is outside its buffer, units are negative, or a number is not an index of the lists.
    """
    from ...arrow.rows import OutOfRangeError, read_rows

    rows = len(units)
    check_length("numbers", len(numbers), rows)
    check_length("after", len(after), len(before))
    column, first = records
    check_rows(0, first)
    written = bytearray()
    row = 0
    try:
        for record in read_rows(column, first, first + rows):
            if units[row] < 0 or not 0 <= numbers[row] < len(before):
                break
            fields = before[numbers[row]], b"%d" % units[row], after[numbers[row]]
            written += b"".join((record or b"", *fields))
            row += 1
    except OutOfRangeError:
        pass
    if row < rows:
        raise ValueError(f"record {row} is outside its buffer, or has no fields")
    return written


def make_records(
    columns: list[tuple[Addresses, int]], length: int, delimiter: int, max_size: int
) -> tuple[bytearray, bytearray]:
    """Return the first rows of Arrow columns as records of delimited text.

    Cells with a delimiter, a quote, CR or LF are in quotes, as the module `csv` writes them. A null
    is an empty cell.

    Args:
        columns: Columns of texts, or of bytes in the same layouts, and the first row of each.
        length: The number of rows of each.
        delimiter: The byte between cells.
        max_size: The size in bytes at which to stop, after one row at least. The size of a cell is
            taken to be twice its bytes and 3, as if all of them had to be doubled.

    Returns:
        The offsets and the bytes of an Arrow column of large_utf8: the records without line ends.

    Raises:
        ValueError: `length` or a first row is negative, or a row is outside its buffer.
    """
    rows = check_rows(0, length)
    separator = bytes([delimiter])
    cells = [_read_cells(*column, rows) for column in columns]
    records: list[bytes] = []
    size = 0
    for row in zip(*cells, strict=True) if cells else [()] * rows:
        if None in row:
            raise ValueError(f"row {len(records)} is outside its buffer")
        size += sum(2 * len(cell) + 3 for cell in row)
        if records and size > max_size:
            break
        records.append(separator.join([_quoted(cell, delimiter) for cell in row]))
    offsets = array("q", accumulate(map(len, records), initial=0))
    return bytearray(offsets.tobytes()), bytearray().join(records)


def _read_cells(column: Addresses, first: int, rows: int) -> Iterator[bytes | None]:
    """Return the bytes of each row, and None for one that is outside its buffer."""
    from ...arrow.rows import OutOfRangeError, read_rows

    check_rows(0, first)

    def read() -> Iterator[bytes | None]:
        try:
            for cell in read_rows(column, first, first + rows):
                yield cell or b""
        except OutOfRangeError:
            yield None

    return read()


def _quoted(cell: bytes, delimiter: int) -> bytes:
    """Return a cell, in quotes if it needs them."""
    if any(byte in cell for byte in (delimiter, b'"', b"\r", b"\n")):
        return b'"%b"' % cell.replace(b'"', b'""')
    return cell
