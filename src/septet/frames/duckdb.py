"""DuckDB: `register(connection)` creates `sms_segments`, `sms_units` and `sms_encoding` for SQL.

DuckDB calls them with 2,048 rows at a time, in one thread at a time. For results in Python it is
faster to count the rows of a query: `septet.count_many(connection.sql("select body from ..."))`.
"""

from __future__ import annotations

from contextlib import suppress

from ..arrow.structures import Chunk
from ..columns.counting import ColumnCounter
from ..exceptions import EncodingError, MissingExtraError
from ..segmentation import Segmenter
from ..standard.encoding import Encoding

try:
    import duckdb
    import numpy  # noqa: F401  # DuckDB imports it and pyarrow to hand columns to a function
    import pyarrow
except ImportError as error:
    raise MissingExtraError(error.name or "duckdb", "duckdb", "septet.frames.duckdb") from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..columns.facts import ColumnFacts

__all__ = ["register"]

_ENCODING_TYPE = "ENUM('{}', '{}')".format(*Encoding)
_ENCODINGS = pyarrow.array(list(map(str, Encoding)))
_FORMATS = {pyarrow.string(): "u", pyarrow.large_string(): "U"}


def register(connection: duckdb.DuckDBPyConnection, segmenter: Segmenter | None = None) -> None:
    """Create the SQL functions in the database of a connection, until it is closed.

    `sms_segments(text)` returns the segments of a text, `sms_units(text)` its septets or code units
    without headers, both as INTEGER; `sms_encoding(text)` returns 'gsm7' or 'ucs2' as an ENUM of
    the two. NULL gives NULL. Registering again replaces the functions.

    Args:
        connection: A connection, as `duckdb.connect()` returns it.
        segmenter: The rules to count by; the default rules if omitted.

    Example:
        >>> connection = duckdb.connect()
        >>> septet.frames.duckdb.register(connection)
        >>> connection.sql("select sms_segments('Hello')").fetchone()
        (1,)
    """
    kernel = (segmenter or Segmenter()).kernel
    segments = ColumnCounter(kernel, with_units=False)
    analysis = ColumnCounter(kernel)
    for name, counter, column_of, return_type in (
        ("sms_segments", segments, _segment_counts, "INTEGER"),
        ("sms_units", analysis, _unit_counts, "INTEGER"),
        ("sms_encoding", analysis, _encodings, _ENCODING_TYPE),
    ):
        with suppress(duckdb.InvalidInputException):  # it is not registered yet
            connection.remove_function(name)
        function = _make_function(counter, column_of)
        connection.create_function(name, function, ["VARCHAR"], return_type, type="arrow")


def _make_function(
    counter: ColumnCounter, column_of: Callable[[ColumnFacts], pyarrow.Array[Any]]
) -> Callable[[Any], object]:
    """Return a function of a batch of rows; DuckDB itself keeps nulls away.

    The buffers are handed over as pyarrow has them: for so few rows, Arrow capsules take more time
    than counting.
    """

    def call(texts):  # type: ignore[no-untyped-def]  # DuckDB evaluates annotations
        columns = []
        for chunk in texts.chunks:
            if chunk.type not in _FORMATS:  # views, by a setting of the connection
                chunk = chunk.cast(pyarrow.large_string())
            _, offsets, values = chunk.buffers()
            addresses = (offsets.address, values.address if values else 0)
            layout = _FORMATS[chunk.type]
            piece = Chunk(layout, len(chunk), chunk.offset, 0, addresses, 0, None, chunk)
            try:
                columns.append(column_of(counter.count_piece(piece)))
            except EncodingError as error:
                # Without the row: it would be a row of one batch of many.
                raise EncodingError(error.char, error.index) from None
        return pyarrow.chunked_array(columns)

    return call


def _segment_counts(facts: ColumnFacts) -> pyarrow.Array[Any]:
    return _column(pyarrow.int32(), facts.segment_counts)


def _unit_counts(facts: ColumnFacts) -> pyarrow.Array[Any]:
    return _column(pyarrow.int32(), facts.unit_counts)


def _encodings(facts: ColumnFacts) -> pyarrow.Array[Any]:
    indexes = _column(pyarrow.uint8(), facts.encodings)
    return pyarrow.DictionaryArray.from_arrays(indexes, _ENCODINGS)


def _column(kind: pyarrow.DataType, values: bytearray | None) -> pyarrow.Array[Any]:
    buffer = pyarrow.py_buffer(values or b"")
    row_count = buffer.size // (kind.bit_width // 8)
    return pyarrow.Array.from_buffers(kind, row_count, [None, buffer])
