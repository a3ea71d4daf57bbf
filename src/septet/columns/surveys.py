"""What an estimate asks of columns: facts of texts, rates of numbers, values to group rows by."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import pairwise, repeat

from .._kernels import copy_dictionary_facts, find_shortest, find_wrong_decoding, join_rows
from ..arrow.rows import Addresses, Outcome, decode_row, read_rows
from ..arrow.structures import INDEXES
from ..arrow.view_columns import ViewColumn
from .counting import ColumnCounter, analysis_columns, check_dictionary_index, null_bits
from .facts import join_facts
from .pieces import read_dictionary, read_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from typing import Any

    from .._kernels import Kernel, NonGsmCounts, PrefixIndex, ValueIndex
    from ..arrow.structures import Chunk
    from .column_types import AnalysisColumns
    from .facts import ColumnFacts
    from .pieces import Piece

__all__ = [
    "Survey",
    "find_prefixes",
    "listed",
    "listed_rows",
    "number_values",
    "read_plain_pieces",
    "survey_column",
]


def find_prefixes(index: PrefixIndex, column: Any) -> array[int]:
    """Return the number of the longest prefix of each phone number of a column.

    Args:
        index: The prefixes.
        column: A column as `count_many` takes it. Each distinct value of a dictionary is looked up
            once.

    Returns:
        For each row, the position of its prefix in the index, or a negative reason.

    Raises:
        TypeError: The column is not of texts; the message names its Arrow type or the row.
        ValueError: The Arrow structures are inconsistent.
        RuntimeError: Another thread made a list shorter meanwhile.
    """
    return _look_up(index, column)


def number_values(index: ValueIndex, column: Any) -> array[int]:
    """Return the number of the value of each row of a column; new values are added to the index.

    Args:
        index: The values so far. Threads may share it.
        column: A column as `count_many` takes it. All values of a dictionary are added, also those
            that no row has.

    Returns:
        For each row, the position of its text or null in `index.values()`.

    Raises:
        TypeError: The column is not of texts; the message names its Arrow type or the row.
        ValueError: The Arrow structures are inconsistent, or a new value is not UTF-8.
        RuntimeError: Another thread made a list shorter meanwhile.
    """
    return _look_up(index, column)


def _look_up(index: PrefixIndex | ValueIndex, column: Any) -> array[int]:
    """Return what an index has for each row of a column."""
    numbers = array("i")
    for piece in read_pieces(column):
        start = len(numbers)
        length = len(piece) if isinstance(piece, list) else piece.length
        numbers.frombytes(bytes(length * numbers.itemsize))
        with memoryview(numbers)[start:] as found:  # released, so that the array can grow again
            _look_up_piece(index, piece, found, start)
    return numbers


def _look_up_piece(
    index: PrefixIndex | ValueIndex, piece: Piece, numbers: memoryview, row: int
) -> None:
    """Write the number of each row of a piece, whose first row has the number `row`."""
    if isinstance(piece, list):
        # Not the length of the list, which another thread may have changed meanwhile.
        index.find_texts(piece, 0, len(numbers), numbers, row)
    elif piece.dictionary is not None:
        values = read_dictionary(piece)
        value_count = len(values) if isinstance(values, list) else values.length
        known = memoryview(array("i", bytes(4 * value_count)))
        _look_up_piece(index, values, known, 0)
        null = array("i", [0])
        if piece.validity:
            index.find_texts([None], 0, 1, memoryview(null), 0)
        copied = copy_dictionary_facts(
            Addresses(piece.format, piece.buffers[0], 0, 0, 0, 0, piece.validity),
            piece.offset,
            piece.offset + piece.length,
            [known, None, None],
            None,
            [numbers, None, None],
            bytearray(piece.length + 7 >> 3),
            null[0],
        )
        check_dictionary_index(piece, copied, value_count, row)
    else:
        first, stop = piece.offset, piece.offset + piece.length
        outcome, position = index.find_rows(piece.addresses, first, stop, numbers)
        if outcome != Outcome.FINE:
            raise Outcome(outcome).error(row + position - first)


def read_plain_pieces(column: Any) -> Iterator[Piece]:
    """Yield the rows of a column as `read_pieces` does, but lists for arrays with a dictionary."""
    row = 0
    for piece in read_pieces(column):
        if not isinstance(piece, list) and piece.dictionary is not None:
            piece = _decoded(piece, row)
        yield piece
        row += len(piece) if isinstance(piece, list) else piece.length


def listed(column: Any) -> list[str | None]:
    """Return the texts of a column, which is one that `count_many` takes, as a list.

    Raises:
        TypeError: The object is not a column of texts.
        ValueError: The Arrow structures are inconsistent.
    """
    if hasattr(column, "to_pylist"):  # of pyarrow, which is the fastest way
        rows: list[str | None] = column.to_pylist()
        return rows
    if isinstance(column, ViewColumn):
        return column.to_list()
    rows = []
    for piece in read_pieces(column):
        rows += _decoded(piece, len(rows))
    return rows


def listed_rows(column: Any, rows: memoryview) -> list[str | None]:
    """Return some texts of a column as a list.

    Args:
        column: A column as `count_many` takes it.
        rows: Row numbers in ascending order, as int32.

    Raises:
        TypeError: The object is not a column of texts.
        ValueError: The Arrow structures are inconsistent, or a row is not one of the column.
    """
    texts: list[str | None] = []
    start = first = 0
    for piece in read_plain_pieces(column):
        length = len(piece) if isinstance(piece, list) else piece.length
        stop = bisect_left(rows, start + length, first)
        chosen = array("i", [row - start for row in rows[first:stop]])
        if isinstance(piece, list):
            texts += [piece[row] for row in chosen]
        else:
            offsets, utf8 = join_rows(
                [(piece.addresses, piece.offset)], piece.length, memoryview(chosen)
            )
            texts += [
                bytes(utf8[begin:end]).decode()
                for begin, end in pairwise(memoryview(offsets).cast("q"))
            ]
        start, first = start + length, stop
    if first < len(rows):
        raise ValueError(f"row {rows[first]} is not one of the {start} rows of the column")
    return texts


def _decoded(piece: Piece, row: int) -> list[Any]:
    """Return the texts of a piece, whose first row has the number `row`."""
    if isinstance(piece, list):
        return piece
    stop = piece.offset + piece.length
    if piece.dictionary is None:
        texts = read_rows(piece.addresses, piece.offset, stop)
        return [text if text is None else text.decode() for text in texts]
    values = _decoded(read_dictionary(piece), 0)
    indexes: Any = (INDEXES[piece.format] * stop).from_address(piece.buffers[0] or 0)
    nulls = null_bits(piece)
    rows: list[Any] = []
    for position, index in enumerate(indexes[piece.offset :]):
        is_null = nulls >> position & 1
        if not is_null and not 0 <= index < len(values):
            check_dictionary_index(piece, position, len(values), row)
        rows.append(None if is_null else values[index])
    return rows


class Survey:
    """The facts of a column, and access to its texts in UCS-2; made by `survey_column`.

    Attributes:
        facts: What `analyze_many` returns for the column.
    """

    __slots__ = ("_chunks", "_kernel", "_lists", "_ucs2_texts", "facts")

    def __init__(
        self,
        kernel: Kernel,
        facts: AnalysisColumns,
        chunks: list[tuple[Chunk, int]],
        lists: list[tuple[list[Any], int, int]],
        ucs2_texts: list[str],
    ) -> None:
        self._kernel = kernel
        self.facts = facts
        self._chunks = chunks
        self._lists = lists
        self._ucs2_texts = ucs2_texts

    def count_non_gsm(self, non_gsm_characters: NonGsmCounts) -> None:
        """Add to `non_gsm_characters` the number of texts that each character forces into UCS-2."""
        encodings = self.facts.encoding.memory
        for chunk, start in self._chunks:
            first, stop = chunk.offset, chunk.offset + chunk.length
            part = encodings[start : start + chunk.length]
            self._kernel.count_non_gsm(chunk.addresses, first, stop, part, non_gsm_characters)
        texts = self._ucs2_texts
        all_ucs2 = memoryview(b"\1" * len(texts))
        self._kernel.count_non_gsm(texts, 0, len(texts), all_ucs2, non_gsm_characters)

    def find_wrong_decoding(self, pattern: re.Pattern[bytes]) -> Iterator[str]:
        """Yield the texts in UCS-2 that may be UTF-8 decoded as Windows-1252 or Latin-1.

        Args:
            pattern: Finds them in UTF-8, among texts that were Python strings.
        """
        encodings = self.facts.encoding.memory
        for chunk, start in self._chunks:
            first, stop = chunk.offset, chunk.offset + chunk.length
            part = encodings[start : start + chunk.length]
            rows = find_wrong_decoding(chunk.addresses, first, stop, part)
            if rows:
                row_offsets, utf8 = join_rows([(chunk.addresses, first)], chunk.length, rows)
                for begin, end in pairwise(memoryview(row_offsets).cast("q")):
                    yield decode_row(bytes(utf8[begin:end]))
        # A subclass of str may override `encode`.
        rows_utf8 = map(str.encode, self._ucs2_texts, repeat("utf-8"), repeat("surrogatepass"))
        for text in filter(pattern.search, rows_utf8):
            yield text.decode("utf-8", "surrogatepass")

    def find_shortest(self, known: memoryview) -> Iterator[tuple[bool, int, int, str]]:
        """Yield the shortest texts by encoding and number of segments; see the kernel.

        A column of several pieces may have several texts of an encoding and number of segments.

        Args:
            known: As for the kernel.

        Yields:
            Whether the encoding is UCS-2, the segments, the units and the text.

        Raises:
            RuntimeError: Another thread made a list shorter meanwhile.
        """
        facts = self.facts
        memories = facts.segment_count.memory, facts.unit_count.memory, facts.encoding.memory
        for chunk, start in self._chunks:
            first, stop = chunk.offset, chunk.offset + chunk.length
            segments, units, encodings = (memory[start:][: chunk.length] for memory in memories)
            found = find_shortest(chunk.addresses, first, stop, segments, units, encodings, known)
            rows = memoryview(array("i", [row for _, _, row in found]))
            offsets, utf8 = join_rows([(chunk.addresses, first)], chunk.length, rows)
            ends = pairwise(memoryview(offsets).cast("q"))
            for (is_ucs2, segment_count, row), (begin, end) in zip(found, ends, strict=True):
                yield is_ucs2, segment_count, units[row], decode_row(bytes(utf8[begin:end]))
        for texts, start, stop in self._lists:
            segments, units, encodings = (memory[start:stop] for memory in memories)
            found = find_shortest(texts, 0, stop - start, segments, units, encodings, known)
            for is_ucs2, segment_count, row in found:
                # Another thread may change the list in the meantime.
                text = texts[row] if row < len(texts) else None
                if isinstance(text, str):
                    yield is_ucs2, segment_count, units[row], str.__str__(text)


def survey_column(kernel: Kernel, column: Any) -> Survey:
    """Count a column of texts; takes and raises what `analyze_many` does.

    Args:
        kernel: Counts texts and rows under the rules.
        column: A column of texts; the rows of one with a dictionary become Python strings.
    """
    counter = ColumnCounter(kernel)
    chunks: list[tuple[Chunk, int]] = []  # with the first row of each
    lists: list[tuple[list[Any], int, int]] = []  # with the rows of each
    # Lists are not read again: other threads may change them, and the figures would not agree.
    ucs2_texts: list[str] = []

    def count() -> Iterator[ColumnFacts]:
        row = 0
        for piece in read_plain_pieces(column):
            facts = counter.count_piece(piece, row, ucs2_texts)
            if isinstance(piece, list):
                lists.append((piece, row, row + facts.row_count))
            else:
                chunks.append((piece, row))
            yield facts
            row += facts.row_count

    facts = join_facts(count(), with_units=True)
    return Survey(kernel, analysis_columns(facts), chunks, lists, ucs2_texts)
