"""Access to Python objects in C: python_text.h, python_slots.h and python_records.h."""

from cpython.unicode cimport PyUnicode_Check
from libc.stdint cimport uint8_t

from ._compiled cimport septet_text

cdef extern from "c/python_text.h":
    int septet_make_ready(object text) except -1
    void septet_prefetch(list texts, Py_ssize_t row)
    bint septet_view_str(object text, septet_text *view)
    bint septet_view_borrowed(list texts, Py_ssize_t row, septet_text *view)
    object septet_item(list texts, Py_ssize_t row)
    int septet_check_list(list texts, Py_ssize_t stop) except -1
    object septet_list_changed()

cdef extern from "c/python_slots.h":
    Py_ssize_t septet_slot_offset(type result, str name) except -1
    object septet_allocate(type result)
    void septet_fill_slot(object instance, Py_ssize_t offset, object value)
    int septet_fill_number(object instance, Py_ssize_t offset, Py_ssize_t value) except -1

cdef extern from "c/python_records.h":
    object septet_number(Py_ssize_t value)
    object septet_segment(
        type record, object text, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t units,
        object first, object last, Py_ssize_t sequence, object total)
    object septet_encoded_segment(
        type record, object data_coding, const uint8_t *octets, Py_ssize_t udh_size,
        Py_ssize_t user_data_size, Py_ssize_t user_data_length, object text, Py_ssize_t start,
        Py_ssize_t stop, object reference, Py_ssize_t total, Py_ssize_t sequence)
    object septet_unchanged_text(type record, object text)


cdef inline str view_text(object text, septet_text *view):
    """Point the view at the text; return the object that owns its characters."""
    if septet_view_str(text, view):
        return text
    if not PyUnicode_Check(text):
        raise TypeError(f"text must be str, not {type(text).__name__}")
    # A subclass may override anything: only its characters count.
    text = str.__str__(text)
    septet_make_ready(text)
    septet_view_str(text, view)
    return text
