"""Declarations of python_text.h: access to Python strings, lists and types in C."""

from libc.stdint cimport uint8_t

from ._compiled cimport septet_text

cdef extern from "c/python_text.h":
    int septet_make_ready(object text) except -1
    const uint8_t *septet_octets(bytes breaks)
    object septet_new(type result, tuple empty)
    void septet_prefetch(list texts, Py_ssize_t row)
    bint septet_view_str(object text, septet_text *view)
    bint septet_view_borrowed(list texts, Py_ssize_t row, septet_text *view)
    object septet_item(list texts, Py_ssize_t row)
    int septet_check_list(list texts, Py_ssize_t stop) except -1
    object septet_list_changed()
