# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.filling`: Cython over fill.h.

Each docstring here is the first line of the one in `python.filling`, which describes arguments,
results and errors.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_FromStringAndSize
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from libc.stdint cimport INT64_MAX, int32_t, int64_t, uint8_t

from ._bounds cimport check_rows
from ._compiled_filling_h cimport septet_fill_octets, septet_fill_offsets, septet_filling
from ._compiled_filling_h cimport septet_last_offset, septet_piece, septet_set_constant_piece
from ._rows cimport SEPTET_FINE, bind_column, septet_outcome

__all__ = ["fill_rows"]


def fill_rows(
    list pieces not None, const int32_t[::1] parts not None, const int32_t[::1] starts not None,
    const int32_t[::1] templates not None,
):
    """Fill the template of each row with the values of the row."""
    cdef list kept = pieces[:]  # keeps the bytes alive if the caller's list changes
    cdef Py_ssize_t piece_count = len(kept), count = templates.shape[0], row = 0, index
    cdef septet_filling filling
    cdef septet_outcome outcome
    cdef bytearray filled, offsets
    cdef int64_t *row_offsets
    cdef int64_t *lasts
    cdef uint8_t *octets
    cdef septet_piece *c_pieces
    check_templates(parts, starts, templates, piece_count)
    offsets = bytearray(8 * (count + 1))
    if count == 0:
        return offsets, bytearray()
    row_offsets = <int64_t *>PyByteArray_AS_STRING(offsets)
    c_pieces = <septet_piece *>PyMem_Malloc(max(piece_count, 1) * sizeof(septet_piece))
    lasts = <int64_t *>PyMem_Malloc(max(piece_count, 1) * sizeof(int64_t))
    try:
        if c_pieces == NULL or lasts == NULL:
            raise MemoryError
        for index in range(piece_count):
            piece = kept[index]
            lasts[index] = INT64_MAX
            if isinstance(piece, bytes):
                septet_set_constant_piece(
                    c_pieces + index, <const uint8_t *>PyBytes_AS_STRING(piece),
                    PyBytes_GET_SIZE(piece))
                continue
            c_pieces[index].octets = NULL
            column, c_pieces[index].first = <tuple?>piece
            check_rows(0, c_pieces[index].first)
            bind_column(column, &c_pieces[index].column)
            lasts[index] = septet_last_offset(
                &c_pieces[index].column, c_pieces[index].first + count)
        filling = septet_filling(c_pieces, lasts, NULL, &starts[0], &templates[0])
        if parts.shape[0] > 0:
            filling.parts = &parts[0]
        with nogil:
            outcome = septet_fill_offsets(&filling, count, row_offsets, &row)
        if outcome != SEPTET_FINE:
            raise ValueError(f"row {row} is outside its buffer")
        filled = PyByteArray_FromStringAndSize(NULL, row_offsets[count])
        octets = <uint8_t *>PyByteArray_AS_STRING(filled)
        with nogil:
            septet_fill_octets(&filling, count, octets)
    finally:
        PyMem_Free(c_pieces)
        PyMem_Free(lasts)
    return offsets, filled


cdef int check_templates(
    const int32_t[::1] parts, const int32_t[::1] starts, const int32_t[::1] templates,
    Py_ssize_t piece_count,
) except -1:
    """Check that each row has a template, and each template has parts that are pieces."""
    cdef Py_ssize_t index, template_count = starts.shape[0] - 1
    cdef int32_t before = 0
    if template_count < 0:
        raise ValueError("starts must have at least one value")
    for index in range(template_count + 1):
        if not before <= starts[index] <= parts.shape[0]:
            raise ValueError(f"starts[{index}] is not an index of parts, or goes back")
        before = starts[index]
    for index in range(parts.shape[0]):
        if not 0 <= parts[index] < piece_count:
            raise ValueError(f"parts[{index}] is not one of {piece_count} pieces")
    for index in range(templates.shape[0]):
        if not 0 <= templates[index] < template_count:
            raise ValueError(f"row {index} has none of {template_count} templates")
    return 0
