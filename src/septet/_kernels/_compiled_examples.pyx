# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.examples`: Cython over examples.h."""

from cpython.unicode cimport PyUnicode_Check, PyUnicode_Compare
from libc.stdint cimport int32_t, uint8_t
from libc.string cimport memcpy

from ._bounds cimport check_length, check_rows
from ._compiled_python_h cimport septet_check_list, septet_item
from ._rows cimport bind_column, bind_facts, septet_column, septet_facts

cdef extern from "c/examples.h" nogil:
    enum:
        SEPTET_EXAMPLE_SLOTS
        SEPTET_MAX_SEGMENTS

    Py_ssize_t septet_example_slot(int32_t segments, uint8_t encoding)
    bint septet_find_shortest(
        const septet_column *column, Py_ssize_t first, Py_ssize_t stop, const septet_facts *facts,
        int32_t *units_of_slot, Py_ssize_t *rows)

__all__ = ["find_shortest"]


def find_shortest(
    texts, Py_ssize_t first, Py_ssize_t stop, int32_t[::1] segments not None,
    int32_t[::1] units not None, uint8_t[::1] encodings not None, const int32_t[::1] known not None,
):
    """Find the shortest message for each encoding and each number of segments from 2 to 255."""
    cdef septet_column view
    cdef septet_facts facts
    cdef int32_t[SEPTET_EXAMPLE_SLOTS] units_of_slot
    cdef Py_ssize_t[SEPTET_EXAMPLE_SLOTS] rows
    cdef Py_ssize_t slot, count = check_rows(first, stop)
    cdef bint is_fine
    check_length("known", known.shape[0], SEPTET_EXAMPLE_SLOTS)
    bind_facts(&facts, segments, units, encodings, count)
    memcpy(units_of_slot, &known[0], sizeof(units_of_slot))
    for slot in range(SEPTET_EXAMPLE_SLOTS):
        rows[slot] = -1
    if isinstance(texts, list):
        find_in_list(texts, first, stop, &facts, units_of_slot, rows)
    elif count:
        bind_column(texts, &view)
        with nogil:
            is_fine = septet_find_shortest(&view, first, stop, &facts, units_of_slot, rows)
        if not is_fine:
            raise ValueError("a row is outside its buffer")
    return [
        (slot > SEPTET_MAX_SEGMENTS, slot % (SEPTET_MAX_SEGMENTS + 1), rows[slot])
        for slot in range(SEPTET_EXAMPLE_SLOTS) if rows[slot] >= 0
    ]


cdef int find_in_list(
    list texts, Py_ssize_t first, Py_ssize_t stop, septet_facts *facts, int32_t *units_of_slot,
    Py_ssize_t *rows,
) except -1:
    cdef Py_ssize_t row, slot
    septet_check_list(texts, stop)
    for row in range(stop - first):
        slot = septet_example_slot(facts.segments[row], facts.encodings[row])
        if slot < 0 or facts.units[row] > units_of_slot[slot]:
            continue
        if facts.units[row] == units_of_slot[slot] and rows[slot] >= 0:
            text = septet_item(texts, first + row)
            other = septet_item(texts, first + rows[slot])
            if not (PyUnicode_Check(text) and PyUnicode_Check(other)):
                continue  # the list has changed
            if PyUnicode_Compare(text, other) >= 0:
                continue
        units_of_slot[slot] = facts.units[row]
        rows[slot] = row
    return 0
