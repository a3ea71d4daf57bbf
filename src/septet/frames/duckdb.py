"""DuckDB: `register(connection)` creates `sms_segments`, `sms_units` and `sms_encoding` for SQL.

DuckDB hands them 2,048 rows at a time, one thread at once. Who wants the numbers in Python pulls
the rows instead, with all threads: `septet.count_many(connection.sql("select body from ..."))`.
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
    """Create the functions in the database of a connection, until it is closed.

    `sms_segments(text)` gives the segments of a text, `sms_units(text)` its septets or code units
    without any header, both as INTEGER; `sms_encoding(text)` gives 'gsm7' or 'ucs2', as an ENUM of
    the two. NULL gives NULL. Registering again replaces them.

    Args:
        connection: What `duckdb.connect()` returns.
        segmenter: The rules to count by.
    """
    rules = segmenter or Segmenter()
    for name, function, returned in (
        ("sms_segments", rules.count_many, "INTEGER"),
        ("sms_units", lambda texts: rules.analyze_many(texts).unit_count, "INTEGER"),
        ("sms_encoding", lambda texts: rules.analyze_many(texts).encoding, _ENCODING),
    ):
        with suppress(duckdb.InvalidInputException):  # there was none
            connection.remove_function(name)
        connection.create_function(name, _rowless(function), ["VARCHAR"], returned, type="arrow")


def _rowless(function: Callable[[object], object]) -> Callable[[object], object]:
    """Keep an error from naming a row, as the rows are some of many."""

    def call(texts: object) -> object:  # pragma: no cover  # in threads of DuckDB
        try:
            return function(texts)
        except EncodingError as error:
            raise EncodingError(error.char, error.index) from None

    return call
