"""Records of delimited text (CSV) in a block of bytes, and their wanted fields as views.

A record is plain if it is as wide as the header, its wanted fields are UTF-8, and it has quotes
only around whole fields and, doubled, inside these. In plain records the module `csv` finds the
same fields. It is in C, and faster than anything in Python could be: so this implementation leaves
all records to it.
"""

from __future__ import annotations

from .bounds import check_min_length, check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array

__all__ = ["NO_WHOLE_RECORD", "OTHER_RECORD", "VIEWS_FULL", "WHOLE_RECORD", "read_records"]

# How reading records ended: no whole record is left, the views are full, or the next is not plain.
NO_WHOLE_RECORD, VIEWS_FULL, OTHER_RECORD = range(3)

WHOLE_RECORD = -1
_VIEW_BYTES = 16


def read_records(
    block: bytearray,
    start: int,
    is_last: bool,
    delimiter: int,
    width: int,
    max_bytes: int,
    wanted: array[int],
    views: bytearray,
    row: int,
    unquoted: bytearray,
    unquoted_size: int,
) -> tuple[int, int, int, int, int]:
    """Write views of the wanted fields of plain records, up to the first other record.

    Args:
        block: The bytes of the records: the data buffer 0 of the views.
        start: The index of the first byte to read, where a record begins.
        is_last: Whether nothing follows the block, so that its last record may lack its line end.
        delimiter: The byte between fields; ASCII, and no quote or line end.
        width: The number of fields of a record.
        max_bytes: The size of the longest plain record.
        wanted: For each column of views the index of its field, or `WHOLE_RECORD` for the bytes of
            the record without its line end.
        views: Memory for views: for as many rows as possible those of the first column, then as
            many of the next, and so on.
        row: The row of the first record in `views`.
        unquoted: Memory for fields with doubled quotes, which are copied with single ones: the data
            buffer 1. Its size must be `unquoted_size` and the size of what is read.
        unquoted_size: How much of this memory has been used.

    Returns:
        How reading ended, the index at which the next record begins, the number of lines up to it,
        the row after the last one, and how much of `unquoted` has been used.

    Raises:
        ValueError: A range or a size is wrong.
    """
    size = check_rows(start, len(block))
    if not 0 < delimiter < 0x80:
        raise ValueError(f"the delimiter must be an ASCII character, not {delimiter}")
    if not wanted:
        raise ValueError("no field is wanted")
    for index in wanted:
        if not WHOLE_RECORD <= index < width:
            raise ValueError(f"field {index} of records of {width} fields")
    check_min_length("views", len(views) // (_VIEW_BYTES * len(wanted)), check_rows(0, row))
    check_min_length("unquoted", len(unquoted), check_rows(0, unquoted_size) + size)
    return OTHER_RECORD if size else NO_WHOLE_RECORD, start, 0, row, unquoted_size
