"""Count columns of texts: what `count_many` and `analyze_many` do.

Each piece of a column is counted by itself (`ColumnCounter`), then the facts of all pieces are
joined. The resulting columns export the Arrow C data interface and the buffer protocol, so
`pa.array(x)`, `pl.Series(x)` and `np.asarray(x)` take them without a copy.
"""

from __future__ import annotations

import ctypes
import warnings
from collections import deque
from itertools import pairwise

from .._kernels import IS_FALLBACK, IS_SECOND_INTERPRETER, copy_dictionary_facts
from ..arrow.rows import Addresses, Outcome, read_rows
from ..arrow.structures import INDEXES, OFFSETS
from ..exceptions import EncodingError
from .column_types import AnalysisColumns, Column, EncodingColumn
from .facts import allocate_facts, join_facts
from .pieces import read_dictionary, read_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from .._kernels import Kernel, RcsCounter
    from ..arrow.structures import Chunk
    from .facts import ColumnFacts
    from .pieces import Piece

__all__ = [
    "ColumnCounter",
    "analysis_columns",
    "analyze_column",
    "check_dictionary_index",
    "count_column",
    "null_bits",
    "warn_if_slow",
]

_SLICE_ROWS = 65_536  # between slices Python handles signals and runs other threads
_SLICE_ROWS_OF_THREADS = 16_384  # threads finish together if the last slices are small
_MIN_ROWS_PER_THREAD = 10_000

_SLOW = (
    "septet counts in pure Python, many times slower than its compiled implementation; {}, "
    "or set SEPTET_IMPLEMENTATION=python to choose pure Python without this warning"
)
_NOT_BUILT = "install a wheel for this Python, or a C compiler and septet again"
_SECOND = "use it in one interpreter of a process only"


def count_column(kernel: Kernel | RcsCounter, column: Any, threads: int) -> Column:
    """Return the segments of each text; see `Segmenter.count_many`, or `rcs.count_many`."""
    counter = ColumnCounter(kernel, threads=threads, with_units=False)
    pieces = counter.count(read_pieces(column))
    facts = join_facts((facts for _, facts in pieces), with_units=False)
    return Column(facts.segment_counts, facts.validity, facts.null_count)


def analyze_column(kernel: Kernel, column: Any, threads: int) -> AnalysisColumns:
    """Return encoding, units and segments of each text; see `Segmenter.analyze_many`."""
    counter = ColumnCounter(kernel, threads=threads)
    pieces = counter.count(read_pieces(column))
    return analysis_columns(join_facts((facts for _, facts in pieces), with_units=True))


def analysis_columns(facts: ColumnFacts) -> AnalysisColumns:
    """Return facts with units and encodings as columns, without a copy."""
    if facts.unit_counts is None or facts.encodings is None:
        raise ValueError("the facts have no units and encodings")
    nulls = facts.validity, facts.null_count
    return AnalysisColumns(
        EncodingColumn(facts.encodings, *nulls),
        Column(facts.unit_counts, *nulls),
        Column(facts.segment_counts, *nulls),
    )


class ColumnCounter:
    """Counts the pieces of columns under one set of rules.

    Args:
        kernel: Counts texts and rows under the rules.
        threads: Number of threads to count an Arrow array with.
        with_units: Whether units and encodings are wanted, besides segments.

    Raises:
        ValueError: `threads` is not 1 or more.
    """

    __slots__ = ("_kernel", "_threads", "_with_units")

    def __init__(
        self, kernel: Kernel | RcsCounter, *, threads: int = 1, with_units: bool = True
    ) -> None:
        if not isinstance(threads, int) or threads < 1:
            raise ValueError(f"threads must be 1 or more, not {threads!r}")
        warn_if_slow()
        self._kernel = kernel
        self._threads = threads
        self._with_units = with_units

    def count(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, ColumnFacts]]:
        """Yield each piece of a column with the facts of its rows.

        Raises:
            TypeError: A row is neither a `str` nor None.
            ValueError: A row of an Arrow array points outside its memory.
            EncodingError: GSM-7 is forced and a text has another character.
            RuntimeError: Another thread made a list shorter meanwhile.
        """
        row = 0
        for piece in pieces:
            facts = self.count_piece(piece, row)
            yield piece, facts
            row += facts.row_count

    def count_piece(
        self, piece: Piece, row: int = 0, ucs2_texts: list[str] | None = None
    ) -> ColumnFacts:
        """Return the facts of the rows of one piece; raises what `count` raises.

        Args:
            piece: A list of texts, or an Arrow array.
            row: Number of its first row, for error messages.
            ucs2_texts: Receives the texts that are counted in UCS-2, unless their rows are read in
                place.
        """
        if isinstance(piece, list):
            return self._count_texts(piece, row, ucs2_texts)
        if piece.dictionary is not None:
            return self.look_up(piece, self.count_piece(read_dictionary(piece)), row)
        return self._count_chunk(piece, row)

    def look_up(self, chunk: Chunk, values: ColumnFacts, row: int) -> ColumnFacts:
        """Return the facts of the rows of an Arrow array with a dictionary.

        Args:
            chunk: The array.
            values: The facts of its distinct values.
            row: Number of its first row, for error messages.

        Raises:
            ValueError: A row selects a value that the dictionary does not have.
        """
        facts = allocate_facts(chunk.length, with_units=self._with_units)
        nulls = bytearray(chunk.length + 7 >> 3)
        position = copy_dictionary_facts(
            Addresses(chunk.format, chunk.buffers[0], 0, 0, 0, 0, chunk.validity),
            chunk.offset,
            chunk.offset + chunk.length,
            list(values.views()),
            values.validity,
            list(facts.views()),
            nulls,
        )
        check_dictionary_index(chunk, position, values.row_count, row)
        return facts.with_nulls(int.from_bytes(nulls, "little"))

    def _count_texts(self, texts: list[Any], row: int, ucs2_texts: list[str] | None) -> ColumnFacts:
        length = len(texts)
        facts = allocate_facts(length, with_units=self._with_units)
        nulls = memoryview(bytearray(length + 7 >> 3))
        for first in range(0, length, _SLICE_ROWS):
            stop = min(first + _SLICE_ROWS, length)
            views = facts.views(first, stop)
            self._kernel.count_texts(
                texts, first, stop, *views, nulls[first >> 3 :], row, ucs2_texts
            )
        return facts.with_nulls(int.from_bytes(nulls, "little"))

    def _count_chunk(self, chunk: Chunk, row: int) -> ColumnFacts:
        facts = allocate_facts(chunk.length, with_units=self._with_units)
        addresses = chunk.addresses

        threads = max(1, min(self._threads, chunk.length // _MIN_ROWS_PER_THREAD))
        slice_rows = _SLICE_ROWS if threads == 1 else _SLICE_ROWS_OF_THREADS
        slice_count = threads * max(1, -(-chunk.length // (threads * slice_rows)))
        slices = deque(_slice_bounds(chunk, slice_count))

        def count_slices() -> tuple[int, int]:
            """Count the slices that are left; return a row that failed and its outcome."""
            while True:
                try:
                    first, stop = slices.popleft()
                except IndexError:
                    return chunk.offset + chunk.length, Outcome.FINE
                outcome, failed_row = self._kernel.count_rows(
                    addresses, chunk.offset + first, chunk.offset + stop, *facts.views(first, stop)
                )
                if outcome != Outcome.FINE:
                    slices.clear()
                    return failed_row, outcome

        if threads == 1:
            failed_row, outcome = count_slices()
        else:
            from concurrent.futures import ThreadPoolExecutor  # slow to import

            with ThreadPoolExecutor(threads - 1) as pool:
                try:
                    others = [pool.submit(count_slices) for _ in range(threads - 1)]
                    results = [count_slices(), *(other.result() for other in others)]
                finally:
                    slices.clear()  # after an interrupt, the other threads end with their slice
            failed_row, outcome = min(results)  # slices are taken in order: the first failed row
        if outcome != Outcome.FINE:
            raise self._error(chunk, failed_row, Outcome(outcome), row)
        return facts.with_nulls(null_bits(chunk))

    def _error(self, chunk: Chunk, row: int, outcome: Outcome, start: int) -> Exception:
        """Return the error for a row of the buffers, where row 0 of the chunk is row `start`."""
        number = start + row - chunk.offset
        if outcome != Outcome.NO_ENCODING:
            return outcome.error(number)
        (row_bytes,) = read_rows(chunk.addresses, row, row + 1)
        text = (row_bytes or b"").decode(errors="replace")
        index = self._kernel.non_gsm_indexes(text)[0]  # type: ignore[union-attr]  # a Kernel
        return EncodingError(text[index], index, number)


def warn_if_slow() -> None:
    """Warn if pure Python is used for columns although it was not chosen."""
    if IS_FALLBACK:
        message = _SLOW.format(_SECOND if IS_SECOND_INTERPRETER else _NOT_BUILT)
        warnings.warn(message, RuntimeWarning, stacklevel=1)  # always from here: shown once


def _slice_bounds(chunk: Chunk, count: int) -> list[tuple[int, int]]:
    """Return the first row and the row after the last of `count` slices.

    The kernel checks the offsets of a slice against its last offset. If the offsets at the bounds
    are not in order, there is only one slice, so that the count finds the error before it reads.
    """
    borders = [chunk.length * number // count for number in range(count + 1)]
    if count > 1 and chunk.format in OFFSETS:
        kind = OFFSETS[chunk.format] * (chunk.offset + chunk.length + 1)
        offsets = kind.from_address(chunk.buffers[0])
        values: list[Any] = [offsets[chunk.offset + border] for border in borders]
        if values != sorted(values):
            borders = [0, chunk.length]
    return list(pairwise(borders))


def null_bits(chunk: Chunk) -> int:
    """Return a number with a bit for each row that is null."""
    if not chunk.validity:
        return 0
    bitmap = ctypes.string_at(chunk.validity, chunk.offset + chunk.length + 7 >> 3)
    return ~int.from_bytes(bitmap, "little") >> chunk.offset & (1 << chunk.length) - 1


def check_dictionary_index(chunk: Chunk, copied: int, value_count: int, row: int) -> None:
    """Check that each row of an Arrow array refers to a value of its dictionary.

    Args:
        chunk: The array.
        copied: The number of rows before the first one that does not.
        value_count: The number of values of the dictionary.
        row: The number of the first row of the array, for the error message.

    Raises:
        ValueError: The index of a row is outside the dictionary.
    """
    if copied < chunk.length:
        stop = chunk.offset + copied + 1
        index = (INDEXES[chunk.format] * stop).from_address(chunk.buffers[0])[-1]
        raise ValueError(
            f"row {row + copied}: dictionary index {index}, "
            f"but the dictionary has {value_count} values"
        )
