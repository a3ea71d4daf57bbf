# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.savings`: Cython over savings.h.

Each docstring here is the first line of the one in `python.savings`, which describes arguments,
results and errors.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.unicode cimport PyUnicode_Check
from libc.stdint cimport int32_t, uint8_t, uint32_t

from ._bounds cimport check_length, check_min_length, check_row_numbers, check_rows
from ._clusters cimport bind_clusters, septet_clusters
from ._compiled cimport Kernel, add_cost, look_at_rows, look_at_text, septet_text, view_text
from ._compiled_python_h cimport septet_check_list, septet_item, septet_list_changed
from ._compiled_savings_h cimport *
from ._rows cimport SEPTET_FINE, bind_column, bind_facts, septet_column, septet_facts
from ._rows cimport septet_outcome

import os
from collections import Counter
from threading import Lock

__all__ = ["SavingsCounts"]

cdef tuple CHARACTERS = (SEPTET_WITH_CHARACTER, SEPTET_SAVED_ALONE, SEPTET_OCCURRENCES)


cdef class SavingsCounts:
    """Counts messages by what could be saved in them."""

    cdef septet_savings savings
    cdef Kernel kernel
    cdef tuple changes
    cdef tuple cluster_tables  # which `clusters` points at
    cdef septet_clusters clusters
    cdef object lock  # the lock of the interpreter is released while rows are read

    def __cinit__(
        self, Kernel kernel not None, tuple changes not None, clusters, int32_t near_units,
    ):
        cdef Py_ssize_t level_count = len(changes) - 1
        if not 0 <= level_count <= SEPTET_MAX_LEVELS:
            raise ValueError(f"changes must be 1 to {SEPTET_MAX_LEVELS + 1}, not {len(changes)}")
        if near_units < 0:
            raise ValueError(f"near_units must not be negative, but is {near_units}")
        self.kernel, self.changes = kernel, changes
        self.cluster_tables = tuple(clusters)
        bind_clusters(self.cluster_tables, &self.clusters)
        self.lock = Lock()
        self.savings.rules = &kernel.c_rules
        self.savings.clusters = &self.clusters
        self.savings.level_count = <int>level_count
        self.savings.near_units = near_units
        if not septet_make_savings(&self.savings, int.from_bytes(os.urandom(8), "little")):
            raise MemoryError

    def __dealloc__(self):
        septet_free_savings(&self.savings)

    def set_replacements(self, str char not None, replacements, bint depends):
        """Set what replaces a character at each level."""
        cdef septet_text view
        cdef uint32_t c = ord(char)
        cdef Py_ssize_t first
        cdef tuple texts = tuple(replacements)
        check_length("replacements", len(texts), self.savings.level_count)
        with self.lock:
            self.savings.chars[c].depends = depends
            if not self.kernel.c_rules.pair_count:
                return
            first = self.savings.cost_count + 1
            for text in texts:
                text = view_text(text, &view)
                if not add_cost(&self.savings, &view):
                    raise MemoryError
            self.savings.chars[c].first = <int32_t>first

    def add_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, int32_t[::1] segments not None,
        int32_t[::1] units not None, uint8_t[::1] encodings not None,
        const int32_t[::1] rates not None,
    ):
        """Look at the rows from `first` up to `stop` of an Arrow column of texts."""
        cdef septet_column view
        cdef septet_facts facts
        cdef septet_left_rows left
        cdef septet_outcome outcome
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        bind_facts(&facts, segments, units, encodings, rows)
        check_min_length("rates", rates.shape[0], rows)
        cdef bytearray left_rows = bytearray(4 * rows), alone = bytearray(4 * rows)
        if rows == 0:
            return 0, stop, memoryview(left_rows).cast("i"), memoryview(alone).cast("I")
        bind_column(column, &view)
        bind_left(&left, left_rows, alone)
        with self.lock, nogil:
            outcome = look_at_rows(
                &self.savings, &view, first, stop, &facts, &rates[0], &left, &row)
        return (
            outcome, row, memoryview(left_rows).cast("i")[:left.count],
            memoryview(alone).cast("I")[:left.count])

    def add_texts(
        self, list texts not None, int32_t[::1] segments not None, int32_t[::1] units not None,
        uint8_t[::1] encodings not None, const int32_t[::1] rates not None,
    ):
        """Look at the texts of a list."""
        cdef septet_text view
        cdef septet_facts facts
        cdef septet_left_rows left
        cdef septet_non_gsm non_gsm
        cdef Py_ssize_t row, rows = segments.shape[0]
        bind_facts(&facts, segments, units, encodings, rows)
        check_min_length("rates", rates.shape[0], rows)
        septet_check_list(texts, rows)
        cdef bytearray left_rows = bytearray(4 * rows), alone = bytearray(4 * rows)
        bind_left(&left, left_rows, alone)
        with self.lock:
            for row in range(rows):
                if not septet_may_save(&facts, row):
                    continue
                text = septet_item(texts, row)
                if not PyUnicode_Check(text):
                    septet_list_changed()
                text = view_text(text, &view)
                if not look_at_text(&self.savings, &view, rates[row], segments[row], &non_gsm):
                    raise MemoryError
                septet_leave_row(&left, row, &non_gsm)
        return (
            memoryview(left_rows).cast("i")[:left.count],
            memoryview(alone).cast("I")[:left.count])

    def add_changes(
        self, const int32_t[::1] rows not None, const uint32_t[::1] alone not None,
        const int32_t[::1] segments not None, const int32_t[::1] rates not None,
        list after not None,
    ):
        """Count what replacements save in rows that were left to the caller."""
        cdef Py_ssize_t counts[SEPTET_MAX_LEVELS]
        cdef const int32_t[::1] level_counts
        cdef Py_ssize_t index, level, count = rows.shape[0]
        check_length("alone", alone.shape[0], count)
        check_length("after", len(after), self.savings.level_count)
        check_row_numbers(rows, min(segments.shape[0], rates.shape[0]))
        cdef list columns = after[:]
        cdef list values = []
        for column in columns:
            level_counts = column
            check_length("after", level_counts.shape[0], count)
            values.append(level_counts)
        with self.lock:
            for index in range(count):
                for level in range(self.savings.level_count):
                    level_counts = values[level]
                    counts[level] = level_counts[index]
                if not septet_count_changes(
                        &self.savings, rates[rows[index]], segments[rows[index]], counts,
                        alone[index]):
                    raise MemoryError

    def take(self):
        """Return the counts of messages and of characters, and set all of them to zero."""
        cdef size_t at
        cdef septet_tally *tally
        cdef tuple counts = (Counter(), Counter(), Counter(), Counter(), Counter())
        with self.lock:
            for at in range(self.savings.tallies.capacity):
                tally = self.savings.tallies.slots + at
                if tally.count == 0:
                    continue
                subject = tally.subject
                if tally.saving in CHARACTERS:
                    subject = chr(tally.subject)
                elif tally.saving == SEPTET_SAVED_BY_CHANGE:
                    subject = self.changes[tally.subject]
                if tally.saving == SEPTET_OCCURRENCES:
                    counts[tally.saving][subject] = tally.count
                else:
                    counts[tally.saving][subject, tally.rate, tally.segments] = tally.count
            septet_clear_tallies(&self.savings.tallies)
        return counts


cdef int bind_left(septet_left_rows *left, bytearray rows, bytearray alone) except -1:
    left.rows = <int32_t *>PyByteArray_AS_STRING(rows)
    left.alone = <uint32_t *>PyByteArray_AS_STRING(alone)
    left.count = 0
    return 0
