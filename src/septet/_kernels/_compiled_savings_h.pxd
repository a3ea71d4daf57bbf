"""Declarations of savings_tallies.h, for the modules _compiled and _compiled_savings."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t

from ._clusters cimport septet_clusters
from ._compiled cimport septet_rules
from ._rows cimport septet_column, septet_facts, septet_outcome

cdef extern from "c/savings_tallies.h" nogil:
    enum:
        SEPTET_MAX_LEVELS
        SEPTET_SAVED_BY_CHANGE
        SEPTET_WITH_CHARACTER
        SEPTET_SAVED_ALONE

    ctypedef struct septet_tally:
        int32_t saving
        uint32_t subject
        int32_t rate
        int32_t segments
        int64_t count

    ctypedef struct septet_tallies:
        septet_tally *slots
        size_t capacity

    ctypedef struct septet_character_count:
        int64_t occurrences

    ctypedef struct septet_savings:
        const septet_rules *rules
        const septet_clusters *clusters
        int level_count
        int32_t near_units
        septet_tallies tallies
        septet_character_count *characters

    ctypedef struct septet_rows_to_change:
        uint8_t *selected
        uint32_t *alone

    bint septet_make_savings(septet_savings *savings, uint64_t factor)
    void septet_free_savings(septet_savings *savings)
    void septet_clear_tallies(septet_tallies *tallies)
    bint septet_count_changes(
        septet_savings *savings, const septet_rows_to_change *rows, Py_ssize_t count,
        const int32_t *segments, const int32_t *rates, const int32_t *const *after)

    ctypedef septet_outcome (*septet_look)(
        septet_savings *savings, const septet_column *column, Py_ssize_t first, Py_ssize_t stop,
        bint allows_surrogates, const septet_facts *facts, const int32_t *rates,
        const septet_rows_to_change *rows, Py_ssize_t *row)
