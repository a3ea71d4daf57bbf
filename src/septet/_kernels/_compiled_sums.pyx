# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.sums`."""

from libc.stdint cimport int32_t, int64_t

__all__ = ["sum_counts"]


def sum_counts(const int32_t[::1] counts not None):
    """Return the sum of int32 counts, which may be greater than an int32."""
    cdef int64_t total = 0
    cdef Py_ssize_t row
    with nogil:
        for row in range(counts.shape[0]):
            total += counts[row]
    return total
