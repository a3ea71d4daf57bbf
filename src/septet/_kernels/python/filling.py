"""Texts that are filled by the values of their rows, each from a template of its own."""

from __future__ import annotations

from array import array
from itertools import accumulate

from .bounds import check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = ["fill_rows"]


def fill_rows(
    pieces: list[bytes | tuple[Addresses, int]],
    parts: memoryview,
    starts: memoryview,
    templates: memoryview,
) -> tuple[bytearray, bytearray]:
    """Fill the template of each row with the values of the row.

    Args:
        pieces: What templates consist of: bytes, or a column of texts and its first row. A null
            adds nothing.
        parts: The pieces of all templates, one template after the other: indexes, as int32.
        starts: Where the parts of each template begin, and where the last one ends, as int32.
        templates: The template of each row: its index, as int32.

    Returns:
        The offsets and the bytes of an Arrow column of large_utf8.

    Raises:
        ValueError: A row has no template, a part is no piece, `starts` are no ranges of `parts`, a
            first row is negative, or a row is outside its buffer.
    """
    template_count = len(starts) - 1
    if template_count < 0:
        raise ValueError("starts must have at least one value")
    before = 0
    for index, start in enumerate(starts):
        if not before <= start <= len(parts):
            raise ValueError(f"starts[{index}] is not an index of parts, or goes back")
        before = start
    for index, part in enumerate(parts):
        if not 0 <= part < len(pieces):
            raise ValueError(f"parts[{index}] is not one of {len(pieces)} pieces")
    for row, number in enumerate(templates):
        if not 0 <= number < template_count:
            raise ValueError(f"row {row} has none of {template_count} templates")
    for piece in pieces:
        if not isinstance(piece, bytes):
            check_rows(0, piece[1])
    filled = [
        b"".join(
            _read(pieces[part], row, len(templates))
            for part in parts[starts[number] : starts[number + 1]]
        )
        for row, number in enumerate(templates)
    ]
    offsets = array("q", accumulate(map(len, filled), initial=0))
    return bytearray(offsets.tobytes()), bytearray().join(filled)


def _read(piece: bytes | tuple[Addresses, int], row: int, row_count: int) -> bytes:
    if isinstance(piece, bytes):
        return piece
    from ...arrow.rows import OutOfRangeError, read_rows

    column, first = piece
    try:
        return next(read_rows(column, first + row, first + row_count)) or b""
    except OutOfRangeError:
        raise ValueError(f"row {row} is outside its buffer") from None
