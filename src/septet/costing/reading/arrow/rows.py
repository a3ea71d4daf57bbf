"""Rows of Arrow arrays: how many fit into a batch, texts without a dictionary, rows left out.

Old versions of pyarrow have no kernels for views and run-end-encoded arrays; and no version has one
for the dictionaries of views that Polars makes of its categories. So rows are left out by
concatenating the others, which works for arrays of all types.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyarrow import Array

__all__ = [
    "BATCH_BYTES",
    "BATCH_ROWS",
    "as_plain_text",
    "is_text",
    "split_rows",
    "take_runs",
    "value_type",
]

BATCH_ROWS = 32_768
BATCH_BYTES = 8 << 20
"""The size of the texts in a batch, unless its only row is larger."""

_VIEW_INTEGERS = 4  # a view consists of four int32, and the first one is its length


def value_type(kind: Any) -> Any:
    """Return the type of the values, for a dictionary of any depth and for other types."""
    from pyarrow import types

    return value_type(kind.value_type) if types.is_dictionary(kind) else kind


def is_text(kind: Any) -> bool:
    """Return whether a type holds texts or nothing, in a dictionary or not."""
    from pyarrow import types

    tests = (types.is_null, types.is_string, types.is_large_string, types.is_string_view)
    return any(test(value_type(kind)) for test in tests)


def as_plain_text(column: Any) -> Any:
    """Return a sound array as one of texts, without a dictionary."""
    from pyarrow import string, types

    if types.is_dictionary(column.type):
        return without_views(as_plain_text(column.dictionary)).take(column.indices)
    if types.is_null(column.type) or not is_text(column.type):
        return column.cast(string())
    return column


def without_views(column: Array[Any]) -> Array[Any]:
    """Return a sound array of texts with offsets; its rows become Python objects in between."""
    from pyarrow import array, binary_view, large_binary, large_string, types

    if not types.is_string_view(column.type):
        return column
    rows: Any = column.view(binary_view()).to_pylist()
    return array(rows, large_binary()).view(large_string())


def split_rows(columns: Sequence[Array[Any]], row_count: int) -> Iterator[tuple[int, int]]:
    """Yield the first row, and the row after the last, of batches of a bounded size.

    Args:
        columns: The sound arrays that will be decoded, of texts or of other types.
        row_count: The number of rows of each.
    """
    for start in range(0, row_count, BATCH_ROWS):
        stop = min(start + BATCH_ROWS, row_count)
        yield from _split_bytes([column[start:stop] for column in columns], start, stop)


def _split_bytes(columns: list[Array[Any]], start: int, stop: int) -> Iterator[tuple[int, int]]:
    bounds = [_max_bytes(column) for column in columns]
    if sum(bounds) <= BATCH_BYTES:
        yield start, stop
        return
    sizes = [
        _row_sizes(column)
        for column, bound in zip(columns, bounds, strict=True)
        if bound > BATCH_BYTES // len(columns)
    ]
    first, size = start, 0
    for row, row_sizes in enumerate(zip(*sizes, strict=True), start):
        size += sum(row_sizes)
        if size > BATCH_BYTES and row > first:
            yield first, row
            first, size = row, sum(row_sizes)
    yield first, stop


def _max_bytes(column: Any) -> int:
    """Return a bound for the bytes of all rows of an array, once they are decoded."""
    from pyarrow import types

    if types.is_dictionary(column.type):
        return len(column) * max(_row_sizes(column.dictionary), default=0)
    if types.is_run_end_encoded(column.type):
        return len(column) * max(_row_sizes(column.values), default=0)
    if types.is_string_view(column.type):
        return sum(_row_sizes(column))
    return int(column.nbytes)


def _row_sizes(column: Any) -> Sequence[int]:
    """Return the bytes of each row of an array, once it is decoded."""
    from pyarrow import types

    kind, first, stop = column.type, column.offset, column.offset + len(column)
    if types.is_run_end_encoded(kind):
        return [max(_row_sizes(column.values), default=0)] * len(column)
    if types.is_dictionary(kind):
        sizes = [*_row_sizes(column.dictionary), 0]
        indexes: Any = column.indices.fill_null(0).to_pylist() if len(sizes) > 1 else []
        return [sizes[index] for index in indexes] or [0] * len(column)
    buffers: list[Any] = column.buffers()
    if not len(column) or len(buffers) < 2 or buffers[1] is None:
        return [0] * len(column)
    if types.is_string_view(kind):
        views = memoryview(buffers[1]).cast("B").cast("i")
        return [
            max(0, length) for length in views[_VIEW_INTEGERS * first :: _VIEW_INTEGERS].tolist()
        ][: len(column)]
    if types.is_string(kind) or types.is_large_string(kind):
        offsets = memoryview(buffers[1]).cast("B").cast("i" if types.is_string(kind) else "q")
        return [end - begin for begin, end in pairwise(offsets[first : stop + 1].tolist())]
    return [-(-column.nbytes // len(column))] * len(column)


def take_runs(column: Array[Any], left_out: Collection[int]) -> Array[Any]:
    """Return the rows of a sound array without some of them.

    Args:
        column: An array of any type.
        left_out: The indexes of the other rows.
    """
    from pyarrow import concat_arrays

    borders = [-1, *sorted(left_out), len(column)]
    runs = [column[before + 1 : after] for before, after in pairwise(borders)]
    return concat_arrays([run for run in runs if len(run)] or runs[:1])
