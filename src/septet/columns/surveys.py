"""What an estimate asks of columns: facts of texts, their non-GSM characters, rates of numbers."""

from __future__ import annotations

from array import array

from .column_types import AnalysisColumns
from .counting import FINE, REASONS, Facts, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._kernels import Kernel, NonGsmCounts
    from ..arrow.structures import Chunk

__all__ = ["Survey", "find_prefixes", "listed"]


def find_prefixes(index: Any, column: Any) -> array[int]:
    """Return what a `PrefixIndex` finds for each number of a column that is no dictionary.

    Raises:
        TypeError: The column is not of texts; the message names its Arrow type or the row.
        ValueError: The Arrow structures contradict themselves.
        RuntimeError: A list became shorter meanwhile.
    """
    found = array("i")
    for piece in pieces(column):
        start = len(found)
        length = len(piece) if isinstance(piece, list) else piece.length
        found.frombytes(bytes(length * found.itemsize))
        with memoryview(found)[start:] as place:  # while it is there, `found` cannot grow
            if isinstance(piece, list):
                index.find_texts(piece, 0, length, place, start)
                continue
            if piece.dictionary is not None:
                raise TypeError("a column of a dictionary must be decoded first")
            first, stop = piece.offset, piece.offset + length
            outcome, row = index.find_rows(piece.addresses, first, stop, place)
        if outcome != FINE:
            raise ValueError(f"row {start + row - piece.offset}: {REASONS[outcome]}")
    return found


def listed(column: Any) -> list[str | None]:
    """Return a column, a list or an Arrow array, as a list."""
    rows: list[str | None] = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    return rows


class Survey(Facts):
    """What each text takes, and how many texts each character forces into UCS-2.

    It takes and raises what `analyze_many` does, but no dictionary.

    Attributes:
        facts: What `analyze_many` returns.
    """

    def __init__(self, kernel: Kernel, column: Any) -> None:
        super().__init__(kernel, 1, is_count=False)
        self._chunks: list[tuple[Chunk, int]] = []  # and the first row of each
        # Lists are not read again: they may have changed, and the figures would not agree.
        self._ucs2_texts: list[str] = []
        segments, units, encodings = self.of(column)
        self.facts = AnalysisColumns(encodings, units, segments)

    def count_non_gsm(self, non_gsm_characters: NonGsmCounts) -> None:
        """Count for each character the texts that it forces into UCS-2."""
        encodings = memoryview(self.facts.encoding)
        for chunk, start in self._chunks:
            first, stop = chunk.offset, chunk.offset + chunk.length
            found = encodings[start : start + chunk.length]
            self._kernel.count_non_gsm(chunk.addresses, first, stop, found, non_gsm_characters)
        texts = self._ucs2_texts
        are_ucs2 = memoryview(b"\1" * len(texts))
        self._kernel.count_non_gsm(texts, 0, len(texts), are_ucs2, non_gsm_characters)

    def _add_chunk(self, chunk: Chunk) -> None:
        if chunk.dictionary is None and self._kernel.find_breaks is None:
            self._chunks.append((chunk, self._row_count))
        super()._add_chunk(chunk)

    def _add_dictionary(self, chunk: Chunk, dictionary: Chunk) -> Facts:
        raise TypeError("a column of a dictionary must be decoded first")
