"""The columns that counting returns: counts, encodings, and both as a table."""

from __future__ import annotations

from array import array

from ..arrow.export import Exported, Rows, Values
from ..standard.encoding import Encoding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["AnalysisColumns", "Column", "EncodingColumn"]

_ENCODINGS = tuple(Encoding)  # in the order of the kernels' 0 and 1


class Column(Values):
    """A column of int32 counts, one for each row; None where the text was null.

    Has `len`, indexes, slices, `sum()` and `to_list()`; exports `__arrow_c_array__`,
    `__arrow_c_stream__` and the buffer protocol (a null is 0 there).
    """

    __slots__ = ()

    _format = "i"
    _typecode = "i"
    _itemsize = 4

    def sum(self) -> int:
        """Return the sum of all rows; a null adds nothing."""
        return sum(self._memory)


class EncodingColumn(Values):
    """A column of `Encoding`, one for each row; None where the text was null.

    Arrow gets a dictionary of the values ("gsm7", "ucs2"); the buffer protocol 0 and 1.
    """

    __slots__ = ()

    _format = "C"
    _typecode = "B"
    _itemsize = 1

    def _dictionary(self) -> Exported:
        octets = bytearray("".join(_ENCODINGS).encode())
        offsets = array("i", [0, len(_ENCODINGS[0]), len(octets)])
        return Exported("u", len(_ENCODINGS), 0, [None, offsets, octets], {}, None)

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return _ENCODINGS[found] if isinstance(found, int) else found

    def to_list(self) -> list[Encoding | None]:
        """Return the encodings, None for nulls."""
        return [None if value is None else _ENCODINGS[value] for value in super().to_list()]


class AnalysisColumns(Rows):
    """What the texts of a column take, as three columns of one length.

    Exports `__arrow_c_array__` and `__arrow_c_stream__` as a table of its three fields.

    Attributes:
        encoding: How each text is counted.
        unit_count: Septets or code units of each text.
        segment_count: Segments of each text.
    """

    __slots__ = ("encoding", "segment_count", "unit_count")

    def __init__(self, encoding: EncodingColumn, unit_count: Column, segment_count: Column) -> None:
        self.encoding = encoding
        self.unit_count = unit_count
        self.segment_count = segment_count

    def __len__(self) -> int:
        return len(self.segment_count)

    def __getitem__(self, index: Any) -> Any:
        found = (self.encoding[index], self.unit_count[index], self.segment_count[index])
        if isinstance(index, slice):
            return AnalysisColumns(*found)
        return None if found[0] is None else found

    def __iter__(self) -> Iterator[tuple[Encoding, int, int] | None]:
        rows = zip(self.encoding, self.unit_count, self.segment_count, strict=True)
        return (None if row[0] is None else row for row in rows)

    def to_list(self) -> list[tuple[Encoding, int, int] | None]:
        """Return (encoding, units, segments) for each row, None for nulls."""
        return list(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AnalysisColumns):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def _exported(self) -> Exported:
        names = ("encoding", "unit_count", "segment_count")
        children = {name: getattr(self, name)._exported() for name in names}
        return Exported("+s", len(self), 0, [None], children, None)
