"""The octet with the encoding of user data: TP-Data-Coding-Scheme, and `data_coding` of SMPP.

TP-Data-Coding-Scheme is defined in 3GPP TS 23.038, clause 4. The `data_coding` of SMPP (SMPP 3.4,
5.2.19) has the same values for UCS-2 and for message classes, but others for what is below 0x10:
there 0x01 is ASCII and 0x03 is Latin-1, and 0x00 is whatever the message centre uses.
"""

from __future__ import annotations

from ..exceptions import DecodingError
from .encoding import Encoding

__all__ = ["data_coding_of", "encoding_of", "smpp_encoding_of"]

_GSM7, _UCS2 = Encoding.GSM7, Encoding.UCS2  # members of an enumeration are slow to look up
_PLAIN = {_GSM7: 0x00, _UCS2: 0x08}
_HAS_CLASS = 0x10
_COMPRESSED = 0x20

# SMPP 3.4, 5.2.19. It names character sets; where a set has several encodings, this is the one
# that SMPP libraries use.
_SMPP_CODECS = {
    0x01: "ascii",
    0x03: "latin-1",
    0x05: "shift_jis",  # JIS X 0208
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x0A: "iso2022_jp",
    0x0D: "euc_jp",  # JIS X 0212
    0x0E: "euc_kr",  # KS C 5601
}
_SMPP_BINARY = (0x02, 0x04)
_SMPP_UCS2 = 0x08
_SMPP_WITHOUT_CODEC = {
    0x09: "means pictograms, for which there is no table",
    0x0B: "is reserved in SMPP",
    0x0C: "is reserved in SMPP",
    0x0F: "is reserved in SMPP",
}


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
    _check_octet(data_coding)
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
        raise _binary(data_coding)
    return _UCS2 if alphabet == 2 else _GSM7


def smpp_encoding_of(data_coding: int, default_alphabet: Encoding | str) -> Encoding | str:
    """Return the encoding of the text of an SMPP message.

    Values from 0x10 on are read as TP-Data-Coding-Scheme: SMPP says so from 0xC0 on, and reserves
    those below, which message centres use to hand on what they were sent.

    Args:
        data_coding: The `data_coding` of the message, one octet.
        default_alphabet: The encoding that 0x00 means.

    Returns:
        GSM-7, UCS-2, or the name of a codec of Python.

    Raises:
        TypeError: `data_coding` is not an integer.
        DecodingError: It is not one octet, it means compressed text or 8-bit data, or there is no
            codec for it.
    """
    _check_octet(data_coding)
    if data_coding >= 0x10:
        return encoding_of(data_coding)
    if data_coding in _SMPP_BINARY:
        raise _binary(data_coding)
    if data_coding in _SMPP_WITHOUT_CODEC:
        raise DecodingError(f"data_coding 0x{data_coding:02X} {_SMPP_WITHOUT_CODEC[data_coding]}")
    if data_coding == _SMPP_UCS2:
        return _UCS2
    return _SMPP_CODECS.get(data_coding, default_alphabet)


def _check_octet(data_coding: int) -> None:
    if not isinstance(data_coding, int):
        raise TypeError(f"data_coding must be int, not {type(data_coding).__name__}")
    if not 0 <= data_coding <= 0xFF:
        raise DecodingError(f"data_coding {data_coding} is not one octet")


def _binary(data_coding: int) -> DecodingError:
    return DecodingError(f"data_coding 0x{data_coding:02X} means 8-bit data, not text")
