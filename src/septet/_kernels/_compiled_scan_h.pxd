"""The functions that count and cut texts in C: scan_column.h."""

from libc.stdint cimport int32_t, uint8_t, uint32_t

from ._clusters cimport septet_cluster_search, septet_clusters
from ._compiled cimport septet_capacity, septet_choice, septet_coding, septet_rules, septet_text
from ._compiled cimport septet_text_facts
from ._rows cimport septet_column, septet_facts, septet_outcome

cdef extern from "c/scan_column.h" nogil:
    enum:
        SEPTET_SINGLE_BIT

    uint32_t septet_tables[0x10000]

    ctypedef enum septet_code:
        SEPTET_WIDEST_CODE

    const char *septet_choose_code(septet_code last)
    int septet_default_cost(uint32_t char)
    Py_ssize_t septet_next_lacking(
        const septet_text *text, const septet_rules *rules, septet_coding coding,
        Py_ssize_t index)
    bint septet_choose(
        const septet_text *text, const septet_rules *rules, septet_choice *choice)
    septet_text_facts septet_count_text(const septet_text *text, const septet_rules *rules)
    septet_coding septet_least_lacking_pair(const septet_text *text, const septet_rules *rules)
    Py_ssize_t septet_guess_length(
        const septet_text *text, Py_ssize_t units, Py_ssize_t capacity)
    Py_ssize_t septet_segment_end(
        const septet_text *text, septet_coding coding, Py_ssize_t guess, Py_ssize_t start,
        Py_ssize_t capacity, septet_cluster_search *search, Py_ssize_t *units)
    Py_ssize_t septet_count_by_cutting(
        const septet_text *text, septet_coding coding, Py_ssize_t units,
        septet_capacity capacity, const septet_clusters *clusters, Py_ssize_t *last)
    Py_ssize_t septet_count_segments(
        const septet_text *text, septet_coding coding, Py_ssize_t units,
        septet_capacity capacity, const septet_clusters *clusters)

    bint septet_prepare_languages()
    septet_outcome septet_count_column(
        const septet_column *column, Py_ssize_t first, Py_ssize_t stop, const septet_rules *rules,
        const septet_facts *facts, Py_ssize_t *row)

cdef extern from "c/python_non_gsm.h":
    object septet_non_gsm_characters(
        type record, const septet_text *text, const septet_rules *rules)
