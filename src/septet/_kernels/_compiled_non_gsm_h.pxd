"""The functions that count non-GSM characters in C: scan_non_gsm.h."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t

from ._compiled cimport septet_rules, septet_text
from ._rows cimport septet_column, septet_outcome

cdef extern from "c/scan_non_gsm.h" nogil:
    ctypedef struct septet_non_gsm_count:
        uint64_t texts

    ctypedef struct septet_non_gsm_counts:
        septet_non_gsm_count *chars
        uint32_t *seen
        Py_ssize_t seen_count

    bint septet_make_non_gsm_counts(septet_non_gsm_counts *counts)
    void septet_clear_non_gsm_counts(septet_non_gsm_counts *counts)
    void septet_free_non_gsm_counts(septet_non_gsm_counts *counts)
    void septet_count_non_gsm_text(
        const septet_text *text, const septet_rules *rules, septet_non_gsm_counts *counts)
    septet_outcome septet_count_non_gsm_rows(
        const septet_column *column, Py_ssize_t first, Py_ssize_t stop, const uint8_t *encodings,
        const septet_rules *rules, septet_non_gsm_counts *counts)
