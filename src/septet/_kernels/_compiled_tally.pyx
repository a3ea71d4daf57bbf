# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled twin of what is done with many rows and their facts: thin Cython over tally.h, join.h
and valid.h.

It answers as `python.tally` does. A `PrefixIndex` is filled when it is made and afterwards only
read, so any number of threads may ask.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_FromStringAndSize
from cpython.bytearray cimport PyByteArray_Resize
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t, uintptr_t
from libc.stdlib cimport free

from ._rows cimport SEPTET_FINE, septet_column, septet_facts, septet_outcome
from ._rows cimport see_column, see_facts

cdef extern from "c/tally.h" nogil:
    enum:
        SEPTET_NO_RATE
        SEPTET_NOT_E164
        SEPTET_NO_NUMBER

    ctypedef struct septet_digit:
        int32_t next[10]
        int32_t rate

    ctypedef struct septet_sum:
        pass

    ctypedef enum septet_index_kind:
        pass

    ctypedef struct septet_seen:
        uint64_t *places
        int64_t used
        bint has_zero

    bint septet_make_seen(septet_seen *seen, int bits)
    bint septet_see_hashes(
        septet_seen *seen, const uint64_t *hashes, Py_ssize_t count, uint8_t *marks)
    int32_t septet_find_rate(const septet_digit *trie, const uint8_t *number, Py_ssize_t length)
    septet_outcome septet_find_rates(
        const septet_digit *trie, const septet_column *column, Py_ssize_t first, Py_ssize_t stop,
        int32_t *rates, Py_ssize_t *row)
    Py_ssize_t septet_add_up(
        const int32_t *segments, const int32_t *units, const uint8_t *encodings,
        const int32_t *rates, Py_ssize_t *row, Py_ssize_t stop, int64_t *by_segments,
        septet_sum *by_rate)
    Py_ssize_t septet_count_empty(
        const septet_column *column, Py_ssize_t first, Py_ssize_t stop)
    Py_ssize_t septet_find_beyond(
        const int32_t *segments, const uint8_t *encodings, Py_ssize_t count, int32_t most,
        bint is_ucs2, int32_t *rows)
    Py_ssize_t septet_count_alike(
        int32_t *records, Py_ssize_t rows, Py_ssize_t width, int64_t *counts, int32_t *table,
        uint32_t mask)
    Py_ssize_t septet_look_up(
        const void *indexes, septet_index_kind kind, const uint8_t *is_set, Py_ssize_t first,
        Py_ssize_t length, const septet_facts *known, const uint8_t *known_is_set,
        int64_t known_count, const septet_facts *facts, uint8_t *nulls)

cdef extern from "c/join.h" nogil:
    enum:
        SEPTET_JOIN_BLOCK

    ctypedef struct septet_piece:
        const uint8_t *octets
        septet_column column
        Py_ssize_t first

    void septet_set_piece(septet_piece *piece, const uint8_t *octets, int64_t length)
    septet_outcome septet_join_offsets(
        septet_piece *pieces, Py_ssize_t piece_count, Py_ssize_t length, const int32_t *chosen,
        Py_ssize_t count, int64_t *offsets, Py_ssize_t *row)
    void septet_join_octets(
        const septet_piece *pieces, Py_ssize_t piece_count, const int32_t *chosen,
        Py_ssize_t count, uint8_t *joined)

cdef extern from "c/valid.h" nogil:
    bint septet_are_utf8(const septet_column *column, Py_ssize_t first, Py_ssize_t stop)

cdef extern from "Python.h":
    bint PyUnicode_IS_COMPACT_ASCII(object text)
    const char *PyUnicode_AsUTF8AndSize(object text, Py_ssize_t *length) except NULL

__all__ = [
    "NOT_E164",
    "NO_NUMBER",
    "NO_RATE",
    "PrefixIndex",
    "Seen",
    "add_up",
    "are_utf8",
    "count_alike",
    "count_empty",
    "find_beyond",
    "join_rows",
    "look_up",
]

NO_RATE, NOT_E164, NO_NUMBER = SEPTET_NO_RATE, SEPTET_NOT_E164, SEPTET_NO_NUMBER


cdef class PrefixIndex:
    """Finds the longest of some prefixes that a number begins with.

    Args:
        prefixes: Digits, each string once.

    Raises:
        ValueError: A prefix is not a `str` of digits.
    """

    cdef septet_digit *trie
    cdef Py_ssize_t used
    cdef Py_ssize_t room

    def __cinit__(self, tuple prefixes not None):
        cdef int32_t node, after, rate
        cdef int digit
        self.add_node()
        for rate, prefix in enumerate(prefixes):
            if not (isinstance(prefix, str) and prefix.isascii() and prefix.isdigit()):
                raise ValueError(f"prefix {prefix!r} is not digits")
            node = 0
            for digit in map(int, prefix):
                after = self.trie[node].next[digit]
                if after == 0:
                    after = self.add_node()
                    self.trie[node].next[digit] = after
                node = after
            self.trie[node].rate = rate

    def __dealloc__(self):
        PyMem_Free(self.trie)

    cdef int32_t add_node(self) except -1:
        cdef septet_digit *trie
        cdef int digit
        if self.used == self.room:
            self.room = 2 * self.room + 64
            trie = <septet_digit *>PyMem_Realloc(self.trie, self.room * sizeof(septet_digit))
            if trie == NULL:
                raise MemoryError
            self.trie = trie
        for digit in range(10):
            self.trie[self.used].next[digit] = 0
        self.trie[self.used].rate = SEPTET_NO_RATE
        self.used += 1
        return <int32_t>(self.used - 1)

    def find(self, number):
        """Return the index of the longest prefix of an E.164 number, or why there is none.

        Raises:
            TypeError: `number` is not a `str`.
        """
        if not isinstance(number, str):
            raise TypeError(f"number must be str, not {type(number).__name__}")
        return self.find_text(number)

    cdef int32_t find_text(self, object number) except? -99:
        cdef Py_ssize_t length
        cdef const char *octets
        # The octets of others would be a copy that stays with the caller's string.
        if not PyUnicode_IS_COMPACT_ASCII(number) and not str.isascii(number):
            return SEPTET_NOT_E164
        octets = PyUnicode_AsUTF8AndSize(number, &length)
        return septet_find_rate(self.trie, <const uint8_t *>octets, length)

    def find_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, int32_t[::1] found not None,
    ):
        """Find for rows of an Arrow column of numbers; see the other twin."""
        cdef septet_column view
        cdef septet_outcome outcome
        cdef Py_ssize_t row
        if stop == first:
            return 0, stop
        see_column(column, &view)
        with nogil:
            outcome = septet_find_rates(self.trie, &view, first, stop, &found[0], &row)
        return outcome, row

    def find_texts(self, list numbers not None, int32_t[::1] found not None, Py_ssize_t base):
        """Find for the numbers of a list; errors name the row, which is `base` for the first."""
        cdef Py_ssize_t row
        for row, number in enumerate(numbers):
            if number is not None and not isinstance(number, str):
                name = type(number).__name__
                raise TypeError(f"row {base + row}: number must be str or None, not {name}")
            found[row] = SEPTET_NO_NUMBER if number is None else self.find_text(number)


cdef class Seen:
    """A set of 64-bit hashes that tells which were there before."""

    cdef septet_seen seen

    def __cinit__(self):
        if not septet_make_seen(&self.seen, 10):
            raise MemoryError

    def __dealloc__(self):
        free(self.seen.places)

    def __len__(self):
        return self.seen.used + self.seen.has_zero

    def mark(self, const uint64_t[::1] hashes not None, uint8_t[::1] marks not None):
        """Add hashes, and note for each whether it was there before; see the other twin."""
        cdef bint has_room
        if len(marks) != len(hashes):
            raise ValueError(f"{len(marks)} marks for {len(hashes)} hashes")
        if len(hashes) == 0:
            return
        with nogil:
            has_room = septet_see_hashes(&self.seen, &hashes[0], len(hashes), &marks[0])
        if not has_room:
            raise MemoryError


def add_up(
    const int32_t[::1] segments not None, const int32_t[::1] units not None,
    const uint8_t[::1] encodings not None, const int32_t[::1] rates,
    int64_t[::1] by_segments not None, int64_t[::1] by_rate,
):
    """Add the messages of some rows to sums; see the other twin."""
    cdef Py_ssize_t row = 0, stop = len(segments), without_text = 0
    cdef const int32_t *found = NULL
    cdef septet_sum *sums = NULL
    cdef list too_long = []
    if rates is not None and by_rate is not None and stop > 0:
        found = &rates[0]
        sums = <septet_sum *>&by_rate[0]
    while row < stop:
        with nogil:
            without_text += septet_add_up(
                &segments[0], &units[0], &encodings[0], found, &row, stop, &by_segments[0], sums)
        if row < stop:
            too_long.append(row)
            row += 1
    return without_text, too_long


def are_utf8(column, Py_ssize_t first, Py_ssize_t stop):
    """Tell whether rows of an Arrow column are UTF-8; see the other twin."""
    cdef septet_column view
    cdef bint answer
    if stop == first:
        return True
    see_column(column, &view)
    with nogil:
        answer = septet_are_utf8(&view, first, stop)
    return answer


def count_alike(list columns not None, const int32_t[::1] rows not None, list others not None):
    """Count the records that some rows of columns are; see the other twin."""
    cdef Py_ssize_t length = len(rows), width = len(columns) + len(others), place, row, different
    cdef const uint8_t[::1] octets
    cdef const int32_t[::1] numbers
    cdef bint are_chosen
    cdef uint32_t room = 2
    while room < 2 * length:
        room *= 2
    cdef bytearray memory = bytearray(4 * length * width)
    cdef bytearray table = bytearray(4 * room)
    cdef bytearray counts = bytearray(8 * length)
    cdef int32_t *records = <int32_t *>PyByteArray_AS_STRING(memory)
    cdef int64_t *found = <int64_t *>PyByteArray_AS_STRING(counts)
    cdef int32_t *places = <int32_t *>PyByteArray_AS_STRING(table)
    for place, column in enumerate([*columns, *others]):
        are_chosen = place < len(columns)
        if not are_chosen and len(column) != length:
            raise ValueError(f"{len(column)} values of {length} rows")
        if column.itemsize == 1:
            octets = column
            for row in range(length):
                records[row * width + place] = octets[rows[row] if are_chosen else row]
        else:
            numbers = column
            for row in range(length):
                records[row * width + place] = numbers[rows[row] if are_chosen else row]
    with nogil:
        different = septet_count_alike(records, length, width, found, places, room - 1)
    return [
        (found[row], *[records[row * width + place] for place in range(width)])
        for row in range(different)
    ]


def count_empty(column, Py_ssize_t first, Py_ssize_t stop):
    """Return how many texts of an Arrow column are empty; see the other twin."""
    cdef septet_column view
    cdef Py_ssize_t empty
    if stop == first:
        return 0
    see_column(column, &view)
    with nogil:
        empty = septet_count_empty(&view, first, stop)
    if empty < 0:
        raise ValueError("a row lies outside its buffer")
    return empty


def find_beyond(
    const int32_t[::1] segments not None, const uint8_t[::1] encodings not None, int32_t most,
    bint is_ucs2,
):
    """Return the rows that take another encoding or more segments; see the other twin."""
    cdef bytearray memory = bytearray(4 * len(segments))
    cdef int32_t *rows = <int32_t *>PyByteArray_AS_STRING(memory)
    cdef Py_ssize_t length = len(segments), count = 0
    if length:
        with nogil:
            count = septet_find_beyond(
                &segments[0], &encodings[0], length, most, is_ucs2, rows)
    return memoryview(memory).cast("i")[:count]


def join_rows(list pieces not None, Py_ssize_t length, const int32_t[::1] rows=None):
    """Join octets and rows of Arrow columns to rows; see the other twin."""
    cdef Py_ssize_t piece_count = len(pieces), count = length, row = 0, place
    cdef const int32_t *chosen = NULL
    cdef septet_outcome outcome
    cdef bytearray octets, offsets
    cdef int64_t *places
    cdef uint8_t *joined
    cdef septet_piece *them
    if rows is not None:
        count = len(rows)
        chosen = &rows[0] if count else NULL
    offsets = bytearray(8 * (count + 1))
    places = <int64_t *>PyByteArray_AS_STRING(offsets)
    them = <septet_piece *>PyMem_Malloc(max(piece_count, 1) * sizeof(septet_piece))
    if them == NULL:
        raise MemoryError
    try:
        for place in range(piece_count):
            if isinstance(pieces[place], bytes):
                septet_set_piece(
                    them + place, <const uint8_t *>PyBytes_AS_STRING(pieces[place]),
                    PyBytes_GET_SIZE(pieces[place]))
                continue
            them[place].octets = NULL
            column, them[place].first = <tuple?>pieces[place]
            see_column(column, &them[place].column)
        with nogil:
            outcome = septet_join_offsets(them, piece_count, length, chosen, count, places, &row)
        if outcome != SEPTET_FINE:
            raise ValueError(f"row {row} lies outside its buffer")
        octets = PyByteArray_FromStringAndSize(NULL, places[count] + SEPTET_JOIN_BLOCK)
        joined = <uint8_t *>PyByteArray_AS_STRING(octets)
        with nogil:
            septet_join_octets(them, piece_count, chosen, count, joined)
        PyByteArray_Resize(octets, places[count])
    finally:
        PyMem_Free(them)
    return offsets, octets


def look_up(
    str index_format not None, uintptr_t indexes, uintptr_t validity, Py_ssize_t first,
    Py_ssize_t length, list known not None, const uint8_t[::1] known_validity,
    list places not None, uint8_t[::1] nulls not None,
):
    """Copy the facts of the value that each row of a dictionary column names.

    See the other twin.
    """
    cdef septet_facts sources = septet_facts(NULL, NULL, NULL), facts
    cdef septet_index_kind kind = <septet_index_kind>"cCsSiIlL".index(index_format)
    cdef Py_ssize_t known_count = len(known[0]), row
    cdef const uint8_t *known_is_set = NULL
    if length == 0:
        return 0
    if known_validity is not None:
        known_is_set = &known_validity[0]
    if known_count > 0:
        see_facts(&sources, known[0], known[1], known[2])
    see_facts(&facts, places[0], places[1], places[2])
    with nogil:
        row = septet_look_up(
            <const void *>indexes, kind, <const uint8_t *>validity, first, length, &sources,
            known_is_set, known_count, &facts, &nulls[0])
    return row
