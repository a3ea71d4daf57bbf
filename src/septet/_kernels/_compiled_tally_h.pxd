"""Declarations of tally.h, wrong_decoding.h, join.h, valid.h, for the module _compiled_tally."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from ._rows cimport septet_column, septet_facts, septet_outcome

cdef extern from "c/tally.h" nogil:
    enum:
        SEPTET_NO_RATE
        SEPTET_NOT_E164
        SEPTET_NO_NUMBER
        SEPTET_LOST_DIGITS
        SEPTET_ADDED_DECIMALS
        SEPTET_REASON_COUNT
        SEPTET_MAX_SEGMENTS
        SEPTET_START_COUNT

    ctypedef struct septet_trie_node:
        int32_t next[10]
        int32_t rate

    ctypedef struct septet_trie_start:
        pass

    ctypedef struct septet_sum:
        pass

    ctypedef enum septet_index_kind:
        pass

    void septet_fill_starts(const septet_trie_node *trie, septet_trie_start *starts)
    int32_t septet_find_rate(
        const septet_trie_node *trie, const septet_trie_start *starts, bint adds_plus,
        const uint8_t *number, Py_ssize_t length)
    septet_outcome septet_find_rates(
        const septet_trie_node *trie, const septet_trie_start *starts, bint adds_plus,
        const septet_column *column,
        Py_ssize_t first, Py_ssize_t stop, int32_t *rates, Py_ssize_t *row)
    Py_ssize_t septet_add_to_sums(
        const int32_t *segments, const int32_t *units, const uint8_t *encodings,
        const int32_t *rates, Py_ssize_t *row, Py_ssize_t stop, int64_t *by_segments,
        septet_sum *by_rate, Py_ssize_t sum_count)
    Py_ssize_t septet_count_empty(
        const septet_column *column, Py_ssize_t first, Py_ssize_t stop)
    Py_ssize_t septet_find_rows_beyond(
        const int32_t *segments, const uint8_t *encodings, Py_ssize_t count, int32_t max_segments,
        bint is_ucs2, int32_t *rows)
    Py_ssize_t septet_count_distinct_rows(
        int32_t *rows, Py_ssize_t row_count, Py_ssize_t width, int64_t *counts, int32_t *table,
        uint32_t mask)
    Py_ssize_t septet_copy_dictionary_facts(
        const void *indexes, septet_index_kind kind, const uint8_t *is_set, Py_ssize_t first,
        Py_ssize_t length, const septet_facts *known, const uint8_t *known_is_set,
        int64_t known_count, const septet_facts *facts, uint8_t *nulls, int32_t null_segments)

cdef extern from "c/wrong_decoding.h" nogil:
    Py_ssize_t septet_find_wrong_decoding(
        const septet_column *column, Py_ssize_t first, Py_ssize_t stop, const uint8_t *encodings,
        int32_t *rows)

cdef extern from "c/join.h" nogil:
    enum:
        SEPTET_JOIN_BLOCK

    ctypedef struct septet_piece:
        const uint8_t *octets
        septet_column column
        Py_ssize_t first

    void septet_set_constant_piece(septet_piece *piece, const uint8_t *octets, int64_t length)
    septet_outcome septet_join_offsets(
        septet_piece *pieces, Py_ssize_t piece_count, Py_ssize_t length, const int32_t *chosen,
        Py_ssize_t count, int64_t *offsets, Py_ssize_t *row)
    void septet_join_octets(
        const septet_piece *pieces, Py_ssize_t piece_count, const int32_t *chosen,
        Py_ssize_t count, uint8_t *joined)

cdef extern from "c/valid.h" nogil:
    bint septet_are_utf8(const septet_column *column, Py_ssize_t first, Py_ssize_t stop)
