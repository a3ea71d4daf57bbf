"""Rewrite columns of texts: what `transliterate_many` does.

A `Rewriter` of the kernels reads the rows of Arrow arrays and appends the new texts to one block of
memory. The texts of lists are encoded first, as such an array.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from bisect import bisect_right
from itertools import accumulate
from sys import byteorder

from .._kernels import copy_dictionary_facts, join_rows, load
from ..arrow.buffers import grow
from ..arrow.export import Exported, NullableRows
from ..arrow.rows import Addresses
from ..rewriting.rewriters import borrow_rewriter
from .counting import check_dictionary_index, null_bits, warn_if_slow
from .pieces import read_dictionary, read_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._kernels import Kernel, Rewriter
    from ..arrow.structures import Chunk
    from ..rewriting.replacements import Level
    from ..rewriting.transliteration import When
    from .pieces import Piece

__all__ = ["TextColumn", "transliterate_column"]

_OFFSET_BYTES = 8  # int64

# The first bytes of a lone surrogate, the only thing here that may not be UTF-8.
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf]")


class TextColumn(NullableRows):
    """A column of texts, one for each row; None where the text is null.

    Behaves like a sequence: `len`, indexes, slices and iteration. Exports `__arrow_c_array__` and
    `__arrow_c_stream__` as large_utf8 without a copy; a lone surrogate, which a `str` may contain,
    raises `ValueError` there.

    Example:
        >>> column = septet.transliterate_many(["It’s", "ok", None])
        >>> column.to_list()
        ["It's", 'ok', None]
        >>> list(column.replaced)
        [1, 0, 0]

    Attributes:
        replaced: One byte for each row: 1 if a character was replaced, else 0.
        null_count: Number of rows that are null.
    """

    __slots__ = ("_offsets", "_text_bytes", "_validity", "null_count", "replaced")

    def __init__(
        self,
        text_bytes: bytearray,
        offsets: bytearray,
        replaced: bytes,
        validity: bytearray | None = None,
        null_count: int = 0,
    ) -> None:
        self._text_bytes = text_bytes
        self._offsets = memoryview(offsets).cast("q")
        self.replaced = replaced
        self._validity = validity
        self.null_count = null_count

    def _exported(self) -> Exported:
        for match in _SURROGATE.finditer(self._text_bytes):
            row = bisect_right(self._offsets, match.start()) - 1
            if self[row] is not None:
                raise ValueError(f"row {row}: a lone surrogate cannot be encoded in UTF-8")
        buffers = [self._validity, self._offsets, self._text_bytes]
        return Exported("U", len(self), self.null_count, buffers, {}, None)

    def __len__(self) -> int:
        return len(self.replaced)

    def _row(self, row: int) -> bytearray:
        return self._text_bytes[self._offsets[row] : self._offsets[row + 1]]

    def _value(self, row: int) -> str:
        return self._row(row).decode("utf-8", "surrogatepass")

    def _part(self, index: slice, validity: bytearray | None, null_count: int) -> TextColumn:
        rows = list(map(self._row, range(len(self))[index]))
        offsets = bytearray(array("q", accumulate(map(len, rows), initial=0)))
        return TextColumn(
            bytearray().join(rows), offsets, self.replaced[index], validity, null_count
        )

    def to_list(self) -> list[str | None]:
        """Return the texts as a list, None for nulls."""
        if not self.null_count:
            return list(map(self._value, range(len(self))))
        rows = enumerate(self._valid())
        return [self._value(row) if bit == "1" else None for row, bit in rows]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TextColumn):
            return NotImplemented
        return self.to_list() == other.to_list() and self.replaced == other.replaced

    def __reduce__(self) -> tuple[object, ...]:
        offsets = bytearray(self._offsets)
        fields = (self._text_bytes, offsets, self.replaced, self._validity, self.null_count)
        return TextColumn, fields


def transliterate_column(kernel: Kernel, column: Any, level: Level, when: When) -> TextColumn:
    """Replace characters in the texts of a column; see `Segmenter.transliterate_many`."""
    warn_if_slow()
    with borrow_rewriter(kernel, level, when) as rewriter:
        writer = _Writer(rewriter, load(kernel.implementation).encode_texts)
        for piece in read_pieces(column):
            writer.write(piece)
    return writer.column()


class _Writer:
    """Writes the rows of a column, with characters replaced, into one block of memory."""

    def __init__(self, rewriter: Rewriter, encode: Callable[..., bytearray]) -> None:
        self._rewriter = rewriter
        self._encode = encode
        self._text_bytes = bytearray()
        self._offsets = bytearray(_OFFSET_BYTES)
        self._replaced = bytearray()
        self._nulls = bytearray()  # a bit for each row, up to the last part that has a null

    def column(self) -> TextColumn:
        """Return the rows written."""
        validity, null_count = self.validity()
        return TextColumn(
            self._text_bytes, self._offsets, bytes(self._replaced), validity, null_count
        )

    def validity(self) -> tuple[bytearray | None, int]:
        """Return a bit for each row that is not null, and the number of nulls."""
        nulls = int.from_bytes(self._nulls, "little")
        if not nulls:
            return None, 0
        rows = len(self._replaced)
        valid = nulls ^ (1 << rows) - 1
        return bytearray(valid.to_bytes(rows + 7 >> 3, "little")), nulls.bit_count()

    def write(self, piece: Piece) -> None:
        """Write the rows of a piece."""
        if isinstance(piece, list):
            self._write_texts(list.copy(piece))  # other threads may make it shorter
        elif piece.dictionary is not None:
            self._write_dictionary(piece)
        else:
            nulls = null_bits(piece)
            self._write_rows(piece.addresses, piece.offset, piece.length, nulls)

    def _write_texts(self, texts: list[Any]) -> None:
        length = len(texts)
        offsets = bytearray(_OFFSET_BYTES * (length + 1))
        nulls = bytearray(length + 7 >> 3)
        with memoryview(offsets) as view:
            octets = self._encode(texts, view.cast("q"), memoryview(nulls), len(self._replaced))
        null_rows = int.from_bytes(nulls, "little")
        self._write_rows(_addresses(offsets, octets), 0, length, null_rows, True)

    def _write_rows(
        self,
        column: Addresses,
        first: int,
        length: int,
        nulls: int,
        allows_surrogates: bool = False,
    ) -> None:
        """Write rows of an Arrow array of texts, with replacements."""
        start = self._add_rows(length, nulls)
        offsets = memoryview(self._offsets).cast("q")[start + 1 :]
        replaced = memoryview(self._replaced)[start:]
        with offsets, replaced:  # released, so that the memory can grow again
            self._rewriter.rewrite_rows(
                column,
                first,
                first + length,
                self._text_bytes,
                offsets,
                replaced,
                start,
                allows_surrogates,
            )

    def _write_dictionary(self, chunk: Chunk) -> None:
        """Rewrite each distinct value once, and write it for each row that selects it."""
        values = _Writer(self._rewriter, self._encode)
        values.write(read_dictionary(chunk))
        value_count = len(values._replaced)
        values._add_rows(1, 0)  # an empty text, for nulls
        values._offsets[-_OFFSET_BYTES:] = values._offsets[-2 * _OFFSET_BYTES : -_OFFSET_BYTES]
        validity, _ = values.validity()
        numbers = memoryview(array("i", range(value_count)))
        rows, unused = (memoryview(array("i", bytes(4 * chunk.length))) for _ in range(2))
        replaced = bytearray(chunk.length)
        nulls = bytearray(chunk.length + 7 >> 3)
        copied = copy_dictionary_facts(
            Addresses(chunk.format, chunk.buffers[0], 0, 0, 0, 0, chunk.validity),
            chunk.offset,
            chunk.offset + chunk.length,
            [numbers, numbers, memoryview(values._replaced)[:value_count]],
            validity,
            [rows, unused, memoryview(replaced)],
            nulls,
            value_count,
        )
        check_dictionary_index(chunk, copied, value_count, len(self._replaced))
        addresses = _addresses(values._offsets, values._text_bytes)
        offsets, octets = join_rows([(addresses, 0)], value_count + 1, rows)
        start = self._add_rows(chunk.length, int.from_bytes(nulls, "little"))
        self._offsets[_OFFSET_BYTES * start :] = _shifted(offsets, len(self._text_bytes))
        self._text_bytes += octets
        self._replaced[start:] = replaced

    def _add_rows(self, length: int, nulls: int) -> int:
        """Allocate memory for the offsets of more rows; return the number of the first one."""
        start = len(self._replaced)
        grow(self._offsets, _OFFSET_BYTES * length)
        self._replaced += bytes(length)
        if nulls:
            index, shift = divmod(start, 8)
            self._nulls.extend(bytes(index + 1 - len(self._nulls)))
            bits = nulls << shift | self._nulls.pop()
            self._nulls += bits.to_bytes(shift + length + 7 >> 3, "little")
        return start


def _addresses(offsets: bytearray, octets: bytearray) -> Addresses:
    """Return where the rows of large_utf8 are; valid while nothing changes its size."""
    no_bytes = ctypes.c_char * 0
    rows, values = (ctypes.addressof(no_bytes.from_buffer(memory)) for memory in (offsets, octets))
    return Addresses("U", rows, values, 0, 0, 0, 0)


def _shifted(offsets: bytearray, shift: int) -> bytes:
    """Add to each offset; all are added as one number, because no sum has more than 64 bits."""
    count = len(offsets) // _OFFSET_BYTES
    shifts = shift.to_bytes(_OFFSET_BYTES, byteorder) * count
    total = int.from_bytes(offsets, byteorder) + int.from_bytes(shifts, byteorder)
    return total.to_bytes(len(offsets), byteorder)
