# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.callbacks`: C functions that call those of `arrow.callbacks`.

A consumer may release an array while Python handles an exception, for example because the array
is in an expression that fails. The C functions put the exception aside for as long as they run.
"""

from cpython.exc cimport PyErr_Fetch, PyErr_Restore, PyErr_WriteUnraisable
from cpython.ref cimport PyObject
from libc.stdint cimport uintptr_t

from ..arrow.callbacks import callbacks

__all__ = ["keep_pending_exceptions"]

cdef tuple functions = callbacks.functions


cdef void call(int index, void *address) noexcept with gil:
    cdef PyObject *kind
    cdef PyObject *value
    cdef PyObject *traceback
    PyErr_Fetch(&kind, &value, &traceback)
    try:
        functions[index](<uintptr_t>address)
    except BaseException:
        PyErr_WriteUnraisable(functions[index])
    PyErr_Restore(kind, value, traceback)


cdef void release_schema(void *address) noexcept nogil:
    call(0, address)


cdef void release_array(void *address) noexcept nogil:
    call(1, address)


cdef void release_stream(void *address) noexcept nogil:
    call(2, address)


cdef void destroy_schema(void *address) noexcept nogil:
    call(3, address)


cdef void destroy_array(void *address) noexcept nogil:
    call(4, address)


cdef void destroy_stream(void *address) noexcept nogil:
    call(5, address)


def keep_pending_exceptions():
    """Have the callbacks of exported structures keep an exception that is pending."""
    callbacks.use((
        <uintptr_t>release_schema, <uintptr_t>release_array, <uintptr_t>release_stream,
        <uintptr_t>destroy_schema, <uintptr_t>destroy_array, <uintptr_t>destroy_stream,
    ))
