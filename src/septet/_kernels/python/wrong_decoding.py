"""Find the texts that may be UTF-8 decoded as Windows-1252 or Latin-1; a part of `tally`."""

from __future__ import annotations

import re
from array import array

from .bounds import check_min_length, check_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = ["find_wrong_decoding"]

# U+00C2 to U+00F4, then U+0080 to U+00BF or what Windows-1252 has at 0x80 to 0x9F, in UTF-8.
_WRONG_DECODING = re.compile(
    rb"\xC3[\x82-\xB4]"
    rb"(?:\xC2[\x80-\xBF]|\xC5[\x92\x93\xA0\xA1\xB8\xBD\xBE]|\xC6\x92|\xCB[\x86\x9C]"
    rb"|\xE2(?:\x80[\x93\x94\x98-\x9A\x9C-\x9E\xA0-\xA2\xA6\xB0\xB9\xBA]|\x82\xAC|\x84\xA2))"
)


def find_wrong_decoding(
    column: Addresses, first: int, stop: int, encodings: memoryview
) -> memoryview:
    """Find the rows in UCS-2 that may be UTF-8 decoded as Windows-1252 or Latin-1.

    Args:
        column: The addresses of an Arrow column.
        first: The first row to read.
        stop: The row after the last one.
        encodings: 0 (GSM-7) or 1 (UCS-2) for each row.

    Returns:
        The row numbers, counted from `first`, as int32: all rows with two characters that make a
        lead octet and a continuation. `rewriting.wrong_decoding` tells what they are.

    Raises:
        ValueError: `first` and `stop` are not a range, `encodings` is too short for it, or a row
            is outside its buffer.
    """
    from ...arrow.rows import OutOfRangeError, read_rows

    check_min_length("encodings", len(encodings), check_rows(first, stop))
    try:
        facts = zip(read_rows(column, first, stop), encodings, strict=False)
        rows = [
            row
            for row, (octets, encoding) in enumerate(facts)
            if encoding and octets is not None and _WRONG_DECODING.search(octets)
        ]
    except OutOfRangeError:
        raise ValueError("a row is outside its buffer") from None
    return memoryview(array("i", rows))
