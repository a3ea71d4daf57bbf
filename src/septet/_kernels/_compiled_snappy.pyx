# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
# cython: freethreading_compatible=True, auto_pickle=False
# cython: binding=False, embedsignature=True, embedsignature.format=clinic
"""Compiled implementation of `python.snappy`: Cython over snappy.h.

Each docstring of a function here is the first line of the one in `python.snappy`, which describes
arguments, results and errors.
"""

from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_FromStringAndSize
from libc.stdint cimport uint8_t

cdef extern from "c/snappy.h" nogil:
    ctypedef struct septet_snappy_block:
        pass

    void septet_fill_snappy_tags()
    bint septet_start_snappy(
        septet_snappy_block *block, const uint8_t *octets, Py_ssize_t size, uint8_t *output,
        Py_ssize_t output_size)
    bint septet_end_snappy(septet_snappy_block *block)
    bint septet_read_two_snappy(septet_snappy_block *block, septet_snappy_block *other)

__all__ = ["decompress_snappy"]

cdef str DAMAGE = "the block of Snappy is damaged"

septet_fill_snappy_tags()


def decompress_snappy(
    const uint8_t[::1] block not None, Py_ssize_t size, const uint8_t[::1] other=None,
    Py_ssize_t other_size=0,
):
    """Decompress a block of Snappy, or two, which takes less time than one after the other."""
    cdef septet_snappy_block[2] blocks
    cdef bytearray content, other_content = None
    cdef bint is_sound
    content = _start(&blocks[0], block, size)
    if other is None:
        with nogil:
            is_sound = septet_end_snappy(&blocks[0])
    else:
        other_content = _start(&blocks[1], other, other_size)
        with nogil:
            is_sound = septet_read_two_snappy(&blocks[0], &blocks[1])
    if not is_sound:
        raise ValueError(DAMAGE)
    return content, other_content


cdef bytearray _start(septet_snappy_block *state, const uint8_t[::1] block, Py_ssize_t size):
    cdef bytearray content
    if size < 0 or block.shape[0] == 0:
        raise ValueError(DAMAGE)
    content = PyByteArray_FromStringAndSize(NULL, size)
    if not septet_start_snappy(
        state, &block[0], block.shape[0], <uint8_t *>PyByteArray_AS_STRING(content), size
    ):
        raise ValueError(DAMAGE)
    return content
