"""Declarations of savings_tallies.h, for the modules _compiled and _compiled_savings."""

from libc.stdint cimport int32_t, int64_t, uint32_t, uint64_t

from ._clusters cimport septet_clusters
from ._compiled cimport septet_rules
from ._rows cimport septet_facts

cdef extern from "c/savings_tallies.h" nogil:
    enum:
        SEPTET_MAX_LEVELS
        SEPTET_SAVED_BY_CHANGE
        SEPTET_WITH_CHARACTER
        SEPTET_SAVED_ALONE
        SEPTET_NEAR_FEWER
        SEPTET_OCCURRENCES

    ctypedef struct septet_tally:
        int32_t saving
        uint32_t subject
        int32_t rate
        int32_t segments
        int64_t count

    ctypedef struct septet_tallies:
        septet_tally *slots
        size_t capacity

    ctypedef struct septet_char_costs:
        int32_t first
        bint depends

    ctypedef struct septet_savings:
        const septet_rules *rules
        const septet_clusters *clusters
        int level_count
        int32_t near_units
        septet_tallies tallies
        septet_char_costs *chars
        Py_ssize_t cost_count

    ctypedef struct septet_non_gsm:
        pass

    ctypedef struct septet_left_rows:
        int32_t *rows
        uint32_t *alone
        Py_ssize_t count

    bint septet_make_savings(septet_savings *savings, uint64_t factor)
    void septet_free_savings(septet_savings *savings)
    void septet_clear_tallies(septet_tallies *tallies)
    bint septet_count_changes(
        septet_savings *savings, int32_t rate, Py_ssize_t before, const Py_ssize_t *after,
        uint32_t alone)
    void septet_leave_row(
        septet_left_rows *left, Py_ssize_t row, const septet_non_gsm *non_gsm)
    bint septet_may_save(const septet_facts *facts, Py_ssize_t row)
