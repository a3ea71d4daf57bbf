"""Copy the facts of dictionary values to the rows of a dictionary-encoded Arrow column."""

from __future__ import annotations

from .bounds import check_facts, check_min_length, check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ...arrow.rows import Addresses

__all__ = ["copy_dictionary_facts"]


def copy_dictionary_facts(
    indexes: Addresses,
    first: int,
    stop: int,
    known: Sequence[memoryview | None],
    known_validity: bytearray | None,
    facts: Sequence[memoryview | None],
    nulls: bytearray,
) -> int:
    """Copy the facts of the dictionary value that each row refers to.

    Args:
        indexes: The indexes (`rows`), Arrow's format of them (`layout`), and their validity.
        first: Row of the indexes to begin with.
        stop: Row of the indexes to end before.
        known: Segments, units and encodings of the dictionary values; the last two may be None.
        known_validity: A bit for each value that is not null; None if no value is null.
        facts: Receive the segments, units and encodings of the rows; the last two may be None.
        nulls: Receives a bit for each row that is null.

    Returns:
        The number of rows copied, which is less than `stop - first` if the index of the next row
        is outside the dictionary.

    Raises:
        ValueError: The format is unknown, `first` and `stop` are not a range, or a buffer is
            missing or too short.
    """
    import ctypes

    from ...arrow.structures import INDEXES

    if indexes.layout not in INDEXES:
        raise ValueError(f"dictionary indexes of format {indexes.layout!r}")
    length = check_rows(first, stop)
    if len(known) != 3 or len(facts) != 3:
        raise ValueError("known and facts must be three buffers each")
    known_segments, known_units, known_encodings = known
    segments, units, encodings = facts
    if known_segments is None or segments is None:
        raise ValueError("segments must be given")
    if units is not None and known_units is None:
        raise ValueError("units and encodings must be known")
    known_count = len(known_segments)
    check_facts(known_segments, known_units, known_encodings, known_count)
    check_facts(segments, units, encodings, length)
    check_min_length("nulls", 8 * len(nulls), length)
    if known_validity is not None:
        check_min_length("known_validity", 8 * len(known_validity), known_count)
    if length == 0:
        return 0
    values: Any = (INDEXES[indexes.layout] * stop).from_address(indexes.rows)[first:]
    validity: Any = None
    if indexes.validity:
        validity = (ctypes.c_uint8 * (stop + 7 >> 3)).from_address(indexes.validity)
    pairs = [
        (target, source)
        for target, source in zip(facts, known, strict=True)
        if target is not None and source is not None
    ]
    for row, index in enumerate(values):
        is_null = validity is not None and not _is_set(validity, first + row)
        if not is_null:
            if not 0 <= index < known_count:
                return row
            is_null = known_validity is not None and not _is_set(known_validity, index)
        if is_null:
            nulls[row >> 3] |= 1 << (row & 7)
        for target, source in pairs:
            target[row] = 0 if is_null else source[index]
    return length


def _is_set(bits: Sequence[int], index: int) -> int:
    return bits[index >> 3] >> (index & 7) & 1
