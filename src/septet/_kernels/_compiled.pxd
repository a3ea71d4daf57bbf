"""What the compiled twin tells other compiled modules."""

from libc.stdint cimport uint8_t

cdef extern from "c/scan_types.h" nogil:
    ctypedef struct septet_text:
        const void *data
        Py_ssize_t length
        int width

    ctypedef struct septet_capacity:
        Py_ssize_t single
        Py_ssize_t concatenated

    ctypedef struct septet_coding:
        int locking
        int single

    ctypedef struct septet_pair:
        septet_coding coding
        septet_capacity capacity

    ctypedef struct septet_rules:
        const septet_pair *pairs
        int pair_count
        bint allows_ucs2
        septet_capacity code_units
        const uint8_t *excluded
        bint excludes_plain

    ctypedef struct septet_choice:
        int pair
        septet_coding coding
        septet_capacity capacity
        Py_ssize_t units


cdef class Kernel:
    cdef septet_rules rules
    cdef septet_pair *pairs
    cdef bytearray excluded_bits
    cdef readonly str _excluded
    cdef type result
    cdef object find_breaks

    cdef bytes settle(
        self, text, const septet_text *view, septet_choice *choice, row=*)
    cdef Py_ssize_t segment_end(
        self, const septet_text *view, const septet_choice *choice, bytes breaks,
        Py_ssize_t start, Py_ssize_t *units) noexcept


cdef str view_text(object text, septet_text *view)
