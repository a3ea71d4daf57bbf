"""The tables of _compiled_wire, and what reads octets in wire.h, for other compiled modules."""

from libc.stdint cimport uint8_t, uint16_t

cdef extern from "c/wire.h" nogil:
    enum:
        SEPTET_SEGMENT_OCTETS
        SEPTET_MAX_CHARS
        SEPTET_IDENTIFIERS
        SEPTET_TABLE_SIZE
        SEPTET_NOT_IN_TABLE
        SEPTET_CONCATENATION_8_BIT
        SEPTET_CONCATENATION_16_BIT
        SEPTET_SINGLE_SHIFT
        SEPTET_LOCKING_SHIFT

    ctypedef struct septet_table:
        uint8_t septets[0x10000]
        uint16_t chars[SEPTET_TABLE_SIZE]

    Py_ssize_t septet_read_septets(
        const uint8_t *septets, Py_ssize_t *start, Py_ssize_t stop,
        const septet_table *locking, const septet_table *single, bint strict, uint16_t *chars)
    void septet_unpack(
        const uint8_t *octets, Py_ssize_t count, int fill_bits, uint8_t *septets)

cdef const septet_table *locking_table(int identifier) except NULL
cdef const septet_table *single_table(int identifier) except NULL
