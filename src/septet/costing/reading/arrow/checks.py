"""Checks of Arrow arrays from files and other libraries, before anything else is done with them.

pyarrow trusts offsets, views and dictionary indexes: a cast or a filter of an array with wrong ones
reads outside its memory. So every array is validated in full first. Text that is not UTF-8 is no
such damage: only its row cannot be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...._kernels import are_utf8
from ....arrow.rows import Addresses
from .rows import take_runs

if TYPE_CHECKING:
    from pyarrow import Array

__all__ = ["DAMAGE", "are_sound", "as_binary", "is_damage", "readable_rows", "undecodable_rows"]

# pyarrow's own errors derive from these, except ArrowException itself. Its bindings decode names
# and convert numbers, and fail with errors of Python there.
DAMAGE = (OSError, ValueError, TypeError, LookupError, ArithmeticError, MemoryError, RuntimeError)
"""The errors of reading, checking or converting damaged Arrow data."""


def is_damage(error: Exception) -> bool:
    """Return whether an error is one of `DAMAGE`, or of pyarrow."""
    if isinstance(error, DAMAGE):
        return True
    from pyarrow import ArrowException

    return isinstance(error, ArrowException)


def are_sound(columns: Sequence[Array[Any]]) -> bool:
    """Check arrays in full.

    Args:
        columns: Arrow arrays of any types. They may contradict themselves.

    Returns:
        Whether all texts in them are valid UTF-8.

    Raises:
        ArrowException: An offset, a view, an index or a length is wrong.
    """
    answers = list(map(_is_sound, columns))  # of all of them
    return all(answers)


def readable_rows(*columns: Array[Any]) -> tuple[list[Array[Any]], list[int]]:
    """Return the rows of some columns of texts that are valid UTF-8.

    Neither Parquet nor Spark checks its strings.

    Args:
        columns: Arrow arrays of strings of the same length.

    Returns:
        The columns with the rows whose bytes are valid UTF-8 in all columns, and the indexes of the
        other rows.

    Raises:
        ArrowException: An array is invalid in another way.
    """
    if are_sound(columns):
        return list(columns), []
    unreadable = {row for column in columns for row in undecodable_rows(column)}
    return [take_runs(column, unreadable) for column in columns], sorted(unreadable)


def undecodable_rows(column: Array[Any]) -> list[int]:
    """Return the indexes of the rows of a sound array of strings that are not valid UTF-8."""
    rows = []
    for row, value in enumerate(column):
        try:
            value.as_py()
        except UnicodeDecodeError:
            rows.append(row)
    return rows


def as_binary(column: Any) -> Any:
    """Return an array with bytes in the place of all its texts, without a copy.

    Raises:
        ArrowException: The type has no such counterpart.
    """
    if isinstance(column.type, _pyarrow().BaseExtensionType):
        return as_binary(column.storage)
    return column.view(_binary_type(column.type))


def _is_sound(column: Array[Any]) -> bool:
    from pyarrow import ArrowInvalid

    column.validate()
    if _is_plain_utf8(column):
        return True
    try:
        column.validate(full=True)
    except ArrowInvalid:
        as_binary(column).validate(full=True)  # raises an error if the texts were not the reason
        return False
    return True


def _is_plain_utf8(column: Array[Any]) -> bool:
    """Return whether all rows are UTF-8, faster than pyarrow; False if it is not known."""
    from pyarrow import types

    buffers: list[Any] = column.buffers()
    layout = "u" if types.is_string(column.type) else "U"
    if not (layout == "u" or types.is_large_string(column.type)) or not all(buffers[1:]):
        return False
    rows, values = (buffer.address for buffer in buffers[1:])
    addresses = Addresses(layout, rows, values, 0, 0, 0, 0)
    return are_utf8(addresses, column.offset, column.offset + len(column))


def _binary_type(kind: Any) -> Any:
    """Return a type of the same layout with bytes in the place of texts."""
    pa = _pyarrow()
    texts = {
        pa.string(): pa.binary(),
        pa.large_string(): pa.large_binary(),
        pa.string_view(): pa.binary_view(),
    }
    if kind in texts:
        return texts[kind]
    if isinstance(kind, pa.BaseExtensionType):
        return _binary_type(kind.storage_type)
    if isinstance(kind, pa.DictionaryType):
        return pa.dictionary(kind.index_type, _binary_type(kind.value_type), kind.ordered)
    if isinstance(kind, pa.StructType):
        return pa.struct([_binary_field(kind.field(i)) for i in range(kind.num_fields)])
    if isinstance(kind, pa.MapType):
        return pa.map_(_binary_field(kind.key_field), _binary_field(kind.item_field))
    if isinstance(kind, pa.FixedSizeListType):
        return pa.list_(_binary_field(kind.value_field), kind.list_size)
    lists = {
        pa.ListType: pa.list_,
        pa.LargeListType: pa.large_list,
        pa.ListViewType: pa.list_view,
        pa.LargeListViewType: pa.large_list_view,
    }
    make_list = lists.get(type(kind))
    return kind if make_list is None else make_list(_binary_field(kind.value_field))


def _binary_field(field: Any) -> Any:
    return field.with_type(_binary_type(field.type))


def _pyarrow() -> Any:
    import pyarrow

    return pyarrow
