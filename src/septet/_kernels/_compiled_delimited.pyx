# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.delimited`: Cython over delimited.h.

Each docstring here is the first line of the one in `python.delimited`, which describes arguments,
results and errors.
"""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport int32_t, int64_t, uint8_t

from ._bounds cimport check_min_length, check_rows

cdef extern from "c/delimited.h" nogil:
    enum:
        SEPTET_VIEW_OCTETS
        SEPTET_WHOLE_RECORD

    ctypedef enum septet_records_outcome:
        SEPTET_NO_WHOLE_RECORD
        SEPTET_VIEWS_FULL
        SEPTET_OTHER_RECORD

    ctypedef struct septet_records:
        const uint8_t *octets
        Py_ssize_t start
        Py_ssize_t stop
        bint is_last
        uint8_t delimiter
        Py_ssize_t width
        Py_ssize_t max_octets
        const int32_t *wanted
        Py_ssize_t wanted_count
        uint8_t *views
        Py_ssize_t capacity
        uint8_t *unquoted
        int64_t *field_ends
        Py_ssize_t row
        Py_ssize_t unquoted_size
        Py_ssize_t end
        Py_ssize_t lines

    bint septet_choose_masks(bint only_portable)
    septet_records_outcome septet_read_records(septet_records *records)

__all__ = ["NO_WHOLE_RECORD", "OTHER_RECORD", "VIEWS_FULL", "WHOLE_RECORD", "read_records"]

NO_WHOLE_RECORD, VIEWS_FULL = SEPTET_NO_WHOLE_RECORD, SEPTET_VIEWS_FULL
OTHER_RECORD, WHOLE_RECORD = SEPTET_OTHER_RECORD, SEPTET_WHOLE_RECORD


def read_records(
    const uint8_t[::1] block not None, Py_ssize_t start, bint is_last, int delimiter,
    Py_ssize_t width, Py_ssize_t max_bytes, const int32_t[::1] wanted not None,
    uint8_t[::1] views not None, Py_ssize_t row, uint8_t[::1] unquoted not None,
    Py_ssize_t unquoted_size,
):
    """Write views of the wanted fields of plain records, up to the first other record."""
    cdef septet_records records
    cdef septet_records_outcome outcome
    cdef Py_ssize_t size = check_rows(start, block.shape[0]), index
    cdef Py_ssize_t count = wanted.shape[0]
    if not 0 < delimiter < 0x80:
        raise ValueError(f"the delimiter must be an ASCII character, not {delimiter}")
    if count == 0:
        raise ValueError("no field is wanted")
    for index in range(count):
        if not SEPTET_WHOLE_RECORD <= wanted[index] < width:
            raise ValueError(f"field {wanted[index]} of records of {width} fields")
    records.capacity = views.shape[0] // (SEPTET_VIEW_OCTETS * count)
    check_min_length("views", records.capacity, check_rows(0, row))
    check_min_length("unquoted", unquoted.shape[0], check_rows(0, unquoted_size) + size)
    if size == 0:
        return SEPTET_NO_WHOLE_RECORD, start, 0, row, unquoted_size
    records.octets, records.start, records.stop = &block[0], start, block.shape[0]
    records.is_last, records.delimiter = is_last, <uint8_t>delimiter
    records.width, records.max_octets = width, max_bytes
    records.wanted, records.wanted_count = &wanted[0], count
    records.views = &views[0] if records.capacity else NULL
    records.unquoted = &unquoted[0]
    records.row, records.unquoted_size = row, unquoted_size
    # A record of this size has no more fields.
    records.field_ends = <int64_t *>PyMem_Malloc((min(width, size + 1) + 1) * sizeof(int64_t))
    if records.field_ends == NULL:
        raise MemoryError
    with nogil:
        outcome = septet_read_records(&records)
    PyMem_Free(records.field_ends)
    return outcome, records.end, records.lines, records.row, records.unquoted_size


def use_vector_masks(bint wanted):
    """Choose between vector and portable code, for tests only; return whether it is vector code."""
    return septet_choose_masks(not wanted)


use_vector_masks(True)
