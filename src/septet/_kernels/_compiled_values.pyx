# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.values`: Cython over value_index.h, group_counts.h and
networks.h.

Each docstring here is the first line of the one in `python.values`, which describes arguments,
results and errors.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.unicode cimport PyUnicode_DecodeUTF8
from libc.stdint cimport int32_t, uint8_t, uint32_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from ._bounds cimport check_length, check_min_length, check_rows
from ._compiled_python_h cimport septet_check_list, septet_item
from ._compiled_values_h cimport septet_choose_by_network
from ._compiled_values_h cimport septet_count_groups, septet_free_value_index, septet_group_count
from ._compiled_values_h cimport septet_group_counts, septet_number_rows, septet_number_value
from ._compiled_values_h cimport septet_value, septet_value_index
from ._rows cimport SEPTET_FINE, bind_column, septet_column, septet_outcome

from os import urandom
from threading import Lock

__all__ = ["GroupCounts", "ValueIndex", "choose_by_network"]


cdef class GroupCounts:
    """Counts the messages of each group by rate and segments."""

    cdef septet_group_counts counts
    cdef object lock  # the lock of the interpreter is released while rows are counted

    def __cinit__(self):
        self.lock = Lock()

    def __dealloc__(self):
        free(self.counts.slots)

    def add(
        self, const int32_t[::1] groups not None, const int32_t[::1] rates not None,
        const int32_t[::1] segments not None, const int32_t[::1] units not None,
    ):
        """Count the rows that have a text."""
        cdef Py_ssize_t rows = groups.shape[0], counted
        check_length("rates", rates.shape[0], rows)
        check_length("segments", segments.shape[0], rows)
        check_length("units", units.shape[0], rows)
        if rows == 0:
            return
        with self.lock, nogil:
            counted = septet_count_groups(
                &self.counts, &groups[0], &rates[0], &segments[0], &units[0], rows)
        if counted < rows:
            raise MemoryError

    def take(self):
        """Return the counts, in any order, and start at nothing again."""
        cdef septet_group_count *slot
        cdef uint32_t at
        cdef dict counts = {}
        with self.lock:
            for at in range(self.counts.slot_count):
                slot = self.counts.slots + at
                if slot.messages:
                    counts[slot.group, slot.rate, slot.segments] = slot.messages
            free(self.counts.slots)
            self.counts = septet_group_counts(NULL, 0, 0)
        return counts


cdef class ValueIndex:
    """Numbers the distinct values of columns of texts, in the order in which they first occur."""

    cdef septet_value_index index
    cdef dict numbers  # of the texts of lists, whose hashes Python knows already
    cdef object lock  # the lock of the interpreter is released while rows are numbered

    def __cinit__(self):
        cdef bytes key = urandom(sizeof(self.index.key))
        memcpy(&self.index.key, PyBytes_AS_STRING(key), sizeof(self.index.key))
        self.numbers = {}
        self.lock = Lock()

    def __dealloc__(self):
        septet_free_value_index(&self.index)

    def __len__(self):
        with self.lock:
            return self.index.count

    def find_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, int32_t[::1] numbers not None,
    ):
        """Find the number of the value in each of some rows of an Arrow column."""
        cdef septet_column view
        cdef septet_outcome outcome
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        check_min_length("numbers", numbers.shape[0], rows)
        if rows == 0:
            return 0, stop
        bind_column(column, &view)
        with self.lock, nogil:
            outcome = septet_number_rows(&self.index, &view, first, stop, &numbers[0], &row)
        return outcome, row

    def find_texts(
        self, list texts not None, Py_ssize_t first, Py_ssize_t stop,
        int32_t[::1] numbers not None, Py_ssize_t base,
    ):
        """Find the number of the value of each of some items of a list."""
        cdef Py_ssize_t row
        check_min_length("numbers", numbers.shape[0], check_rows(first, stop))
        septet_check_list(texts, stop)
        with self.lock:
            for row in range(first, stop):
                text = septet_item(texts, row)
                if text is not None and type(text) is not str:
                    if not isinstance(text, str):
                        name = type(text).__name__
                        raise TypeError(f"row {base + row}: value must be str or None, not {name}")
                    # A subclass may override every method, so only its characters are read.
                    text = str.__str__(text)
                number = self.numbers.get(text)
                if number is None:
                    number = self.numbers[text] = self.number_text(text)
                numbers[row - first] = number

    cdef int32_t number_text(self, str text) except -1:
        cdef bytes utf8 = b"" if text is None else text.encode("utf-8", "surrogatepass")
        cdef int32_t number
        if septet_number_value(
            &self.index, <const uint8_t *>PyBytes_AS_STRING(utf8),
            -1 if text is None else PyBytes_GET_SIZE(utf8), False, &number,
        ) != SEPTET_FINE:
            raise MemoryError
        return number

    def values(self, Py_ssize_t first=0):
        """Return the values from a number on, in the order of their numbers."""
        cdef septet_value *value
        cdef Py_ssize_t number
        cdef list values = []
        with self.lock:
            check_rows(first, self.index.count)
            for number in range(first, self.index.count):
                value = self.index.values + number
                values.append(None if value.length < 0 else PyUnicode_DecodeUTF8(
                    <const char *>self.index.octets + value.start, value.length, "surrogatepass"))
        return values


def choose_by_network(
    int32_t[::1] rates not None, const int32_t[::1] networks not None,
    const int32_t[::1] columns not None, const int32_t[::1] table not None,
    Py_ssize_t column_count,
):
    """Replace the rates of rows that have others for some networks."""
    cdef Py_ssize_t row, rows = rates.shape[0], size = table.shape[0]
    cdef const int32_t *first_column = NULL
    cdef const int32_t *first_rate = NULL
    check_length("networks", networks.shape[0], rows)
    if column_count < 1 or size % column_count:
        raise ValueError(f"table has {size} rates, not lines of {column_count}")
    if rows == 0:
        return
    if columns.shape[0]:
        first_column = &columns[0]
    if size:
        first_rate = &table[0]
    with nogil:
        row = septet_choose_by_network(
            &rates[0], &networks[0], rows, first_column, columns.shape[0], first_rate,
            size // column_count, column_count)
    if row < rows:
        raise ValueError(f"row {row} has a network that has no column")
