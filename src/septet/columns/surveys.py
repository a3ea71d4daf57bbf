"""What an estimate asks of columns: the facts of texts with their blockers, rates of numbers."""

from __future__ import annotations

from array import array

from .column_types import AnalysisColumns
from .counting import FINE, REASONS, Facts, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._kernels import Blockers
    from ..arrow.rows import Addresses
    from ..arrow.structures import Chunk

__all__ = ["Survey", "find_prefixes", "listed"]


def find_prefixes(index: Any, column: Any) -> array[int]:
    """Return what a `PrefixIndex` finds for each number of a column that is no dictionary.

    Raises:
        TypeError: The column is not of texts; the message names its Arrow type or the row.
        ValueError: The Arrow structures contradict themselves.
    """
    found = array("i")
    for piece in pieces(column):
        start = len(found)
        length = len(piece) if isinstance(piece, list) else piece.length
        found.frombytes(bytes(length * found.itemsize))
        place = memoryview(found)[start:]
        if isinstance(piece, list):
            index.find_texts(piece, place, start)
            continue
        if piece.dictionary is not None:
            raise TypeError("a column of a dictionary must be decoded first")
        outcome, row = index.find_rows(piece.addresses, piece.offset, piece.offset + length, place)
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

    def __init__(self, segmenter: Any, column: Any) -> None:
        super().__init__(segmenter, 1, is_count=False)
        self._pieces: list[tuple[list[Any] | Chunk, int]] = []  # and the first row of each
        segments, units, encodings = self.of(column)
        self.facts = AnalysisColumns(encodings, units, segments)

    def note_blockers(self, blockers: Blockers) -> None:
        """Count for each character the texts that it forces into UCS-2."""
        encodings = memoryview(self.facts.encoding)
        for piece, start in self._pieces:
            texts: list[Any] | Addresses
            if isinstance(piece, list):
                texts, first, length = piece, 0, len(piece)
            else:
                texts, first, length = piece.addresses, piece.offset, piece.length
            found = encodings[start : start + length]
            self._segmenter._note_blockers(texts, first, first + length, found, blockers)

    def _add_texts(self, texts: list[Any]) -> None:
        self._pieces.append((texts, self._row_count))
        super()._add_texts(texts)

    def _add_chunk(self, chunk: Chunk) -> None:
        if chunk.dictionary is None and not self._segmenter.keep_graphemes:
            self._pieces.append((chunk, self._row_count))
        super()._add_chunk(chunk)

    def _add_dictionary(self, chunk: Chunk, dictionary: Chunk) -> Facts:
        raise TypeError("a column of a dictionary must be decoded first")
