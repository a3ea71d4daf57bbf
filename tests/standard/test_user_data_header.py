"""User data headers: octets of other implementations, and invalid ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import Language, SeptetError, UserDataHeaderError
from septet.standard.user_data_header import (
    Concatenation,
    InformationElement,
    concatenation,
    decode_udh,
    encode_udh,
    locking_shift,
    read_concatenation,
    single_shift,
)

elements = st.lists(
    st.builds(InformationElement, st.integers(0, 255), st.binary(max_size=20)), max_size=6
)


@pytest.mark.parametrize(
    ("made", "octets"),
    [
        ([], ""),
        ([concatenation(0x7F, 3, 2)], "0500037f0302"),
        ([concatenation(0x1234, 3, 2, reference_bits=16)], "060804123403 02"),
        ([single_shift(Language.TURKISH)], "03240101"),
        ([locking_shift(Language.URDU), single_shift(Language.URDU)], "0625010d24010d"),
        ([concatenation(0, 255, 255), locking_shift(3)], "08000300ffff250103"),
        ([concatenation(0, 1, 1)], "050003000101"),
        ([InformationElement(0xFF, bytes(137))], "8bff89" + 137 * "00"),
    ],
)
def test_known_octets(made, octets) -> None:
    """The elements that segments need, octet by octet (TS 23.040, 9.2.3.24)."""
    expected = bytes.fromhex(octets)
    assert encode_udh(made) == expected
    if made:
        assert decode_udh(expected + b"text") == tuple(made)


@given(elements)
def test_round_trip(made) -> None:
    """Encoded elements decode to themselves, whatever follows the header."""
    octets = encode_udh(made)
    if octets:
        assert decode_udh(octets) == tuple(made)
        assert decode_udh(octets + b"\xff") == tuple(made)


@given(st.binary(max_size=150))
def test_any_octets_give_elements_or_one_error(octets) -> None:
    """Any octets raise only the documented error; decoded elements encode to the same octets."""
    try:
        elements = decode_udh(octets)
    except UserDataHeaderError:
        return
    assert encode_udh(elements) == (octets[: 1 + octets[0]] if octets[0] else b"")


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (b"", "the user data is empty: a header begins with its length"),
        (b"\x05\x00\x03", "the header length is 5, but only 2 octets follow it"),
        (b"\x03\x00\x03\x01", "information element at octet 1 is cut off"),
        (b"\x01\x00", "information element at octet 1 is cut off"),
        (b"\x03\x00\x02\x01\x01", "information element at octet 1 is cut off"),
    ],
)
def test_cut_off(octets, message) -> None:
    """The error names the position where the octets end too early."""
    with pytest.raises(UserDataHeaderError) as caught:
        decode_udh(octets)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: concatenation(256, 2, 1), "reference 256 does not fit into 8 bits"),
        (lambda: concatenation(257, 2, 1), "reference 257 does not fit into 8 bits"),
        (lambda: concatenation(-1, 2, 1), "reference -1 does not fit into 8 bits"),
        (lambda: concatenation(65536, 2, 1, 16), "reference 65536 does not fit into 16 bits"),
        (lambda: concatenation(0, 256, 1), "sequence 1 of 256 is not within 1 to 255"),
        (lambda: concatenation(0, 2, 3), "sequence 3 of 2 is not within 1 to 255"),
        (lambda: concatenation(0, 2, 0), "sequence 0 of 2 is not within 1 to 255"),
        (lambda: concatenation(0, 2, 1, 12), "reference_bits must be 8 or 16, not 12"),
        (
            lambda: encode_udh([InformationElement(256, b"")]),
            "information element identifier 256 is not one octet",
        ),
        (
            lambda: encode_udh([InformationElement(-1, b"")]),
            "information element identifier -1 is not one octet",
        ),
        (
            lambda: encode_udh([InformationElement(5, bytes(138))]),
            "element 0x05 of 138 octets does not fit: "
            "a header holds at most 139 octets of elements",
        ),
    ],
)
def test_values_that_do_not_fit(call, message) -> None:
    """Each error says which values the field can hold."""
    with pytest.raises(SeptetError) as caught:
        call()
    assert isinstance(caught.value, ValueError)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ([], None),
        ([locking_shift(1)], None),
        ([concatenation(0x7F, 3, 2)], (0x7F, 3, 2, 8)),
        ([concatenation(0x7F, 3, 1)], (0x7F, 3, 1, 8)),
        ([concatenation(0x1234, 255, 255, 16), single_shift(1)], (0x1234, 255, 255, 16)),
        ([concatenation(1, 3, 2), concatenation(0x1234, 4, 3, 16)], (0x1234, 4, 3, 16)),
        ([InformationElement(0x00, b"\x01\x00\x00")], None),
        ([InformationElement(0x00, b"\x01\x02\x00")], None),
        ([InformationElement(0x00, b"\x01\x02\x03")], None),
        ([InformationElement(0x00, b"\x01\x02\x01\x00")], None),
        ([InformationElement(0x08, b"\x01\x02\x01")], None),
        ([InformationElement(0x00, b"")], None),
    ],
)
def test_reading_concatenation(elements, expected) -> None:
    """The last valid element counts (9.2.3.24, 9.2.3.24.1)."""
    assert read_concatenation(elements) == (None if expected is None else Concatenation(*expected))
