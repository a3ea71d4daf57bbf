"""Values of Parquet pages in the plain encoding; `_compiled_pages` has the same functions."""

from __future__ import annotations

import struct

__all__ = ["longest_value"]

_LENGTH = struct.Struct("<I")


def longest_value(page: bytes | memoryview) -> int:
    """Return the length of the longest value of a Parquet page of texts in the plain encoding.

    Args:
        page: The page, decompressed: each value follows its length in four bytes. The last value
            may be cut off.

    Returns:
        The length in bytes; 0 without values.
    """
    longest = position = 0
    while position + _LENGTH.size <= len(page):
        (length,) = _LENGTH.unpack_from(page, position)
        longest = max(longest, length)
        position += _LENGTH.size + length
    return longest
