"""Columns of texts in, columns of numbers out: what `count_many` and `analyze_many` do.

Whatever holds the column: a list or any iterable, anything that speaks the Arrow C data interface
(pyarrow, Polars, DuckDB, nanoarrow, pandas), NumPy arrays of texts. Arrow columns are read in place
and no row becomes a Python string. What comes out exports the same interface and the buffer
protocol, so that `pa.array(x)` and `np.asarray(x)` take it without a copy.
"""

from __future__ import annotations

import ctypes
from array import array
from itertools import islice
from threading import Thread

from .arrow import INDEXES, read_chunks
from .arrow_export import Exported, export_array, export_stream
from .arrow_rows import read_rows
from .encoding import Encoding
from .exceptions import EncodingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .arrow import Chunk

__all__ = ["AnalysisColumns", "Column", "EncodingColumn", "analyze_column", "count_column"]

_ENCODINGS = tuple(Encoding)  # in the order of the kernels' 0 and 1
_BATCH_ROWS = 65_536
_ROWS_WORTH_A_THREAD = 10_000

# The outcomes of scan_column.h, and what stands for a thread that gave none.
_FINE, _OFFSETS_GO_BACK, _VIEW_OUT_OF_RANGE, _NO_ENCODING, _TOO_LONG, _NO_MEMORY = range(6)
_NO_OUTCOME = -1


class _Values(array):  # type: ignore[type-arg]
    """Numbers with nulls: an array (a null is 0 in it) and a bit for each row that is not null."""

    _format = ""
    _typecode = ""
    _validity: bytearray | None = None
    null_count = 0

    def _exported(self) -> Exported:
        return Exported(
            self._format, len(self), self.null_count, [self._validity, self], {}, self._dictionary()
        )

    def _dictionary(self) -> Exported | None:
        return None

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return export_array(self._exported())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return export_stream(self._exported())

    def _is_null(self, index: int) -> bool:
        return self._validity is not None and not self._validity[index >> 3] >> (index & 7) & 1

    def _shown(self, value: int) -> Any:
        return value

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        value = super().__getitem__(index)
        return None if self._is_null(range(len(self))[index]) else self._shown(value)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.to_list())

    def to_list(self) -> list[Any]:
        """Return the values, None for nulls."""
        shown, is_null = self._shown, self._is_null
        return [None if is_null(i) else shown(v) for i, v in enumerate(super().__iter__())]

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:10])) + (", ..." if len(self) > 10 else "")
        return f"{type(self).__name__}([{shown}])"

    def __reduce_ex__(self, protocol: object) -> tuple[object, ...]:
        return _restore, (type(self), bytes(self), self._validity, self.null_count)


def _restore(kind: type[_Values], octets: bytes, validity: bytearray | None, nulls: int) -> _Values:
    values = kind(kind._typecode, octets)
    values._validity, values.null_count = validity, nulls
    return values


class Column(_Values):
    """A column of int32 counts, one for each row; None where the text was null.

    Has `len`, indexes, `sum()` and `to_list()`; exports `__arrow_c_array__`, `__arrow_c_stream__`
    and the buffer protocol (a null is 0 there).
    """

    _format = "i"
    _typecode = "i"

    def sum(self) -> int:
        """Return the sum of all rows; a null adds nothing."""
        return sum(super().__iter__() if self.null_count == 0 else filter(None, self))


class EncodingColumn(_Values):
    """A column of `Encoding`, one for each row; None where the text was null.

    Arrow gets a dictionary of the values ("gsm7", "ucs2"); the buffer protocol 0 and 1.
    """

    _format = "C"
    _typecode = "B"

    def _shown(self, value: int) -> Encoding:
        return _ENCODINGS[value]

    def _dictionary(self) -> Exported:
        octets = bytearray("".join(_ENCODINGS).encode())
        offsets = array("i", [0, len(_ENCODINGS[0]), len(octets)])
        return Exported("u", len(_ENCODINGS), 0, [None, offsets, octets], {}, None)


class AnalysisColumns:
    """What the texts of a column take, as three columns of one length.

    Exports `__arrow_c_array__` and `__arrow_c_stream__` as a table of its three fields.

    Attributes:
        encoding: How each text is counted.
        unit_count: Septets or code units of each text.
        segment_count: Segments of each text.
    """

    __slots__ = ("encoding", "segment_count", "unit_count")

    def __init__(self, encoding: EncodingColumn, unit_count: Column, segment_count: Column) -> None:
        self.encoding = encoding
        self.unit_count = unit_count
        self.segment_count = segment_count

    def __len__(self) -> int:
        return len(self.segment_count)

    def __getitem__(self, index: int) -> tuple[Encoding, int, int] | None:
        found = (self.encoding[index], self.unit_count[index], self.segment_count[index])
        return None if found[0] is None else found

    def to_list(self) -> list[tuple[Encoding, int, int] | None]:
        """Return (encoding, units, segments) for each row, None for nulls."""
        return [self[index] for index in range(len(self))]

    def _exported(self) -> Exported:
        names = ("encoding", "unit_count", "segment_count")
        children = {name: getattr(self, name)._exported() for name in names}
        return Exported("+s", len(self), 0, [None], children, None)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return export_array(self._exported())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return export_stream(self._exported())

    def __repr__(self) -> str:
        return f"AnalysisColumns({self.to_list()[:10]!r}{', ...' if len(self) > 10 else ''})"


def count_column(segmenter: Any, column: Any, threads: int) -> Column:
    """Return the segments of each text; see `Segmenter.count_many`."""
    return _Facts(segmenter, threads, is_count=True).of(column).segments


def analyze_column(segmenter: Any, column: Any, threads: int) -> AnalysisColumns:
    """Return what each text takes; see `Segmenter.analyze_many`."""
    facts = _Facts(segmenter, threads, is_count=False).of(column)
    return AnalysisColumns(facts.encodings, facts.units, facts.segments)


class _Facts:
    """What is known of the rows so far, and how more of them are counted."""

    def __init__(self, segmenter: Any, threads: int, *, is_count: bool) -> None:
        if not isinstance(threads, int) or threads < 1:
            raise ValueError(f"threads must be 1 or more, not {threads!r}")
        self._segmenter = segmenter
        self._threads = threads
        self._is_count = is_count
        self.segments = Column("i")
        self.units = Column("i")
        self.encodings = EncodingColumn("B")
        self._null_count = 0
        self._validity = 0

    def of(self, column: Any) -> _Facts:
        """Count a column, whatever holds it."""
        if isinstance(column, str | bytes):
            name = type(column).__name__
            raise TypeError(f"a column is a list, an Arrow array or the like, not {name}")
        kind = getattr(getattr(column, "dtype", None), "kind", None)
        if isinstance(column, list | tuple):
            self._add_texts(list(column) if isinstance(column, tuple) else column)
        elif kind in ("O", "T", "U"):
            self._add_texts([_text_or_missing(value) for value in column.tolist()])
        elif hasattr(column, "__arrow_c_array__") or hasattr(column, "__arrow_c_stream__"):
            for chunk in read_chunks(column):
                self._add_chunk(chunk)
        elif kind is not None:
            raise TypeError(f"the column must be of texts, not of type {column.dtype}")
        else:
            rows = iter(column)
            while batch := list(islice(rows, _BATCH_ROWS)):
                self._add_texts(batch)
        if self._null_count:
            validity = bytearray(self._validity.to_bytes(len(self.segments) + 7 >> 3, "little"))
            for values in (self.segments, self.units, self.encodings):
                values._validity, values.null_count = validity, self._null_count
        return self

    def _room(self, length: int) -> tuple[memoryview, memoryview | None, memoryview | None]:
        """Return places for the facts of so many more rows."""
        start = len(self.segments)
        wanted = (self.segments,) if self._is_count else (self.segments, self.units, self.encodings)
        for values in wanted:
            if start == 0 and length:
                # In place, and nothing to copy.
                values.append(0)
                values.__imul__(length)
            else:
                values.frombytes(bytes(length * values.itemsize))
        places = [memoryview(values)[start:] for values in wanted]
        return (places[0], None, None) if self._is_count else (places[0], places[1], places[2])

    def _add_validity(self, bits: int, length: int, null_count: int) -> None:
        """Note which of the rows just added are not null."""
        self._validity |= bits << (len(self.segments) - length)
        self._null_count += null_count

    def _add_texts(self, texts: list[Any]) -> None:
        start = len(self.segments)
        validity = bytearray(b"\xff" * (len(texts) + 7 >> 3))
        places = self._room(len(texts))
        nulls = self._segmenter._count_texts(texts, *places, validity, start)
        bits = int.from_bytes(validity, "little") & (1 << len(texts)) - 1
        self._add_validity(bits, len(texts), nulls)

    def _add_chunk(self, chunk: Chunk) -> None:
        if chunk.dictionary is not None:
            self._add_dictionary(chunk, chunk.dictionary)
            return
        if self._segmenter.keep_graphemes:
            rows = read_rows(chunk.addresses, chunk.offset, chunk.offset + chunk.length)
            self._add_texts([None if octets is None else octets.decode() for octets in rows])
            return
        start = len(self.segments)
        places = self._room(chunk.length)
        addresses = chunk.addresses
        count = max(1, min(self._threads, chunk.length // _ROWS_WORTH_A_THREAD))
        borders = [chunk.length * i // count for i in range(count + 1)]
        outcomes = [(_NO_OUTCOME, 0)] * count

        def work(i: int) -> None:
            first, stop = borders[i], borders[i + 1]
            parts = (place and place[first:stop] for place in places)
            outcomes[i] = self._segmenter._count_rows(
                addresses, chunk.offset + first, chunk.offset + stop, *parts
            )

        threads = [Thread(target=work, args=(i,)) for i in range(1, count)]
        for thread in threads:
            thread.start()
        work(0)
        for thread in threads:
            thread.join()
        for outcome, row in outcomes:
            if outcome != _FINE:
                raise self._failure(outcome, chunk, row, start)
        bits = _validity_bits(chunk)
        self._add_validity(bits, chunk.length, chunk.length - bits.bit_count())

    def _add_dictionary(self, chunk: Chunk, dictionary: Chunk) -> None:
        """Count each distinct value once, and look the rows up among them."""
        values = _Facts(self._segmenter, self._threads, is_count=self._is_count)
        values._add_chunk(dictionary)
        known = len(values.segments)
        kind: Any = INDEXES[chunk.format]
        stop = chunk.offset + chunk.length
        indexes = (kind * stop).from_address(chunk.buffers[0])[chunk.offset :] if stop else []
        bits = _validity_bits(chunk)
        start = len(self.segments)
        places = self._room(chunk.length)
        known_facts = (values.segments, values.units, values.encodings)
        sources = [memoryview(facts) for facts in known_facts]
        for row, index in enumerate(indexes):
            if not bits >> row & 1:
                continue
            if not 0 <= index < known:
                raise ValueError(f"row {start + row}: dictionary index {index} of {known} values")
            if not values._validity >> index & 1:
                bits &= ~(1 << row)
                continue
            for place, memory in zip(places, sources, strict=True):
                if place is not None:
                    place[row] = memory[index]
        self._add_validity(bits, chunk.length, chunk.length - bits.bit_count())

    def _failure(self, outcome: int, chunk: Chunk, row: int, start: int) -> Exception:
        place = start + row - chunk.offset
        if outcome == _OFFSETS_GO_BACK:
            return ValueError(f"row {place}: its offsets go back, or beyond the last one")
        if outcome == _VIEW_OUT_OF_RANGE:
            return ValueError(f"row {place}: its view points outside its buffer")
        if outcome == _TOO_LONG:
            return ValueError(f"row {place}: a text of more than a thousand million octets")
        if outcome == _NO_MEMORY:
            return MemoryError()
        if outcome == _NO_OUTCOME:
            return RuntimeError("a thread that counted ended early")
        (octets,) = read_rows(chunk.addresses, row, row + 1)
        try:
            self._segmenter.count((octets or b"").decode(errors="replace"))
        except EncodingError as error:
            return EncodingError(error.char, error.index, place)
        return ValueError(f"row {place}: not UTF-8")


def _validity_bits(chunk: Chunk) -> int:
    everything = (1 << chunk.length) - 1
    if not chunk.validity:
        return everything
    octets = ctypes.string_at(chunk.validity, chunk.offset + chunk.length + 7 >> 3)
    return int.from_bytes(octets, "little") >> chunk.offset & everything


def _text_or_missing(value: object) -> object:
    """Return None for what pandas and NumPy put where a text is missing."""
    is_missing = type(value).__name__ == "NAType" or (isinstance(value, float) and value != value)
    return None if is_missing else value
