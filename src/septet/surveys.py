"""What an estimate asks of columns: the facts of texts with their blockers, rates of numbers."""

from __future__ import annotations

from array import array

from .columns import FINE, REASONS, AnalysisColumns, Facts, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._kernels import Blockers
    from .arrow import Chunk
    from .arrow_rows import Addresses

__all__ = ["Survey", "find_prefixes"]


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


class Survey(Facts):
    """What each text takes, and how many texts each character forces into UCS-2.

    It takes and raises what `analyze_many` does, but no dictionary.

    Attributes:
        facts: What `analyze_many` returns.
    """

    def __init__(self, segmenter: Any, column: Any) -> None:
        super().__init__(segmenter, 1, is_count=False)
        # With the first row of each and how many were counted: a list may have changed since.
        self._pieces: list[tuple[list[Any] | Chunk, int, int]] = []
        segments, units, encodings = self.of(column)
        self.facts = AnalysisColumns(encodings, units, segments)

    def note_blockers(self, blockers: Blockers) -> None:
        """Count for each character the texts that it forces into UCS-2."""
        encodings = memoryview(self.facts.encoding)
        for piece, start, length in self._pieces:
            texts: list[Any] | Addresses
            texts, first = (
                (piece, 0) if isinstance(piece, list) else (piece.addresses, piece.offset)
            )
            found = encodings[start : start + length]
            self._segmenter._note_blockers(texts, first, first + length, found, blockers)

    def _add_texts(self, texts: list[Any]) -> None:
        start = self._row_count
        super()._add_texts(texts)
        self._pieces.append((texts, start, self._row_count - start))

    def _add_chunk(self, chunk: Chunk) -> None:
        if chunk.dictionary is None and not self._segmenter.keep_graphemes:
            self._pieces.append((chunk, self._row_count, chunk.length))
        super()._add_chunk(chunk)

    def _add_dictionary(self, chunk: Chunk, dictionary: Chunk) -> Facts:
        raise TypeError("a column of a dictionary must be decoded first")
