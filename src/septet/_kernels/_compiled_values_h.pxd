"""Declarations of value_index.h, group_counts.h and networks.h, for the module _compiled_values."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from ._compiled_hashing_h cimport septet_hash_key
from ._rows cimport septet_column, septet_outcome

cdef extern from "c/value_index.h" nogil:
    ctypedef struct septet_value:
        int64_t start
        int64_t length

    ctypedef struct septet_value_index:
        septet_hash_key key
        septet_value *values
        int32_t count
        uint8_t *octets

    void septet_free_value_index(septet_value_index *index)
    septet_outcome septet_number_value(
        septet_value_index *index, const uint8_t *octets, int64_t length, bint must_be_utf8,
        int32_t *number)
    septet_outcome septet_number_rows(
        septet_value_index *index, const septet_column *column, Py_ssize_t first,
        Py_ssize_t stop, int32_t *numbers, Py_ssize_t *row)

cdef extern from "c/group_counts.h" nogil:
    ctypedef struct septet_group_count:
        int64_t messages
        int32_t group
        int32_t rate
        int32_t segments

    ctypedef struct septet_group_counts:
        septet_group_count *slots
        uint32_t slot_count
        uint32_t used

    Py_ssize_t septet_count_groups(
        septet_group_counts *counts, const int32_t *groups, const int32_t *rates,
        const int32_t *segments, const int32_t *units, Py_ssize_t row_count)

cdef extern from "c/networks.h" nogil:
    Py_ssize_t septet_choose_by_network(
        int32_t *rates, const int32_t *networks, Py_ssize_t count, const int32_t *columns,
        Py_ssize_t network_count, const int32_t *table, Py_ssize_t line_count,
        Py_ssize_t column_count)
