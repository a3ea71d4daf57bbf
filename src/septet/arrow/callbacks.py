"""What exported structures need until their consumers release them: live objects and callbacks."""

from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_void_p, cast

from .structures import Array, Schema, Stream, release_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["CAPSULE_NAMES", "callbacks", "live_exports"]


class LiveExports:
    """Keeps alive the Python objects that exported C structures point to.

    A C structure cannot hold a reference to a Python object. What it points to is kept here, under
    a key that the structure holds, until its consumer releases it. A key is an address inside the
    object that is kept, so no two objects have the same one, whatever thread exports them.
    """

    __slots__ = ("_objects",)

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self._objects)

    def __getitem__(self, key: int) -> Any:
        return self._objects[key]

    def keep(self, *parts: object) -> int:
        """Keep what the fields of a structure point to, and return the key for `private_data`."""
        self._objects[id(parts)] = parts
        return id(parts)

    def keep_struct(self, struct: Any) -> int:
        """Keep a structure that a capsule points to, and return its address, which is the key."""
        address = ctypes.addressof(struct)
        self._objects[address] = struct
        return address

    def drop(self, key: int) -> Any:
        """Stop keeping an object, and return it."""
        return self._objects.pop(key)


live_exports = LiveExports()
"""Everything that consumers have not released yet."""


def _release_function(kind: Any) -> Callable[[int], None]:
    def release(address: int) -> None:
        struct = kind.from_address(address)
        parts = []
        if kind is not Stream:
            parts = [struct.children[i] for i in range(struct.n_children)]
            parts += [struct.dictionary] if struct.dictionary else []
        for part in parts:
            # A part that the consumer moved out of the whole is not released with it.
            if part.contents.release:
                release_function(part.contents.release)(ctypes.addressof(part.contents))
        struct.release = None
        live_exports.drop(struct.private_data)

    return release


# A capsule refers to its name without copying it: the names must outlive every capsule.
CAPSULE_NAMES = {
    Schema: b"arrow_schema",
    Array: b"arrow_array",
    Stream: b"arrow_array_stream",
}


def _destroy_function(kind: Any) -> Callable[[int], None]:
    name = CAPSULE_NAMES[kind]
    # Takes the capsule as an address: a capsule that is being destroyed must not be referred to.
    address_of = ctypes.PYFUNCTYPE(c_void_p, c_void_p, c_char_p)(
        ("PyCapsule_GetPointer", ctypes.pythonapi)
    )

    def destroy(capsule: int) -> None:
        struct = live_exports.drop(address_of(capsule, name))
        if struct.release:
            release_function(struct.release)(ctypes.addressof(struct))

    return destroy


class Callbacks:
    """C functions that call our functions when a consumer releases what was exported.

    Those of `ctypes` clear an exception that is pending in the thread of the consumer, such as one
    that ends an expression with an exported array in it. C functions that keep it replace them if
    the compiled implementation of the kernels is in use.

    Attributes:
        functions: Functions of an address: for each structure one that releases it, then for each
            one that destroys its capsule.
    """

    def __init__(self) -> None:
        self.functions = (
            *map(_release_function, CAPSULE_NAMES),
            *map(_destroy_function, CAPSULE_NAMES),
        )
        self._callbacks = [release_function(function) for function in self.functions]
        self.use([cast(callback, c_void_p).value or 0 for callback in self._callbacks])

    def use(self, addresses: Sequence[int]) -> None:
        """Use C functions that call `functions`, at these addresses."""
        self.release = dict(zip(CAPSULE_NAMES, addresses[:3], strict=True))
        self.destroy = dict(zip(CAPSULE_NAMES, addresses[3:], strict=True))


callbacks = Callbacks()
"""The C functions in use."""
