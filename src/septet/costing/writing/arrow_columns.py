"""Kept columns of Arrow sources: as cells of text, and as Parquet can hold them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from ...display.wording import shorten
from ...exceptions import SourceError
from ..reading.arrow.checks import DAMAGE, as_binary
from ..reading.arrow.rows import without_views
from ..reading.unreadable_rows import first_line

__all__ = ["check_writable", "iter_cells", "to_parquet"]

_MAX_TYPE_LENGTH = 80
_ROWS_AT_ONCE = 16


def iter_cells(column: Any, place: str) -> Iterator[Any]:
    """Yield the rows of a sound Arrow array as CSV has them, a few of them in memory at a time.

    Bytes, and texts that are not UTF-8, are decoded with `surrogateescape`, so that they can be
    written unchanged.

    Args:
        column: The array, of any type.
        place: The source and the column, for the error message.

    Raises:
        SourceError: A value cannot be shown as text.
    """
    from pyarrow import ArrowException, types

    # A row of the others can be much larger as an object than it is in the array.
    is_plain = types.is_primitive(column.type) or types.is_string(column.type)
    step = max(1, len(column)) if is_plain else _ROWS_AT_ONCE
    try:
        for start in range(0, len(column), step):
            part = column[start : start + step]
            try:
                values = part.to_pylist()
            except (OverflowError, ValueError):
                values = [_to_python(part, row) for row in range(len(part))]
            for value in values:
                is_bytes = isinstance(value, bytes)
                yield value.decode("utf-8", "surrogateescape") if is_bytes else value
    except (ArrowException, *DAMAGE) as error:
        raise SourceError(f"{place} cannot be written as text: {first_line(error)}") from error


def to_parquet(column: Any, place: str) -> Any:
    """Return a sound Arrow array as one that Parquet can hold.

    Categories keep their dictionary if possible; views and run-end-encoded arrays are decoded.

    Args:
        column: The array, of any type.
        place: The source and the column, for the error message.

    Raises:
        SourceError: Parquet cannot hold the type of the array.
    """
    from pyarrow import ArrowException

    kind = column.type
    reason: Exception | None = None
    for target in filter(_is_writable, (kind, _decoded(kind, True), _decoded(kind, False))):
        try:
            return _without_null_value(_convert(column, target))
        except (ArrowException, *DAMAGE) as error:  # old versions make fewer dictionaries
            reason = error
    if reason is not None:
        message = f"{place} cannot be written as Parquet: {first_line(reason)}"
        raise SourceError(message) from reason
    shown = shorten(str(kind), _MAX_TYPE_LENGTH)
    raise SourceError(
        f"{place} cannot be written as Parquet, which has no type {shown}; write CSV instead"
    )


def check_writable(column: Any, place: str) -> None:
    """Check that the rows of an array can be written to Parquet.

    Raises:
        SourceError: They cannot, such as seconds that are too many to be written as milliseconds.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException, BufferOutputStream, table

    try:
        pq.write_table(table({"column": column}), BufferOutputStream())
    except (ArrowException, *DAMAGE) as error:
        message = f"{place} cannot be written as Parquet: {first_line(error)}"
        raise SourceError(message) from error


def _without_null_value(column: Any) -> Any:
    """Return an array without a null in its dictionary; its rows are null themselves."""
    import pyarrow as pa
    from pyarrow import compute

    if not isinstance(column.type, pa.DictionaryType) or not column.dictionary.null_count:
        return column
    values, indexes = column.dictionary, column.indices
    is_null = compute.fill_null(values.is_null().take(indexes), True)
    indexes = compute.if_else(is_null, pa.scalar(None, indexes.type), indexes)
    first = values.drop_null()
    if not len(first):
        return pa.nulls(len(column), column.type)
    return pa.DictionaryArray.from_arrays(
        indexes, values.fill_null(first[0]), ordered=column.type.ordered
    )


def _to_python(column: Any, row: int) -> Any:
    """Return a row as an object, even if it is not a valid text, date or time."""
    from pyarrow import string

    try:
        return column[row].as_py()
    except UnicodeDecodeError:
        return as_binary(column)[row].as_py()
    except (OverflowError, ValueError):  # of dates and times that Python does not have
        return column[row].cast(string()).as_py()


@cache
def _is_writable(kind: Any) -> bool:
    """Return whether this version of pyarrow writes a type to Parquet."""
    import pyarrow
    import pyarrow.parquet as pq

    pa: Any = pyarrow  # the stubs list the types that it takes one by one
    if pa.types.is_nested(kind) and _has_views(kind):
        return False  # depends on the rows: it fails where it has to slice the views
    try:
        if isinstance(kind, pa.BaseExtensionType):
            rows: Any = pa.ExtensionArray.from_storage(kind, pa.nulls(1, kind.storage_type))
        else:
            rows = pa.nulls(1, kind)
        pq.write_table(pa.table({"column": rows}), pa.BufferOutputStream())
    except (pa.ArrowException, OSError):  # the second for decimals that Parquet does not have
        return False
    return True


def _has_views(kind: Any) -> bool:
    """Return whether a type is a view of texts or bytes, or consists of such views."""
    import pyarrow as pa

    if kind in (pa.string_view(), pa.binary_view()):
        return True
    names = ("value_type", "key_type", "item_type", "storage_type")
    parts = [getattr(kind, name) for name in names if hasattr(kind, name)]
    if isinstance(kind, pa.StructType):
        parts = [kind.field(i).type for i in range(kind.num_fields)]
    return any(map(_has_views, parts))


def _decoded(kind: Any, with_dictionaries: bool) -> Any:
    """Return the type of an array once its views and run ends, and its dictionaries, are decoded.

    Args:
        kind: The type of the array.
        with_dictionaries: Whether dictionaries remain.
    """
    import pyarrow as pa

    views = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}
    if kind in views:
        return views[kind]
    if isinstance(kind, pa.DictionaryType):
        value_type = _decoded(kind.value_type, with_dictionaries)
        return (
            pa.dictionary(kind.index_type, value_type, kind.ordered)
            if with_dictionaries
            else value_type
        )
    if isinstance(kind, pa.RunEndEncodedType):
        return _decoded(kind.value_type, with_dictionaries)
    if isinstance(kind, pa.BaseExtensionType):
        return _decoded(kind.storage_type, with_dictionaries)

    def field(field: Any) -> Any:
        return field.with_type(_decoded(field.type, with_dictionaries))

    if isinstance(kind, pa.StructType):
        return pa.struct([field(kind.field(i)) for i in range(kind.num_fields)])
    if isinstance(kind, pa.MapType):
        return pa.map_(field(kind.key_field), field(kind.item_field))
    if isinstance(kind, pa.FixedSizeListType):
        return pa.list_(field(kind.value_field), kind.list_size)
    if isinstance(kind, pa.ListType | pa.ListViewType):
        return pa.list_(field(kind.value_field))
    if isinstance(kind, pa.LargeListType | pa.LargeListViewType):
        return pa.large_list(field(kind.value_field))
    return kind


def _convert(column: Any, target: Any) -> Any:
    """Return an array with the same values of a type that `_decoded` returned for its type."""
    import pyarrow as pa

    kind = column.type
    if kind == target:
        return column
    if isinstance(kind, pa.BaseExtensionType):
        return _convert(column.storage, target)
    if isinstance(kind, pa.DictionaryType):
        if isinstance(target, pa.DictionaryType):
            values = _convert(column.dictionary, target.value_type)
            return pa.DictionaryArray.from_arrays(column.indices, values, ordered=kind.ordered)
        return _convert(column.dictionary, target).take(column.indices)
    if pa.types.is_string_view(kind):
        return without_views(column)
    if isinstance(kind, pa.StructType):
        fields = [target.field(i) for i in range(target.num_fields)]
        children = [_convert(column.field(i), each.type) for i, each in enumerate(fields)]
        return pa.StructArray.from_arrays(children, fields=fields, mask=column.is_null())
    if isinstance(kind, pa.ListType | pa.LargeListType):
        values = _convert(column.values, target.value_type)
        buffers = column.buffers()[:2]
        return pa.Array.from_buffers(
            target, len(column), buffers, column.null_count, column.offset, [values]
        )
    return pa.array(column.to_pylist(), target)
