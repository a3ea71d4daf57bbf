# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.wire`: Cython over wire.h.

Each docstring of a function here is the first line of the one in `python.wire`, which describes
arguments, results and errors. A table is filled from `alphabets` when it is first used; afterwards
it is only read.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_FromKindAndData, PyUnicode_Substring
from libc.stdint cimport uint8_t, uint16_t
from libc.string cimport memcpy, memset

from ._compiled cimport Kernel, view_text, septet_choice, septet_text
from ._clusters cimport septet_cluster_search, septet_start_search

from ..standard import alphabets
from ..exceptions import SegmentLimitError

cdef extern from "c/wire.h" nogil:
    enum:
        SEPTET_SEGMENT_OCTETS
        SEPTET_IDENTIFIERS
        SEPTET_MAX_SEGMENTS
        SEPTET_MAX_CHARS
        SEPTET_TABLE_SIZE
        SEPTET_NOT_IN_TABLE

    ctypedef struct septet_table:
        uint8_t septets[0x10000]
        uint16_t chars[SEPTET_TABLE_SIZE]

    Py_ssize_t septet_write_septets(
        const septet_text *text, Py_ssize_t *start, Py_ssize_t stop,
        const septet_table *locking, const septet_table *single, uint8_t *septets)
    Py_ssize_t septet_read_septets(
        const uint8_t *septets, Py_ssize_t *start, Py_ssize_t stop,
        const septet_table *locking, const septet_table *single, bint strict, uint16_t *chars)
    Py_ssize_t septet_packed_size(Py_ssize_t count, int fill_bits)
    void septet_pack(
        const uint8_t *septets, Py_ssize_t count, int fill_bits, uint8_t *octets)
    void septet_unpack(
        const uint8_t *octets, Py_ssize_t count, int fill_bits, uint8_t *septets)
    Py_ssize_t septet_write_units(
        const septet_text *text, Py_ssize_t start, Py_ssize_t stop, uint8_t *octets)

    ctypedef struct septet_header:
        uint8_t *octets
        int size

    void septet_write_header(
        septet_header *header, int total, int reference, int reference_bits, int locking,
        int single, const uint8_t *elements, size_t size)
    void septet_set_sequence(septet_header *header, int sequence)

cdef extern from "c/python_text.h":
    object septet_record(object result, tuple fields)

cdef extern from "Python.h":
    int PyUnicode_2BYTE_KIND

__all__ = ["encode_segments", "from_septets", "pack", "to_septets", "unpack"]

# Tables by identifier. If several threads fill one at the same time, all use the first.
cdef dict LOCKING = {}
cdef dict SINGLE = {}


cdef class Table:
    cdef septet_table table

    def __cinit__(self, septets, chars):
        cdef str char
        memset(self.table.septets, SEPTET_NOT_IN_TABLE, sizeof(self.table.septets))
        for char, septet in septets.items():
            self.table.septets[ord(char)] = septet
        for septet, char in enumerate(chars):
            self.table.chars[septet] = ord(char) if char else 0


cdef Table locking_table(int identifier):
    check_identifier(identifier)
    cdef Table table = LOCKING.get(identifier)
    if table is None:
        table = LOCKING.setdefault(identifier, Table(
            alphabets.locking_table(identifier), alphabets.locking_chars(identifier)))
    return table


cdef Table single_table(int identifier):
    check_identifier(identifier)
    cdef Table table = SINGLE.get(identifier)
    if table is None:
        table = SINGLE.setdefault(identifier, Table(
            alphabets.single_table(identifier), alphabets.single_chars(identifier)))
    return table


cdef int check_identifier(int identifier) except -1:
    if not 0 <= identifier < SEPTET_IDENTIFIERS:
        raise KeyError(identifier)
    return 0


def to_septets(text, Py_ssize_t start, int locking, int single):
    """Convert the characters of a text to septets."""
    cdef septet_text view
    cdef Table plain = locking_table(locking), escaped = single_table(single)
    cdef Py_ssize_t count
    text = view_text(text, &view)
    check_range(start, view.length)
    cdef uint8_t *septets = <uint8_t *>PyMem_Malloc(2 * (view.length - start) + 1)
    if septets == NULL:
        raise MemoryError
    try:
        count = septet_write_septets(
            &view, &start, view.length, &plain.table, &escaped.table, septets)
        converted = PyBytes_FromStringAndSize(<char *>septets, count)
    finally:
        PyMem_Free(septets)
    return converted, start


def from_septets(bytes septets not None, Py_ssize_t start, int locking, int single, bint strict):
    """Convert septets to text."""
    cdef Table plain = locking_table(locking), escaped = single_table(single)
    cdef Py_ssize_t count, length = len(septets)
    check_range(start, length)
    cdef uint16_t *chars = <uint16_t *>PyMem_Malloc((length - start) * sizeof(uint16_t) + 1)
    if chars == NULL:
        raise MemoryError
    try:
        count = septet_read_septets(
            octets_of(septets), &start, length,
            &plain.table, &escaped.table, strict, chars)
        converted = PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, chars, count)
    finally:
        PyMem_Free(chars)
    return converted, start


def pack(bytes septets not None, int fill_bits=0):
    """Pack septets into octets."""
    cdef const uint8_t *values = octets_of(septets)
    cdef Py_ssize_t index, count = len(septets)
    check_fill_bits(fill_bits)
    for index in range(count):
        if values[index] >= SEPTET_TABLE_SIZE:
            raise ValueError(f"octet 0x{values[index]:02X} at index {index} is not a septet")
    cdef bytes octets = PyBytes_FromStringAndSize(NULL, septet_packed_size(count, fill_bits))
    septet_pack(values, count, fill_bits, <uint8_t *>PyBytes_AS_STRING(octets))
    return octets


def unpack(bytes octets not None, Py_ssize_t count, int fill_bits=0):
    """Unpack septets from octets."""
    check_fill_bits(fill_bits)
    if count < 0 or (count and count > (8 * len(octets) - fill_bits) // 7):
        raise ValueError(f"{len(octets)} octets do not hold {count} septets")
    cdef bytes septets = PyBytes_FromStringAndSize(NULL, count)
    septet_unpack(
        octets_of(octets), count, fill_bits, <uint8_t *>PyBytes_AS_STRING(septets))
    return septets


def encode_segments(
    Kernel kernel not None, text, type result not None, tuple codings not None, reference,
    int reference_bits, bytes elements not None,
):
    """Encode each segment of a text as a record."""
    cdef septet_text view
    cdef septet_choice choice
    cdef septet_header header
    cdef Py_ssize_t ends[SEPTET_MAX_SEGMENTS]
    cdef Py_ssize_t start = 0, end = 0, units, total = 0, index
    cdef Table plain = None, escaped = None
    cdef int length, gsm7_coding, data_coding
    cdef bytes udh, user_data
    gsm7_coding, data_coding = codings
    if not issubclass(result, tuple):
        raise TypeError(f"result must be a subclass of tuple, not {result.__name__}")
    if len(elements) > SEPTET_SEGMENT_OCTETS:
        raise ValueError(f"elements of {len(elements)} octets do not fit")
    text = view_text(text, &view)
    kernel.choose(text, &view, &choice)
    cdef septet_cluster_search search = septet_start_search(kernel.c_rules.clusters)
    while total == 0 or end < view.length:
        end = kernel.segment_end(&view, &choice, &search, end, &units)
        if total < SEPTET_MAX_SEGMENTS:
            ends[total] = end
        total += 1
    if total > SEPTET_MAX_SEGMENTS:
        raise SegmentLimitError(total)
    if total == 1:
        reference = None
    elif reference is None:
        reference = random_reference(reference_bits)
    if choice.pair >= 0:
        plain, escaped = locking_table(choice.coding.locking), single_table(choice.coding.single)
        data_coding = gsm7_coding
    septet_write_header(
        &header, <int>total, 0 if reference is None else reference, reference_bits,
        choice.coding.locking, choice.coding.single, octets_of(elements), len(elements))
    cdef list segments = []
    for index in range(total):
        end = ends[index]
        if end - start > SEPTET_MAX_CHARS:
            raise ValueError(f"a segment of {end - start} characters does not fit")
        septet_set_sequence(&header, <int>index + 1)
        udh = PyBytes_FromStringAndSize(<char *>header.octets, header.size)
        if plain is None:
            user_data = write_units(&header, &view, start, end)
            length = <int>len(user_data)
        else:
            user_data = write_septets(&header, &view, start, end, plain, escaped, &length)
        segments.append(septet_record(result, (
            data_coding, udh, user_data, length,
            text if total == 1 else PyUnicode_Substring(text, start, end),
            reference, total, index + 1)))
        start = end
    return segments


cdef random_reference(int bits):
    from random import getrandbits

    return getrandbits(bits)


cdef bytes write_septets(
    const septet_header *header, const septet_text *view, Py_ssize_t start, Py_ssize_t stop,
    Table plain, Table escaped, int *length,
):
    """Return the user data of a GSM-7 segment; `length` receives its septets with the header."""
    cdef uint8_t septets[2 * SEPTET_MAX_CHARS]
    cdef int header_septets = (8 * header.size + 6) // 7
    cdef int fill_bits = 7 * header_septets - 8 * header.size
    cdef int count = <int>septet_write_septets(
        view, &start, stop, &plain.table, &escaped.table, septets)
    length[0] = header_septets + count
    cdef bytes user_data = PyBytes_FromStringAndSize(
        NULL, header.size + septet_packed_size(count, fill_bits))
    cdef uint8_t *octets = <uint8_t *>PyBytes_AS_STRING(user_data)
    memcpy(octets, header.octets, header.size)
    septet_pack(septets, count, fill_bits, octets + header.size)
    return user_data


cdef bytes write_units(
    const septet_header *header, const septet_text *view, Py_ssize_t start, Py_ssize_t stop,
):
    """Return the user data of a UCS-2 segment."""
    cdef uint8_t units[4 * SEPTET_MAX_CHARS]
    cdef Py_ssize_t size = septet_write_units(view, start, stop, units)
    cdef bytes user_data = PyBytes_FromStringAndSize(NULL, header.size + size)
    cdef uint8_t *octets = <uint8_t *>PyBytes_AS_STRING(user_data)
    memcpy(octets, header.octets, header.size)
    memcpy(octets + header.size, units, size)
    return user_data


cdef inline const uint8_t *octets_of(bytes octets) noexcept:
    return <const uint8_t *>PyBytes_AS_STRING(octets)


cdef int check_range(Py_ssize_t start, Py_ssize_t length) except -1:
    if not 0 <= start <= length:
        raise ValueError(f"start {start} is not within 0 to {length}")
    return 0


cdef int check_fill_bits(int fill_bits) except -1:
    if not 0 <= fill_bits <= 6:
        raise ValueError(f"fill_bits must be 0 to 6, not {fill_bits}")
    return 0
