"""Declarations of hashing.h, for the module _compiled_savings."""

from libc.stdint cimport int32_t, int64_t, uint64_t

from ._rows cimport septet_column, septet_outcome

cdef extern from "c/hashing.h" nogil:
    ctypedef struct septet_hash_key:
        uint64_t first
        uint64_t second

    ctypedef struct septet_hash_set:
        pass

    septet_outcome septet_hash_rows(
        const septet_hash_key *key, const septet_column *column, Py_ssize_t first,
        Py_ssize_t stop, int skips_mark, uint64_t *hashes, Py_ssize_t *row)
    void septet_free_hash_set(septet_hash_set *set)
    int64_t septet_count_hashes(const septet_hash_set *set)
    Py_ssize_t septet_insert_hashes(
        septet_hash_set *set, const uint64_t *hashes, const int32_t *rows, Py_ssize_t count,
        int32_t *repeated)
    Py_ssize_t septet_find_sent_rows(
        const int32_t *units, const int32_t *matches, Py_ssize_t count, int32_t no_rate,
        int32_t not_e164, int32_t *sent, int32_t *doubtful, Py_ssize_t *doubtful_count)
