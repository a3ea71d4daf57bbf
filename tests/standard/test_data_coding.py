"""All 256 values of TP-Data-Coding-Scheme (3GPP TS 23.038, 4)."""

from __future__ import annotations

import pytest

from septet import DecodingError, Encoding
from septet.standard.data_coding import data_coding_of, encoding_of

GSM7, UCS2 = "gsm7", "ucs2"


def expected(bits: str) -> str | None:
    """Return the encoding of an octet by clause 4, None for values that do not mean text."""
    group, alphabet = bits[:4], bits[4:6]
    if group.startswith("0"):  # general data coding, and marked for automatic deletion
        if bits[2] == "1":
            return None  # compressed
        return {"00": GSM7, "01": None, "10": UCS2, "11": GSM7}[alphabet]
    if group == "1110":  # message waiting, store, UCS-2
        return UCS2
    if group == "1111":  # data coding and message class
        return None if bits[5] == "1" else GSM7
    return GSM7  # message waiting in GSM-7; reserved groups


@pytest.mark.parametrize("octet", range(256))
def test_reading(octet) -> None:
    """Every octet means GSM-7, UCS-2 or no text."""
    answer = expected(f"{octet:08b}")
    if answer is None:
        with pytest.raises(DecodingError, match=f"^data_coding 0x{octet:02X} means "):
            encoding_of(octet)
    else:
        assert encoding_of(octet) == answer


@pytest.mark.parametrize(
    ("encoding", "message_class", "octet"),
    [
        (Encoding.GSM7, None, 0x00),
        (Encoding.UCS2, None, 0x08),
        *((Encoding.GSM7, number, 0x10 + number) for number in range(4)),
        *((Encoding.UCS2, number, 0x18 + number) for number in range(4)),
    ],
)
def test_writing(encoding, message_class, octet) -> None:
    """The general group: 0x00 and 0x08, with a class 0x10 to 0x13 and 0x18 to 0x1B."""
    assert data_coding_of(encoding, message_class) == octet
    assert encoding_of(octet) == encoding


@pytest.mark.parametrize("message_class", [-1, 4, 255, "0", 1.0])
def test_there_are_four_classes(message_class) -> None:
    """Other message classes are refused."""
    with pytest.raises(ValueError, match=f"must be 0 to 3 or None, not {message_class!r}$"):
        data_coding_of(Encoding.GSM7, message_class)


def test_wrong_values() -> None:
    """The value must be an integer of one octet."""
    for number in (-1, 256):
        with pytest.raises(DecodingError, match=f"^data_coding {number} is not one octet$"):
            encoding_of(number)
    with pytest.raises(TypeError, match=r"^data_coding must be int, not str$"):
        encoding_of("0")  # type: ignore[arg-type]
