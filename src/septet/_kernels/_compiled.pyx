# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# Builtin methods are called 5 ns faster than Cython's; their signature is in the docstring.
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""The compiled `Kernel`: thin Cython over scan_column.h, with the results of `python.kernel`.

It reads a `str` in place at any of its three widths (PEP 393) and never makes or caches a UTF-8
copy of it. The tables are filled at import and a `Kernel` when it is made; afterwards both are
only read, so any number of threads may use them.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING
from cpython.list cimport PyList_New, PyList_SET_ITEM
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_INCREF
from cpython.unicode cimport PyUnicode_Check
from libc.stdint cimport int32_t, uint8_t, uint32_t
from ._compiled_non_gsm_h cimport *
from ._compiled_python_h cimport *
from ._compiled_scan_h cimport *
from ._bounds cimport check_min_length, check_pairs, check_record, check_rows
from ._clusters cimport *
from ._rows cimport *

from threading import Lock

from ..standard import alphabets
from ..exceptions import EncodingError

__all__ = ["IMPLEMENTATION", "Kernel", "NonGsmCounts"]

IMPLEMENTATION = "compiled"

# The slots of a result, in the order of `Kernel.slots`.
cdef tuple SLOTS = ("_kernel", "text", "_pair", "unit_count", "segment_count", "units_left")


cdef class NonGsmCounts:
    """How many texts each character forces into UCS-2."""

    cdef septet_non_gsm_counts counts
    cdef object lock  # the interpreter's lock is released while rows are read

    def __cinit__(self):
        self.lock = Lock()

    def __dealloc__(self):
        septet_free_non_gsm_counts(&self.counts)

    def take(self):
        """Return the counts by character, and set all of them to zero."""
        cdef uint32_t c
        cdef Py_ssize_t index
        cdef dict counts = {}
        with self.lock:
            for index in range(self.counts.seen_count):
                c = self.counts.seen[index]
                counts[chr(c)] = self.counts.chars[c].texts
            septet_clear_non_gsm_counts(&self.counts)
        return counts


cdef class Kernel:
    """Counts and cuts texts by rules that are plain values."""

    implementation = IMPLEMENTATION

    def __init__(
        self, tuple pairs not None, tuple ucs2, type result not None, clusters=None,
        str excluded not None="", rules=None, type segment not None=tuple,
        type non_gsm_character not None=tuple,
    ):
        cdef Py_ssize_t index
        cdef uint32_t c
        if self.c_pairs != NULL or self.result is not None:
            raise TypeError(f"{type(self).__name__} is immutable")
        check_pairs(pairs)
        for index in range(len(SLOTS)):
            self.slots[index] = septet_slot_offset(result, <str>SLOTS[index])
        self.segment = check_record("segment", segment)
        self.non_gsm_character = check_record("non_gsm_character", non_gsm_character)
        self.rules = rules
        if clusters is not None:
            self.cluster_tables = tuple(clusters)
            bind_clusters(self.cluster_tables, &self.c_clusters)
            self.c_rules.clusters = &self.c_clusters
        self.clusters = clusters
        self.pairs = pairs
        self.c_pairs = <septet_pair *>PyMem_Malloc(max(len(pairs), 1) * sizeof(septet_pair))
        if self.c_pairs == NULL:
            raise MemoryError
        for index in range(len(pairs)):
            (self.c_pairs[index].coding.locking, self.c_pairs[index].coding.single,
             self.c_pairs[index].capacity.single, self.c_pairs[index].capacity.concatenated) = (
                <tuple>pairs[index])
        self.c_rules.pairs = self.c_pairs
        if ucs2 is not None:
            self.c_rules.code_units.single, self.c_rules.code_units.concatenated = ucs2
        self.excluded = excluded
        if excluded:
            self.excluded_bits = bytearray(0x10000 // 8)
            for c in excluded:
                if c <= 0xFFFF:
                    self.excluded_bits[c >> 3] |= 1 << (c & 7)
                if c < 0x80 and septet_default_cost(c) == 1:
                    self.c_rules.excludes_plain = True
            self.c_rules.excluded = <const uint8_t *>PyByteArray_AS_STRING(self.excluded_bits)
        # Last, so that no text has an encoding if anything above raised.
        self.c_rules.pair_count = <int>len(pairs)
        self.c_rules.allows_ucs2 = ucs2 is not None
        self.result = result

    def __dealloc__(self):
        PyMem_Free(self.c_pairs)

    def count(self, text):
        """Return how many segments a text is billed as.

        Args:
            text: Any `str`; it is not normalised. Empty text is one segment.

        Returns:
            The segments, at least 1.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.

        Example:
            >>> septet.count("Your code is 123456")
            1
        """
        cdef septet_text view
        cdef septet_choice choice
        if not septet_view_str(text, &view) or not septet_choose(&view, &self.c_rules, &choice):
            text = view_text(text, &view)
            self.choose(text, &view, &choice)
        if choice.units <= choice.capacity.single:
            return 1
        return septet_count_segments(
            &view, choice.coding, choice.units, choice.capacity, self.c_rules.clusters)

    def analyze(self, text):
        """Return the encoding, units and segments of a text, and the characters that force UCS-2.

        Args:
            text: Any `str`; it is not normalised. Empty text is one segment without units.

        Returns:
            An `Analysis`, which holds the text and the rules.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.

        Example:
            >>> septet.analyze("Your code is 123456").units_left
            141
        """
        cdef septet_text view
        cdef septet_choice choice
        cdef Py_ssize_t last, segment_count, capacity
        if not septet_view_str(text, &view) or not septet_choose(&view, &self.c_rules, &choice):
            text = view_text(text, &view)
            self.choose(text, &view, &choice)
        segment_count = septet_count_by_cutting(
            &view, choice.coding, choice.units, choice.capacity, self.c_rules.clusters, &last)
        capacity = choice.capacity.single if segment_count == 1 else choice.capacity.concatenated
        analysis = septet_allocate(self.result)
        septet_fill_slot(analysis, self.slots[0], self)
        septet_fill_slot(analysis, self.slots[1], text)
        septet_fill_number(analysis, self.slots[2], choice.pair)
        septet_fill_number(analysis, self.slots[3], choice.units)
        septet_fill_number(analysis, self.slots[4], segment_count)
        septet_fill_number(analysis, self.slots[5], capacity - last)
        return analysis

    def split(self, text):
        """Return the segments of a text; their bodies, joined, are the text again.

        Args:
            text: Any `str`; it is not normalised. Empty text is one segment without units.

        Returns:
            As many segments as `count` says.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.

        Example:
            >>> [segment.unit_count for segment in septet.split("a" * 161)]
            [153, 8]
        """
        cdef septet_text view
        cdef septet_choice choice
        cdef Py_ssize_t start = 0, end, units, count, index
        if not septet_view_str(text, &view) or not septet_choose(&view, &self.c_rules, &choice):
            text = view_text(text, &view)
            self.choose(text, &view, &choice)
        cdef septet_cluster_search search = septet_start_search(self.c_rules.clusters)
        count = septet_count_segments(
            &view, choice.coding, choice.units, choice.capacity, self.c_rules.clusters)
        cdef list segments = PyList_New(count)
        first, total = septet_number(0), septet_number(count)
        for index in range(count):
            end = self.segment_end(&view, &choice, &search, start, &units)
            last = septet_number(end)
            segment = septet_segment(
                self.segment, text, start, end, units, first, last, index + 1, total)
            Py_INCREF(segment)
            PyList_SET_ITEM(segments, index, segment)
            start, first = end, last
        return segments

    def non_gsm_indexes(self, text):
        """Return the indexes of the characters that are not in the tables.

        Of several pairs of tables, the one counts that lacks the fewest characters.
        """
        cdef septet_text view
        cdef list indexes = []
        text = view_text(text, &view)
        if not self.c_rules.pair_count:
            return indexes
        cdef septet_coding coding = septet_least_lacking_pair(&view, &self.c_rules)
        cdef Py_ssize_t index = septet_next_lacking(&view, &self.c_rules, coding, 0)
        while index < view.length:
            indexes.append(index)
            index = septet_next_lacking(&view, &self.c_rules, coding, index + 1)
        return indexes

    def non_gsm_characters(self, text):
        """Return the characters that are not in the tables, each with its index."""
        cdef septet_text view
        text = view_text(text, &view)
        if not self.c_rules.pair_count:
            return ()
        return septet_non_gsm_characters(self.non_gsm_character, &view, &self.c_rules)

    def count_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop,
        int32_t[::1] segments not None, int32_t[::1] units, uint8_t[::1] encodings,
    ):
        """Count the rows from `first` up to `stop` of an Arrow column of texts."""
        cdef septet_column view
        cdef septet_facts facts
        cdef septet_outcome outcome
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        bind_facts(&facts, segments, units, encodings, rows)
        if rows == 0:
            return 0, stop
        bind_column(column, &view)
        with nogil:
            outcome = septet_count_column(&view, first, stop, &self.c_rules, &facts, &row)
        return outcome, row

    def count_texts(
        self, list texts not None, Py_ssize_t first, Py_ssize_t stop,
        int32_t[::1] segments not None, int32_t[::1] units, uint8_t[::1] encodings,
        uint8_t[::1] nulls not None, Py_ssize_t base, list ucs2_texts=None,
    ):
        """Count the texts of a list from `first` up to `stop`."""
        cdef septet_text view
        cdef septet_choice choice
        cdef septet_facts facts
        cdef Py_ssize_t row, index, rows = check_rows(first, stop)
        bind_facts(&facts, segments, units, encodings, rows)
        check_min_length("nulls", 8 * nulls.shape[0], rows)
        septet_check_list(texts, stop)
        for row in range(first, stop):
            index = row - first
            septet_prefetch(texts, row + 12)
            if septet_view_borrowed(texts, row, &view):
                if septet_choose(&view, &self.c_rules, &choice):
                    if choice.pair < 0 and ucs2_texts is not None:
                        ucs2_texts.append(septet_item(texts, row))
                    septet_write_facts(
                        &facts, index,
                        septet_count_segments(
                            &view, choice.coding, choice.units, choice.capacity,
                            self.c_rules.clusters),
                        choice.units, choice.pair < 0)
                    continue
            text = septet_item(texts, row)
            if text is None:
                nulls[index >> 3] |= 1 << (index & 7)
                septet_write_facts(&facts, index, 0, 0, False)
                continue
            if not PyUnicode_Check(text):
                raise TypeError(
                    f"row {base + row}: text must be str or None, not {type(text).__name__}")
            text = view_text(text, &view)
            if not septet_choose(&view, &self.c_rules, &choice):
                self.choose(text, &view, &choice, base + row)
            if choice.pair < 0 and ucs2_texts is not None:
                ucs2_texts.append(text)
            septet_write_facts(
                &facts, index,
                septet_count_segments(
                    &view, choice.coding, choice.units, choice.capacity, self.c_rules.clusters),
                choice.units, choice.pair < 0)

    def count_non_gsm(
        self, texts not None, Py_ssize_t first, Py_ssize_t stop,
        const uint8_t[::1] encodings not None, NonGsmCounts non_gsm_characters not None,
    ):
        """Count how many texts each character forces into UCS-2."""
        cdef septet_column column
        cdef septet_text view
        cdef septet_outcome outcome = SEPTET_FINE
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        cdef list text_list = texts if isinstance(texts, list) else None
        check_min_length("encodings", encodings.shape[0], rows)
        if text_list is not None:
            septet_check_list(text_list, stop)
        if rows == 0:
            return
        if text_list is None:
            bind_column(texts, &column)
        with non_gsm_characters.lock:
            if non_gsm_characters.counts.chars == NULL and not septet_make_non_gsm_counts(
                    &non_gsm_characters.counts):
                raise MemoryError
            if text_list is not None:
                for row in range(first, stop):
                    if encodings[row - first]:
                        text = septet_item(text_list, row)
                        if not PyUnicode_Check(text):
                            septet_list_changed()
                        text = view_text(text, &view)
                        septet_count_non_gsm_text(&view, &self.c_rules, &non_gsm_characters.counts)
            else:
                with nogil:
                    outcome = septet_count_non_gsm_rows(
                        &column, first, stop, &encodings[0], &self.c_rules,
                        &non_gsm_characters.counts)
            if outcome != SEPTET_FINE:
                raise MemoryError

    cdef int choose(
        self, text, const septet_text *view, septet_choice *choice, row=None,
    ) except -1:
        """Choose the tables or UCS-2."""
        if septet_choose(view, &self.c_rules, choice):
            return 0
        if self.result is None:
            raise TypeError(f"{type(self).__name__}.__init__() was not called")
        index = self.non_gsm_indexes(text)[0]
        raise EncodingError(text[index], index, row)

    cdef Py_ssize_t count_view(self, const septet_text *view, septet_choice *choice) noexcept:
        """Return the segments of a text; 0 if the rules allow no encoding of it."""
        if not septet_choose(view, &self.c_rules, choice):
            return 0
        return septet_count_segments(
            view, choice.coding, choice.units, choice.capacity, self.c_rules.clusters)

    cdef Py_ssize_t segment_end(
        self, const septet_text *view, const septet_choice *choice,
        septet_cluster_search *search, Py_ssize_t start, Py_ssize_t *units,
    ) noexcept:
        """Return the end of the segment that begins at `start`, and the units in it."""
        if choice.units <= choice.capacity.single:
            units[0] = choice.units
            return view.length
        return septet_segment_end(
            view, choice.coding,
            septet_guess_length(view, choice.units, choice.capacity.concatenated), start,
            choice.capacity.concatenated, search, units)


def use_vector_code(int last=SEPTET_WIDEST_CODE):
    """Use portable code (0), vector code (1) or the widest (2), for tests; return its name."""
    return septet_choose_code(<septet_code>last).decode()


cdef septet_counting counting():
    return septet_counting(septet_count_column, septet_count_text, septet_is_utf8)


cdef septet_look looking():
    return septet_look_at_rows


cdef int fill_tables() except -1:
    cdef str char
    for identifier in alphabets.LOCKING_IDS:
        for char in alphabets.locking_table(identifier):
            septet_tables[ord(char)] |= <uint32_t>1 << identifier
    for identifier in alphabets.SINGLE_IDS:
        for char in alphabets.single_table(identifier):
            septet_tables[ord(char)] |= <uint32_t>1 << (SEPTET_SINGLE_BIT + identifier)
    return 0


fill_tables()
if not septet_prepare_languages():
    raise ImportError("scan_languages.h has counts for exactly two tables that can save septets")
use_vector_code()
