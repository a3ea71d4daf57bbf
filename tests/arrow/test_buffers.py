"""The buffer protocol: consumers get the memory itself, for as long as they use it."""

from __future__ import annotations

import ctypes
import gc
import io
import struct
import weakref

import pytest

from septet.arrow.buffers import Exporter, grow


class Numbers(Exporter):
    """Two int32 in memory."""

    def __init__(self) -> None:
        self._memory = memoryview(bytearray(struct.pack("2i", 1, 2))).cast("i")


def test_a_view_is_of_the_same_memory() -> None:
    """With its format and shape; values written through the view are seen by the exporter."""
    numbers = Numbers()
    view = memoryview(numbers)
    assert (view.format, view.shape, view.readonly) == ("i", (2,), False)
    view[1] = 7
    assert numbers._memory.tolist() == memoryview(numbers).tolist() == [1, 7]


def test_a_view_outlives_the_exporter() -> None:
    """The memory lives as long as the view."""
    numbers = Numbers()
    memory = weakref.ref(numbers._memory)
    view = memoryview(numbers)
    del numbers
    gc.collect()
    assert view.tolist() == [1, 2]
    del view
    gc.collect()
    assert memory() is None


def test_read_only_memory_stays_read_only() -> None:
    """A consumer that asks for writable memory is refused."""
    numbers = Numbers()
    numbers._memory = numbers._memory.toreadonly()
    assert memoryview(numbers).readonly
    with pytest.raises(TypeError):
        ctypes.c_int.from_buffer(numbers)
    with pytest.raises(TypeError):
        io.BytesIO(b"overwrites").readinto(numbers)
    assert numbers._memory.tolist() == [1, 2]


def test_memory_grows_and_keeps_its_contents() -> None:
    """Unless it is exported."""
    memory = bytearray(b"held")
    grow(memory, 1 << 20)
    assert (len(memory), memory[:4]) == (4 + (1 << 20), b"held")
    grow(memory, 0)
    with memoryview(memory), pytest.raises(BufferError):
        grow(memory, 1)
