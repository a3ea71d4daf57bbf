"""DuckDB: `register(connection)` creates functions for SQL, such as `sms_segments(text)`.

DuckDB calls them with 2,048 rows at a time, in one thread at a time. For results in Python it is
faster to count the rows of a query: `septet.count_many(connection.sql("select body from ..."))`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from ..arrow.structures import Chunk
from ..columns.counting import ColumnCounter
from ..costing.rates.price_columns import PRICE_TYPE, PriceFinder
from ..exceptions import EncodingError, MissingExtraError
from ..segmentation import Segmenter
from ..standard.encoding import Encoding
from .arrow_prices import to_decimals

try:
    import duckdb
    import numpy  # noqa: F401  # DuckDB imports it and pyarrow to hand columns to a function
    import pyarrow
    import pyarrow.compute
except ImportError as error:
    raise MissingExtraError(error.name or "duckdb", "duckdb", "septet.frames.duckdb") from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..columns.facts import ColumnFacts
    from ..costing import RateCard
    from ..costing.rates.price_columns import Bound

__all__ = ["register"]

_ENCODING_TYPE = "ENUM('{}', '{}')".format(*Encoding)
_PRICE_TYPE = "DECIMAL({}, {})".format(*PRICE_TYPE)
_ENCODINGS = pyarrow.array(list(map(str, Encoding)))
_FORMATS = {pyarrow.string(): "u", pyarrow.large_string(): "U"}


def register(
    connection: duckdb.DuckDBPyConnection,
    segmenter: Segmenter | None = None,
    rates: RateCard | None = None,
    *,
    currency: str | None = None,
    bound: Bound | None = None,
) -> None:
    """Create the SQL functions in the database of a connection, until it is closed.

    `sms_segments(text)` returns the segments of a text, `sms_units(text)` its septets or code units
    without headers, both as INTEGER; `sms_encoding(text)` returns 'gsm7' or 'ucs2' as an ENUM of
    the two. `sms_transliterate(text)` and `sms_transliterate(text, level)` return the text that
    `transliterate` does, as VARCHAR. NULL gives NULL. Registering again replaces the functions.

    With a rate card, `sms_price(text, number)` and `sms_price(text, number, network)` return what a
    message costs, as DECIMAL(18, 6). It is NULL for a row without text, for a number without a
    price, and for a price that is a range, because the network is not known, unless `bound` is
    given. The sum of a column is that of the estimate.

    Args:
        connection: A connection, as `duckdb.connect()` returns it.
        segmenter: The rules to count by; the default rules if omitted.
        rates: The rate card of `sms_price`; there is no such function if omitted.
        currency: The currency of the prices; rows in other currencies are NULL. It may be omitted
            if the card has only one.
        bound: "lowest" or "highest": which bound of a price is returned if it is a range.

    Raises:
        ValueError: The card has several currencies and `currency` is omitted, or no rate has this
            one; or `bound` is unknown.

    Example:
        >>> connection = duckdb.connect()
        >>> septet.frames.duckdb.register(connection)
        >>> connection.sql("select sms_segments('Hello')").fetchone()
        (1,)
    """
    rules = segmenter or Segmenter()
    finder = None
    if rates is not None:
        finder = PriceFinder(rates, rules, currency=currency, bound=bound)
    segments = ColumnCounter(rules.kernel, with_units=False)
    analysis = ColumnCounter(rules.kernel)
    text = ["VARCHAR"]
    for name, function, parameters, return_type in (
        ("sms_segments", partial(_figures, segments, _segment_counts), text, "INTEGER"),
        ("sms_units", partial(_figures, analysis, _unit_counts), text, "INTEGER"),
        ("sms_encoding", partial(_figures, analysis, _encodings), text, _ENCODING_TYPE),
        # Without parameters DuckDB passes any number of arguments: it has no optional ones.
        ("sms_transliterate", partial(_transliterate, rules), None, "VARCHAR"),
    ):
        with suppress(duckdb.InvalidInputException):  # it is not registered yet
            connection.remove_function(name)
        connection.create_function(
            name, _without_row(function), parameters, return_type, type="arrow"
        )
    with suppress(duckdb.InvalidInputException):
        connection.remove_function("sms_price")
    if finder is not None:
        connection.create_function(
            "sms_price",
            _without_row(partial(_prices, finder)),
            None,
            _PRICE_TYPE,
            type="arrow",
            null_handling="special",  # a network may be NULL
        )


def _without_row(function: Callable[..., object]) -> Callable[..., object]:
    """Remove the row from errors: it would be a row of one batch of many."""

    def call(*columns: object) -> object:  # pragma: no cover  # in threads of DuckDB
        try:
            return function(*columns)
        except EncodingError as error:
            raise EncodingError(error.char, error.index) from None

    return call


def _figures(  # pragma: no cover  # in threads of DuckDB
    counter: ColumnCounter,
    column_of: Callable[[ColumnFacts], pyarrow.Array[Any]],
    texts: pyarrow.ChunkedArray[Any],
) -> pyarrow.ChunkedArray[Any]:
    """Return a figure of each text; DuckDB itself keeps nulls away.

    The buffers are handed over as pyarrow has them: for so few rows, Arrow capsules take more time
    than counting.
    """
    columns = []
    for chunk in texts.chunks:
        if chunk.type not in _FORMATS:  # views, by a setting of the connection
            chunk = chunk.cast(pyarrow.large_string())
        addresses = tuple(buffer.address if buffer else 0 for buffer in chunk.buffers()[1:])
        piece = Chunk(_FORMATS[chunk.type], len(chunk), chunk.offset, 0, addresses, 0, None, chunk)
        columns.append(column_of(counter.count_piece(piece)))
    return pyarrow.chunked_array(columns)


def _transliterate(  # pragma: no cover  # in threads of DuckDB
    rules: Segmenter, *arguments: Any
) -> object:
    """Return the texts of the first argument after replacements; the second one has the levels."""
    if not 1 <= len(arguments) <= 2:
        raise TypeError("sms_transliterate takes a text, or a text and a level")
    texts, *levels = arguments
    if not levels:
        return pyarrow.array(rules.transliterate_many(texts), pyarrow.large_string())
    replaced = pyarrow.nulls(len(texts), pyarrow.large_string())
    for level in pyarrow.compute.unique(levels[0]).drop_null().to_pylist():
        of_level = pyarrow.array(rules.transliterate_many(texts, level), pyarrow.large_string())
        replaced = pyarrow.compute.if_else(
            pyarrow.compute.equal(levels[0], level), of_level, replaced
        )
    return replaced


def _prices(  # pragma: no cover  # in threads of DuckDB
    finder: PriceFinder, *arguments: Any
) -> pyarrow.Array[Any]:
    """Return the prices of texts, by their numbers and, if given, their networks."""
    if not 2 <= len(arguments) <= 3:
        raise TypeError("sms_price takes a text and a number, or a text, a number and a network")
    return to_decimals(finder.find(*arguments))


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
