"""DuckDB: `register(connection)` creates `sms_segments`, `sms_units` and `sms_encoding` for SQL.

DuckDB calls them with 2,048 rows at a time, in one thread at a time. For results in Python it is
faster to count the rows of a query: `septet.count_many(connection.sql("select body from ..."))`.
"""

from __future__ import annotations

from contextlib import suppress
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

__all__ = ["register"]

_ENCODING = "ENUM('{}', '{}')".format(*Encoding)


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
    rules = segmenter or Segmenter()
    for name, function, return_type in (
        ("sms_segments", rules.count_many, "INTEGER"),
        ("sms_units", lambda texts: rules.analyze_many(texts).unit_count, "INTEGER"),
        ("sms_encoding", lambda texts: rules.analyze_many(texts).encoding, _ENCODING),
    ):
        with suppress(duckdb.InvalidInputException):  # it is not registered yet
            connection.remove_function(name)
        connection.create_function(
            name, _without_row(function), ["VARCHAR"], return_type, type="arrow"
        )


def _without_row(function: Callable[[object], object]) -> Callable[[object], object]:
    """Remove the row from errors: it would be a row of one batch of many."""

    def call(texts: object) -> object:  # pragma: no cover  # in threads of DuckDB
        try:
            return function(texts)
        except EncodingError as error:
            raise EncodingError(error.char, error.index) from None

    return call
