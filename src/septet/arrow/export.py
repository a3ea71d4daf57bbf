"""Columns for the Arrow C data interface: memory of ours in capsules, never copied."""

from __future__ import annotations

import ctypes
from collections import namedtuple
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_void_p, cast, pointer

from .buffers import Exporter
from .structures import Array, Schema, Stream, get_function, release_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Literal

__all__ = ["Exported", "NullableRows", "Rows", "Values"]

_FLAG_NULLABLE = 2
_nothing = ctypes.c_char * 0  # at an address
_error_function = CFUNCTYPE(c_void_p, c_void_p)


class Exported(
    namedtuple("Exported", ("format", "length", "null_count", "buffers", "children", "dictionary"))
):
    """An array to hand out.

    Attributes:
        format: Arrow's format of its values, or of its indexes if it has a dictionary.
        length: Rows.
        null_count: Rows that are null.
        buffers: What exports the memory of each buffer; None for one that is absent.
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


# What exported structures point into, by the number in their private_data, which is that of the
# tuple itself: no two threads get the same.
_alive: dict[int, Any] = {}


def _keep(*things: object) -> int:
    _alive[id(things)] = things
    return id(things)


def _releaser(kind: Any) -> Any:
    def release(address: int) -> None:
        struct = kind.from_address(address)
        parts = []
        if kind is not Stream:
            parts = [struct.children[i] for i in range(struct.n_children)]
            parts += [struct.dictionary] if struct.dictionary else []
        for part in parts:
            # A part that the consumer took over is not released with the whole.
            if part.contents.release:
                release_function(part.contents.release)(ctypes.addressof(part.contents))
        struct.release = None
        _alive.pop(struct.private_data, None)

    return release_function(release)


_release_schema, _release_array, _release_stream = map(_releaser, (Schema, Array, Stream))


def _pointers(kind: Any, structs: Sequence[Any]) -> Any:
    return (POINTER(kind) * len(structs))(*map(pointer, structs))


def _fill_schema(struct: Any, array: Exported, name: str = "") -> Any:
    children = [_fill_schema(Schema(), child, key) for key, child in array.children.items()]
    dictionary = array.dictionary and _fill_schema(Schema(), array.dictionary)
    layout, label = array.format.encode(), name.encode()
    links = _pointers(Schema, children)
    struct.format, struct.name, struct.flags = layout, label, _FLAG_NULLABLE
    struct.n_children = len(children)
    struct.children = links if children else None
    struct.dictionary = pointer(dictionary) if dictionary else None
    struct.release = cast(_release_schema, c_void_p)
    struct.private_data = _keep(layout, label, children, dictionary, links)
    return struct


def _fill_array(struct: Any, array: Exported) -> Any:
    children = [_fill_array(Array(), child) for child in array.children.values()]
    dictionary = array.dictionary and _fill_array(Array(), array.dictionary)
    memory = [None if b is None else _nothing.from_buffer(b) for b in array.buffers]
    addresses = (c_void_p * len(memory))(*(m if m is None else ctypes.addressof(m) for m in memory))
    links = _pointers(Array, children)
    struct.length, struct.null_count, struct.offset = array.length, array.null_count, 0
    struct.n_buffers, struct.n_children = len(memory), len(children)
    struct.buffers = addresses
    struct.children = links if children else None
    struct.dictionary = pointer(dictionary) if dictionary else None
    struct.release = cast(_release_array, c_void_p)
    struct.private_data = _keep(array, memory, addresses, children, dictionary, links)
    return struct


_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [c_void_p, c_char_p, c_void_p]

# The names have to live as long as any capsule.
_NAMES_OF_CAPSULES = {
    Schema: b"arrow_schema",
    Array: b"arrow_array",
    Stream: b"arrow_array_stream",
}
_in_capsules: dict[int, Any] = {}


def _destroyer(kind: Any) -> Any:
    name = _NAMES_OF_CAPSULES[kind]
    # By address: a capsule that is being destroyed must not be referred to once more.
    address_of = ctypes.PYFUNCTYPE(c_void_p, c_void_p, c_char_p)(
        ("PyCapsule_GetPointer", ctypes.pythonapi)
    )

    def destroy(capsule: int) -> None:
        struct = _in_capsules.pop(address_of(capsule, name))
        if struct.release:
            release_function(struct.release)(ctypes.addressof(struct))

    return ctypes.PYFUNCTYPE(None, c_void_p)(destroy)


_destroyers = {kind: _destroyer(kind) for kind in _NAMES_OF_CAPSULES}


def _capsule(struct: Any) -> Any:
    kind = type(struct)
    _in_capsules[ctypes.addressof(struct)] = struct
    destroyer = cast(_destroyers[kind], c_void_p)
    return _new_capsule(ctypes.addressof(struct), _NAMES_OF_CAPSULES[kind], destroyer)


def _export_array(array: Exported) -> tuple[object, object]:
    """Return the capsules of an array's schema and of the array; the memory is not copied."""
    return _capsule(_fill_schema(Schema(), array)), _capsule(_fill_array(Array(), array))


def _schema_of(stream: int, out: int) -> int:
    array, _ = _alive[Stream.from_address(stream).private_data]
    _fill_schema(Schema.from_address(out), array)
    return 0


def _next_of(stream: int, out: int) -> int:
    array, rest = _alive[Stream.from_address(stream).private_data]
    if rest:
        rest.pop()
        _fill_array(Array.from_address(out), array)
    else:
        Array.from_address(out).release = None
    return 0


def _error_of(stream: int) -> int:
    return 0


_stream_schema = get_function(_schema_of)
_stream_next = get_function(_next_of)
_stream_error = _error_function(_error_of)


def _export_stream(array: Exported) -> object:
    """Return the capsule of a stream of one array."""
    struct = Stream()
    struct.get_schema = cast(_stream_schema, c_void_p)
    struct.get_next = cast(_stream_next, c_void_p)
    struct.get_last_error = cast(_stream_error, c_void_p)
    struct.release = cast(_release_stream, c_void_p)
    struct.private_data = _keep(array, [True])
    return _capsule(struct)


class Rows:
    """What every column has that is handed out, whatever its memory holds."""

    __slots__ = ()

    if TYPE_CHECKING:

        def _exported(self) -> Exported: ...

        def to_list(self) -> list[Any]: ...  # noqa: D102

        def __len__(self) -> int: ...

        def __getitem__(self, index: Any) -> Any: ...

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return _export_array(self._exported())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _export_stream(self._exported())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.to_list())

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:10])) + (", ..." if len(self) > 10 else "")
        return f"{type(self).__name__}([{shown}])"


class NullableRows(Rows):
    """A column with nulls: they have no bit in its validity, if there is one."""

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
    """Numbers with nulls: a null is 0 in memory, and has no bit in the validity."""

    __slots__ = ("_memory", "_validity", "null_count")

    _format: str
    _typecode: Literal["i", "B"]
    _itemsize: int

    def __init__(
        self, octets: bytearray, validity: bytearray | None = None, null_count: int = 0
    ) -> None:
        self._memory = memoryview(octets).cast(self._typecode)
        self._validity = validity
        self.null_count = null_count

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
        """Return the values, None for nulls."""
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
    """Return the bits for rows that are valid ("1") or null ("0"), and how many are null."""
    null_count = valid.count("0")
    if not null_count:
        return None, 0
    return bytearray(int(valid[::-1], 2).to_bytes(len(valid) + 7 >> 3, "little")), null_count
