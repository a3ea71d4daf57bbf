"""Reference of what is looked up among the values of a dictionary column."""

from __future__ import annotations

from .bounds import check_facts, check_room, check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["look_up"]


def look_up(
    index_format: str,
    indexes: int,
    validity: int,
    first: int,
    length: int,
    known: Sequence[memoryview | None],
    known_validity: bytearray | None,
    places: Sequence[memoryview | None],
    nulls: bytearray,
) -> int:
    """Copy the facts of the value that each row of a dictionary column names.

    Args:
        index_format: Arrow's format of the indexes.
        indexes: Their address.
        validity: Address of the bits that say which rows are not null; 0 if none is null.
        first: Row of the buffers that is the first row.
        length: Rows.
        known: Segments of the values, and their units and encodings if wanted.
        known_validity: Bits that say which values are not null; None if none is null.
        places: Receive those of the rows.
        nulls: Receives a bit for each row that is null.

    Returns:
        The first row whose index names no value, or `length`.

    Raises:
        ValueError: There are no such indexes, `first` or `length` is negative, or a buffer is
            missing or shorter than the rows.
    """
    import ctypes

    from ...arrow.structures import INDEXES

    if index_format not in INDEXES:
        raise ValueError(f"dictionary indexes of format {index_format!r}")
    stop = first + check_rows(0, length)
    check_rows(first, stop)
    if len(known) != 3 or len(places) != 3:
        raise ValueError("known and places must be three buffers each")
    known_segments, known_units, known_encodings = known
    segments, units, encodings = places
    if known_segments is None or segments is None:
        raise ValueError("segments must be given")
    if units is not None and known_units is None:
        raise ValueError("units and encodings must be known")
    known_count = len(known_segments)
    check_facts(known_segments, known_units, known_encodings, known_count)
    check_facts(segments, units, encodings, length)
    check_room("nulls", 8 * len(nulls), length)
    if known_validity is not None:
        check_room("known_validity", 8 * len(known_validity), known_count)
    if length == 0:
        return 0
    there: Any = (INDEXES[index_format] * stop).from_address(indexes)[first:]
    bits: Any = (ctypes.c_uint8 * (stop + 7 >> 3)).from_address(validity) if validity else None
    pairs = zip(places, known, strict=True)
    wanted = [(place, facts) for place, facts in pairs if place is not None and facts is not None]
    for row, index in enumerate(there):
        is_null = bits is not None and not _is_set(bits, first + row)
        if not is_null:
            if not 0 <= index < known_count:
                return row
            is_null = known_validity is not None and not _is_set(known_validity, index)
        if is_null:
            nulls[row >> 3] |= 1 << (row & 7)
        for place, facts in wanted:
            place[row] = 0 if is_null else facts[index]
    return length


def _is_set(bits: Sequence[int], index: int) -> int:
    return bits[index >> 3] >> (index & 7) & 1
