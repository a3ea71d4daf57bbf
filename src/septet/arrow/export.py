"""Export our columns through the Arrow C data interface: structures in capsules, without copies.

`structures` declares the C structures and reads those of other libraries; this module fills them.
"""

from __future__ import annotations

import ctypes
from array import array as floats
from collections import namedtuple
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_void_p, cast, pointer
from math import nan

from .buffers import Exporter
from .callbacks import CAPSULE_NAMES, callbacks, live_exports
from .structures import Array, Schema, Stream, get_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Literal

__all__ = [
    "Exported",
    "NullableRows",
    "Rows",
    "Values",
    "export_array",
    "export_stream",
    "fill_array",
    "fill_schema",
    "make_capsule",
]

_FLAG_NULLABLE = 2
_no_bytes = ctypes.c_char * 0  # keeps a buffer alive; only the address is used
_error_function = CFUNCTYPE(c_void_p, c_void_p)


class Exported(
    namedtuple("Exported", ("format", "length", "null_count", "buffers", "children", "dictionary"))
):
    """Description of an array to export.

    Attributes:
        format: Arrow's format of the values, or of the indexes if there is a dictionary.
        length: Number of rows.
        null_count: Number of rows that are null.
        buffers: For each buffer `bytes`, or a writable object with the buffer protocol; None for
            one that is absent.
        children: The arrays of a struct, by name.
        dictionary: The array of distinct values, or None.
    """

    __slots__ = ()

    format: str
    length: int
    null_count: int
    buffers: Sequence[Any]
    children: Mapping[str, Exported]
    dictionary: Exported | None


def _pointers(kind: Any, structs: Sequence[Any]) -> Any:
    return (POINTER(kind) * len(structs))(*map(pointer, structs))


def fill_schema(struct: Any, array: Exported, name: str = "") -> Any:
    """Fill an empty `Schema` with the type of an array, and return it."""
    children = [fill_schema(Schema(), child, key) for key, child in array.children.items()]
    dictionary = array.dictionary and fill_schema(Schema(), array.dictionary)
    layout, label = array.format.encode(), name.encode()
    links = _pointers(Schema, children)
    struct.format, struct.name, struct.flags = layout, label, _FLAG_NULLABLE
    struct.n_children = len(children)
    struct.children = links if children else None
    struct.dictionary = pointer(dictionary) if dictionary else None
    struct.release = callbacks.release[Schema]
    struct.private_data = live_exports.keep(layout, label, children, dictionary, links)
    return struct


def _pin(buffer: Any) -> tuple[int | None, object]:
    """Return the address of a buffer, and an object that keeps it there."""
    if isinstance(buffer, bytes):  # `from_buffer` takes only what is writable
        return cast(c_char_p(buffer), c_void_p).value, buffer
    memory = _no_bytes.from_buffer(buffer)
    return ctypes.addressof(memory), memory


def fill_array(struct: Any, array: Exported) -> Any:
    """Fill an empty `Array` with the addresses of an array's buffers, and return it."""
    children = [fill_array(Array(), child) for child in array.children.values()]
    dictionary = array.dictionary and fill_array(Array(), array.dictionary)
    memory = [None if b is None else _pin(b) for b in array.buffers]
    addresses = (c_void_p * len(memory))(*(m and m[0] for m in memory))
    links = _pointers(Array, children)
    struct.length, struct.null_count, struct.offset = array.length, array.null_count, 0
    struct.n_buffers, struct.n_children = len(memory), len(children)
    struct.buffers = addresses
    struct.children = links if children else None
    struct.dictionary = pointer(dictionary) if dictionary else None
    struct.release = callbacks.release[Array]
    struct.private_data = live_exports.keep(array, memory, addresses, children, dictionary, links)
    return struct


_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [c_void_p, c_char_p, c_void_p]


def make_capsule(struct: Any) -> Any:
    """Return a capsule that owns a filled structure, and releases it unless a consumer does."""
    kind = type(struct)
    address = live_exports.keep_struct(struct)
    return _new_capsule(address, CAPSULE_NAMES[kind], callbacks.destroy[kind])


def export_array(array: Exported) -> tuple[object, object]:
    """Return the capsules of an array's schema and of the array; its memory is not copied."""
    return make_capsule(fill_schema(Schema(), array)), make_capsule(fill_array(Array(), array))


def _get_schema(stream: int, out: int) -> int:
    array, _ = live_exports[Stream.from_address(stream).private_data]
    fill_schema(Schema.from_address(out), array)
    return 0


def _get_next(stream: int, out: int) -> int:
    array, remaining = live_exports[Stream.from_address(stream).private_data]
    if remaining:
        remaining.pop()
        fill_array(Array.from_address(out), array)
    else:
        Array.from_address(out).release = None
    return 0


def _get_last_error(stream: int) -> int:
    return 0


_stream_schema = get_function(_get_schema)
_stream_next = get_function(_get_next)
_stream_error = _error_function(_get_last_error)


def export_stream(array: Exported) -> object:
    """Return the capsule of a stream that consists of one array."""
    struct = Stream()
    struct.get_schema = cast(_stream_schema, c_void_p)
    struct.get_next = cast(_stream_next, c_void_p)
    struct.get_last_error = cast(_stream_error, c_void_p)
    struct.release = callbacks.release[Stream]
    struct.private_data = live_exports.keep(array, [array])
    return make_capsule(struct)


class Rows:
    """Base of all columns: exports through the Arrow C data interface, iteration and repr."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _exported(self) -> Exported: ...

        def to_list(self) -> list[Any]: ...  # noqa: D102

        def __len__(self) -> int: ...

        def __getitem__(self, index: Any) -> Any: ...

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return export_array(self._exported())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return export_stream(self._exported())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.to_list())

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:10])) + (", ..." if len(self) > 10 else "")
        return f"{type(self).__name__}([{shown}])"


class NullableRows(Rows):
    """Base of columns with nulls: a null row has no bit in the validity, if there is one.

    Attributes:
        null_count: Number of rows that are null.
    """

    __slots__ = ()

    _validity: bytearray | None
    null_count: int

    if TYPE_CHECKING:

        def _value(self, row: int) -> Any: ...

        def _part(
            self, index: slice, validity: bytearray | None, null_count: int
        ) -> NullableRows: ...

    def _valid(self) -> str:
        """Return "1" for each row that is not null and "0" for each that is."""
        bits = int.from_bytes(self._validity or b"", "little")
        return f"{bits:0{len(self)}b}"[::-1]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            valid = self._valid()[index] if self.null_count else ""
            return self._part(index, *_validity(valid))
        row = range(len(self))[index]
        is_valid = self._validity is None or self._validity[row >> 3] >> (row & 7) & 1
        return self._value(row) if is_valid else None


class Values(Exporter, NullableRows):
    """Base of columns of numbers: a null is 0 in memory, and has no bit in the validity.

    The buffer protocol has no nulls. Without nulls it exports the memory itself, with nulls a copy
    in which each number is a float64, and NaN stands for a null.

    Attributes:
        memory: The numbers as they are in memory, without a copy.
    """

    __slots__ = ("_memory", "_validity", "null_count")

    _format: str
    _typecode: Literal["i", "B"]
    _itemsize: int

    def __init__(
        self, values: bytearray, validity: bytearray | None = None, null_count: int = 0
    ) -> None:
        self._memory = memoryview(values).cast(self._typecode)
        self._validity = validity
        self.null_count = null_count

    @property
    def memory(self) -> memoryview:
        """The numbers as they are in memory, without a copy; 0 for a null."""
        return self._memory

    def _buffer(self) -> memoryview:
        if not self.null_count:
            return self._memory
        numbers = floats("d", self._memory)
        valid = self._valid()
        row = valid.find("0")
        while row >= 0:
            numbers[row] = nan
            row = valid.find("0", row + 1)
        return memoryview(numbers)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        from numpy import array  # installed: NumPy calls this

        return array(memoryview(self), dtype)

    def _exported(self) -> Exported:
        buffers = [self._validity, self._memory]
        return Exported(self._format, len(self), self.null_count, buffers, {}, self._dictionary())

    def _dictionary(self) -> Exported | None:
        return None

    def __len__(self) -> int:
        return len(self._memory)

    def _value(self, row: int) -> int:
        return self._memory[row]

    def _part(self, index: slice, validity: bytearray | None, null_count: int) -> Values:
        return type(self)(bytearray(self._memory[index]), validity, null_count)

    def to_list(self) -> list[Any]:
        """Return the values as a list, None for nulls."""
        values = self._memory.tolist()
        if not self.null_count:
            return values
        return [v if bit == "1" else None for v, bit in zip(values, self._valid(), strict=True)]

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._memory == other._memory and self._validity == other._validity

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (bytearray(self._memory), self._validity, self.null_count)


def _validity(valid: str) -> tuple[bytearray | None, int]:
    """Return the validity of rows that are valid ("1") or null ("0"), and the number of nulls."""
    null_count = valid.count("0")
    if not null_count:
        return None, 0
    return bytearray(int(valid[::-1], 2).to_bytes(len(valid) + 7 >> 3, "little")), null_count
