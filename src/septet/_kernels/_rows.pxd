"""Rows of an Arrow column and their facts, for all modules of the compiled implementation."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uintptr_t

from ._bounds cimport check_min_length

cdef extern from "c/scan_rows.h" nogil:
    ctypedef enum septet_layout:
        SEPTET_UTF8
        SEPTET_LARGE_UTF8
        SEPTET_UTF8_VIEW

    ctypedef enum septet_outcome:
        SEPTET_FINE
        SEPTET_NO_ENCODING

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

    int64_t septet_offset(const septet_column *column, Py_ssize_t row)
    void septet_write_facts(
        const septet_facts *facts, Py_ssize_t row, Py_ssize_t segments, Py_ssize_t units,
        bint is_ucs2)


cdef inline int bind_column(object column, septet_column *view) except -1:
    """Point the view at the column that an `Addresses` describes."""
    cdef str layout
    cdef uintptr_t rows, values, buffers, sizes, validity
    layout, rows, values, buffers, sizes, view.buffer_count, validity = column
    view.layout = (
        SEPTET_UTF8_VIEW if layout == "vu" else SEPTET_UTF8 if layout == "u"
        else SEPTET_LARGE_UTF8)
    view.rows = <const void *>rows
    # The address may be NULL if all rows are empty, but C does not allow additions to NULL.
    view.values = <const uint8_t *>(values if values else rows)
    view.buffers = <const uint8_t *const *>buffers
    view.sizes = <const int64_t *>sizes
    view.validity = <const uint8_t *>validity
    return 0


cdef inline int bind_facts(
    septet_facts *facts, int32_t[::1] segments, int32_t[::1] units, uint8_t[::1] encodings,
    Py_ssize_t rows,
) except -1:
    """Point the facts at buffers, after checking that they have a value for each row."""
    if (units is None) != (encodings is None):
        raise ValueError("units and encodings must be given together")
    check_min_length("segments", segments.shape[0], rows)
    facts.segments = &segments[0] if rows > 0 else NULL
    facts.units = NULL
    facts.encodings = NULL
    if units is not None:
        check_min_length("units", units.shape[0], rows)
        check_min_length("encodings", encodings.shape[0], rows)
        facts.units = &units[0] if rows > 0 else NULL
        facts.encodings = &encodings[0] if rows > 0 else NULL
    return 0
