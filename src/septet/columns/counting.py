"""Columns of texts in, columns of numbers out: what `count_many` and `analyze_many` do.

Whatever holds the column: a list or any iterable, anything that speaks the Arrow C data interface
(pyarrow, Polars, DuckDB, nanoarrow, pandas), NumPy arrays of texts. Arrow columns are read in place
and no row becomes a Python string. What comes out exports the same interface and the buffer
protocol, so that `pa.array(x)`, `pl.Series(x)` and `np.asarray(x)` take it without a copy.
"""

from __future__ import annotations

import ctypes
import warnings
from collections import deque
from itertools import islice, pairwise
from threading import Thread

from .._kernels import IS_FALLBACK, copy_dictionary_facts
from ..arrow.buffers import grow
from ..arrow.rows import Addresses, OutOfRangeError, decode_row, read_rows
from ..arrow.structures import INDEXES, NULL, OFFSETS, read_chunks
from ..exceptions import EncodingError
from .column_types import AnalysisColumns, Column, EncodingColumn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..arrow.structures import Chunk

__all__ = [
    "FINE",
    "REASONS",
    "Facts",
    "analyze_column",
    "count_column",
    "pieces",
]

_BATCH_ROWS = 65_536
_SLICE_ROWS = 65_536  # between slices Python sees to signals and to other threads
_ROWS_WORTH_A_THREAD = 10_000

# The outcomes of scan_column.h.
FINE, _OFFSETS_GO_BACK, _VIEW_OUT_OF_RANGE, _NO_ENCODING, _TOO_LONG, _NO_MEMORY = range(6)

REASONS = {
    _OFFSETS_GO_BACK: "its offsets go back, or beyond the last one",
    _VIEW_OUT_OF_RANGE: "its view points outside its buffer",
    _TOO_LONG: "a text of more than a thousand million octets",
}


_SLOW = (
    "septet counts in pure Python, many times slower than its compiled implementation does; "
    "install a wheel for this Python, or a C compiler and septet again, "
    "or set SEPTET_IMPLEMENTATION=python to keep the slow one without this warning"
)


def count_column(segmenter: Any, column: Any, threads: int) -> Column:
    """Return the segments of each text; see `Segmenter.count_many`."""
    segments: Column
    (segments,) = Facts(segmenter, threads, is_count=True).of(column)
    return segments


def analyze_column(segmenter: Any, column: Any, threads: int) -> AnalysisColumns:
    """Return what each text takes; see `Segmenter.analyze_many`."""
    segments, units, encodings = Facts(segmenter, threads, is_count=False).of(column)
    return AnalysisColumns(encodings, units, segments)


def pieces(column: Any) -> Iterator[list[Any] | Chunk]:
    """Yield the rows of a column, whatever holds it, as lists or as Arrow arrays."""
    if isinstance(column, str | bytes):
        raise _not_a_column(column)
    dtype = getattr(column, "dtype", None)
    kind = getattr(dtype, "kind", None)
    # pandas hands over whatever it has, but only this without making anything.
    is_arrow = kind is None or getattr(dtype, "storage", None) == "pyarrow"
    if type(column) is list:
        yield column
    elif isinstance(column, list):
        yield list.copy(column)  # the kernels read nothing but lists themselves
    elif isinstance(column, tuple):
        yield list(column)
    elif is_arrow and (
        hasattr(column, "__arrow_c_array__") or hasattr(column, "__arrow_c_stream__")
    ):
        yield from map(_piece, read_chunks(column))
    elif kind in ("O", "T", "U"):
        yield [t if type(t) is str else _text_or_missing(t) for t in column.tolist()]
    elif kind is not None:
        raise TypeError(f"the column must be of texts, not of type {column.dtype}")
    else:
        try:
            rows = iter(column)
        except TypeError:
            raise _not_a_column(column) from None
        while batch := list(islice(rows, _BATCH_ROWS)):
            yield batch


def _not_a_column(value: object) -> TypeError:
    name = type(value).__name__
    return TypeError(f"a column is a list, an Arrow array or the like, not {name}")


class Facts:
    """What is known of the rows so far, and how more of them are counted."""

    def __init__(self, segmenter: Any, threads: int, *, is_count: bool) -> None:
        if not isinstance(threads, int) or threads < 1:
            raise ValueError(f"threads must be 1 or more, not {threads!r}")
        if IS_FALLBACK:
            warnings.warn(_SLOW, RuntimeWarning, stacklevel=1)  # one place, so shown once
        self._segmenter = segmenter
        self._threads = threads
        self._is_count = is_count
        self._kinds = (Column,) if is_count else (Column, Column, EncodingColumn)
        self._memories = [bytearray() for _ in self._kinds]
        self._row_count = 0
        self._nulls = bytearray()  # a bit for each, up to the last chunk that has one
        self._ucs2_texts: list[str] | None = None  # those of lists, if they are needed again

    def of(self, column: Any) -> list[Any]:
        """Count a column, whatever holds it; return its segments, and units and encodings."""
        for piece in pieces(column):
            self._add(piece)
        return self._columns()

    def _add(self, piece: list[Any] | Chunk) -> None:
        if isinstance(piece, list):
            self._add_texts(piece)
        else:
            self._add_chunk(piece)

    def _columns(self) -> list[Any]:
        validity, null_count = None, 0
        if nulls := int.from_bytes(self._nulls, "little"):
            bits = nulls ^ (1 << self._row_count) - 1
            validity = bytearray(bits.to_bytes(self._row_count + 7 >> 3, "little"))
            null_count = nulls.bit_count()
        return [
            kind(octets, validity, null_count)
            for kind, octets in zip(self._kinds, self._memories, strict=True)
        ]

    def _room(self, length: int) -> list[memoryview | None]:
        """Return places for the facts of so many more rows, every one of them to be written."""
        places = []
        for kind, octets in zip(self._kinds, self._memories, strict=True):
            grow(octets, length * kind._itemsize)
            places.append(memoryview(octets).cast(kind._typecode)[self._row_count :])
        self._row_count += length
        return [*places, *[None] * (3 - len(places))]

    def _add_nulls(self, nulls: int, length: int) -> None:
        """Note which of so many rows, just added, are null."""
        if nulls:
            octet, bit = divmod(self._row_count - length, 8)
            self._nulls.extend(bytes(octet + 1 - len(self._nulls)))
            nulls = nulls << bit | self._nulls.pop()
            self._nulls += nulls.to_bytes(bit + length + 7 >> 3, "little")

    def _add_texts(self, texts: list[Any]) -> None:
        start, length = self._row_count, len(texts)
        nulls = memoryview(bytearray(length + 7 >> 3))
        places = self._room(length)
        for first in range(0, length, _SLICE_ROWS):
            stop = min(first + _SLICE_ROWS, length)
            parts = (place and place[first:stop] for place in places)
            self._segmenter._count_texts(
                texts, first, stop, *parts, nulls[first >> 3 :], start, self._ucs2_texts
            )
        self._add_nulls(int.from_bytes(nulls, "little"), length)

    def _add_chunk(self, chunk: Chunk) -> None:
        if chunk.dictionary is not None:
            self._add_dictionary(chunk, chunk.dictionary)
            return
        if self._segmenter.keep_graphemes:
            self._add_texts(self._decoded(chunk))
            return
        start = self._row_count
        places = self._room(chunk.length)
        addresses = chunk.addresses
        workers = max(1, min(self._threads, chunk.length // _ROWS_WORTH_A_THREAD))
        # As many slices for each.
        count = workers * max(1, -(-chunk.length // (workers * _SLICE_ROWS)))
        borders = _borders(chunk, count)
        slices = deque(pairwise(borders))
        outcomes = []

        def work() -> None:
            while slices:
                try:
                    first, stop = slices.popleft()
                except IndexError:  # pragma: no cover  # another thread was faster
                    return
                parts = (place and place[first:stop] for place in places)
                outcome, row = self._segmenter._count_rows(
                    addresses, chunk.offset + first, chunk.offset + stop, *parts
                )
                outcomes.append((row, outcome))
                if outcome != FINE:
                    slices.clear()

        threads = [Thread(target=work) for _ in range(1, workers)]
        try:
            for thread in threads:
                thread.start()
            work()
        finally:
            slices.clear()  # they may be left where a signal ended the work
            for thread in threads:
                if thread.ident is not None:  # pragma: no branch  # unless there was no room for it
                    thread.join()
        for row, outcome in sorted(outcomes):
            if outcome != FINE:
                raise self._failure(chunk, row, outcome, start)
        if len(outcomes) < len(borders) - 1:
            raise RuntimeError("a thread that counted ended early")
        self._add_nulls(_null_bits(chunk), chunk.length)

    def _decoded(self, chunk: Chunk) -> list[str | None]:
        texts: list[str | None] = []
        try:
            for octets in read_rows(chunk.addresses, chunk.offset, chunk.offset + chunk.length):
                texts.append(None if octets is None else decode_row(octets))
        except OutOfRangeError as error:
            reason = REASONS[error.outcome]
            raise ValueError(f"row {self._row_count + len(texts)}: {reason}") from None
        return texts

    def _alike(self) -> Facts:
        return Facts(self._segmenter, self._threads, is_count=self._is_count)

    def _add_dictionary(self, chunk: Chunk, dictionary: Chunk) -> Facts:
        """Count each distinct value once, look the rows up among them, and return the values."""
        values = self._alike()
        values._add(_piece(dictionary))
        columns = values._columns()
        known: list[Any] = [memoryview(facts) for facts in columns]
        known += [None] * (3 - len(columns))
        start = self._row_count
        nulls = bytearray(chunk.length + 7 >> 3)
        row = copy_dictionary_facts(
            Addresses(chunk.format, chunk.buffers[0], 0, 0, 0, 0, chunk.validity),
            chunk.offset,
            chunk.offset + chunk.length,
            known,
            columns[0]._validity,
            self._room(chunk.length),
            nulls,
        )
        if row < chunk.length:
            stop = chunk.offset + row + 1
            index = (INDEXES[chunk.format] * stop).from_address(chunk.buffers[0])[-1]
            raise ValueError(
                f"row {start + row}: dictionary index {index} of {len(columns[0])} values"
            )
        self._add_nulls(int.from_bytes(nulls, "little"), chunk.length)
        return values

    def _failure(self, chunk: Chunk, row: int, outcome: int, start: int) -> Exception:
        place = start + row - chunk.offset
        if outcome in REASONS:
            return ValueError(f"row {place}: {REASONS[outcome]}")
        if outcome == _NO_MEMORY:
            return MemoryError()
        (octets,) = read_rows(chunk.addresses, row, row + 1)
        text = (octets or b"").decode(errors="replace")
        index = self._segmenter._foreign(text)[0]
        return EncodingError(text[index], index, place)


def _piece(chunk: Chunk) -> list[Any] | Chunk:
    """Return the chunk, or its rows if Arrow gave it the type of rows that are all null."""
    return [None] * chunk.length if chunk.format == NULL else chunk


def _borders(chunk: Chunk, count: int) -> list[int]:
    """Return where so many slices begin and end.

    A slice is bounded by its last offset. Where that contradicts the others there is one slice, so
    that the count finds it before anything is read there.
    """
    borders = [chunk.length * number // count for number in range(count + 1)]
    if count > 1 and chunk.format in OFFSETS:
        kind = OFFSETS[chunk.format] * (chunk.offset + chunk.length + 1)
        offsets = kind.from_address(chunk.buffers[0])
        found: list[Any] = [offsets[chunk.offset + border] for border in borders]
        if found != sorted(found):
            return [0, chunk.length]
    return borders


def _null_bits(chunk: Chunk) -> int:
    """Return a number with a bit for each row that is null."""
    if not chunk.validity:
        return 0
    octets = ctypes.string_at(chunk.validity, chunk.offset + chunk.length + 7 >> 3)
    return ~int.from_bytes(octets, "little") >> chunk.offset & (1 << chunk.length) - 1


def _text_or_missing(value: object) -> object:
    """Return None for what pandas and NumPy put where a text is missing."""
    is_missing = type(value).__name__ == "NAType" or (isinstance(value, float) and value != value)
    return None if is_missing else value
