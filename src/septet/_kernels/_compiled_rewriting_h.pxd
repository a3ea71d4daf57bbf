"""Declarations of rewrite_column.h and replacement_table.h, for the module _compiled_rewriting."""

from libc.stdint cimport int64_t, uint8_t, uint32_t

from ._compiled cimport septet_counting, septet_rules
from ._rows cimport septet_column, septet_facts, septet_outcome

cdef extern from "c/replacement_table.h" nogil:
    enum:
        SEPTET_IS_CHANGED
        SEPTET_IS_LACKING
        SEPTET_IS_SPACED
        SEPTET_IS_AVAILABLE
        SEPTET_IS_ATTACHED
        SEPTET_IS_JOINABLE
        SEPTET_IS_MICRO
        SEPTET_IS_GREEK
        SEPTET_IS_MISSING
        SEPTET_IS_MISSING_COMPOSED

    ctypedef struct septet_octets:
        uint8_t *octets
        size_t length

    ctypedef struct septet_rewritten:
        septet_octets octets

    ctypedef struct septet_replacement_table:
        int (*find)(
            void *finder, septet_replacement_table *table, const uint32_t *piece,
            Py_ssize_t length, int in_context) noexcept nogil
        void *finder
        uint32_t space_septets

    void septet_free_replacements(septet_replacement_table *table)
    bint septet_append(septet_octets *memory, const void *octets, size_t length)
    bint septet_add_replacement(
        septet_replacement_table *table, const uint32_t *piece, Py_ssize_t piece_length,
        bint in_context, const uint8_t *octets, size_t length, uint32_t septets,
        uint32_t code_units, uint32_t flags)

cdef extern from "c/rewrite_column.h" nogil:
    enum:
        SEPTET_REWRITE_SLICE

    ctypedef enum septet_when:
        SEPTET_HELPS
        SEPTET_CHEAPER
        SEPTET_ALWAYS

    ctypedef enum septet_row_end:
        SEPTET_ROW_STAYS
        SEPTET_ROW_CHANGES
        SEPTET_ROW_NOT_UTF8
        SEPTET_ROW_NO_MEMORY
        SEPTET_ROW_FAILED

    ctypedef struct septet_chars:
        uint32_t *chars
        Py_ssize_t length

    ctypedef struct septet_rewriter:
        septet_replacement_table *table
        septet_replacement_table *without_greek
        septet_row_end (*rewrite)(septet_rewriter *rewriter, septet_when when) noexcept nogil
        void *owner
        const septet_rules *rules
        const septet_rules *tables_only
        septet_counting counting
        septet_when when
        bint allows_surrogates
        septet_chars text
        septet_chars result
        septet_rewritten rewritten
        septet_facts facts

    ctypedef struct septet_row_output:
        uint8_t *octets
        int64_t length
        int64_t capacity
        int64_t *offsets
        uint8_t *replaced
        int (*reserve)(septet_row_output *output, int64_t capacity) noexcept nogil
        void *owner

    septet_row_end septet_rewrite_rows(
        septet_rewriter *rewriter, const septet_column *column, Py_ssize_t first,
        Py_ssize_t stop, septet_row_output *output, septet_outcome *outcome, Py_ssize_t *row)
    septet_row_end septet_measure_rewritten_rows(
        septet_rewriter *rewriter, const septet_column *column, Py_ssize_t first,
        Py_ssize_t stop, const uint8_t *encodings, const septet_facts *after,
        septet_outcome *outcome, Py_ssize_t *row)

cdef extern from "c/huge_pages.h" nogil:
    void septet_ask_for_huge_pages(uint8_t *memory, size_t size)
