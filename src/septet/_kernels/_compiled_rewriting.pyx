# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.rewriting`: Cython over rewrite_column.h.

Each docstring here is the first line of the one in `python.rewriting`, which describes arguments,
results and errors. What replaces a piece of a text is asked for once and remembered in C.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_Resize
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.exc cimport PyErr_CheckSignals
from cpython.unicode cimport PyUnicode_Check, PyUnicode_FromKindAndData
from libc.stdint cimport INT64_MAX, int32_t, int64_t, uint8_t, uint32_t
from libc.stdlib cimport calloc, free

from ._bounds cimport check_min_length, check_rows
from ._compiled cimport Kernel, counting, septet_text
from ._compiled_python_h cimport septet_check_list, septet_item, septet_view_borrowed, view_text
from ._compiled_rewriting_h cimport *
from ._rows cimport SEPTET_FINE, SEPTET_UTF8_VIEW, bind_column, bind_facts, septet_column
from ._rows cimport septet_facts, septet_offset, septet_outcome

from threading import Lock

from ..exceptions import EncodingError
from ..standard.composition import compose

cdef extern from "c/encode_utf8.h" nogil:
    enum:
        SEPTET_MAX_UTF8
    Py_ssize_t septet_encode_utf8(const septet_text *text, uint8_t *octets)

__all__ = ["Rewriter", "encode_texts"]

cdef Py_ssize_t SLICE_ROWS = 65_536  # between slices Python handles signals and runs other threads
cdef uint32_t MICRO_SIGN = 0xB5
cdef tuple WHEN = ("helps", "cheaper", "always")


cdef class Rewriter:
    """Replaces characters in the rows of columns."""

    cdef septet_rewriter c_rewriter
    cdef septet_replacement_table *tables[2]
    cdef Kernel kernel, tables_only
    cdef object replace
    cdef tuple pieces
    cdef bytearray text_bytes  # where rows are written
    cdef object hold  # a view of them: other code cannot resize them meanwhile
    cdef object error  # raised by Python code that C called
    cdef object lock  # the lock of the interpreter is released while rows are read
    cdef int32_t segments[SEPTET_REWRITE_SLICE]
    cdef int32_t units[SEPTET_REWRITE_SLICE]
    cdef uint8_t encodings[SEPTET_REWRITE_SLICE]

    def __cinit__(
        self, Kernel kernel not None, Kernel tables_only not None, replace, tuple pieces not None,
        str when not None="helps",
    ):
        cdef Py_ssize_t index
        if when not in WHEN:
            raise ValueError(f"when must be one of {', '.join(WHEN)}, not {when!r}")
        if len(pieces) > 2:
            raise ValueError(f"pieces must be at most 2, not {len(pieces)}")
        self.kernel, self.tables_only = kernel, tables_only
        self.replace, self.pieces = replace, pieces
        self.lock = Lock()
        for index in range(len(pieces)):
            self.tables[index] = <septet_replacement_table *>calloc(
                1, sizeof(septet_replacement_table))
            if self.tables[index] == NULL:
                raise MemoryError
            self.tables[index].find = find_replacement
            self.tables[index].finder = <void *>self
            self.tables[index].space_septets = pieces[index].costs.get(" ", 0)
        self.c_rewriter.table = self.tables[0]
        self.c_rewriter.without_greek = self.tables[1]
        self.c_rewriter.rewrite = rewrite_text
        self.c_rewriter.owner = <void *>self
        self.c_rewriter.rules = &kernel.c_rules
        self.c_rewriter.tables_only = &tables_only.c_rules
        self.c_rewriter.counting = counting()
        self.c_rewriter.when = <septet_when><int>WHEN.index(when)
        self.c_rewriter.facts.segments = self.segments
        self.c_rewriter.facts.units = self.units
        self.c_rewriter.facts.encodings = self.encodings

    def __dealloc__(self):
        cdef Py_ssize_t index
        for index in range(2):
            if self.tables[index] != NULL:
                septet_free_replacements(self.tables[index])
                free(self.tables[index])
        free(self.c_rewriter.text.chars)
        free(self.c_rewriter.result.chars)
        free(self.c_rewriter.rewritten.octets.octets)

    def rewrite_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, bytearray text_bytes not None,
        int64_t[::1] offsets not None, uint8_t[::1] replaced not None, Py_ssize_t base,
        bint allows_surrogates=False,
    ):
        """Rewrite the rows from `first` up to `stop` of an Arrow column of texts."""
        cdef septet_column view
        cdef septet_row_output output
        cdef septet_outcome outcome = SEPTET_FINE
        cdef septet_row_end end = SEPTET_ROW_STAYS
        cdef Py_ssize_t row, slice_stop, start = first, rows = check_rows(first, stop)
        cdef Py_ssize_t length
        cdef int64_t size
        check_min_length("offsets", offsets.shape[0], rows)
        check_min_length("replaced", replaced.shape[0], rows)
        if rows == 0:
            return
        bind_column(column, &view)
        with self.lock:
            self.error = None
            self.text_bytes = text_bytes
            self.hold = memoryview(text_bytes)
            length = len(text_bytes)
            output.octets = <uint8_t *>PyByteArray_AS_STRING(text_bytes)
            output.length = output.capacity = length
            output.reserve = reserve_octets
            output.owner = <void *>self
            self.c_rewriter.allows_surrogates = allows_surrogates
            try:
                if view.layout != SEPTET_UTF8_VIEW:
                    # Most texts stay or become shorter. More is allocated where it is needed, and
                    # wrong offsets are found later.
                    size = septet_offset(&view, stop) - septet_offset(&view, first)
                    if 0 < size < INT64_MAX - length and not reserve_octets(
                            &output, length + size):
                        self.error = None
                while start < stop and end == SEPTET_ROW_STAYS:
                    slice_stop = min(start + SLICE_ROWS, stop)
                    output.offsets = &offsets[start - first]
                    output.replaced = &replaced[start - first]
                    with nogil:
                        end = septet_rewrite_rows(
                            &self.c_rewriter, &view, start, slice_stop, &output, &outcome, &row)
                    start = slice_stop
                    PyErr_CheckSignals()
            finally:
                self.hold.release()
                PyByteArray_Resize(
                    text_bytes, length if end != SEPTET_ROW_STAYS else <Py_ssize_t>output.length)
                self.text_bytes = self.hold = None
            self.check(end, outcome, base + row - first)

    def measure_rows(
        self, column, Py_ssize_t first, Py_ssize_t stop, const uint8_t[::1] selected not None,
        int32_t[::1] segments not None, int32_t[::1] units not None,
        uint8_t[::1] encodings not None, Py_ssize_t base, bint allows_surrogates=False,
    ):
        """Count rows of an Arrow column of texts as if all that can be replaced was replaced."""
        cdef septet_column view
        cdef septet_facts facts
        cdef septet_outcome outcome = SEPTET_FINE
        cdef septet_row_end end
        cdef Py_ssize_t row, rows = check_rows(first, stop)
        check_min_length("selected", selected.shape[0], rows)
        bind_facts(&facts, segments, units, encodings, rows)
        if rows == 0:
            return
        bind_column(column, &view)
        with self.lock:
            self.error = None
            self.c_rewriter.allows_surrogates = allows_surrogates
            with nogil:
                end = septet_measure_rewritten_rows(
                    &self.c_rewriter, &view, first, stop, &selected[0], &facts, &outcome, &row)
            self.check(end, outcome, base + row - first)

    cdef int check(self, septet_row_end end, septet_outcome outcome, Py_ssize_t row) except -1:
        """Raise the error for a row that ended the work."""
        error, self.error = self.error, None
        if end == SEPTET_ROW_STAYS:
            return 0
        if end == SEPTET_ROW_NOT_UTF8:
            raise ValueError(f"row {row} is not UTF-8")
        if outcome != SEPTET_FINE:
            from ..arrow.rows import Outcome

            raise Outcome(outcome).error(row)
        if isinstance(error, EncodingError):
            raise EncodingError(error.char, error.index, row) from None
        if error is not None:
            raise error
        raise MemoryError

    cdef int add_replacement(
        self, septet_replacement_table *table, const uint32_t *chars, Py_ssize_t length,
        bint in_context,
    ) except 0:
        """Ask what replaces a piece, and add it to the table."""
        cdef uint32_t flags = 0, septets = 0, code_units = 0
        cdef str char
        pieces = self.pieces[table == self.tables[1]]
        cdef str piece = PyUnicode_FromKindAndData(4, chars, length)
        replacement, is_changed, is_spaced = pieces.replace(piece, in_context)
        cdef dict costs = pieces.costs
        for char in replacement:
            cost = costs.get(char)
            if cost is None:
                flags |= SEPTET_IS_LACKING
            else:
                septets += <uint32_t>cost
            code_units += 2 if ord(char) > 0xFFFF else 1
        if is_changed:
            flags |= SEPTET_IS_CHANGED
        if is_spaced:
            flags |= SEPTET_IS_SPACED
        if length == 1 and not in_context:
            for flag, chars_with_it in (
                (SEPTET_IS_AVAILABLE, pieces.available),
                (SEPTET_IS_ATTACHED, pieces.attached),
                (SEPTET_IS_JOINABLE, pieces.joinable),
                (SEPTET_IS_GREEK, pieces.greek),
                (SEPTET_IS_MISSING, pieces.missing),
            ):
                if piece in chars_with_it:
                    flags |= <uint32_t>flag
            if pieces.missing and not pieces.missing.isdisjoint(compose(piece)):
                flags |= SEPTET_IS_MISSING_COMPOSED
            if chars[0] == MICRO_SIGN:
                flags |= SEPTET_IS_MICRO
        cdef bytes octets = replacement.encode("utf-8", "surrogatepass")
        if not septet_add_replacement(
                table, chars, length, in_context, <const uint8_t *>PyBytes_AS_STRING(octets),
                <size_t>PyBytes_GET_SIZE(octets), septets, code_units, flags):
            raise MemoryError
        return 1

    cdef bint rewrite(self, septet_when when) except -1:
        """Rewrite the decoded text by Python code; return whether it changes."""
        cdef septet_octets *memory = &self.c_rewriter.rewritten.octets
        text = PyUnicode_FromKindAndData(
            4, self.c_rewriter.text.chars, self.c_rewriter.text.length)
        result = self.replace(text, when=WHEN[<int>when])
        cdef bytes octets = result.text.encode("utf-8", "surrogatepass")
        memory.length = 0
        if not septet_append(memory, PyBytes_AS_STRING(octets), <size_t>PyBytes_GET_SIZE(octets)):
            raise MemoryError
        return bool(result.replacements)


cdef int find_replacement(
    void *finder, septet_replacement_table *table, const uint32_t *piece, Py_ssize_t length,
    int in_context,
) noexcept with gil:
    cdef Rewriter rewriter = <Rewriter>finder
    try:
        return rewriter.add_replacement(table, piece, length, in_context)
    except BaseException as error:
        rewriter.error = error
        return 0


cdef septet_row_end rewrite_text(
    septet_rewriter *c_rewriter, septet_when when,
) noexcept with gil:
    cdef Rewriter rewriter = <Rewriter>c_rewriter.owner
    try:
        return SEPTET_ROW_CHANGES if rewriter.rewrite(when) else SEPTET_ROW_STAYS
    except BaseException as error:
        rewriter.error = error
        return SEPTET_ROW_FAILED


cdef int reserve_octets(septet_row_output *output, int64_t capacity) noexcept with gil:
    cdef Rewriter rewriter = <Rewriter>output.owner
    try:
        rewriter.hold.release()
        PyByteArray_Resize(rewriter.text_bytes, <Py_ssize_t>capacity)
        rewriter.hold = memoryview(rewriter.text_bytes)
    except BaseException as error:
        rewriter.error = error
        return 0
    output.octets = <uint8_t *>PyByteArray_AS_STRING(rewriter.text_bytes)
    output.capacity = capacity
    septet_ask_for_huge_pages(output.octets, <size_t>capacity)
    return 1


def encode_texts(
    list texts not None, int64_t[::1] offsets not None, uint8_t[::1] nulls not None,
    Py_ssize_t base,
):
    """Encode a list of texts in UTF-8."""
    cdef septet_text view
    cdef Py_ssize_t row, used = 0, needed, rows = offsets.shape[0] - 1
    cdef bytearray octets = bytearray()
    check_min_length("offsets", offsets.shape[0], 1)
    check_min_length("nulls", 8 * nulls.shape[0], rows)
    septet_check_list(texts, rows)
    offsets[0] = 0
    for row in range(rows):
        text = None
        if not septet_view_borrowed(texts, row, &view):
            text = septet_item(texts, row)
            if text is None:
                nulls[row >> 3] |= 1 << (row & 7)
                offsets[row + 1] = used
                continue
            if not PyUnicode_Check(text):
                raise TypeError(
                    f"row {base + row}: text must be str or None, not {type(text).__name__}")
            text = view_text(text, &view)
        needed = used + SEPTET_MAX_UTF8 * view.length
        if needed > len(octets):
            # Nothing that could run other code between here and the copy.
            PyByteArray_Resize(octets, needed + needed // 2)
        used += septet_encode_utf8(
            &view, <uint8_t *>PyByteArray_AS_STRING(octets) + used)
        offsets[row + 1] = used
    PyByteArray_Resize(octets, used)
    return octets
