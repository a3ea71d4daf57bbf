"""Columns of texts in, columns of texts out: what `transliterate_many` does.

Most texts of a campaign need nothing. So a column is counted first, as octets, and only the rows
that are UCS-2 become Python strings; the octets between those that change are copied in one piece.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from bisect import bisect_right
from itertools import accumulate

from ..arrow.export import Exported, NullableRows
from ..arrow.rows import read_rows
from ..arrow.structures import INDEXES
from ..exceptions import EncodingError
from ..rewriting.transliteration import transliterate
from .counting import Facts, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from .._kernels import Kernel
    from ..arrow.structures import Chunk
    from ..rewriting.transliteration import Level, Transliteration, When

__all__ = ["TextColumn", "transliterate_column"]

_HALF = re.compile(rb"\xed[\xa0-\xbf]")  # begins a lone surrogate, in what is UTF-8 but for these
_OFFSETS = {"u": ctypes.c_int32, "U": ctypes.c_int64}


class TextColumn(NullableRows):
    """A column of texts, one for each row; None where the text was null.

    Has `len`, indexes, slices and `to_list()`; exports `__arrow_c_array__` and `__arrow_c_stream__`
    as large_utf8, without a copy. A lone surrogate, which a `str` may have, is an error there.

    Attributes:
        replaced: An octet for each row: 1 where something was replaced, else 0.
    """

    __slots__ = ("_octets", "_offsets", "_validity", "null_count", "replaced")

    def __init__(
        self,
        octets: bytearray,
        offsets: array[int],
        replaced: bytes,
        validity: bytearray | None = None,
        null_count: int = 0,
    ) -> None:
        self._octets = octets
        self._offsets = offsets
        self.replaced = replaced
        self._validity = validity
        self.null_count = null_count

    def _exported(self) -> Exported:
        for match in _HALF.finditer(self._octets):
            row = bisect_right(self._offsets, match.start()) - 1
            if self[row] is not None:
                raise ValueError(f"row {row}: a lone surrogate is not UTF-8")
        buffers = [self._validity, self._offsets, self._octets]
        return Exported("U", len(self), self.null_count, buffers, {}, None)

    def __len__(self) -> int:
        return len(self.replaced)

    def _row(self, row: int) -> bytearray:
        return self._octets[self._offsets[row] : self._offsets[row + 1]]

    def _value(self, row: int) -> str:
        return self._row(row).decode("utf-8", "surrogatepass")

    def _part(self, index: slice, validity: bytearray | None, null_count: int) -> TextColumn:
        rows = list(map(self._row, range(len(self))[index]))
        octets, offsets = bytearray().join(rows), array("q", _offsets(rows))
        return TextColumn(octets, offsets, self.replaced[index], validity, null_count)

    def to_list(self) -> list[str | None]:
        """Return the texts, None for nulls."""
        if not self.null_count:
            return list(map(self._value, range(len(self))))
        rows = enumerate(self._valid())
        return [self._value(row) if bit == "1" else None for row, bit in rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TextColumn):
            return NotImplemented
        return self.to_list() == other.to_list() and self.replaced == other.replaced

    def __reduce__(self) -> tuple[object, ...]:
        facts = (self._octets, self._offsets, self.replaced, self._validity, self.null_count)
        return TextColumn, facts


def transliterate_column(
    kernel: Kernel, plain: Kernel, column: Any, level: Level, when: When
) -> TextColumn:
    """Replace what GSM-7 lacks in each text of a column; see `Segmenter.transliterate_many`.

    Args:
        kernel: The kernel of the rules.
        plain: A kernel with the same tables and no other options: it finds the rows to change.
        column: A column as `count_many` takes it.
        level: See `Segmenter.transliterate`.
        when: See `Segmenter.transliterate`.
    """

    def replace(text: str) -> Transliteration:
        return transliterate(kernel, text, level, when)

    replace("")  # refuses a wrong level also where no row needs one
    texts = _Texts(plain, replace)
    for piece in pieces(column):
        texts._add(piece)
    return texts.column()


class _Texts(Facts):
    """The facts of the rows so far, and the rows with what was replaced in them."""

    def __init__(self, kernel: Kernel, replace: Callable[[str], Transliteration]) -> None:
        super().__init__(kernel, 1, is_count=False)
        self._replace = replace
        self._octets = bytearray()
        self._offsets = array("q", [0])
        self._replaced = bytearray()

    def column(self) -> TextColumn:
        segments, *_ = self._columns()
        return TextColumn(
            self._octets,
            self._offsets,
            bytes(self._replaced),
            segments._validity,
            segments.null_count,
        )

    def _add_texts(self, texts: list[Any]) -> None:
        texts = list(texts)  # others may change theirs meanwhile
        super()._add_texts(texts)
        rows = [b"" if t is None else str.encode(t, "utf-8", "surrogatepass") for t in texts]
        self._write(b"".join(rows), _offsets(rows), "surrogatepass")

    def _add_chunk(self, chunk: Chunk) -> None:
        super()._add_chunk(chunk)
        if chunk.dictionary is not None or not chunk.length:
            return
        octets: bytes | memoryview
        offsets: Any
        if kind := _OFFSETS.get(chunk.format):
            place = chunk.addresses.rows + chunk.offset * ctypes.sizeof(kind)
            offsets = (kind * (chunk.length + 1)).from_address(place)[:]
            memory = (ctypes.c_char * offsets[-1]).from_address(chunk.addresses.values)
            octets = memoryview(memory).cast("B")
        else:
            stop = chunk.offset + chunk.length
            rows = [row or b"" for row in read_rows(chunk.addresses, chunk.offset, stop)]
            octets, offsets = b"".join(rows), _offsets(rows)
        self._write(octets, offsets, "strict")

    def _alike(self) -> _Texts:
        return _Texts(self._kernel, self._replace)

    def _add_dictionary(self, chunk: Chunk, dictionary: Chunk) -> Any:
        start = self._row_count
        values: Any = super()._add_dictionary(chunk, dictionary)
        known = values.column()
        stop = chunk.offset + chunk.length
        indexes: Any = (INDEXES[chunk.format] * stop).from_address(chunk.buffers[0])[chunk.offset :]
        segments = memoryview(self._memories[0]).cast("i")[start:]
        places: list[int] = [i if n else -1 for i, n in zip(indexes, segments, strict=True)]
        rows = [known._row(place) if place >= 0 else b"" for place in places]
        self._replaced += bytes(known.replaced[place] if place >= 0 else 0 for place in places)
        self._copy(b"".join(rows), _offsets(rows), 0, len(rows))
        return values

    def _write(self, octets: bytes | memoryview, offsets: Sequence[int], errors: str) -> None:
        """Write the rows that were just counted, and replace in those that are UCS-2."""
        start = len(self._replaced)
        length = len(offsets) - 1
        self._replaced += bytes(length)
        encodings = self._memories[2]
        copied = 0
        row = encodings.find(1, start)
        while row >= 0:
            place = row - start
            try:
                text = str(octets[offsets[place] : offsets[place + 1]], "utf-8", errors)
            except UnicodeDecodeError:
                raise ValueError(f"row {row}: not UTF-8") from None
            try:
                found = self._replace(text)
            except EncodingError as error:
                raise EncodingError(error.char, error.index, row) from None
            if found.replacements:
                self._copy(octets, offsets, copied, place)
                self._octets += found.text.encode("utf-8", errors)
                self._offsets.append(len(self._octets))
                self._replaced[row] = 1
                copied = place + 1
            row = encodings.find(1, row + 1)
        self._copy(octets, offsets, copied, length)

    def _copy(
        self, octets: bytes | memoryview, offsets: Sequence[int], first: int, stop: int
    ) -> None:
        shift = len(self._octets) - offsets[first]
        self._octets += octets[offsets[first] : offsets[stop]]
        self._offsets.extend(offset + shift for offset in offsets[first + 1 : stop + 1])


def _offsets(rows: Iterable[bytes | bytearray]) -> list[int]:
    return list(accumulate(map(len, rows), initial=0))
