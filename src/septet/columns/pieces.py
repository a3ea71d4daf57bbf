"""Read the pieces of a column: lists of texts or Arrow arrays, whatever library holds the column.

Lists and other iterables, the Arrow C data interface (pyarrow, Polars, DuckDB, nanoarrow, pandas)
and NumPy arrays of texts are supported. Arrow arrays are read in place: no row becomes a Python
string.
"""

from __future__ import annotations

from itertools import islice

from ..arrow.structures import NULL, read_chunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeAlias

    from ..arrow.structures import Chunk

    Piece: TypeAlias = list[Any] | Chunk

__all__ = ["find_hint", "read_dictionary", "read_pieces"]

_BATCH_ROWS = 65_536  # of an iterable that is not a list

_HINTS = {
    "collect": "call its method collect() first, which reads the rows",
    "compute": "call its method compute() first, which reads the rows",
    "to_arrow": "call its method to_arrow() first",
    "toArrow": "call its method toArrow() first; septet.frames.spark works on the cluster",
    "to_pandas": "call its method to_pandas() first",
    "_to_pandas": "call modin.to_pandas(…) first",
}
"""Methods of objects of other libraries that hold no rows yet, or hold them elsewhere."""


def read_pieces(column: Any) -> Iterator[Piece]:
    """Yield the rows of a column, in order, as lists or as Arrow arrays.

    Args:
        column: A list or any other iterable of `str | None`, an object of the Arrow C data
            interface, a NumPy array or a pandas Series of texts.

    Raises:
        TypeError: The object is not a column, or not one of texts; the message names its type.
        ValueError: The Arrow structures are inconsistent.
    """
    if isinstance(column, str | bytes | dict):
        raise _not_a_column(column)
    dtype = getattr(column, "dtype", None)
    kind = getattr(dtype, "kind", None)
    # pandas exports every Series through Arrow, but only these without converting the rows.
    is_arrow = kind is None or getattr(dtype, "storage", None) == "pyarrow"
    if type(column) is list:
        yield column
    elif isinstance(column, list):
        yield list.copy(column)  # the kernels read exact lists only
    elif isinstance(column, tuple):
        yield list(column)
    elif is_arrow and (
        hasattr(column, "__arrow_c_array__") or hasattr(column, "__arrow_c_stream__")
    ):
        yield from map(_piece_of, read_chunks(column))
    elif find_hint(column) is not None and not hasattr(column, "tolist"):
        raise _not_a_column(column)
    elif kind in ("O", "T", "U"):
        yield [t if type(t) is str else _text_or_none(t) for t in column.tolist()]
    elif kind is not None:
        raise TypeError(f"expected a column of texts, got type {column.dtype}")
    else:
        try:
            rows = iter(column)
        except TypeError:
            raise _not_a_column(column) from None
        while batch := list(islice(rows, _BATCH_ROWS)):
            yield batch


def find_hint(source: object) -> str | None:
    """Return what to do with an object whose rows cannot be read in place, or None.

    Args:
        source: A column or a table of another library.
    """
    kind = type(source)
    if kind.__module__.startswith("pyspark."):
        return _HINTS["toArrow"]
    return next((hint for name, hint in _HINTS.items() if hasattr(kind, name)), None)


def read_dictionary(chunk: Chunk) -> Piece:
    """Return the distinct values of an Arrow array with a dictionary."""
    if chunk.dictionary is None:
        raise ValueError("the Arrow array has no dictionary")
    return _piece_of(chunk.dictionary)


def _piece_of(chunk: Chunk) -> Piece:
    """Return the chunk, or its rows if Arrow's type for them is "null"."""
    return [None] * chunk.length if chunk.format == NULL else chunk


def _not_a_column(column: object) -> TypeError:
    name = type(column).__name__
    hint = find_hint(column)
    expected = f"expected a column (list, Arrow array, Series, …), got {name}"
    return TypeError(expected if hint is None else f"{expected}; {hint}")


def _text_or_none(value: object) -> object:
    """Return None for the values by which pandas and NumPy mark a missing text."""
    is_missing = type(value).__name__ == "NAType" or (isinstance(value, float) and value != value)
    return None if is_missing else value
