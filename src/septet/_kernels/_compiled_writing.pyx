# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.writing`: Cython over writing.h.

Each docstring here is the first line of the one in `python.writing`, which describes arguments,
results and errors.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_FromStringAndSize
from cpython.bytearray cimport PyByteArray_Resize
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from ._bounds cimport check_length, check_rows
from ._rows cimport bind_column, septet_column

__all__ = ["append_fields", "make_records", "number_prices"]

cdef extern from "c/writing.h" nogil:
    enum:
        SEPTET_COPY_BLOCK

    ctypedef struct septet_field:
        const uint8_t *bytes
        int64_t length

    ctypedef struct septet_cells:
        septet_column column
        Py_ssize_t first

    Py_ssize_t septet_number_prices(
        const int32_t *segments, const int32_t *units, const uint8_t *encodings,
        const int32_t *rates, Py_ssize_t row_count, int32_t *table, uint32_t mask,
        int32_t *firsts, int32_t *numbers)
    Py_ssize_t septet_measure_records(
        const septet_cells *records, Py_ssize_t row_count, const int32_t *units,
        const int32_t *numbers, const septet_field *before, const septet_field *after,
        Py_ssize_t number_count, int64_t *size)
    int64_t septet_append_fields(
        const septet_cells *records, Py_ssize_t row_count, const int32_t *units,
        const int32_t *numbers, const septet_field *before, const septet_field *after,
        uint8_t *out)
    Py_ssize_t septet_measure_rows(
        const septet_cells *columns, Py_ssize_t width, Py_ssize_t row_count, int64_t max_size,
        int64_t *size, Py_ssize_t *bad_row)
    int64_t septet_make_records(
        const septet_cells *columns, Py_ssize_t width, Py_ssize_t row_count, uint8_t delimiter,
        int64_t *offsets, uint8_t *out)


def number_prices(
    const int32_t[::1] segments not None, const int32_t[::1] units not None,
    const uint8_t[::1] encodings not None, const int32_t[::1] rates not None,
    int32_t[::1] numbers not None,
):
    """Number the distinct combinations of encoding, rate and segments of rows."""
    cdef Py_ssize_t rows = segments.shape[0], count, number, row
    cdef uint32_t slot_count = 2
    cdef int32_t *table
    cdef int32_t *firsts
    check_length("units", units.shape[0], rows)
    check_length("encodings", encodings.shape[0], rows)
    check_length("rates", rates.shape[0], rows)
    check_length("numbers", numbers.shape[0], rows)
    if rows == 0:
        return []
    while slot_count < 2 * rows:
        slot_count *= 2
    table = <int32_t *>PyMem_Calloc(slot_count + rows, sizeof(int32_t))
    if table == NULL:
        raise MemoryError
    try:
        firsts = table + slot_count
        with nogil:
            count = septet_number_prices(
                &segments[0], &units[0], &encodings[0], &rates[0], rows, table, slot_count - 1,
                firsts, &numbers[0])
        distinct = []
        for number in range(count):
            row = firsts[number]
            if units[row]:
                distinct.append((encodings[row], rates[row], segments[row]))
            else:
                distinct.append((0, 0, 0))
        return distinct
    finally:
        PyMem_Free(table)


cdef int bind_cells(object piece, septet_cells *cells) except -1:
    """Point the cells at a column and its first row."""
    column, cells.first = <tuple?>piece
    check_rows(0, cells.first)
    return bind_column(column, &cells.column)


def append_fields(
    tuple records not None, const int32_t[::1] units not None,
    const int32_t[::1] numbers not None, list before not None, list after not None,
):
    """Return records with further fields behind each."""
    cdef Py_ssize_t rows = units.shape[0], number_count = len(before), number, row
    cdef int64_t size = 0, position = 0
    cdef septet_cells cells
    cdef septet_field *fields
    cdef uint8_t *out
    cdef bytearray written
    cdef list parts = [*before, *after]
    cdef bytes joined = b"".join([*parts, bytes(SEPTET_COPY_BLOCK)])
    check_length("numbers", numbers.shape[0], rows)
    check_length("after", len(parts) - number_count, number_count)
    bind_cells(records, &cells)
    if rows == 0:
        return bytearray()
    fields = <septet_field *>PyMem_Malloc((len(parts) or 1) * sizeof(septet_field))
    if fields == NULL:
        raise MemoryError
    try:
        for number, part in enumerate(parts):
            fields[number].bytes = <const uint8_t *>PyBytes_AS_STRING(joined) + position
            fields[number].length = PyBytes_GET_SIZE(<bytes?>part)
            position += fields[number].length
        with nogil:
            row = septet_measure_records(
                &cells, rows, &units[0], &numbers[0], fields, fields + number_count, number_count,
                &size)
        if row >= 0:
            raise ValueError(f"record {row} is outside its buffer, or has no fields")
        written = PyByteArray_FromStringAndSize(NULL, size)
        out = <uint8_t *>PyByteArray_AS_STRING(written)
        with nogil:
            size = septet_append_fields(
                &cells, rows, &units[0], &numbers[0], fields, fields + number_count, out)
    finally:
        PyMem_Free(fields)
    PyByteArray_Resize(written, size)
    return written


def make_records(
    list columns not None, Py_ssize_t length, uint8_t delimiter, int64_t max_size,
):
    """Return the first rows of Arrow columns as records of delimited text."""
    cdef list kept = list(columns)  # the caller's list may change
    cdef Py_ssize_t width = len(kept), row_count = check_rows(0, length), rows, bad_row = 0, index
    cdef int64_t size
    cdef int64_t *row_offsets
    cdef bytearray offsets, records
    cdef septet_cells *cells
    cdef uint8_t *out
    cells = <septet_cells *>PyMem_Malloc((width or 1) * sizeof(septet_cells))
    if cells == NULL:
        raise MemoryError
    try:
        for index in range(width):
            bind_cells(kept[index], cells + index)
        with nogil:
            rows = septet_measure_rows(cells, width, row_count, max_size, &size, &bad_row)
        if rows == 0 and row_count > 0:
            raise ValueError(f"row {bad_row} is outside its buffer")
        offsets = PyByteArray_FromStringAndSize(NULL, 8 * (rows + 1))
        records = PyByteArray_FromStringAndSize(NULL, size)
        row_offsets = <int64_t *>PyByteArray_AS_STRING(offsets)
        out = <uint8_t *>PyByteArray_AS_STRING(records)
        with nogil:
            size = septet_make_records(cells, width, rows, delimiter, row_offsets, out)
    finally:
        PyMem_Free(cells)
    PyByteArray_Resize(records, size)
    return offsets, records
