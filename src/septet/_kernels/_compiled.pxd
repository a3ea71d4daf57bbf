"""The kernel as other compiled modules see it."""

from libc.stdint cimport uint8_t

from ._clusters cimport septet_cluster_search, septet_clusters
from ._rows cimport septet_column, septet_facts, septet_outcome

cdef extern from "c/scan_types.h" nogil:
    ctypedef struct septet_text:
        const void *data
        Py_ssize_t length
        int width

    ctypedef struct septet_capacity:
        Py_ssize_t single
        Py_ssize_t concatenated

    ctypedef struct septet_coding:
        int locking
        int single

    ctypedef struct septet_pair:
        septet_coding coding
        septet_capacity capacity

    ctypedef struct septet_rules:
        const septet_pair *pairs
        int pair_count
        bint allows_ucs2
        septet_capacity code_units
        const uint8_t *excluded
        bint excludes_plain
        const septet_clusters *clusters

    ctypedef struct septet_choice:
        int pair
        septet_coding coding
        septet_capacity capacity
        Py_ssize_t units

    ctypedef struct septet_text_facts:
        Py_ssize_t segments
        Py_ssize_t units
        bint is_ucs2

cdef extern from "c/counting.h" nogil:
    ctypedef struct septet_counting:
        septet_outcome (*count_column)(
            const septet_column *column, Py_ssize_t first, Py_ssize_t stop,
            const septet_rules *rules, const septet_facts *facts, Py_ssize_t *row) noexcept nogil
        septet_text_facts (*count_text)(
            const septet_text *text, const septet_rules *rules) noexcept nogil


cdef class Kernel:
    cdef septet_rules c_rules
    cdef septet_pair *c_pairs
    cdef bytearray excluded_bits
    cdef type result, segment, non_gsm_character
    cdef Py_ssize_t slots[6]  # offsets in instances of `result`, in the order of SLOTS
    cdef readonly tuple pairs
    cdef readonly str excluded
    cdef readonly object clusters
    cdef tuple cluster_tables  # those of `clusters`, which `c_clusters` points at
    cdef septet_clusters c_clusters
    cdef readonly object rules

    cdef int choose(
        self, text, const septet_text *view, septet_choice *choice, row=*) except -1
    cdef Py_ssize_t count_view(self, const septet_text *view, septet_choice *choice) noexcept
    cdef Py_ssize_t segment_end(
        self, const septet_text *view, const septet_choice *choice,
        septet_cluster_search *search, Py_ssize_t start, Py_ssize_t *units) noexcept


cdef septet_counting counting()
