"""What an estimate asks of columns: the facts of texts with their blockers, rates of numbers."""

from __future__ import annotations

from array import array

from .columns import FINE, REASONS, AnalysisColumns, Facts, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .arrow import Chunk
    from .arrow_rows import Addresses

__all__ = ["find_prefixes", "survey_column"]


def survey_column(segmenter: Any, column: Any) -> tuple[AnalysisColumns, dict[str, int]]:
    """Return what each text takes, and how many texts each character forces into UCS-2.

    Takes and raises what `count_many` does, but no dictionary.
    """
    survey = _Survey(segmenter)
    segments, units, encodings = survey.of(column)
    return AnalysisColumns(encodings, units, segments), survey.blockers


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


class _Survey(Facts):
    """The same, and how many texts each character forces into UCS-2."""

    def __init__(self, segmenter: Any) -> None:
        super().__init__(segmenter, 1, is_count=False)
        self.blockers: dict[str, int] = {}

    def _add_texts(self, texts: list[Any]) -> None:
        start = self._row_count
        super()._add_texts(texts)
        self._note_blockers(texts, 0, start)

    def _add_chunk(self, chunk: Chunk) -> None:
        start = self._row_count
        super()._add_chunk(chunk)
        if chunk.dictionary is None and not self._segmenter.keep_graphemes:
            self._note_blockers(chunk.addresses, chunk.offset, start)

    def _add_dictionary(self, chunk: Chunk, dictionary: Chunk) -> Facts:
        raise TypeError("a column of a dictionary must be decoded first")

    def _note_blockers(self, texts: list[Any] | Addresses, first: int, start: int) -> None:
        encodings = memoryview(self._memories[2])[start:]
        stop = first + len(encodings)
        self._segmenter._note_blockers(texts, first, stop, encodings, self.blockers)
