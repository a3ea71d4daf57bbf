"""The enums `Encoding` (GSM-7 or UCS-2) and `Language` (national shift tables)."""

from __future__ import annotations

from enum import IntEnum, StrEnum

__all__ = ["UNIT_NAMES", "Encoding", "Language"]


class Encoding(StrEnum):
    """The encoding of a text: septets (GSM 7-bit) or 16-bit code units (UCS-2).

    3GPP TS 23.038, 6.2.1 and 6.2.3. The value is what JSON and columns contain.
    """

    GSM7 = "gsm7"
    UCS2 = "ucs2"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


UNIT_NAMES = {
    Encoding.GSM7: ("GSM-7", "septet"),
    Encoding.UCS2: ("UCS-2", "code unit"),
}
"""The usual names of each encoding and of its unit."""


class Language(IntEnum):
    """A national language with shift tables (3GPP TS 23.038, table 6.2.1.2.4.1).

    The value is the identifier in the user data header. Spanish has a single shift table only.
    """

    TURKISH = 1
    SPANISH = 2
    PORTUGUESE = 3
    BENGALI = 4
    GUJARATI = 5
    HINDI = 6
    KANNADA = 7
    MALAYALAM = 8
    ORIYA = 9
    PUNJABI = 10
    TAMIL = 11
    TELUGU = 12
    URDU = 13

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"
