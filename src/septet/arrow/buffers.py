"""Shared memory: buffers that kernels fill, and the buffer protocol for a Python class.

From Python 3.12 on, a class defines `__buffer__` (PEP 688). In 3.11 only a type made in C can have
the buffer protocol: there `ctypes` calls functions of CPython's stable ABI to make such a type.
"""

from __future__ import annotations

import ctypes
import sys

TYPE_CHECKING = False

__all__ = ["Exporter", "grow"]

_resize = ctypes.pythonapi.PyByteArray_Resize
_resize.argtypes = [ctypes.py_object, ctypes.c_ssize_t]


def grow(memory: bytearray, size: int) -> None:
    """Make `memory` longer by `size` bytes, which hold arbitrary values until they are written.

    Zeros would have to be written by this thread, which would wait for every page of new memory.

    Raises:
        BufferError: The memory is exported, as by a `memoryview`.
    """
    _resize(memory, len(memory) + size)


if TYPE_CHECKING or sys.version_info >= (3, 12):

    class Exporter:
        """Base of classes that export the memory that `_buffer()` returns: by default `_memory`."""

        __slots__ = ()

        _memory: memoryview

        def _buffer(self) -> memoryview:
            return self._memory

        def __buffer__(self, flags: int) -> memoryview:
            return self._buffer()

else:
    _fill = ctypes.pythonapi.PyObject_GetBuffer
    _fill.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_int]

    def _buffer(exporter):
        return exporter._memory

    @ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.c_void_p, ctypes.c_int)
    def _get_buffer(exporter, view, flags):
        try:
            return _fill(exporter._buffer(), view, flags)
        except BufferError:
            return -1

    class _Slot(ctypes.Structure):
        _fields_ = [("slot", ctypes.c_int), ("function", ctypes.c_void_p)]

    class _Spec(ctypes.Structure):
        _fields_ = [
            ("name", ctypes.c_char_p),
            ("basicsize", ctypes.c_int),
            ("itemsize", ctypes.c_int),
            ("flags", ctypes.c_uint),
            ("slots", ctypes.POINTER(_Slot)),
        ]

    _BASETYPE = 1 << 10
    _GETBUFFER = 1

    _make = ctypes.pythonapi.PyType_FromSpec
    _make.argtypes = [ctypes.POINTER(_Spec)]
    _make.restype = ctypes.py_object

    _slots = (_Slot * 2)(_Slot(_GETBUFFER, ctypes.cast(_get_buffer, ctypes.c_void_p)))
    Exporter = _make(_Spec(b"septet.arrow.buffers.Exporter", 0, 0, _BASETYPE, _slots))
    Exporter._buffer = _buffer
