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
from ._rows cimport check_length, check_room, check_rows, see_column, see_facts
from ._compiled_python_h cimport septet_check_list, septet_item
from ._compiled_tally_h cimport SEPTET_JOIN_BLOCK, SEPTET_MOST_SEGMENTS, SEPTET_NO_NUMBER
from ._compiled_tally_h cimport SEPTET_NO_RATE, SEPTET_NOT_E164, SEPTET_REASONS, septet_add_up
from ._compiled_tally_h cimport septet_are_utf8, septet_count_alike, septet_count_empty
from ._compiled_tally_h cimport septet_digit, septet_find_beyond, septet_find_rate
from ._compiled_tally_h cimport septet_find_rates, septet_index_kind, septet_join_octets
from ._compiled_tally_h cimport septet_join_offsets, septet_look_up, septet_make_seen, septet_piece
from ._compiled_tally_h cimport septet_see_hashes, septet_seen, septet_set_piece, septet_sum

from threading import Lock

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

cdef str INDEX_FORMATS = "cCsSiIlL"  # in the order of septet_index_kind

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
            # A subclass may say of itself what it likes: only its characters count.
            digits = str.__str__(prefix) if isinstance(prefix, str) else ""
            if not (digits.isascii() and digits.isdigit()):
                raise ValueError(f"prefix {prefix!r} is not digits")
            node = 0
            for digit in map(int, digits):
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
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        check_room("found", found.shape[0], rows)
        if rows == 0:
            return 0, stop
        see_column(column, &view)
        with nogil:
            outcome = septet_find_rates(self.trie, &view, first, stop, &found[0], &row)
        return outcome, row

    def find_texts(
        self, list numbers not None, Py_ssize_t first, Py_ssize_t stop,
        int32_t[::1] found not None, Py_ssize_t base,
    ):
        """Find for rows of a list of numbers; see the other twin."""
        cdef Py_ssize_t row
        check_room("found", found.shape[0], check_rows(first, stop))
        septet_check_list(numbers, stop)
        for row in range(first, stop):
            number = septet_item(numbers, row)
            if number is not None and not isinstance(number, str):
                name = type(number).__name__
                raise TypeError(f"row {base + row}: number must be str or None, not {name}")
            found[row - first] = (
                SEPTET_NO_NUMBER if number is None else self.find_text(number))


cdef class Seen:
    """A set of 64-bit hashes that tells which were there before."""

    cdef septet_seen seen
    cdef object lock  # the lock of the interpreter is released while hashes are added

    def __cinit__(self):
        self.lock = Lock()
        if not septet_make_seen(&self.seen, 10):
            raise MemoryError

    def __dealloc__(self):
        free(self.seen.places)

    def __len__(self):
        return self.seen.used + self.seen.has_zero

    def mark(self, const uint64_t[::1] hashes not None, uint8_t[::1] marks not None):
        """Add hashes, and note for each whether it was there before; see the other twin."""
        cdef bint has_room
        cdef Py_ssize_t count = hashes.shape[0]
        check_length("marks", marks.shape[0], count)
        if count == 0:
            return
        with self.lock, nogil:
            has_room = septet_see_hashes(&self.seen, &hashes[0], count, &marks[0])
        if not has_room:
            raise MemoryError


def add_up(
    const int32_t[::1] segments not None, const int32_t[::1] units not None,
    const uint8_t[::1] encodings not None, const int32_t[::1] rates,
    int64_t[::1] by_segments not None, int64_t[::1] by_rate,
):
    """Add the messages of some rows to sums; see the other twin."""
    cdef Py_ssize_t row = 0, stop = segments.shape[0], without_text = 0, rate_count = 0
    cdef const int32_t *found = NULL
    cdef septet_sum *sums = NULL
    cdef list too_long = []
    check_length("units", units.shape[0], stop)
    check_length("encodings", encodings.shape[0], stop)
    check_length("by_segments", by_segments.shape[0], 2 * (SEPTET_MOST_SEGMENTS + 1))
    if (rates is None) != (by_rate is None):
        raise ValueError("rates and by_rate must be given together")
    if rates is not None:
        check_length("rates", rates.shape[0], stop)
        rate_count = by_rate.shape[0] // 2
        check_room("by_rate", rate_count, SEPTET_REASONS)
        if stop > 0:
            found = &rates[0]
            sums = <septet_sum *>&by_rate[0]
    while row < stop:
        with nogil:
            without_text += septet_add_up(
                &segments[0], &units[0], &encodings[0], found, &row, stop, &by_segments[0], sums,
                rate_count)
        if row == stop:
            break
        if segments[row] <= SEPTET_MOST_SEGMENTS:
            raise ValueError(f"row {row} has a segment count, encoding or rate that has no sum")
        too_long.append(row)
        row += 1
    return without_text, too_long


def are_utf8(column, Py_ssize_t first, Py_ssize_t stop):
    """Tell whether rows of an Arrow column are UTF-8; see the other twin."""
    cdef septet_column view
    cdef bint answer
    if check_rows(first, stop) == 0:
        return True
    see_column(column, &view)
    with nogil:
        answer = septet_are_utf8(&view, first, stop)
    return answer


def count_alike(list columns not None, const int32_t[::1] rows not None, list others not None):
    """Count the records that some rows of columns are; see the other twin."""
    cdef Py_ssize_t chosen = len(columns), length = rows.shape[0], size, place, row, at, different
    cdef list all_columns = [*columns[:chosen], *others]
    cdef Py_ssize_t width = len(all_columns)
    cdef const uint8_t[::1] octets = None
    cdef const int32_t[::1] numbers = None
    cdef bint is_chosen
    cdef uint32_t room = 2
    while room < 2 * length:
        room *= 2
    cdef bytearray memory = bytearray(4 * length * width)
    cdef bytearray table = bytearray(4 * room)
    cdef bytearray counts = bytearray(8 * length)
    cdef int32_t *records = <int32_t *>PyByteArray_AS_STRING(memory)
    cdef int64_t *found = <int64_t *>PyByteArray_AS_STRING(counts)
    cdef int32_t *places = <int32_t *>PyByteArray_AS_STRING(table)
    for place, column in enumerate(all_columns):
        is_chosen = place < chosen
        octets = numbers = None
        if column.itemsize == 1:
            octets = column
        else:
            numbers = column
        size = numbers.shape[0] if octets is None else octets.shape[0]
        if not is_chosen:
            check_length("others", size, length)
        for row in range(length):
            at = rows[row] if is_chosen else row
            if not 0 <= at < size:
                raise ValueError(f"row {at} is not one of the {size} rows of columns")
            records[row * width + place] = numbers[at] if octets is None else octets[at]
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
    if check_rows(first, stop) == 0:
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
    cdef Py_ssize_t length = segments.shape[0], count = 0
    check_length("encodings", encodings.shape[0], length)
    cdef bytearray memory = bytearray(4 * length)
    cdef int32_t *rows = <int32_t *>PyByteArray_AS_STRING(memory)
    if length:
        with nogil:
            count = septet_find_beyond(
                &segments[0], &encodings[0], length, most, is_ucs2, rows)
    return memoryview(memory).cast("i")[:count]


def join_rows(list pieces not None, Py_ssize_t length, const int32_t[::1] rows=None):
    """Join octets and rows of Arrow columns to rows; see the other twin."""
    cdef list kept = pieces[:]  # keeps the octets alive, whatever becomes of the other list
    cdef Py_ssize_t piece_count = len(kept), count = check_rows(0, length), row = 0, place
    cdef const int32_t *chosen = NULL
    cdef septet_outcome outcome
    cdef bytearray octets, offsets
    cdef int64_t *places
    cdef uint8_t *joined
    cdef septet_piece *them
    if rows is not None:
        count = rows.shape[0]
        for place in range(count):
            if not 0 <= rows[place] < length:
                raise ValueError(f"row {rows[place]} is not one of the {length} rows of columns")
        chosen = &rows[0] if count else NULL
    offsets = bytearray(8 * (count + 1))
    places = <int64_t *>PyByteArray_AS_STRING(offsets)
    them = <septet_piece *>PyMem_Malloc(max(piece_count, 1) * sizeof(septet_piece))
    if them == NULL:
        raise MemoryError
    try:
        for place in range(piece_count):
            piece = kept[place]
            if isinstance(piece, bytes):
                septet_set_piece(
                    them + place, <const uint8_t *>PyBytes_AS_STRING(piece),
                    PyBytes_GET_SIZE(piece))
                continue
            them[place].octets = NULL
            column, them[place].first = <tuple?>piece
            check_rows(0, them[place].first)
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
    cdef int32_t[::1] known_segments, known_units, segments, units
    cdef uint8_t[::1] known_encodings, encodings
    cdef septet_index_kind kind
    cdef Py_ssize_t known_count, row
    cdef const uint8_t *known_is_set = NULL
    if len(index_format) != 1 or index_format not in INDEX_FORMATS:
        raise ValueError(f"dictionary indexes of format {index_format!r}")
    kind = <septet_index_kind>INDEX_FORMATS.index(index_format)
    check_rows(first, first + check_rows(0, length))
    if len(known) != 3 or len(places) != 3:
        raise ValueError("known and places must be three buffers each")
    known_segments, known_units, known_encodings = known
    segments, units, encodings = places
    if known_segments is None or segments is None:
        raise ValueError("segments must be given")
    if units is not None and known_units is None:
        raise ValueError("units and encodings must be known")
    known_count = known_segments.shape[0]
    see_facts(&sources, known_segments, known_units, known_encodings, known_count)
    see_facts(&facts, segments, units, encodings, length)
    check_room("nulls", 8 * nulls.shape[0], length)
    if known_validity is not None:
        check_room("known_validity", 8 * known_validity.shape[0], known_count)
        known_is_set = &known_validity[0] if known_count > 0 else NULL
    if length == 0:
        return 0
    with nogil:
        row = septet_look_up(
            <const void *>indexes, kind, <const uint8_t *>validity, first, length, &sources,
            known_is_set, known_count, &facts, &nulls[0])
    return row
