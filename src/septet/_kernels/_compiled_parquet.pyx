# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.parquet`: Cython over parquet_texts.h.

Each docstring here is the first line of the one in `python.parquet`, which describes arguments,
results and errors.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.stdint cimport int32_t, uint8_t
from libc.string cimport memset

from ._bounds cimport check_min_length, check_rows

from threading import Lock

cdef extern from "c/parquet_texts.h" nogil:
    enum:
        SEPTET_VIEW_OCTETS
        SEPTET_PLAIN_LENGTH_OCTETS
        SEPTET_MAX_RUN_WIDTH

    ctypedef struct septet_runs:
        pass

    ctypedef struct septet_text_page:
        uint8_t *octets
        Py_ssize_t size
        Py_ssize_t position
        bint has_levels
        bint has_indexes
        septet_runs levels
        septet_runs indexes
        const uint8_t *dictionary
        Py_ssize_t dictionary_count

    void septet_start_runs(septet_runs *runs, const uint8_t *octets, Py_ssize_t size, int width)
    Py_ssize_t septet_read_page_texts(
        septet_text_page *page, uint8_t *views, uint8_t *validity, Py_ssize_t row,
        Py_ssize_t count, int32_t buffer)

__all__ = ["TextPages"]

cdef str DAMAGE = "the page is damaged, or a text is not UTF-8"


cdef class TextPages:
    """Reads the texts of the pages of a column chunk, one page after the other."""

    cdef septet_text_page page
    cdef Py_ssize_t rest  # rows of the page that are not read yet
    cdef const uint8_t[::1] levels  # the memory that `page` points to
    cdef uint8_t[::1] values
    cdef bytes dictionary
    cdef object lock  # the lock of the interpreter is released while rows are read

    def __cinit__(self):
        self.lock = Lock()
        memset(&self.page, 0, sizeof(self.page))
        self.dictionary = b""
        self.rest = 0

    def read_dictionary(self, uint8_t[::1] values not None, Py_ssize_t count):
        """Read the dictionary page, whose values are in buffer 0 for all views."""
        cdef septet_text_page page
        cdef Py_ssize_t null_count = 0
        cdef bytes views
        cdef uint8_t *memory
        if not 0 <= count <= values.shape[0] // SEPTET_PLAIN_LENGTH_OCTETS:
            raise ValueError(DAMAGE)
        views = PyBytes_FromStringAndSize(NULL, count * SEPTET_VIEW_OCTETS)
        memset(&page, 0, sizeof(page))
        if count:
            page.octets, page.size = &values[0], values.shape[0]
            memory = <uint8_t *>PyBytes_AS_STRING(views)
            with nogil:
                null_count = septet_read_page_texts(&page, memory, NULL, 0, count, 0)
        if null_count < 0:
            raise ValueError(DAMAGE)
        with self.lock:
            self.rest = 0
            self.dictionary = views
            self.page.dictionary = <const uint8_t *>PyBytes_AS_STRING(views)
            self.page.dictionary_count = count

    def start_page(
        self, const uint8_t[::1] levels, uint8_t[::1] values not None, Py_ssize_t start,
        Py_ssize_t count, bint has_indexes,
    ):
        """Begin a data page."""
        cdef uint8_t *octets = NULL
        cdef Py_ssize_t size = values.shape[0]
        cdef int width = 0
        if not 0 <= start <= size or count < 0:
            raise ValueError(DAMAGE)
        if size:
            octets = &values[0]
        if has_indexes and start < size:
            width = octets[start]
            start += 1
        if width > SEPTET_MAX_RUN_WIDTH:
            raise ValueError(DAMAGE)
        with self.lock:
            self.values, self.levels, self.rest = values, levels, count
            self.page.octets, self.page.size, self.page.position = octets, size, start
            self.page.has_levels = levels is not None
            self.page.has_indexes = has_indexes
            if has_indexes and octets != NULL:
                septet_start_runs(&self.page.indexes, octets + start, size - start, width)
            else:
                septet_start_runs(&self.page.indexes, NULL, 0, 0)
            if levels is not None and levels.shape[0]:
                septet_start_runs(&self.page.levels, &levels[0], levels.shape[0], 1)
            else:
                septet_start_runs(&self.page.levels, NULL, 0, 1)

    def read(
        self, uint8_t[::1] views not None, uint8_t[::1] validity not None, Py_ssize_t row,
        Py_ssize_t count, int32_t buffer,
    ):
        """Write views of the next rows of the page."""
        cdef Py_ssize_t null_count
        check_rows(0, row)
        check_rows(0, count)
        check_min_length("views", views.shape[0] // SEPTET_VIEW_OCTETS - row, count)
        check_min_length("validity", validity.shape[0] * 8 - row, count)
        if count == 0:
            return 0
        with self.lock:
            null_count = -1
            if count <= self.rest:
                with nogil:
                    null_count = septet_read_page_texts(
                        &self.page, &views[0], &validity[0], row, count, buffer)
            self.rest = self.rest - count if null_count >= 0 else 0
        if null_count < 0:
            raise ValueError(DAMAGE)
        return null_count
