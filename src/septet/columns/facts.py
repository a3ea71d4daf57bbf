"""The facts of the rows of a column (`ColumnFacts`): segments, units, encodings and nulls."""

from __future__ import annotations

from collections import namedtuple

from ..arrow.buffers import grow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ColumnFacts", "allocate_facts", "join_facts"]

_COUNT_BYTES = 4  # int32


class ColumnFacts(
    namedtuple(
        "ColumnFacts", ("segment_counts", "unit_counts", "encodings", "validity", "null_count")
    )
):
    """The facts of some rows of a column, as memory with one value for each row.

    The values of a null row are 0.

    Attributes:
        segment_counts: Segments of each row, as int32.
        unit_counts: Septets or code units of each row, as int32; None if they were not counted.
        encodings: 0 (GSM-7) or 1 (UCS-2) for each row; None if they were not noted.
        validity: A bit for each row that is not null, the lowest bit first; None if no row is null.
        null_count: Number of rows that are null.
    """

    __slots__ = ()

    segment_counts: bytearray
    unit_counts: bytearray | None
    encodings: bytearray | None
    validity: bytearray | None
    null_count: int

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self.segment_counts) // _COUNT_BYTES

    def views(
        self, first: int = 0, stop: int | None = None
    ) -> tuple[memoryview, memoryview | None, memoryview | None]:
        """Return the segments, units and encodings as the kernels read and write them.

        Args:
            first: The first row.
            stop: The row after the last one; None for all rows from `first` on.
        """
        rows = slice(first, stop)
        segment_counts = memoryview(self.segment_counts).cast("i")[rows]
        if self.unit_counts is None or self.encodings is None:
            return segment_counts, None, None
        unit_counts = memoryview(self.unit_counts).cast("i")[rows]
        return segment_counts, unit_counts, memoryview(self.encodings)[rows]

    def with_nulls(self, nulls: int) -> ColumnFacts:
        """Return the facts with some rows marked as null.

        Args:
            nulls: A number with a bit for each row that is null, the lowest bit first.
        """
        if not nulls:
            return self
        rows = self.row_count
        validity = bytearray((nulls ^ (1 << rows) - 1).to_bytes(rows + 7 >> 3, "little"))
        return self._replace(validity=validity, null_count=nulls.bit_count())

    def nulls(self) -> int:
        """Return a number with a bit for each row that is null, the lowest bit first."""
        if self.validity is None:
            return 0
        return int.from_bytes(self.validity, "little") ^ (1 << self.row_count) - 1


def allocate_facts(rows: int, *, with_units: bool) -> ColumnFacts:
    """Return facts of `rows` rows without nulls; their values are arbitrary until written.

    Args:
        rows: Number of rows.
        with_units: Whether units and encodings are wanted, too.
    """

    def allocate(size: int) -> bytearray:
        memory = bytearray()
        grow(memory, size)
        return memory

    return ColumnFacts(
        allocate(_COUNT_BYTES * rows),
        allocate(_COUNT_BYTES * rows) if with_units else None,
        allocate(rows) if with_units else None,
        None,
        0,
    )


def join_facts(parts: Iterable[ColumnFacts], *, with_units: bool) -> ColumnFacts:
    """Return the facts of all parts of a column, one after the other.

    Each part is copied before the next one is taken; a single part is returned as it is.

    Args:
        parts: Facts that all have units and encodings, or none of them.
        with_units: Which of the two they are.
    """
    remaining = iter(parts)
    joined = next(remaining, None) or allocate_facts(0, with_units=with_units)
    second = next(remaining, None)
    if second is None:
        return joined
    nulls = bytearray()  # up to the last part that has a null
    start = joined.row_count
    _append_nulls(nulls, joined, 0)
    joined = ColumnFacts(
        bytearray(joined.segment_counts),
        None if joined.unit_counts is None else bytearray(joined.unit_counts),
        None if joined.encodings is None else bytearray(joined.encodings),
        None,
        0,
    )
    part: ColumnFacts | None = second
    while part is not None:
        _append_nulls(nulls, part, start)
        start += part.row_count
        for memory, added in zip(joined[:3], part[:3], strict=True):
            if memory is not None:
                memory += added
        part = next(remaining, None)
    return joined.with_nulls(int.from_bytes(nulls, "little"))


def _append_nulls(nulls: bytearray, part: ColumnFacts, start: int) -> None:
    """Add the bits of the nulls of a part whose first row is `start`."""
    if part.null_count:
        index, shift = divmod(start, 8)
        nulls.extend(bytes(index + 1 - len(nulls)))
        bits = part.nulls() << shift | nulls.pop()
        nulls += bits.to_bytes(shift + part.row_count + 7 >> 3, "little")
