"""Memory that is shared: room for what others fill, and the buffer protocol for a Python class.

From 3.12 on a class has a method for it (PEP 688). In 3.11 only a type made in C can have it: there
CPython is asked for one by `ctypes`, with what its stable ABI has for that.
"""

from __future__ import annotations

import ctypes
import sys

TYPE_CHECKING = False

__all__ = ["Exporter", "grow"]

_resize = ctypes.pythonapi.PyByteArray_Resize
_resize.argtypes = [ctypes.py_object, ctypes.c_ssize_t]


def grow(memory: bytearray, size: int) -> None:
    """Make room for so many octets more; they hold anything until somebody writes them.

    Zeros would be written by one thread, which would also wait for every page of new memory.
    """
    _resize(memory, len(memory) + size)


if TYPE_CHECKING or sys.version_info >= (3, 12):

    class Exporter:
        """Exports the memory of its attribute `_memory`, which is not copied."""

        __slots__ = ()

        _memory: memoryview

        def __buffer__(self, flags: int) -> memoryview:
            return self._memory

else:
    _fill = ctypes.pythonapi.PyObject_GetBuffer
    _fill.argtypes = [ctypes.py_object, ctypes.c_void_p, ctypes.c_int]

    @ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.c_void_p, ctypes.c_int)
    def _get_buffer(exporter, view, flags):
        try:
            return _fill(exporter._memory, view, flags)
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
