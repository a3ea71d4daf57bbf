"""The Arrow C data interface: its structures, and columns of texts read from them.

Arrow asks every implementation to copy these structures (Arrow columnar format: C data interface, C
stream interface, PyCapsule interface). This module declares them with `ctypes` and reads those of
other libraries; `export` fills those of our own columns. The kernels get addresses and never see a
capsule. Structures from other libraries are not trusted: everything that can be checked is checked
before any row is read.
"""

from __future__ import annotations

import ctypes
from collections import namedtuple
from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    byref,
    c_char_p,
    c_int,
    c_int64,
    c_void_p,
)

from .rows import Addresses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = [
    "INDEXES",
    "NULL",
    "OFFSETS",
    "STRINGS",
    "Array",
    "Chunk",
    "Schema",
    "Stream",
    "capsule_pointer",
    "error_text_function",
    "get_function",
    "read_chunks",
    "release_function",
]

OFFSETS = {"u": ctypes.c_int32, "U": ctypes.c_int64}
"""The ctypes type of the offsets, for the formats that have offsets."""

STRINGS = {"u": "utf8", "U": "large_utf8", "vu": "utf8_view"}
"""Formats of texts, with the names that Arrow gives them."""

NULL = "n"
"""Format of an array of nulls: a producer chooses it for a column without any text."""

INDEXES = {
    "c": ctypes.c_int8,
    "C": ctypes.c_uint8,
    "s": ctypes.c_int16,
    "S": ctypes.c_uint16,
    "i": ctypes.c_int32,
    "I": ctypes.c_uint32,
    "l": ctypes.c_int64,
    "L": ctypes.c_uint64,
}
"""Formats of dictionary indexes, with their ctypes types."""

_NAMES = {
    "n": "null", "b": "bool", "c": "int8", "C": "uint8", "s": "int16", "S": "uint16", "i": "int32",
    "I": "uint32", "l": "int64", "L": "uint64", "e": "float16", "f": "float32", "g": "float64",
    "z": "binary", "Z": "large_binary", "vz": "binary_view", "tdD": "date32", "tdm": "date64",
    "+l": "list", "+L": "large_list", "+m": "map", "+r": "run_end_encoded",
}  # fmt: skip


class Schema(Structure):
    """`struct ArrowSchema`: the type of an array."""


class Array(Structure):
    """`struct ArrowArray`: the rows of an array."""


class Stream(Structure):
    """`struct ArrowArrayStream`: several arrays of one type."""


Schema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_char_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(Schema))),
    ("dictionary", POINTER(Schema)),
    ("release", c_void_p),
    ("private_data", c_void_p),
]
Array._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", POINTER(c_void_p)),
    ("children", POINTER(POINTER(Array))),
    ("dictionary", POINTER(Array)),
    ("release", c_void_p),
    ("private_data", c_void_p),
]
Stream._fields_ = [
    ("get_schema", c_void_p),
    ("get_next", c_void_p),
    ("get_last_error", c_void_p),
    ("release", c_void_p),
    ("private_data", c_void_p),
]

release_function = CFUNCTYPE(None, c_void_p)
get_function = CFUNCTYPE(c_int, c_void_p, c_void_p)
error_text_function = CFUNCTYPE(c_char_p, c_void_p)

capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
capsule_pointer.restype = c_void_p
capsule_pointer.argtypes = [ctypes.py_object, c_char_p]


class _Owned:
    """A structure moved from its producer to us: released when nothing refers to it any more."""

    def __init__(self, struct: Any) -> None:
        self.struct = struct

    @classmethod
    def take(cls, kind: type[Any], capsule: object, name: bytes) -> _Owned:
        """Move a structure out of its capsule, which is empty afterwards."""
        source = kind.from_address(capsule_pointer(capsule, name))
        if not source.release:
            raise ValueError(f"the {name.decode()} was already released")
        struct = kind()
        ctypes.memmove(byref(struct), byref(source), ctypes.sizeof(kind))
        source.release = None
        return cls(struct)

    def __del__(self) -> None:
        if self.struct.release:
            release_function(self.struct.release)(ctypes.addressof(self.struct))


class Chunk(
    namedtuple(
        "Chunk",
        (
            "format",
            "length",
            "offset",
            "validity",
            "buffers",
            "view_buffers",
            "dictionary",
            "owner",
        ),
    )
):
    """One Arrow array of a column, as addresses.

    Attributes:
        format: Arrow's format of the values, or of the indexes if there is a dictionary.
        length: Number of rows.
        offset: Row of the buffers that is row 0 of the chunk.
        validity: Address of the validity bits, one for each row; 0 if no row is null.
        buffers: Addresses of the other buffers.
        view_buffers: Address of the addresses of the buffers that the views of a utf8_view use.
        dictionary: The chunk of distinct values that the indexes select from, or None.
        owner: The object that keeps the buffers alive.
    """

    __slots__ = ()

    format: str
    length: int
    offset: int
    validity: int
    buffers: tuple[int, ...]
    view_buffers: int
    dictionary: Chunk | None
    owner: object

    @property
    def addresses(self) -> Addresses:
        """The addresses of the rows, as the kernels take them."""
        if self.format != "vu":
            rows, values = self.buffers
            return Addresses(self.format, rows, values, 0, 0, 0, self.validity)
        rows, *buffers, sizes = self.buffers
        return Addresses(
            self.format, rows, 0, self.view_buffers, sizes, len(buffers), self.validity
        )


def read_chunks(column: Any) -> Iterator[Chunk]:
    """Yield the arrays of a column of another library, without copying them.

    Args:
        column: Any object with `__arrow_c_array__` or `__arrow_c_stream__`.

    Raises:
        TypeError: The values are not texts; the message names their Arrow type.
        ValueError: The structures are inconsistent or already released, or the stream failed.
    """
    if hasattr(column, "__arrow_c_array__"):
        schema, array = column.__arrow_c_array__(None)
        owned = _Owned.take(Schema, schema, b"arrow_schema")
        yield _chunk(owned.struct, _Owned.take(Array, array, b"arrow_array"))
        return
    stream = _Owned.take(Stream, column.__arrow_c_stream__(None), b"arrow_array_stream")
    schema = _Owned(Schema())
    _call(stream, stream.struct.get_schema, schema.struct)
    _check_type(schema.struct)
    while True:
        array = _Owned(Array())
        _call(stream, stream.struct.get_next, array.struct)
        if not array.struct.release:
            return
        yield _chunk(schema.struct, array)


def _call(stream: _Owned, function: int, out: Any) -> None:
    if get_function(function)(ctypes.addressof(stream.struct), ctypes.addressof(out)):
        message = error_text_function(stream.struct.get_last_error)(ctypes.addressof(stream.struct))
        reason = message.decode(errors="replace").strip() if message else "no reason given"
        raise ValueError(f"the Arrow stream failed: {reason}")


def _format(schema: Any) -> str:
    return (schema.format or b"").decode(errors="replace")


def _type_name(schema: Any) -> str:
    layout = _format(schema)
    if schema.dictionary:
        return f"dictionary of {_type_name(schema.dictionary.contents)}"
    if layout == "+s":
        return f"struct of {schema.n_children} fields"
    return STRINGS.get(layout) or _NAMES.get(layout, layout)


def _check_type(schema: Any) -> None:
    """Raise `TypeError` unless the values are texts, or rows of a table of one column of texts."""
    if _is_table(schema):
        return _check_type(schema.children[0].contents)
    value = schema.dictionary.contents if schema.dictionary else schema
    if _format(value) not in (NULL, *STRINGS):
        raise TypeError(f"expected a column of texts, got Arrow type {_type_name(schema)}")
    return None


def _is_table(schema: Any) -> bool:
    return bool(schema.format == b"+s" and schema.n_children == 1)


def _chunk(schema: Any, owned: _Owned) -> Chunk:
    array = owned.struct
    _check_type(schema)
    offset, length = 0, array.length
    while _is_table(schema):
        # A table of one column: its rows are the rows of the column, from the table's offset on.
        _check_buffers(array, 1)
        if array.null_count and array.buffers[0]:
            raise ValueError("an Arrow table with null rows cannot be read")
        if array.n_children != 1:
            raise ValueError(f"expected an Arrow array with 1 child, got {array.n_children}")
        offset += array.offset
        child = array.children[0].contents
        if child.length < array.offset + array.length:
            raise ValueError(f"the column of an Arrow table has only {child.length} rows")
        schema, array = schema.children[0].contents, child
    return _values_chunk(schema, array, offset, length, owned)


def _values_chunk(schema: Any, array: Any, offset: int, length: int, owner: object) -> Chunk:
    layout = _format(schema)
    if layout == NULL:
        _check_buffers(array, 0, at_least=True)  # Polars adds a buffer that Arrow does not define
        return Chunk(layout, length, offset, 0, (), 0, None, owner)
    dictionary = None
    if schema.dictionary:
        if layout not in INDEXES:
            raise ValueError(f"dictionary indexes must be integers, not of Arrow format {layout!r}")
        if not array.dictionary:
            raise ValueError("an Arrow dictionary array has no dictionary")
        values = array.dictionary.contents
        dictionary = _values_chunk(schema.dictionary.contents, values, 0, values.length, owner)
    expected = 2 if dictionary else 3
    _check_buffers(array, expected, at_least=layout == "vu")
    buffers = tuple(array.buffers[i] or 0 for i in range(array.n_buffers))
    # Only the buffer of the texts' bytes may be absent, and only if all texts are empty.
    if length and not buffers[1]:
        raise ValueError("an Arrow array has rows, but no buffer for them")
    validity = buffers[0] if array.null_count else 0
    if array.null_count > 0 and not buffers[0]:
        raise ValueError("an Arrow array has nulls, but no validity buffer")
    offset += array.offset
    view_buffers = ctypes.addressof(array.buffers.contents) + 2 * ctypes.sizeof(c_void_p)
    if layout == "vu":
        if buffers[3:] and not buffers[-1]:
            raise ValueError("an Arrow array of views lacks the sizes of its buffers")
        sizes = (c_int64 * (len(buffers) - 3)).from_address(buffers[-1]) if buffers[3:] else ()
        if any(size and not data for size, data in zip(sizes, buffers[2:-1], strict=True)):
            raise ValueError("an Arrow array of views lacks one of its buffers")
    elif layout in STRINGS and length and not buffers[2]:
        kind = OFFSETS[layout]
        if kind.from_address(buffers[1] + ctypes.sizeof(kind) * (offset + length)).value:
            raise ValueError("an Arrow array of texts lacks the buffer of their bytes")
    return Chunk(layout, length, offset, validity, buffers[1:], view_buffers, dictionary, owner)


def _check_buffers(array: Any, buffer_count: int, at_least: bool = False) -> None:
    if array.length < 0 or array.offset < 0:
        raise ValueError(
            f"an Arrow array has length {array.length} and offset {array.offset}; "
            "neither may be negative"
        )
    if array.n_buffers != buffer_count and not (at_least and array.n_buffers > buffer_count):
        raise ValueError(
            f"expected an Arrow array with {buffer_count} buffers, got {array.n_buffers}"
        )
    if array.n_buffers and not array.buffers:
        raise ValueError("an Arrow array lacks its buffers")
