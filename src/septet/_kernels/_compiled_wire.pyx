# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.wire`: Cython over wire.h.

Each docstring of a function here is the first line of the one in `python.wire`, which describes
arguments, results and errors. A table is filled from `alphabets` when it is first used; afterwards
it is only read.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from cpython.list cimport PyList_New, PyList_SET_ITEM
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_INCREF
from cpython.unicode cimport PyUnicode_FromKindAndData
from libc.stdint cimport uint8_t, uint16_t
from libc.string cimport memset

from ._bounds cimport check_record
from ._compiled cimport Kernel, septet_choice, septet_text
from ._compiled_python_h cimport septet_encoded_segment, septet_view_str, view_text
from ._clusters cimport septet_cluster_search, septet_start_search

from threading import Lock

from ..standard import alphabets
from ..exceptions import SegmentLimitError

cdef extern from "c/wire.h" nogil:
    enum:
        SEPTET_MAX_SEGMENTS
        SEPTET_OVERWRITTEN
        SEPTET_USER_DATA_SPACE

    Py_ssize_t septet_write_septets(
        const septet_text *text, Py_ssize_t *start, Py_ssize_t stop,
        const septet_table *locking, const septet_table *single, uint8_t *septets)
    Py_ssize_t septet_packed_size(Py_ssize_t count, int fill_bits)
    void septet_pack(
        const uint8_t *septets, Py_ssize_t count, int fill_bits, uint8_t *octets)
    void septet_write_packed(
        const septet_text *text, Py_ssize_t start, Py_ssize_t stop,
        const septet_table *locking, const septet_table *single, int fill_bits, uint8_t *octets)
    bint SEPTET_PACKS_ASCII
    void septet_pack_ascii(
        const uint8_t *chars, Py_ssize_t count, int fill_bits, uint8_t *octets)
    void septet_write_units(
        const septet_text *text, Py_ssize_t start, Py_ssize_t stop, uint8_t *octets)

    ctypedef struct septet_header:
        uint8_t *octets
        int size

    void septet_write_header(
        septet_header *header, uint8_t *octets, int total, int reference, int reference_bits,
        int locking, int single, const uint8_t *elements, size_t size)
    void septet_set_sequence(septet_header *header, int sequence)

cdef extern from "Python.h":
    int PyUnicode_2BYTE_KIND
    bint PyUnicode_IS_ASCII(object text)

__all__ = ["Encoder", "from_septets", "pack", "to_septets", "unpack"]

# Tables by identifier, None until they are filled.
cdef list LOCKING = [None] * SEPTET_IDENTIFIERS
cdef list SINGLE = [None] * SEPTET_IDENTIFIERS
cdef object filling = Lock()


cdef class Table:
    cdef septet_table table

    def __cinit__(self, septets, chars):
        cdef str char
        memset(self.table.septets, SEPTET_NOT_IN_TABLE, sizeof(self.table.septets))
        for char, septet in septets.items():
            self.table.septets[ord(char)] = septet
        for septet, char in enumerate(chars):
            self.table.chars[septet] = ord(char) if char else 0


cdef const septet_table *locking_table(int identifier) except NULL:
    check_identifier(identifier)
    if LOCKING[identifier] is None:
        fill_table(LOCKING, identifier, alphabets.locking_table, alphabets.locking_chars)
    return &(<Table>LOCKING[identifier]).table


cdef const septet_table *single_table(int identifier) except NULL:
    check_identifier(identifier)
    if SINGLE[identifier] is None:
        fill_table(SINGLE, identifier, alphabets.single_table, alphabets.single_chars)
    return &(<Table>SINGLE[identifier]).table


cdef int fill_table(list tables, int identifier, septets, chars) except -1:
    with filling:  # a table that is read is never replaced
        if tables[identifier] is None:
            tables[identifier] = Table(septets(identifier), chars(identifier))
    return 0


cdef int check_identifier(int identifier) except -1:
    if not 0 <= identifier < SEPTET_IDENTIFIERS:
        raise KeyError(identifier)
    return 0


def to_septets(text, Py_ssize_t start, int locking, int single):
    """Convert the characters of a text to septets."""
    cdef septet_text view
    cdef const septet_table *plain = locking_table(locking)
    cdef const septet_table *escaped = single_table(single)
    cdef Py_ssize_t count
    text = view_text(text, &view)
    check_range(start, view.length)
    cdef uint8_t *septets = <uint8_t *>PyMem_Malloc(
        2 * (view.length - start) + SEPTET_OVERWRITTEN)
    if septets == NULL:
        raise MemoryError
    try:
        count = septet_write_septets(
            &view, &start, view.length, plain, escaped, septets)
        converted = PyBytes_FromStringAndSize(<char *>septets, count)
    finally:
        PyMem_Free(septets)
    return converted, start


def from_septets(bytes septets not None, Py_ssize_t start, int locking, int single, bint strict):
    """Convert septets to text."""
    cdef const septet_table *plain = locking_table(locking)
    cdef const septet_table *escaped = single_table(single)
    cdef Py_ssize_t count, length = len(septets)
    check_range(start, length)
    cdef uint16_t *chars = <uint16_t *>PyMem_Malloc((length - start) * sizeof(uint16_t) + 1)
    if chars == NULL:
        raise MemoryError
    try:
        count = septet_read_septets(
            octets_of(septets), &start, length,
            plain, escaped, strict, chars)
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
    cdef Py_ssize_t size = septet_packed_size(count, fill_bits)
    cdef uint8_t *octets = <uint8_t *>PyMem_Malloc(size + SEPTET_OVERWRITTEN)
    if octets == NULL:
        raise MemoryError
    try:
        septet_pack(values, count, fill_bits, octets)
        return PyBytes_FromStringAndSize(<char *>octets, size)
    finally:
        PyMem_Free(octets)


def unpack(bytes octets not None, Py_ssize_t count, int fill_bits=0):
    """Unpack septets from octets."""
    check_fill_bits(fill_bits)
    if count < 0 or (count and count > (8 * len(octets) - fill_bits) // 7):
        raise ValueError(f"{len(octets)} octets do not hold {count} septets")
    cdef bytes septets = PyBytes_FromStringAndSize(NULL, count)
    septet_unpack(
        octets_of(octets), count, fill_bits, <uint8_t *>PyBytes_AS_STRING(septets))
    return septets


cdef class Encoder:
    """Encodes texts by the rules of a kernel."""

    cdef Kernel kernel
    cdef type record
    cdef tuple codings
    cdef int reference_bits
    cdef object read_options

    def __cinit__(
        self, Kernel kernel not None, type record not None, tuple codings not None,
        int reference_bits, read_options,
    ):
        self.record = check_record("record", record)
        self.kernel, self.codings = kernel, codings
        self.reference_bits, self.read_options = reference_bits, read_options

    def encode(self, text, *, reference=None, message_class=None, elements=()):
        """Return the octets of each segment of a text, for a gateway.

        Args:
            text: Any `str`; it is not normalised.
            reference: The number that the segments of one text have in common, of `reference_bits`
                bits; None for a random one. A text of one segment does not use it.
            message_class: 0 (shown at once) to 3, as part of the data coding (3GPP TS 23.038, 4).
            elements: Further elements for the header of every segment. They may take at most the
                `header_octets` of the rules, so that `count` includes them.

        Returns:
            A record for each segment of `split`, with the user data, its length and data coding.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: The reference or message class is out of range.
            EncodingError: GSM-7 is forced and the text has another character.
            SegmentLimitError: The text takes more than 255 segments.
            UserDataHeaderError: The elements do not fit, or `encode` makes one of them itself.

        Example:
            >>> septet.encode("Hi")[0].user_data.hex()
            'c834'
        """
        cdef tuple codings = self.codings
        cdef bytes octets = b""
        if reference is not None or message_class is not None or elements:
            codings, octets = self.read_options(
                self.kernel.rules, reference, message_class, elements)
        return self.encode_segments(text, reference, codings, octets)

    cdef list encode_segments(self, text, reference, tuple codings, bytes elements):
        cdef septet_text view
        cdef septet_choice choice
        cdef septet_header header
        cdef Py_ssize_t ends[SEPTET_MAX_SEGMENTS]
        cdef Py_ssize_t units[SEPTET_MAX_SEGMENTS]
        cdef Py_ssize_t start = 0, end = 0, last_units, count = 0, index, size, length
        cdef const septet_table *plain = NULL
        cdef const septet_table *escaped = NULL
        cdef uint8_t octets[SEPTET_USER_DATA_SPACE]
        cdef septet_cluster_search search
        cdef bint is_plain = False  # ASCII of one septet each
        if len(elements) > SEPTET_SEGMENT_OCTETS:
            raise ValueError(f"elements of {len(elements)} octets do not fit")
        if not septet_view_str(text, &view):
            text = view_text(text, &view)
        self.kernel.choose(text, &view, &choice)
        if choice.units <= choice.capacity.single:
            ends[0], units[0], count = view.length, choice.units, 1
        else:
            search = septet_start_search(self.kernel.c_rules.clusters)
            while end < view.length:
                end = self.kernel.segment_end(&view, &choice, &search, end, &last_units)
                if count < SEPTET_MAX_SEGMENTS:
                    ends[count], units[count] = end, last_units
                count += 1
        if count > SEPTET_MAX_SEGMENTS:
            raise SegmentLimitError(count)
        if count == 1:
            reference = None
        elif reference is None:
            reference = random_reference(self.reference_bits)
        gsm7_coding, data_coding = codings
        if choice.pair >= 0:
            data_coding = gsm7_coding
            is_plain = (
                SEPTET_PACKS_ASCII and choice.coding.locking == 0 and PyUnicode_IS_ASCII(text)
                and choice.units == view.length)
            if not is_plain:
                plain = locking_table(choice.coding.locking)
                escaped = single_table(choice.coding.single)
        septet_write_header(
            &header, octets, <int>count, 0 if reference is None else reference,
            self.reference_bits, choice.coding.locking, choice.coding.single,
            octets_of(elements), len(elements))
        cdef int header_septets = (8 * header.size + 6) // 7
        cdef int fill_bits = 7 * header_septets - 8 * header.size
        cdef list segments = PyList_New(count)
        for index in range(count):
            end = ends[index]
            if end - start > SEPTET_MAX_CHARS:
                raise ValueError(f"a segment of {end - start} characters does not fit")
            septet_set_sequence(&header, <int>index + 1)
            if choice.pair < 0:
                size = length = header.size + 2 * units[index]
                septet_write_units(&view, start, end, octets + header.size)
            else:
                size = header.size + septet_packed_size(units[index], fill_bits)
                length = header_septets + units[index]
                if is_plain:
                    septet_pack_ascii(
                        <const uint8_t *>view.data + start, end - start, fill_bits,
                        octets + header.size)
                else:
                    septet_write_packed(
                        &view, start, end, plain, escaped, fill_bits, octets + header.size)
            segment = septet_encoded_segment(
                self.record, data_coding, octets, header.size, size, length, text, start, end,
                reference, count, index + 1)
            Py_INCREF(segment)
            PyList_SET_ITEM(segments, index, segment)
            start = end
        return segments


# The function of the standard library, from when it is first needed: it is slow to import.
cdef object getrandbits = None


cdef random_reference(int bits):
    global getrandbits
    if getrandbits is None:
        from random import getrandbits
    return getrandbits(bits)


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
