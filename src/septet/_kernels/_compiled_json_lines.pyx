# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.json_lines`: Cython over json_lines.h.

Each docstring here is the first line of the one in `python.json_lines`, which describes arguments,
results and errors.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_FromStringAndSize
from cpython.bytearray cimport PyByteArray_Resize
from cpython.bytes cimport PyBytes_AS_STRING
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stdint cimport INT32_MAX, uint8_t
from libc.string cimport memcpy

from ._bounds cimport check_rows

from threading import Lock

from ..arrow.view_columns import ViewColumn

cdef extern from "c/json_lines.h" nogil:
    enum:
        SEPTET_VIEW_OCTETS

    ctypedef enum septet_json_type:
        SEPTET_JSON_NULL
        SEPTET_JSON_ESCAPED

    ctypedef enum septet_json_outcome:
        SEPTET_JSON_NO_ROOM

    ctypedef struct septet_json_value:
        const uint8_t *octets
        Py_ssize_t length
        septet_json_type type

    ctypedef struct septet_json_column:
        const uint8_t *key
        Py_ssize_t key_length
        bint takes_numbers
        bint is_required
        uint8_t *views
        uint8_t *validity
        Py_ssize_t null_count
        septet_json_value value

    ctypedef struct septet_json_lines:
        septet_json_column *columns
        Py_ssize_t column_count
        const uint8_t *block
        Py_ssize_t size
        Py_ssize_t max_line
        Py_ssize_t max_rows
        Py_ssize_t position
        Py_ssize_t line_count
        Py_ssize_t row_count
        uint8_t *decoded
        Py_ssize_t decoded_size
        Py_ssize_t decoded_capacity

    septet_json_outcome septet_json_read_lines(septet_json_lines *lines)
    void septet_json_write_row(septet_json_lines *lines)

__all__ = ["JsonRows"]

cdef Py_ssize_t MAX_ROWS = INT32_MAX // SEPTET_VIEW_OCTETS


cdef class JsonRows:
    """Reads the rows of a block of JSON Lines."""

    cdef septet_json_lines lines  # its `max_rows` is 0 while its memory is replaced
    cdef Py_ssize_t max_rows
    cdef bytes block
    cdef list keys, views, validity  # one for each column; the memory that `lines` points to
    cdef bytearray decoded
    cdef object lock  # the lock of the interpreter is released while lines are read

    def __cinit__(
        self, bytes block not None, tuple columns not None, Py_ssize_t max_rows,
        Py_ssize_t max_line_bytes,
    ):
        cdef Py_ssize_t index
        cdef septet_json_column *column
        cdef bytes key
        if block and not block.endswith(b"\n"):
            raise ValueError("the last line of the block lacks its line feed")
        if max_rows < 1:
            raise ValueError(f"max_rows must be 1 or more, not {max_rows}")
        if len(block) > INT32_MAX or max_rows > MAX_ROWS:
            raise OverflowError(f"{len(block)} bytes or {max_rows} rows are too many")
        self.lock = Lock()
        self.block = block
        self.keys = []
        self.lines.block = <const uint8_t *>PyBytes_AS_STRING(block)
        self.lines.size = len(block)
        self.lines.max_line = max_line_bytes
        self.max_rows = max_rows
        self.lines.columns = <septet_json_column *>PyMem_Calloc(
            max(len(columns), 1), sizeof(septet_json_column))
        if self.lines.columns == NULL:
            raise MemoryError
        self.lines.column_count = len(columns)
        for index, (name, takes_numbers, is_required) in enumerate(columns):
            # A key with a lone surrogate, which no plain line has, is different from all of them.
            key = (<str?>name).encode("utf-8", "surrogatepass")
            self.keys.append(key)
            column = self.lines.columns + index
            column.key = <const uint8_t *>PyBytes_AS_STRING(key)
            column.key_length = len(key)
            column.takes_numbers = takes_numbers
            column.is_required = is_required
        self.start_rows()

    def __dealloc__(self):
        PyMem_Free(self.lines.columns)

    def __len__(self):
        return self.lines.row_count

    def read(self, Py_ssize_t start):
        """Read lines up to one that is left to the caller; blank lines are no rows."""
        cdef septet_json_outcome outcome
        check_rows(start, self.lines.size)
        with self.lock:
            self.lines.position = start
            self.lines.line_count = 0
            while True:
                with nogil:
                    outcome = septet_json_read_lines(&self.lines)
                if outcome != SEPTET_JSON_NO_ROOM:
                    return self.lines.position, self.lines.line_count
                self.grow(self.lines.decoded_capacity + 1)

    def add(self, cells):
        """Add a row that was read by other means."""
        cdef list texts = [None if cell is None else (<str?>cell).encode() for cell in cells]
        cdef Py_ssize_t index, needed = 0
        cdef septet_json_value *value
        cdef bytes text
        with self.lock:
            if len(texts) != self.lines.column_count:
                raise ValueError(f"expected {self.lines.column_count} cells, got {len(texts)}")
            if self.lines.row_count >= self.lines.max_rows:
                raise ValueError(f"there are {self.max_rows} rows already")
            for text in texts:
                needed += 0 if text is None else len(text)
            self.grow(self.lines.decoded_size + needed + 1)
            for index, text in enumerate(texts):
                value = &self.lines.columns[index].value
                value.type = SEPTET_JSON_NULL
                if text is None:
                    continue
                value.type = SEPTET_JSON_ESCAPED
                value.octets = self.lines.decoded + self.lines.decoded_size
                value.length = len(text)
                memcpy(<void *>value.octets, PyBytes_AS_STRING(text), value.length)
                self.lines.decoded_size += value.length
            septet_json_write_row(&self.lines)

    def take(self):
        """Return the columns of the rows so far, and begin with new ones."""
        cdef Py_ssize_t index, null_count
        cdef list columns = []
        with self.lock:
            self.lines.max_rows = 0
            PyByteArray_Resize(self.decoded, self.lines.decoded_size)
            for index in range(self.lines.column_count):
                PyByteArray_Resize(self.views[index], self.lines.row_count * SEPTET_VIEW_OCTETS)
                null_count = self.lines.columns[index].null_count
                columns.append(ViewColumn(
                    self.views[index], (self.block, self.decoded),
                    self.validity[index] if null_count else None, null_count))
            self.start_rows()
        return columns

    cdef int start_rows(self) except -1:
        cdef Py_ssize_t index
        cdef bytearray views, validity
        self.views = []
        self.validity = []
        self.decoded = bytearray()
        self.lines.decoded_capacity = self.lines.decoded_size = self.lines.row_count = 0
        for index in range(self.lines.column_count):
            # Not set to zeros: memory is only used for rows that are written.
            views = PyByteArray_FromStringAndSize(NULL, self.max_rows * SEPTET_VIEW_OCTETS)
            validity = bytearray(self.max_rows + 7 >> 3)
            self.views.append(views)
            self.validity.append(validity)
            self.lines.columns[index].views = <uint8_t *>PyByteArray_AS_STRING(views)
            self.lines.columns[index].validity = <uint8_t *>PyByteArray_AS_STRING(validity)
            self.lines.columns[index].null_count = 0
        self.lines.max_rows = self.max_rows
        return 0

    cdef int grow(self, Py_ssize_t capacity) except -1:
        """Allocate memory for at least this many bytes of decoded strings."""
        if capacity <= self.lines.decoded_capacity:
            return 0
        if capacity > INT32_MAX:
            raise OverflowError(f"{capacity} bytes of decoded strings are too many")
        capacity = min(max(capacity, 2 * self.lines.decoded_capacity, 1 << 16), INT32_MAX)
        PyByteArray_Resize(self.decoded, capacity)
        self.lines.decoded = <uint8_t *>PyByteArray_AS_STRING(self.decoded)
        self.lines.decoded_capacity = capacity
        return 0
