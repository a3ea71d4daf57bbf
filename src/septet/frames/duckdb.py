"""DuckDB: `register(connection)` creates functions for SQL, such as `sms_segments(text)`.

DuckDB calls them with 2,048 rows at a time, in one thread at a time. For results in Python it is
faster to count the rows of a query: `septet.count_many(connection.sql("select body from ..."))`.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from importlib.util import find_spec

from ..exceptions import EncodingError, MissingExtraError
from ..segmentation import Segmenter
from ..standard.encoding import Encoding

try:
    import duckdb
except ImportError as error:
    raise MissingExtraError("duckdb", "duckdb", "septet.frames.duckdb") from error
for package in ("numpy", "pyarrow"):  # DuckDB imports them to hand columns to a function
    if find_spec(package) is None:
        raise MissingExtraError(package, "duckdb", "septet.frames.duckdb")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["register"]

_ENCODING = "ENUM('{}', '{}')".format(*Encoding)


def register(connection: duckdb.DuckDBPyConnection, segmenter: Segmenter | None = None) -> None:
    """Create the SQL functions in the database of a connection, until it is closed.

    `sms_segments(text)` returns the segments of a text, `sms_units(text)` its septets or code units
    without headers, both as INTEGER; `sms_encoding(text)` returns 'gsm7' or 'ucs2' as an ENUM of
    the two. `sms_transliterate(text)` and `sms_transliterate(text, level)` return the text that
    `transliterate` does, as VARCHAR. NULL gives NULL. Registering again replaces the functions.

    Args:
        connection: A connection, as `duckdb.connect()` returns it.
        segmenter: The rules to count by; the default rules if omitted.

    Example:
        >>> connection = duckdb.connect()
        >>> septet.frames.duckdb.register(connection)
        >>> connection.sql("select sms_segments('Hello')").fetchone()
        (1,)
    """
    rules = segmenter or Segmenter()
    text = ["VARCHAR"]
    for name, function, parameters, return_type in (
        ("sms_segments", rules.count_many, text, "INTEGER"),
        ("sms_units", lambda texts: rules.analyze_many(texts).unit_count, text, "INTEGER"),
        ("sms_encoding", lambda texts: rules.analyze_many(texts).encoding, text, _ENCODING),
        # Without parameters DuckDB passes any number of arguments: it has no optional ones.
        ("sms_transliterate", partial(_transliterate, rules), None, "VARCHAR"),
    ):
        with suppress(duckdb.InvalidInputException):  # it is not registered yet
            connection.remove_function(name)
        connection.create_function(
            name, _without_row(function), parameters, return_type, type="arrow"
        )


def _transliterate(  # pragma: no cover  # in threads of DuckDB
    rules: Segmenter, *arguments: Any
) -> object:
    """Return the texts of the first argument after replacements; the second one has the levels."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not 1 <= len(arguments) <= 2:
        raise TypeError("sms_transliterate takes a text, or a text and a level")
    texts, *levels = arguments
    if not levels:
        return pa.array(rules.transliterate_many(texts), pa.large_string())
    replaced = pa.nulls(len(texts), pa.large_string())
    for level in pc.unique(levels[0]).drop_null().to_pylist():
        of_level = pa.array(rules.transliterate_many(texts, level), pa.large_string())
        replaced = pc.if_else(pc.equal(levels[0], level), of_level, replaced)
    return replaced


def _without_row(function: Callable[..., object]) -> Callable[..., object]:
    """Remove the row from errors: it would be a row of one batch of many."""

    def call(*columns: object) -> object:  # pragma: no cover  # in threads of DuckDB
        try:
            return function(*columns)
        except EncodingError as error:
            raise EncodingError(error.char, error.index) from None

    return call
