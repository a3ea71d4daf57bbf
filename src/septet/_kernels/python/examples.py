"""Examples of messages; `_compiled_examples` has the same function."""

from __future__ import annotations

from ...standard.limits import MAX_SEGMENTS
from .bounds import check_facts, check_length, check_list, check_rows, list_item

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = ["find_shortest"]

_SLOTS = MAX_SEGMENTS + 1  # of each encoding


def find_shortest(
    texts: Addresses | list[str | None],
    first: int,
    stop: int,
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    known: memoryview,
) -> list[tuple[bool, int, int]]:
    """Find the shortest message for each encoding and each number of segments from 2 to 255.

    Args:
        texts: An Arrow column or a list of texts.
        first: Row to begin with.
        stop: Row to end before.
        segments: Segments of each row from `first` on, as int32.
        units: Units of each row from `first` on, as int32.
        encodings: 0 (GSM-7) or 1 (UCS-2) for each row from `first` on.
        known: As int32, for each number of segments from 0 to 255 in GSM-7, then in UCS-2: messages
            with more units are not found.

    Returns:
        Whether the encoding is UCS-2, the number of segments, and the row, counted from `first`; in
        the order of the first two. Of several messages with as few units, the one whose text is the
        least by code points.

    Raises:
        ValueError: The rows are not a range, a buffer has another length, or a row is outside its
            buffer.
        RuntimeError: The list is shorter than the rows, or became so meanwhile.
    """
    from ...arrow.rows import OutOfRangeError, read_rows

    count = check_rows(first, stop)
    check_length("known", len(known), 2 * _SLOTS)
    check_facts(segments, units, encodings, count)
    units_of_slot = list(known)
    rows: dict[int, int] = {}

    def text_of(row: int) -> bytes | None:
        if isinstance(texts, list):
            text = list_item(texts, first + row)
            # Another thread may have put something else there.
            return str.encode(text, "utf-8", "surrogatepass") if isinstance(text, str) else None
        try:
            return next(read_rows(texts, first + row, stop)) or b""
        except OutOfRangeError:
            raise ValueError("a row is outside its buffer") from None

    if isinstance(texts, list):
        check_list(texts, stop)
    for row in range(count):
        if not 2 <= segments[row] <= MAX_SEGMENTS:
            continue
        slot = bool(encodings[row]) * _SLOTS + segments[row]
        if units[row] > units_of_slot[slot]:
            continue
        if units[row] == units_of_slot[slot] and slot in rows:
            text, other = text_of(row), text_of(rows[slot])
            if text is None or other is None or text >= other:
                continue
        units_of_slot[slot] = units[row]
        rows[slot] = row
    return [(slot >= _SLOTS, slot % _SLOTS, row) for slot, row in sorted(rows.items())]
