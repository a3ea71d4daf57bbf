# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.hashing`: Cython over hashing.h.

Each docstring here is the first line of the one in `python.hashing`, which describes arguments,
results and errors.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING
from libc.stdint cimport int32_t, uint8_t, uint64_t
from libc.string cimport memcpy

from ._bounds cimport check_length, check_min_length, check_row_numbers, check_rows
from ._compiled_hashing_h cimport *
from ._rows cimport bind_column, septet_column, septet_outcome

from threading import Lock

__all__ = ["HashSet", "Hasher", "find_sent_rows"]


cdef class Hasher:
    """Hashes texts with a secret key."""

    cdef septet_hash_key key

    def __cinit__(self, bytes key not None):
        check_length("key", len(key), sizeof(self.key))
        memcpy(&self.key, <const uint8_t *>key, sizeof(self.key))

    def hash_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, uint64_t[::1] hashes not None,
        bint skips_mark=False,
    ):
        """Hash rows of an Arrow column of texts, each with the hash that is in its place."""
        cdef septet_column view
        cdef septet_outcome outcome
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        check_min_length("hashes", hashes.shape[0], rows)
        if rows == 0:
            return 0, stop
        bind_column(column, &view)
        with nogil:
            outcome = septet_hash_rows(
                &self.key, &view, first, stop, skips_mark, &hashes[0], &row)
        return outcome, row


cdef class HashSet:
    """A set of 64-bit hashes that reports which ones were present before."""

    cdef septet_hash_set hash_set
    cdef object lock  # the lock of the interpreter is released while hashes are added

    def __cinit__(self):
        self.lock = Lock()

    def __dealloc__(self):
        septet_free_hash_set(&self.hash_set)

    def __len__(self):
        with self.lock:
            return septet_count_hashes(&self.hash_set)

    def insert(self, const uint64_t[::1] hashes not None, const int32_t[::1] rows not None):
        """Insert the hashes of some rows, and return those rows whose hash was present before."""
        cdef Py_ssize_t repeated, count = rows.shape[0]
        check_row_numbers(rows, hashes.shape[0])
        cdef bytearray memory = bytearray(4 * count)
        cdef int32_t *repeated_rows = <int32_t *>PyByteArray_AS_STRING(memory)
        if count == 0:
            return memoryview(memory).cast("i")
        with self.lock, nogil:
            repeated = septet_insert_hashes(
                &self.hash_set, &hashes[0], &rows[0], count, repeated_rows)
        if repeated < 0:
            raise MemoryError
        return memoryview(memory).cast("i")[:repeated]


def find_sent_rows(
    const int32_t[::1] units not None, const int32_t[::1] matches not None, int32_t no_rate,
    int32_t not_e164,
):
    """Find the messages with a text and a number."""
    cdef Py_ssize_t length = units.shape[0], sent_count = 0, doubtful_count = 0
    check_length("matches", matches.shape[0], length)
    cdef bytearray sent = bytearray(4 * length), doubtful = bytearray(4 * length)
    cdef int32_t *sent_rows = <int32_t *>PyByteArray_AS_STRING(sent)
    cdef int32_t *doubtful_rows = <int32_t *>PyByteArray_AS_STRING(doubtful)
    if length:
        with nogil:
            sent_count = septet_find_sent_rows(
                &units[0], &matches[0], length, no_rate, not_e164, sent_rows, doubtful_rows,
                &doubtful_count)
    return memoryview(sent).cast("i")[:sent_count], memoryview(doubtful).cast("i")[:doubtful_count]
