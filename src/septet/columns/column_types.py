"""The columns that `count_many` and `analyze_many` return."""

from __future__ import annotations

from array import array

from .._kernels import keep_pending_exceptions, sum_counts
from ..arrow.export import Exported, Rows, Values
from ..standard.encoding import Encoding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, Literal

__all__ = ["AnalysisColumns", "Column", "EncodingColumn"]

_ENCODINGS = tuple(Encoding)  # the kernels number them 0 and 1

keep_pending_exceptions()


class Column(Values):
    """A column of int32 counts, one for each row; None where the text is null.

    Behaves like a sequence: `len`, indexes, slices and iteration. Exports `__arrow_c_array__`,
    `__arrow_c_stream__` and the buffer protocol without a copy. The buffer protocol has no nulls:
    with nulls, `np.asarray` and `memoryview` get a copy in float64 with NaN for each null.

    Example:
        >>> counts = septet.count_many(["ok", "é" * 161, None])
        >>> counts
        Column([1, 2, None])
        >>> counts.sum()
        3

    Attributes:
        null_count: Number of rows that are null.
    """

    __slots__ = ()

    _format = "i"
    _typecode = "i"
    _itemsize = 4

    def sum(self, axis: Literal[0] | None = None, dtype: None = None, out: None = None) -> int:
        """Return the sum of all rows that are not null.

        Args:
            axis: For `np.sum`: the column has one axis.
            dtype: For `np.sum`, without effect.
            out: For `np.sum`, without effect.

        Raises:
            TypeError: `dtype` or `out` is given, or there is no such axis.
        """
        if axis not in (None, 0, -1) or dtype is not None or out is not None:
            raise TypeError("the sum of a column takes no other axis, dtype or out")
        return sum_counts(self._memory)


class EncodingColumn(Values):
    """A column of `Encoding`, one for each row; None where the text is null.

    Behaves like a sequence: `len`, indexes, slices and iteration. Exports `__arrow_c_array__` and
    `__arrow_c_stream__` as a dictionary of the strings "gsm7" and "ucs2", and the buffer protocol
    as 0 (GSM-7) and 1 (UCS-2), without a copy. With nulls, the buffer protocol gives a copy in
    float64 with NaN for each null.

    Example:
        >>> septet.analyze_many(["ok", "ж", None]).encoding
        EncodingColumn([Encoding.GSM7, Encoding.UCS2, None])

    Attributes:
        null_count: Number of rows that are null.
    """

    __slots__ = ()

    _format = "C"
    _typecode = "B"
    _itemsize = 1

    def _dictionary(self) -> Exported:
        text_bytes = bytearray("".join(_ENCODINGS).encode())
        offsets = array("i", [0, len(_ENCODINGS[0]), len(text_bytes)])
        return Exported("u", len(_ENCODINGS), 0, [None, offsets, text_bytes], {}, None)

    def __getitem__(self, index: Any) -> Any:
        value = super().__getitem__(index)
        return _ENCODINGS[value] if isinstance(value, int) else value

    def to_list(self) -> list[Encoding | None]:
        """Return the encodings as a list, None for nulls."""
        return [None if value is None else _ENCODINGS[value] for value in super().to_list()]


class AnalysisColumns(Rows):
    """Encoding, units and segments of each text of a column, as three columns of one length.

    Behaves like a sequence of tuples: `len`, indexes, slices and iteration. Exports
    `__arrow_c_array__` and `__arrow_c_stream__` as a table of the three columns, without a copy.

    Example:
        >>> analysis = septet.analyze_many(["ok", None, "ж" * 71])
        >>> analysis.segment_count
        Column([1, None, 2])
        >>> analysis[2]
        (Encoding.UCS2, 71, 2)

    Attributes:
        encoding: The encoding of each text.
        unit_count: Septets (GSM-7) or code units (UCS-2) of each text, without headers.
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
        values = (self.encoding[index], self.unit_count[index], self.segment_count[index])
        if isinstance(index, slice):
            return AnalysisColumns(*values)
        return None if values[0] is None else values

    def __iter__(self) -> Iterator[tuple[Encoding, int, int] | None]:
        rows = zip(self.encoding, self.unit_count, self.segment_count, strict=True)
        return (None if row[0] is None else row for row in rows)

    def to_list(self) -> list[tuple[Encoding, int, int] | None]:
        """Return a list of (encoding, units, segments), None for nulls."""
        return list(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AnalysisColumns):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def _exported(self) -> Exported:
        names = ("encoding", "unit_count", "segment_count")
        children = {name: getattr(self, name)._exported() for name in names}
        return Exported("+s", len(self), 0, [None], children, None)
