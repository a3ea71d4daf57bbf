# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.rcs`: Cython over rcs.h.

Each docstring here is the first line of the one in `python.rcs`, which describes arguments, results
and errors.
"""

from cpython.unicode cimport PyUnicode_Check
from libc.stdint cimport int32_t, int64_t, uint8_t

from ._bounds cimport check_min_length, check_rows
from ._compiled cimport septet_text
from ._compiled_python_h cimport septet_check_list, septet_item, septet_view_borrowed, view_text
from ._rows cimport bind_column, septet_column, septet_outcome

cdef extern from "c/rcs.h" nogil:
    int64_t septet_utf8_length(const septet_text *text)
    int32_t septet_rcs_segments(int64_t bytes, int64_t segment_bytes)
    septet_outcome septet_count_rcs_rows(
        const septet_column *column, Py_ssize_t first, Py_ssize_t stop, int64_t segment_bytes,
        int32_t *segments, Py_ssize_t *row)

__all__ = ["RcsCounter", "utf8_length"]


cdef class RcsCounter:
    """Counts texts as RCS bills them."""

    cdef int64_t segment_bytes

    def __cinit__(self, int64_t segment_bytes):
        if segment_bytes < 1:
            raise ValueError(f"segment_bytes must be 1 or more, not {segment_bytes}")
        self.segment_bytes = segment_bytes

    def count_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, int32_t[::1] segments not None,
        units, encodings,
    ):
        """Count the rows from `first` up to `stop` of an Arrow column of texts."""
        cdef septet_column view
        cdef septet_outcome outcome
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        check_min_length("segments", segments.shape[0], rows)
        if rows == 0:
            return 0, stop
        bind_column(column, &view)
        with nogil:
            outcome = septet_count_rcs_rows(
                &view, first, stop, self.segment_bytes, &segments[0], &row)
        return outcome, row

    def count_texts(
        self, list texts not None, Py_ssize_t first, Py_ssize_t stop,
        int32_t[::1] segments not None, units, encodings, uint8_t[::1] nulls not None,
        Py_ssize_t base, ucs2_texts=None,
    ):
        """Count the texts of a list from `first` up to `stop`."""
        cdef septet_text view
        cdef Py_ssize_t row, index, rows = check_rows(first, stop)
        check_min_length("segments", segments.shape[0], rows)
        check_min_length("nulls", 8 * nulls.shape[0], rows)
        septet_check_list(texts, stop)
        for row in range(first, stop):
            index = row - first
            text = None
            if not septet_view_borrowed(texts, row, &view):
                text = septet_item(texts, row)
                if text is None:
                    nulls[index >> 3] |= 1 << (index & 7)
                    segments[index] = 0
                    continue
                if not PyUnicode_Check(text):
                    raise TypeError(
                        f"row {base + row}: text must be str or None, not {type(text).__name__}")
                text = view_text(text, &view)
            segments[index] = septet_rcs_segments(septet_utf8_length(&view), self.segment_bytes)


def utf8_length(text):
    """Return the bytes that a text takes in UTF-8."""
    cdef septet_text view
    text = view_text(text, &view)
    return septet_utf8_length(&view)
