# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.savings`: Cython over savings.h.

Each docstring here is the first line of the one in `python.savings`, which describes arguments,
results and errors.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING
from libc.stdint cimport int32_t, uint8_t, uint32_t

from ._bounds cimport check_length, check_min_length, check_rows
from ._clusters cimport bind_clusters, septet_clusters
from ._compiled cimport Kernel, looking
from ._compiled_savings_h cimport *
from ._rows cimport *

import os
from collections import Counter
from threading import Lock

__all__ = ["SavingsCounts"]


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

    def add_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, int32_t[::1] segments not None,
        int32_t[::1] units not None, uint8_t[::1] encodings not None,
        const int32_t[::1] rates not None, Py_ssize_t base, bint allows_surrogates=False,
    ):
        """Look at the rows from `first` up to `stop` of an Arrow column of texts."""
        cdef septet_column view
        cdef septet_facts facts
        cdef septet_rows_to_change to_change
        cdef septet_outcome outcome
        cdef septet_look look = looking()
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        bind_facts(&facts, segments, units, encodings, rows)
        check_min_length("rates", rates.shape[0], rows)
        cdef bytearray selected = bytearray(rows), alone = bytearray(4 * rows)
        if rows == 0:
            return memoryview(selected), memoryview(alone).cast("I")
        bind_column(column, &view)
        to_change.selected = <uint8_t *>PyByteArray_AS_STRING(selected)
        to_change.alone = <uint32_t *>PyByteArray_AS_STRING(alone)
        with self.lock, nogil:
            outcome = look(
                &self.savings, &view, first, stop, allows_surrogates, &facts, &rates[0],
                &to_change, &row)
        if outcome == SEPTET_NO_ENCODING:
            raise ValueError(f"row {base + row - first} is not UTF-8")
        if outcome != SEPTET_FINE:
            from ..arrow.rows import Outcome

            raise Outcome(outcome).error(base + row - first)
        return memoryview(selected), memoryview(alone).cast("I")

    def add_changes(
        self, uint8_t[::1] selected not None, uint32_t[::1] alone not None,
        const int32_t[::1] segments not None, const int32_t[::1] rates not None,
        list after not None,
    ):
        """Count what replacements save in the rows that `add_rows` selected."""
        cdef septet_rows_to_change to_change
        cdef const int32_t *levels[SEPTET_MAX_LEVELS]
        cdef const int32_t[::1] level
        cdef bint has_memory
        cdef Py_ssize_t index, rows = selected.shape[0]
        cdef list kept = after[:]  # keeps the memory alive if the caller's list changes
        check_length("alone", alone.shape[0], rows)
        check_length("segments", segments.shape[0], rows)
        check_length("rates", rates.shape[0], rows)
        check_length("after", len(kept), self.savings.level_count)
        for index in range(len(kept)):
            level = kept[index]
            check_length("after", level.shape[0], rows)
            levels[index] = &level[0] if rows else NULL
        if rows == 0:
            return
        to_change.selected, to_change.alone = &selected[0], &alone[0]
        with self.lock, nogil:
            has_memory = septet_count_changes(
                &self.savings, &to_change, rows, &segments[0], &rates[0], levels)
        if not has_memory:
            raise MemoryError

    def take(self):
        """Return the counts of messages and of characters, and set all of them to zero."""
        cdef size_t at
        cdef septet_tally *tally
        cdef tuple counts = (Counter(), Counter(), Counter(), Counter())
        cdef object occurrences = Counter()
        cdef septet_character_count *character
        with self.lock:
            for at in range(self.savings.tallies.capacity):
                tally = self.savings.tallies.slots + at
                if tally.count == 0:
                    continue
                subject = tally.subject
                if tally.saving == SEPTET_WITH_CHARACTER:
                    subject = chr(tally.subject)
                    character = self.savings.characters + tally.subject
                    if character.occurrences > 0:
                        occurrences[subject] = character.occurrences
                        character.occurrences = 0
                elif tally.saving == SEPTET_SAVED_ALONE:
                    subject = chr(tally.subject)
                elif tally.saving == SEPTET_SAVED_BY_CHANGE:
                    subject = self.changes[tally.subject]
                counts[tally.saving][subject, tally.rate, tally.segments] = tally.count
            septet_clear_tallies(&self.savings.tallies)
        return *counts, occurrences
