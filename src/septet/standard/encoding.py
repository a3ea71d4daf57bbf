"""The vocabulary of septet as enums: how a text is counted, and in which national alphabet."""

from __future__ import annotations

from enum import IntEnum, StrEnum

__all__ = ["UNIT_NAMES", "Encoding", "Language"]


class Encoding(StrEnum):
    """How a text is counted: in septets (GSM 7-bit) or in 16-bit code units (UCS-2)."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


UNIT_NAMES = {
    Encoding.GSM7: ("GSM-7", "septet"),
    Encoding.UCS2: ("UCS-2", "code unit"),
}
"""What people call each encoding, and a unit of it."""


class Language(IntEnum):
    """A national language with shift tables; the value is its identifier on the air.

    3GPP TS 23.038, table 6.2.1.2.4.1. Spanish has a single shift table only.
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
