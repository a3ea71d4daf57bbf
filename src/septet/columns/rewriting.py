"""Rewrite columns of texts: what `transliterate_many` does.

Most texts of a campaign need no replacement. So a column is counted first, and only the rows in
UCS-2 become Python strings; the bytes between the rows that change are copied as one block.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from bisect import bisect_right
from functools import partial
from itertools import accumulate

from ..arrow.export import Exported, NullableRows
from ..arrow.rows import read_rows
from ..arrow.structures import INDEXES, OFFSETS
from ..exceptions import EncodingError
from ..rewriting.transliteration import transliterate
from ..rules.analysis import make_kernel
from ..rules.rules import Rules
from .counting import ColumnCounter
from .facts import join_facts
from .pieces import read_dictionary, read_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from .._kernels import Kernel
    from ..arrow.structures import Chunk
    from ..rewriting.replacements import Level
    from ..rewriting.transliteration import When
    from ..rules.records import Transliteration
    from .facts import ColumnFacts
    from .pieces import Piece

__all__ = ["TextColumn", "transliterate_column"]

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
        offsets: array[int],
        replaced: bytes,
        validity: bytearray | None = None,
        null_count: int = 0,
    ) -> None:
        self._text_bytes = text_bytes
        self._offsets = offsets
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
        text_bytes, offsets = bytearray().join(rows), array("q", _offsets(rows))
        return TextColumn(text_bytes, offsets, self.replaced[index], validity, null_count)

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
        fields = (self._text_bytes, self._offsets, self.replaced, self._validity, self.null_count)
        return TextColumn, fields


def transliterate_column(kernel: Kernel, column: Any, level: Level, when: When) -> TextColumn:
    """Replace characters in the texts of a column; see `Segmenter.transliterate_many`."""
    rules = kernel.rules
    # The rows to change are found by the tables alone.
    plain = Rules(languages=rules.languages, keep_graphemes=False, provider=rules.provider)
    replace = partial(transliterate, kernel, level=level, when=when)
    replace("")  # refuses a wrong level even if no row needs a replacement
    writer = _Writer(make_kernel(plain, kernel.implementation), replace)
    facts = join_facts(map(writer.write, read_pieces(column)), with_units=True)
    return writer.column(facts)


class _Writer:
    """Writes the rows of a column, with characters replaced, into one block of memory."""

    def __init__(self, kernel: Kernel, replace: Callable[[str], Transliteration]) -> None:
        self._kernel = kernel
        self._replace = replace
        self._counter = ColumnCounter(kernel)
        self._text_bytes = bytearray()
        self._offsets = array("q", [0])
        self._replaced = bytearray()

    def column(self, facts: ColumnFacts) -> TextColumn:
        """Return the rows written, whose facts are given."""
        return TextColumn(
            self._text_bytes, self._offsets, bytes(self._replaced), facts.validity, facts.null_count
        )

    def write(self, piece: Piece) -> ColumnFacts:
        """Write the rows of a piece, and return their facts before the replacements."""
        if isinstance(piece, list):
            return self._write_texts(list(piece))  # other threads may change the original
        if piece.dictionary is not None:
            return self._write_dictionary(piece)
        return self._write_chunk(piece)

    def _write_texts(self, texts: list[Any]) -> ColumnFacts:
        facts = self._counter.count_piece(texts, len(self._replaced))
        rows = [b"" if t is None else str.encode(t, "utf-8", "surrogatepass") for t in texts]
        self._write_rows(b"".join(rows), _offsets(rows), facts, "surrogatepass")
        return facts

    def _write_chunk(self, chunk: Chunk) -> ColumnFacts:
        facts = self._counter.count_piece(chunk, len(self._replaced))
        if not chunk.length:
            return facts
        text_bytes: bytes | memoryview
        offsets: Any
        addresses = chunk.addresses
        if kind := OFFSETS.get(chunk.format):
            start = addresses.rows + chunk.offset * ctypes.sizeof(kind)
            offsets = (kind * (chunk.length + 1)).from_address(start)[:]
            memory = (ctypes.c_char * offsets[-1]).from_address(addresses.values)
            text_bytes = memoryview(memory).cast("B")
        else:
            stop = chunk.offset + chunk.length
            rows = [row or b"" for row in read_rows(addresses, chunk.offset, stop)]
            text_bytes, offsets = b"".join(rows), _offsets(rows)
        self._write_rows(text_bytes, offsets, facts, "strict")
        return facts

    def _write_dictionary(self, chunk: Chunk) -> ColumnFacts:
        """Rewrite each distinct value once, and write it for each row that selects it."""
        values = _Writer(self._kernel, self._replace)
        value_facts = values.write(read_dictionary(chunk))
        facts = self._counter.look_up(chunk, value_facts, len(self._replaced))
        texts = values.column(value_facts)
        stop = chunk.offset + chunk.length
        indexes: Any = (INDEXES[chunk.format] * stop).from_address(chunk.buffers[0])[chunk.offset :]
        segment_counts, _, _ = facts.views()
        selected = [
            (texts._row(index), texts.replaced[index]) if segments else (b"", 0)
            for index, segments in zip(indexes, segment_counts, strict=True)
        ]
        self._replaced += bytes(is_replaced for _, is_replaced in selected)
        rows = [row for row, _ in selected]
        self._copy(b"".join(rows), _offsets(rows), 0, len(rows))
        return facts

    def _write_rows(
        self,
        text_bytes: bytes | memoryview,
        offsets: Sequence[int],
        facts: ColumnFacts,
        errors: str,
    ) -> None:
        """Write rows that were counted, with replacements in those that are in UCS-2."""
        start = len(self._replaced)
        length = len(offsets) - 1
        self._replaced += bytes(length)
        copied = 0
        for row in _ucs2_rows(facts):
            try:
                text = str(text_bytes[offsets[row] : offsets[row + 1]], "utf-8", errors)
            except UnicodeDecodeError:
                raise ValueError(f"row {start + row} is not UTF-8") from None
            try:
                result = self._replace(text)
            except EncodingError as error:
                raise EncodingError(error.char, error.index, start + row) from None
            if result.replacements:
                self._copy(text_bytes, offsets, copied, row)
                self._text_bytes += result.text.encode("utf-8", errors)
                self._offsets.append(len(self._text_bytes))
                self._replaced[start + row] = 1
                copied = row + 1
        self._copy(text_bytes, offsets, copied, length)

    def _copy(
        self, text_bytes: bytes | memoryview, offsets: Sequence[int], first: int, stop: int
    ) -> None:
        """Copy the rows from `first` up to `stop` as they are."""
        shift = len(self._text_bytes) - offsets[first]
        self._text_bytes += text_bytes[offsets[first] : offsets[stop]]
        self._offsets.extend(offset + shift for offset in offsets[first + 1 : stop + 1])


def _ucs2_rows(facts: ColumnFacts) -> Iterator[int]:
    encodings = facts.encodings or b""
    row = encodings.find(1)
    while row >= 0:
        yield row
        row = encodings.find(1, row + 1)


def _offsets(rows: Iterable[bytes | bytearray]) -> list[int]:
    """Return where each row begins in all rows joined, and where the last one ends."""
    return list(accumulate(map(len, rows), initial=0))
