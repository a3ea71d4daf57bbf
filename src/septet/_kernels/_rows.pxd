"""Rows of an Arrow column and the facts of them, as the modules of the compiled twin see them."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uintptr_t

cdef extern from "c/scan_rows.h" nogil:
    ctypedef enum septet_layout:
        SEPTET_UTF8
        SEPTET_LARGE_UTF8
        SEPTET_UTF8_VIEW

    ctypedef enum septet_outcome:
        SEPTET_FINE

    ctypedef struct septet_column:
        septet_layout layout
        const void *rows
        const uint8_t *values
        const uint8_t *const *buffers
        const int64_t *sizes
        int64_t buffer_count
        const uint8_t *validity

    ctypedef struct septet_facts:
        int32_t *segments
        int32_t *units
        uint8_t *encodings

    void septet_note(
        const septet_facts *facts, Py_ssize_t row, Py_ssize_t segments, Py_ssize_t units,
        bint is_ucs2)


cdef inline int see_column(object column, septet_column *view) except -1:
    """Point the view at a column, which is an `Addresses`."""
    cdef str layout
    cdef uintptr_t rows, values, buffers, sizes, validity
    layout, rows, values, buffers, sizes, view.buffer_count, validity = column
    view.layout = (
        SEPTET_UTF8_VIEW if layout == "vu" else SEPTET_UTF8 if layout == "u"
        else SEPTET_LARGE_UTF8)
    view.rows = <const void *>rows
    # There may be none where all rows are empty; an address is added to all the same.
    view.values = <const uint8_t *>(values if values else rows)
    view.buffers = <const uint8_t *const *>buffers
    view.sizes = <const int64_t *>sizes
    view.validity = <const uint8_t *>validity
    return 0


cdef inline int see_facts(
    septet_facts *facts, int32_t[::1] segments, int32_t[::1] units, uint8_t[::1] encodings
) except -1:
    facts.segments = &segments[0]
    facts.units = NULL if units is None else &units[0]
    facts.encodings = NULL if encodings is None else &encodings[0]
    return 0
