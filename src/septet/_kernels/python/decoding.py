"""Read segments in one step: the Python implementation leaves all of them to `wire.decoding`.

`_compiled_decoding` has the same functions. It reads valid segments of GSM-7 and UCS-2 as `bytes`,
and leaves the others, and all that is an error, to `wire.decoding` too.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Parts: TypeAlias = tuple[
        str | None, tuple[int, int] | None, bytes, tuple[int, int, int, int] | None, bool
    ]

__all__ = ["GSM7", "UCS2", "read_segment", "read_text"]

GSM7, UCS2 = 1, 2
"""What a data coding means; other values are left to `wire.decoding`."""


def read_text(
    user_data: Any,
    encodings: bytes,
    data_coding: Any,
    has_udh: bool,
    user_data_length: Any,
    packed: bool,
    strict: bool,
) -> str | None:
    """Return the text of one segment, or None if another function has to read it.

    Args:
        user_data: TP-User-Data, or the short message of SMPP.
        encodings: What each data coding means: `GSM7`, `UCS2`, or another value.
        data_coding: The data coding.
        has_udh: Whether the data begins with a header.
        user_data_length: TP-User-Data-Length, or None; see `wire.decoding.decode`.
        packed: Whether septets are packed.
        strict: Whether to leave what is invalid to another function.
    """
    return None


def read_segment(
    user_data: Any,
    encodings: bytes,
    data_coding: Any,
    has_udh: bool,
    user_data_length: Any,
    packed: bool,
) -> Parts | None:
    """Return the parts of one segment, or None if another function has to read it.

    Args:
        user_data: As for `read_text`, like the other arguments.
        encodings: What each data coding means.
        data_coding: The data coding.
        has_udh: Whether the data begins with a header.
        user_data_length: TP-User-Data-Length, or None.
        packed: Whether septets are packed.

    Returns:
        * The text; it may be None if there is a concatenation element, because a part of a text may
          begin and end within a character.
        * The identifiers of the tables of GSM-7, or None for UCS-2.
        * The units: septets, each in an octet of its own, or octets.
        * Reference, total, sequence and reference bits of a concatenation element, or None.
        * Whether the part may lack an `@` at its end; see `wire.decoding.take_apart`.
    """
    return None
