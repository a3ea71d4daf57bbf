"""TP-Data-Coding-Scheme: the octet with the encoding of user data (3GPP TS 23.038, 4).

SMPP's `data_coding` is similar, but not the same: there 0x01 and 0x03 are ASCII and Latin-1, and
0xF0 to 0xF3 have a message class.
"""

from __future__ import annotations

from ..exceptions import DecodingError
from .encoding import Encoding

__all__ = ["data_coding_of", "encoding_of"]

_PLAIN = {Encoding.GSM7: 0x00, Encoding.UCS2: 0x08}
_HAS_CLASS = 0x10
_COMPRESSED = 0x20


def data_coding_of(encoding: Encoding, message_class: int | None = None) -> int:
    """Return the octet for an encoding, from the general group (0x00 to 0x1F).

    Args:
        encoding: Encoding of the text.
        message_class: 0 for immediate display; 1, 2 and 3 for the phone, the SIM and a connected
            terminal; None for no class.

    Raises:
        ValueError: The message class is not 0 to 3 or None.
    """
    if message_class is None:
        return _PLAIN[encoding]
    if not isinstance(message_class, int) or not 0 <= message_class <= 3:
        raise ValueError(f"message_class must be 0 to 3 or None, not {message_class!r}")
    return _PLAIN[encoding] | _HAS_CLASS | message_class


def encoding_of(data_coding: int) -> Encoding:
    """Return the encoding of the text; reserved values mean GSM-7, as clause 4 demands.

    Args:
        data_coding: TP-Data-Coding-Scheme, one octet.

    Raises:
        TypeError: `data_coding` is not an integer.
        DecodingError: It is not one octet, or it means compressed text or 8-bit data.
    """
    if not isinstance(data_coding, int):
        raise TypeError(f"data_coding must be int, not {type(data_coding).__name__}")
    if not 0 <= data_coding <= 0xFF:
        raise DecodingError(f"data_coding {data_coding} is not one octet")
    group = data_coding >> 4
    if group < 8:  # 00xx general, 01xx text that is deleted after reading
        if data_coding & _COMPRESSED:
            raise DecodingError(f"data_coding 0x{data_coding:02X} means compressed text")
        alphabet = data_coding >> 2 & 3
    elif group == 0xE:  # message waiting indication, stored, in UCS-2
        alphabet = 2
    elif group == 0xF:
        alphabet = data_coding >> 2 & 1
    else:  # 1100, 1101 message waiting indication in GSM-7; 10xx reserved
        alphabet = 0
    if alphabet == 1:
        raise DecodingError(f"data_coding 0x{data_coding:02X} means 8-bit data, not text")
    return Encoding.UCS2 if alphabet == 2 else Encoding.GSM7
