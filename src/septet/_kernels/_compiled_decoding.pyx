# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.decoding`: reads valid segments of usual lengths."""

from cpython.bytes cimport (
    PyBytes_AS_STRING, PyBytes_CheckExact, PyBytes_FromStringAndSize, PyBytes_GET_SIZE,
)
from cpython.long cimport PyLong_CheckExact
from cpython.unicode cimport PyUnicode_DecodeUTF16, PyUnicode_FromKindAndData
from libc.stdint cimport uint8_t, uint16_t

from ._compiled_wire cimport *

from ..standard import alphabets

cdef extern from "Python.h":
    int PyUnicode_2BYTE_KIND
    long PyLong_AsLongAndOverflow(object number, int *overflow) except? -1

__all__ = ["GSM7", "UCS2", "read_segment", "read_text"]

cpdef enum:
    GSM7 = 1
    UCS2 = 2

cdef enum:
    MAX_UNITS = 1024  # octets of a text; short messages of SMPP have up to 254

# The identifiers of tables that a header may choose, as bits.
cdef unsigned int LOCKING = 0, SINGLE = 0
for identifier in alphabets.LOCKING_IDS:
    LOCKING |= <unsigned int>(identifier > 0) << identifier
for identifier in alphabets.SINGLE_IDS:
    SINGLE |= <unsigned int>(identifier > 0) << identifier

cdef struct Segment:
    bint is_gsm7
    int locking
    int single
    int reference_bits  # 0 without a concatenation element
    int reference
    int total
    int sequence
    const uint8_t *units
    Py_ssize_t unit_count
    bint may_lack_at
    uint8_t septets[SEPTET_MAX_CHARS]


def read_text(
    user_data, bytes encodings not None, data_coding, bint has_udh, user_data_length, bint packed,
    bint strict,
):
    """Return the text of one segment, or None if another function has to read it."""
    cdef Segment segment
    if not take_apart(
            &segment, user_data, encodings, data_coding, has_udh, user_data_length, packed, strict):
        return None
    return text_of(&segment, strict)


def read_segment(
    user_data, bytes encodings not None, data_coding, bint has_udh, user_data_length, bint packed,
):
    """Return the parts of one segment, or None if another function has to read it."""
    cdef Segment segment
    if not take_apart(
            &segment, user_data, encodings, data_coding, has_udh, user_data_length, packed, False):
        return None
    text = tables = concatenation = None
    if segment.reference_bits:
        concatenation = (
            segment.reference, segment.total, segment.sequence, segment.reference_bits)
    if concatenation is None or (segment.is_gsm7 and not packed):
        text = text_of(&segment, False)
        if text is None:
            return None
    if segment.is_gsm7:
        tables = segment.locking, segment.single
    units = PyBytes_FromStringAndSize(<const char *>segment.units, segment.unit_count)
    return text, tables, units, concatenation, segment.may_lack_at


cdef bint take_apart(
    Segment *segment, user_data, bytes encodings, data_coding, bint has_udh, user_data_length,
    bint packed, bint strict,
) except -1:
    """Find the parts of a segment; return False for all that is unusual or invalid."""
    cdef const uint8_t *octets
    cdef Py_ssize_t size, header = 0, before, end
    cdef long coding, length = -1
    cdef int overflow  # the value is -1 then
    cdef uint8_t encoding
    if not PyBytes_CheckExact(user_data) or not PyLong_CheckExact(data_coding):
        return False
    octets = <const uint8_t *>PyBytes_AS_STRING(user_data)
    size = PyBytes_GET_SIZE(user_data)
    coding = PyLong_AsLongAndOverflow(data_coding, &overflow)
    if coding < 0 or coding >= len(encodings) or size > MAX_UNITS:
        return False
    if user_data_length is not None:
        if not PyLong_CheckExact(user_data_length):
            return False
        length = PyLong_AsLongAndOverflow(user_data_length, &overflow)
        if length < 0:
            return False
    encoding = PyBytes_AS_STRING(encodings)[coding]
    segment.locking = segment.single = segment.reference_bits = 0
    segment.may_lack_at = False
    if has_udh:
        if not read_header(segment, octets, size, strict):
            return False
        header = 1 + octets[0]
    segment.is_gsm7 = encoding == GSM7
    segment.units = octets + header
    if encoding == UCS2 or (encoding == GSM7 and not packed):
        end = size if length < 0 else length
        if end > size or end < header or (encoding == GSM7 and length >= 0):
            return False
        segment.unit_count = end - header
        return encoding == GSM7 or not strict or segment.unit_count % 2 == 0
    if encoding != GSM7 or size > SEPTET_SEGMENT_OCTETS:
        return False
    before = (8 * header + 6) // 7
    end = 8 * size // 7 if length < 0 else length
    if end > 8 * size // 7 or (length >= 0 and end < before):
        return False
    segment.unit_count = max(end - before, 0)
    septet_unpack(
        segment.units, segment.unit_count, <int>(7 * before - 8 * header), segment.septets)
    segment.units = segment.septets
    if (length < 0 and size % 7 == 0 and segment.unit_count > 0
            and segment.septets[segment.unit_count - 1] == 0):
        segment.unit_count -= 1
        segment.may_lack_at = size == SEPTET_SEGMENT_OCTETS
    return True


cdef bint read_header(
    Segment *segment, const uint8_t *octets, Py_ssize_t size, bint strict,
) noexcept:
    """Read the header; return False if it or, with `strict`, a language in it is invalid."""
    cdef Py_ssize_t start = 1, end
    cdef const uint8_t *data
    cdef int iei, length, language
    if size == 0 or octets[0] >= size:
        return False
    end = 1 + octets[0]
    while start < end:
        if start + 2 > end or start + 2 + octets[start + 1] > end:
            return False
        iei, length, data = octets[start], octets[start + 1], octets + start + 2
        if iei == SEPTET_CONCATENATION_8_BIT and length == 3 and 1 <= data[2] <= data[1]:
            segment.reference, segment.total, segment.sequence = data[0], data[1], data[2]
            segment.reference_bits = 8
        elif iei == SEPTET_CONCATENATION_16_BIT and length == 4 and 1 <= data[3] <= data[2]:
            segment.reference = data[0] << 8 | data[1]
            segment.total, segment.sequence = data[2], data[3]
            segment.reference_bits = 16
        elif iei == SEPTET_SINGLE_SHIFT or iei == SEPTET_LOCKING_SHIFT:
            language = data[0] if length == 1 and data[0] < SEPTET_IDENTIFIERS else 0
            if not (SINGLE if iei == SEPTET_SINGLE_SHIFT else LOCKING) >> language & 1:
                if strict:
                    return False
                language = 0
            if iei == SEPTET_SINGLE_SHIFT:
                segment.single = language
            else:
                segment.locking = language
        start += 2 + length
    return True


cdef text_of(const Segment *segment, bint strict):
    """Return the text of a segment; None if an octet is not a septet, or not a character."""
    cdef uint16_t chars[MAX_UNITS]
    cdef Py_ssize_t count, stop = 0
    cdef int big_endian = 1
    if not segment.is_gsm7:
        return PyUnicode_DecodeUTF16(
            <char *>segment.units, segment.unit_count // 2 * 2, "surrogatepass", &big_endian)
    count = septet_read_septets(
        segment.units, &stop, segment.unit_count, locking_table(segment.locking),
        single_table(segment.single), strict, chars)
    if stop < segment.unit_count:
        return None
    return PyUnicode_FromKindAndData(PyUnicode_2BYTE_KIND, chars, count)
