# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.tally`: Cython over tally.h, join.h and valid.h.

Each docstring here is the first line of the one in `python.tally`, which describes arguments,
results and errors. A `PrefixIndex` is only read after it is made, so threads may share it.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_FromStringAndSize
from cpython.bytearray cimport PyByteArray_Resize
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uintptr_t

from ._rows cimport SEPTET_FINE, septet_column, septet_facts, septet_outcome
from ._bounds cimport check_length, check_min_length, check_rows
from ._rows cimport bind_column, bind_facts
from ._compiled cimport septet_text
from ._compiled_python_h cimport septet_check_list, septet_item, septet_view_borrowed
from ._compiled_tally_h cimport SEPTET_ADDED_DECIMALS, SEPTET_JOIN_BLOCK, SEPTET_LOST_DIGITS
from ._compiled_tally_h cimport SEPTET_MAX_SEGMENTS, SEPTET_NO_NUMBER, SEPTET_NO_RATE
from ._compiled_tally_h cimport SEPTET_NOT_E164, SEPTET_REASON_COUNT
from ._compiled_tally_h cimport septet_add_to_sums, septet_are_utf8, septet_copy_dictionary_facts
from ._compiled_tally_h cimport septet_count_distinct_rows, septet_count_empty, septet_find_rate
from ._compiled_tally_h cimport SEPTET_START_COUNT, septet_fill_starts, septet_find_rates
from ._compiled_tally_h cimport septet_find_rows_beyond
from ._compiled_tally_h cimport septet_find_wrong_decoding
from ._compiled_tally_h cimport septet_index_kind, septet_join_octets
from ._compiled_tally_h cimport septet_join_offsets, septet_piece
from ._compiled_tally_h cimport septet_set_constant_piece, septet_sum, septet_trie_node
from ._compiled_tally_h cimport septet_trie_start

cdef extern from "Python.h":
    bint PyUnicode_IS_COMPACT_ASCII(object text)
    const char *PyUnicode_AsUTF8AndSize(object text, Py_ssize_t *length) except NULL

__all__ = [
    "ADDED_DECIMALS",
    "LOST_DIGITS",
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "PrefixIndex",
    "add_to_sums",
    "are_utf8",
    "copy_dictionary_facts",
    "count_distinct_rows",
    "count_empty",
    "find_rows_beyond",
    "find_wrong_decoding",
    "join_rows",
]

cdef str INDEX_FORMATS = "cCsSiIlL"  # in the order of septet_index_kind

NO_RATE, NOT_E164, NO_NUMBER = SEPTET_NO_RATE, SEPTET_NOT_E164, SEPTET_NO_NUMBER
LOST_DIGITS, ADDED_DECIMALS = SEPTET_LOST_DIGITS, SEPTET_ADDED_DECIMALS


cdef class PrefixIndex:
    """Finds the longest of several prefixes of a telephone number."""

    cdef septet_trie_node *trie
    cdef Py_ssize_t node_count
    cdef Py_ssize_t node_capacity
    cdef bint adds_plus
    cdef septet_trie_start starts[SEPTET_START_COUNT]

    def __cinit__(self, tuple prefixes not None, bint adds_plus=False):
        cdef int32_t node, child, rate
        cdef int digit
        self.adds_plus = adds_plus
        self.add_node()
        for rate, prefix in enumerate(prefixes):
            # A subclass may override every method, so only its characters are read.
            digits = str.__str__(prefix) if isinstance(prefix, str) else ""
            if not (digits.isascii() and digits.isdigit()):
                raise ValueError(f"prefix {prefix!r} is not digits")
            node = 0
            for digit in map(int, digits):
                child = self.trie[node].next[digit]
                if child == 0:
                    child = self.add_node()
                    self.trie[node].next[digit] = child
                node = child
            self.trie[node].rate = rate
        septet_fill_starts(self.trie, self.starts)

    def __dealloc__(self):
        PyMem_Free(self.trie)

    cdef int32_t add_node(self) except -1:
        cdef septet_trie_node *trie
        cdef int digit
        if self.node_count == self.node_capacity:
            self.node_capacity = 2 * self.node_capacity + 64
            trie = <septet_trie_node *>PyMem_Realloc(
                self.trie, self.node_capacity * sizeof(septet_trie_node))
            if trie == NULL:
                raise MemoryError
            self.trie = trie
        for digit in range(10):
            self.trie[self.node_count].next[digit] = 0
        self.trie[self.node_count].rate = SEPTET_NO_RATE
        self.node_count += 1
        return <int32_t>(self.node_count - 1)

    def find(self, number):
        """Return the index of the longest prefix of a number, or the reason why it has none."""
        if not isinstance(number, str):
            raise TypeError(f"number must be str, not {type(number).__name__}")
        return self.find_text(number)

    cdef int32_t find_text(self, object number) except? -99:
        cdef Py_ssize_t length
        cdef const char *utf8
        # For other strings, CPython would cache a UTF-8 copy in the caller's string.
        if not PyUnicode_IS_COMPACT_ASCII(number) and not str.isascii(number):
            return SEPTET_NOT_E164
        utf8 = PyUnicode_AsUTF8AndSize(number, &length)
        return septet_find_rate(
            self.trie, self.starts, self.adds_plus, <const uint8_t *>utf8, length)

    def find_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, int32_t[::1] rates not None,
    ):
        """Find the longest prefix of each number in rows of an Arrow column."""
        cdef septet_column view
        cdef septet_outcome outcome
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        check_min_length("rates", rates.shape[0], rows)
        if rows == 0:
            return 0, stop
        bind_column(column, &view)
        with nogil:
            outcome = septet_find_rates(
                self.trie, self.starts, self.adds_plus, &view, first, stop, &rates[0], &row)
        return outcome, row

    def find_texts(
        self, list numbers not None, Py_ssize_t first, Py_ssize_t stop,
        int32_t[::1] rates not None, Py_ssize_t base,
    ):
        """Find the longest prefix of each number in items of a list."""
        cdef septet_text view
        cdef Py_ssize_t row
        check_min_length("rates", rates.shape[0], check_rows(first, stop))
        septet_check_list(numbers, stop)
        for row in range(first, stop):
            if septet_view_borrowed(numbers, row, &view):
                # Latin-1 has one octet for each character, and only ASCII has digits.
                rates[row - first] = SEPTET_NOT_E164 if view.width > 1 else septet_find_rate(
                    self.trie, self.starts, self.adds_plus, <const uint8_t *>view.data,
                    view.length)
                continue
            number = septet_item(numbers, row)
            if number is not None and not isinstance(number, str):
                name = type(number).__name__
                raise TypeError(f"row {base + row}: number must be str or None, not {name}")
            rates[row - first] = (
                SEPTET_NO_NUMBER if number is None else self.find_text(number))


def add_to_sums(
    const int32_t[::1] segments not None, const int32_t[::1] units not None,
    const uint8_t[::1] encodings not None, const int32_t[::1] rates,
    int64_t[::1] by_segments not None, int64_t[::1] by_rate,
):
    """Add rows to sums of messages and segments."""
    cdef Py_ssize_t row = 0, stop = segments.shape[0], without_text = 0, sum_count = 0
    cdef const int32_t *first_rate = NULL
    cdef septet_sum *sums = NULL
    cdef list too_long = []
    check_length("units", units.shape[0], stop)
    check_length("encodings", encodings.shape[0], stop)
    check_length("by_segments", by_segments.shape[0], 2 * (SEPTET_MAX_SEGMENTS + 1))
    if (rates is None) != (by_rate is None):
        raise ValueError("rates and by_rate must be given together")
    if rates is not None:
        check_length("rates", rates.shape[0], stop)
        sum_count = by_rate.shape[0] // 2
        check_min_length("by_rate", sum_count, SEPTET_REASON_COUNT)
        if stop > 0:
            first_rate = &rates[0]
            sums = <septet_sum *>&by_rate[0]
    while row < stop:
        with nogil:
            without_text += septet_add_to_sums(
                &segments[0], &units[0], &encodings[0], first_rate, &row, stop, &by_segments[0],
                sums, sum_count)
        if row == stop:
            break
        if segments[row] <= SEPTET_MAX_SEGMENTS:
            raise ValueError(f"row {row} has a segment count, encoding or rate that has no sum")
        too_long.append(row)
        row += 1
    return without_text, too_long


def are_utf8(column, Py_ssize_t first, Py_ssize_t stop):
    """Check whether rows of an Arrow column are UTF-8, nulls included."""
    cdef septet_column view
    cdef bint are_valid
    if check_rows(first, stop) == 0:
        return True
    bind_column(column, &view)
    with nogil:
        are_valid = septet_are_utf8(&view, first, stop)
    return are_valid


def count_distinct_rows(
    list columns not None, const int32_t[::1] rows not None, list others not None,
):
    """Count how often each distinct combination of values occurs in some rows."""
    cdef Py_ssize_t selected_count = len(columns), length = rows.shape[0]
    cdef Py_ssize_t size, index, row, source, distinct_count
    cdef list all_columns = [*columns[:selected_count], *others]
    cdef Py_ssize_t width = len(all_columns)
    cdef const uint8_t[::1] codes = None
    cdef const int32_t[::1] numbers = None
    cdef bint is_selected
    cdef uint32_t slot_count = 2
    while slot_count < 2 * length:
        slot_count *= 2
    cdef bytearray memory = bytearray(4 * length * width)
    cdef bytearray table = bytearray(4 * slot_count)
    cdef bytearray count_memory = bytearray(8 * length)
    cdef int32_t *values = <int32_t *>PyByteArray_AS_STRING(memory)
    cdef int64_t *counts = <int64_t *>PyByteArray_AS_STRING(count_memory)
    cdef int32_t *slots = <int32_t *>PyByteArray_AS_STRING(table)
    for index, column in enumerate(all_columns):
        is_selected = index < selected_count
        codes = numbers = None
        if column.itemsize == 1:
            codes = column
        else:
            numbers = column
        size = numbers.shape[0] if codes is None else codes.shape[0]
        if not is_selected:
            check_length("others", size, length)
        for row in range(length):
            source = rows[row] if is_selected else row
            if not 0 <= source < size:
                raise ValueError(f"row {source} is not one of the {size} rows of columns")
            values[row * width + index] = numbers[source] if codes is None else codes[source]
    with nogil:
        distinct_count = septet_count_distinct_rows(
            values, length, width, counts, slots, slot_count - 1)
    return [
        (counts[row], *[values[row * width + index] for index in range(width)])
        for row in range(distinct_count)
    ]


def count_empty(column, Py_ssize_t first, Py_ssize_t stop):
    """Count the texts of an Arrow column that are empty or null."""
    cdef septet_column view
    cdef Py_ssize_t empty
    if check_rows(first, stop) == 0:
        return 0
    bind_column(column, &view)
    with nogil:
        empty = septet_count_empty(&view, first, stop)
    if empty < 0:
        raise ValueError("a row is outside its buffer")
    return empty


def find_rows_beyond(
    const int32_t[::1] segments not None, const uint8_t[::1] encodings not None,
    int32_t max_segments, bint is_ucs2,
):
    """Find the rows with more segments than a limit, or in UCS-2 where GSM-7 is expected."""
    cdef Py_ssize_t length = segments.shape[0], count = 0
    check_length("encodings", encodings.shape[0], length)
    cdef bytearray memory = bytearray(4 * length)
    cdef int32_t *rows = <int32_t *>PyByteArray_AS_STRING(memory)
    if length:
        with nogil:
            count = septet_find_rows_beyond(
                &segments[0], &encodings[0], length, max_segments, is_ucs2, rows)
    return memoryview(memory).cast("i")[:count]


def find_wrong_decoding(
    column, Py_ssize_t first, Py_ssize_t stop, const uint8_t[::1] encodings not None,
):
    """Find the rows in UCS-2 that may be UTF-8 decoded as Windows-1252 or Latin-1."""
    cdef septet_column view
    cdef Py_ssize_t count = 0, length = check_rows(first, stop)
    check_min_length("encodings", encodings.shape[0], length)
    cdef bytearray memory = bytearray(4 * length)
    cdef int32_t *rows = <int32_t *>PyByteArray_AS_STRING(memory)
    if length:
        bind_column(column, &view)
        with nogil:
            count = septet_find_wrong_decoding(&view, first, stop, &encodings[0], rows)
    if count < 0:
        raise ValueError("a row is outside its buffer")
    return memoryview(memory).cast("i")[:count]


def join_rows(list pieces not None, Py_ssize_t length, const int32_t[::1] rows=None):
    """Join constant bytes and rows of Arrow columns to one text for each row."""
    cdef list kept = pieces[:]  # keeps the bytes alive if the caller's list changes
    cdef Py_ssize_t piece_count = len(kept), count = check_rows(0, length), row = 0, index
    cdef const int32_t *chosen = NULL
    cdef septet_outcome outcome
    cdef bytearray text_bytes, offsets
    cdef int64_t *row_offsets
    cdef uint8_t *joined
    cdef septet_piece *c_pieces
    if rows is not None:
        count = rows.shape[0]
        for index in range(count):
            if not 0 <= rows[index] < length:
                raise ValueError(f"row {rows[index]} is not one of the {length} rows of columns")
        chosen = &rows[0] if count else NULL
    offsets = bytearray(8 * (count + 1))
    row_offsets = <int64_t *>PyByteArray_AS_STRING(offsets)
    c_pieces = <septet_piece *>PyMem_Malloc(max(piece_count, 1) * sizeof(septet_piece))
    if c_pieces == NULL:
        raise MemoryError
    try:
        for index in range(piece_count):
            piece = kept[index]
            if isinstance(piece, bytes):
                septet_set_constant_piece(
                    c_pieces + index, <const uint8_t *>PyBytes_AS_STRING(piece),
                    PyBytes_GET_SIZE(piece))
                continue
            c_pieces[index].octets = NULL
            column, c_pieces[index].first = <tuple?>piece
            check_rows(0, c_pieces[index].first)
            bind_column(column, &c_pieces[index].column)
        with nogil:
            outcome = septet_join_offsets(
                c_pieces, piece_count, length, chosen, count, row_offsets, &row)
        if outcome != SEPTET_FINE:
            raise ValueError(f"row {row} is outside its buffer")
        text_bytes = PyByteArray_FromStringAndSize(NULL, row_offsets[count] + SEPTET_JOIN_BLOCK)
        joined = <uint8_t *>PyByteArray_AS_STRING(text_bytes)
        with nogil:
            septet_join_octets(c_pieces, piece_count, chosen, count, joined)
        PyByteArray_Resize(text_bytes, row_offsets[count])
    finally:
        PyMem_Free(c_pieces)
    return offsets, text_bytes


def copy_dictionary_facts(
    indexes, Py_ssize_t first, Py_ssize_t stop, list known not None,
    const uint8_t[::1] known_validity, list facts not None, uint8_t[::1] nulls not None,
    int32_t null_segments=0,
):
    """Copy the facts of the dictionary value that each row refers to."""
    cdef septet_facts sources = septet_facts(NULL, NULL, NULL), targets
    cdef int32_t[::1] known_segments, known_units, segments, units
    cdef uint8_t[::1] known_encodings, encodings
    cdef septet_index_kind kind
    cdef Py_ssize_t known_count, length, row_count
    cdef const uint8_t *known_is_set = NULL
    cdef uintptr_t rows, validity
    cdef str layout
    layout, rows, *_, validity = indexes
    if len(layout) != 1 or layout not in INDEX_FORMATS:
        raise ValueError(f"dictionary indexes of format {layout!r}")
    kind = <septet_index_kind>INDEX_FORMATS.index(layout)
    length = check_rows(first, stop)
    if len(known) != 3 or len(facts) != 3:
        raise ValueError("known and facts must be three buffers each")
    known_segments, known_units, known_encodings = known
    segments, units, encodings = facts
    if known_segments is None or segments is None:
        raise ValueError("segments must be given")
    if units is not None and known_units is None:
        raise ValueError("units and encodings must be known")
    known_count = known_segments.shape[0]
    bind_facts(&sources, known_segments, known_units, known_encodings, known_count)
    bind_facts(&targets, segments, units, encodings, length)
    check_min_length("nulls", 8 * nulls.shape[0], length)
    if known_validity is not None:
        check_min_length("known_validity", 8 * known_validity.shape[0], known_count)
        known_is_set = &known_validity[0] if known_count > 0 else NULL
    if length == 0:
        return 0
    with nogil:
        row_count = septet_copy_dictionary_facts(
            <const void *>rows, kind, <const uint8_t *>validity, first, length, &sources,
            known_is_set, known_count, &targets, &nulls[0], null_segments)
    return row_count
