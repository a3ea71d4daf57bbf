"""Declarations of fill.h and join.h, for the module _compiled_filling."""

from libc.stdint cimport int32_t, int64_t, uint8_t

from ._rows cimport septet_column, septet_outcome

cdef extern from "c/fill.h" nogil:
    ctypedef struct septet_piece:
        const uint8_t *octets
        septet_column column
        Py_ssize_t first

    ctypedef struct septet_filling:
        const septet_piece *pieces
        const int64_t *lasts
        const int32_t *parts
        const int32_t *starts
        const int32_t *templates

    void septet_set_constant_piece(septet_piece *piece, const uint8_t *octets, int64_t length)
    int64_t septet_last_offset(const septet_column *column, Py_ssize_t stop)
    septet_outcome septet_fill_offsets(
        const septet_filling *filling, Py_ssize_t count, int64_t *offsets, Py_ssize_t *row)
    void septet_fill_octets(const septet_filling *filling, Py_ssize_t count, uint8_t *filled)
