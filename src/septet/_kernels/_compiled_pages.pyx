# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.pages`: Cython over pages.h.

Each docstring of a function here is the first line of the one in `python.pages`, which describes
arguments, results and errors.
"""

from libc.stdint cimport uint8_t, uint32_t

cdef extern from "c/pages.h" nogil:
    uint32_t septet_longest_value(const uint8_t *page, Py_ssize_t size)

__all__ = ["longest_value"]


def longest_value(const uint8_t[::1] page not None):
    """Return the length of the longest value of a Parquet page of texts in the plain encoding."""
    cdef uint32_t longest
    if page.shape[0] == 0:
        return 0
    with nogil:
        longest = septet_longest_value(&page[0], page.shape[0])
    return longest
