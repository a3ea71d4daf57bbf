"""Decoding: octets of septet, of other implementations, and invalid ones."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import oracle
import oracle_wire
import pdus
import septet
import strategies
from septet import DecodingError, InformationElement, SeptetError, UserDataHeaderError
from septet.standard.user_data_header import (
    decode_udh,
    encode_udh,
    locking_shift,
    read_concatenation,
    single_shift,
)
from septet.wire.decoding import UTF16, encodings_of, read_units, take_apart

MESSAGES = pdus.messages()


def joined(text: str) -> str:
    """Return the text with adjacent surrogates as one character."""
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


def read(kernels, segment, **options) -> str:
    """Decode an encoded segment."""
    return kernels.decode(
        segment.user_data,
        data_coding=segment.data_coding,
        has_udh=segment.udh != b"",
        user_data_length=segment.user_data_length,
        **options,
    )


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_published_octets(kernels, message) -> None:
    """Octets that other implementations publish decode to the published texts."""
    bodies = [
        kernels.decode(
            segment.user_data,
            data_coding=segment.data_coding,
            has_udh=segment.has_udh,
            user_data_length=segment.user_data_length,
        )
        for segment in message.segments
    ]
    assert "".join(bodies) == message.text


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=strategies.cases, message_class=st.sampled_from([None, 0, 3]))
@example(case=("1234567", {}), message_class=None)
@example(case=("1234567@", {}), message_class=None)
@example(case=("1234567\r", {}), message_class=None)
@example(case=("@" * 160, {}), message_class=None)
@example(case=("ç\ud800", {}), message_class=None)
def test_round_trip(implementations, case, message_class) -> None:
    """Every body decodes to itself, packed and unpacked, even with `strict`."""
    text, options = case
    for kernels in implementations.values():
        try:
            segments = kernels.Segmenter(**options).encode(text, message_class=message_class)
        except ValueError:
            continue
        for segment in segments:
            assert read(kernels, segment, strict=True) == joined(segment.body)
            unpacked = segment.udh + segment.septets if segment.septets else segment.user_data
            assert kernels.decode(
                unpacked,
                data_coding=segment.data_coding,
                has_udh=segment.udh != b"",
                packed=False,
                strict=True,
            ) == joined(segment.body)


def test_round_trip_of_every_character(kernels) -> None:
    """All characters of the BMP and some others, 70 at a time."""
    chars = [chr(code) for code in range(0x10000)] + ["\U00010000", "😀", "\U0010ffff"]
    for start in range(0, len(chars), 70):
        text = "".join(chars[start : start + 70])
        bodies = [read(kernels, segment, strict=True) for segment in kernels.encode(text)]
        assert "".join(bodies) == joined(text)


@pytest.mark.parametrize(("locking", "single"), list(product(oracle.LOCKING, oracle.SINGLE)))
def test_every_septet_of_every_pair(implementations, locking, single) -> None:
    """All 128 septets, with and without an escape, decode as in the oracle."""
    septets = [*range(0x1B), *range(0x1C, 0x80)]
    septets += [code for septet in range(0x80) for code in (0x1B, septet)] + [0x41, 0x1B]
    udh = encode_udh([locking_shift(locking), single_shift(single)])
    expected = oracle_wire.read(septets, locking, single)
    for kernels in implementations.values():
        text = kernels.decode(udh + bytes(septets), has_udh=True, packed=False)
        assert text == expected
        assert kernels.functions.from_septets(bytes(septets), 0, locking, single, False) == (
            expected,
            len(septets),
        )


@given(septets=st.lists(st.integers(0, 0x7F), max_size=40).map(bytes), strict=st.booleans())
def test_implementations_read_alike(implementations, septets, strict) -> None:
    """Any septets, with and without `strict`; without it, as in the oracle."""
    results = {
        implementation.functions.from_septets(septets, 0, 0, 0, strict)
        for implementation in implementations.values()
    }
    assert len(results) == 1
    if not strict:
        assert results == {(oracle_wire.read(list(septets)), len(septets))}


@given(
    octets=st.binary(max_size=150),
    data_coding=st.integers(-1, 256),
    has_udh=st.booleans(),
    length=st.one_of(st.none(), st.integers(-1, 170)),
    packed=st.booleans(),
    strict=st.booleans(),
)
def test_any_octets_give_text_or_error(
    implementations, octets, data_coding, has_udh, length, packed, strict
) -> None:
    """Any octets give a text or a documented error, the same in both implementations."""
    outcomes = set()
    for kernels in implementations.values():
        try:
            outcomes.add(
                kernels.decode(
                    octets,
                    data_coding=data_coding,
                    has_udh=has_udh,
                    user_data_length=length if packed else None,
                    packed=packed,
                    strict=strict,
                )
            )
        except SeptetError as error:
            outcomes.add((type(error).__name__, str(error)))
    assert len(outcomes) == 1


ELEMENTS = st.lists(
    st.tuples(
        st.sampled_from([0x00, 0x08, 0x24, 0x25, 0x70]),
        st.lists(st.integers(0, 5), max_size=5).map(bytes),
    ),
    max_size=3,
).map(encode_udh)


@given(
    header=ELEMENTS,
    body=st.one_of(
        st.binary(max_size=150), st.lists(st.sampled_from([0, 0x1B, 0x28, 0x41])).map(bytes)
    ),
    data_coding=st.sampled_from([0x00, 0x04, 0x08, 0x11, 0x18, 0xF1]),
    has_udh=st.booleans(),
    length=st.one_of(st.none(), st.integers(-1, 1 << 70)),
    packed=st.booleans(),
    strict=st.booleans(),
)
@example(bytes([0]), bytes(139), 0, True, None, True, False)
@example(b"", bytes(140), 0, False, None, True, False)
def test_segments_that_kernels_read(
    implementations, header, body, data_coding, has_udh, length, packed, strict
) -> None:
    """What a kernel reads in one step has the parts and the text that `take_apart` finds."""
    octets = header + body
    if length is not None and length <= 300:
        length %= 170
    arguments = data_coding, has_udh, length, packed
    try:
        alphabet, units, elements, may_lack_at = take_apart(octets, *arguments, strict, None)
        text = read_units(alphabet, units, strict)
    except (SeptetError, ValueError):
        text = None
    for kernels in implementations.values():
        read = kernels.functions.read_text(octets, encodings_of(None), *arguments, strict)
        assert read in (None, text)
        if kernels.name == "compiled" and not strict and len(octets) <= 140:
            assert read == text
        parts = kernels.functions.read_segment(octets, encodings_of(None), *arguments)
        if parts is not None and not strict:
            assert parts[0] in (None, text)
            assert parts[0] == text or parts[3] is not None
            concatenation = read_concatenation(elements)
            assert (parts[1] or UTF16, *parts[2:]) == (alphabet, units, concatenation, may_lack_at)


@pytest.mark.parametrize(
    ("text", "length", "without"),
    [
        ("message", 7, "message"),
        ("message@", 8, "message"),  # cannot be distinguished from the line above
        ("message?", 8, "message?"),
        ("messages@", 9, "messages@"),
        ("pattern\r", 8, "pattern\r"),  # no padding: that is of USSD
    ],
)
def test_spare_bits(kernels, text, length, without) -> None:
    """The length distinguishes seven spare bits from an `@`; without it they are spare."""
    (segment,) = kernels.encode(text)
    assert segment.user_data_length == length
    assert read(kernels, segment) == text
    assert kernels.decode(segment.user_data) == without


def test_padding_beyond_the_length(kernels) -> None:
    """Octets beyond the length are ignored, whatever they contain."""
    assert kernels.decode(b"\xed\xf2\x7c\x1e\x3e\x97\x1b", user_data_length=7) == "message"
    assert kernels.decode(b"\0a\0bxyz", data_coding=8, user_data_length=4) == "ab"


def test_spare_bits_after_a_header(kernels) -> None:
    """A header shifts the septets: with it, 8n of them end at the end of an octet."""
    segments = kernels.encode("a" * 153 + "b" * 8 + "@", reference=1)
    assert [len(segment.user_data) for segment in segments] == [140, 14]
    assert read(kernels, segments[1]) == "b" * 8 + "@"
    assert kernels.decode(segments[1].user_data, has_udh=True) == "b" * 8


@pytest.mark.parametrize(
    ("septets", "lenient", "error"),
    [
        (b"a\x1b", "a ", "0x1B at index 1 of the septets is not a character"),
        (
            b"\x1b\x1b\x65",
            " e",
            "0x1B1B at index 0 of the septets is not a character",
        ),
        (b"ab\x1b\x41", "abA", "0x1B41 at index 2 of the septets is not a character"),
        (
            b"\x1b\x0d\x1b\x0a",
            "\r\f",
            "0x1B0D at index 0 of the septets is not a character",
        ),
    ],
)
def test_unknown_escapes(kernels, septets, lenient, error) -> None:
    """The escape is ignored; a septet without a character is a space (TS 23.038, 6.2.1.1)."""
    assert kernels.decode(septets, packed=False) == lenient
    with pytest.raises(DecodingError) as caught:
        kernels.decode(septets, packed=False, strict=True)
    assert str(caught.value) == error


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("septets", "error"),
    [
        (b"caf\xe9", "0xE9 at index 3 of the septets is not a septet"),
        (b"\x80a", "0x80 at index 0 of the septets is not a septet"),
    ],
)
def test_octets_that_are_not_septets(kernels, septets, error, strict) -> None:
    """Latin-1 sent as GSM-7 is an error; septet does not guess."""
    with pytest.raises(DecodingError) as caught:
        kernels.decode(septets, packed=False, strict=strict)
    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("elements", "text", "error"),
    [
        ([locking_shift(1)], "ı", None),
        ([locking_shift(3), locking_shift(1)], "ı", None),  # the last counts
        ([locking_shift(1), single_shift(13)], "ı", None),
        ([locking_shift(14)], "ì", "element 0x25 has an unknown language: 0e"),
        (
            [locking_shift(2)],
            "ì",
            "element 0x25 has an unknown language: 02",
        ),  # has single shifts only
        ([single_shift(0)], "ì", "element 0x24 has an unknown language: 00"),
        ([InformationElement(0x25, b"")], "ì", "element 0x25 has an unknown language: no data"),
        ([InformationElement(0x70, b"\x01\x02"), locking_shift(1)], "ı", None),  # unknown
    ],
)
def test_languages(kernels, elements, text, error) -> None:
    """The header chooses national tables; an unknown language is ignored, or an error."""
    octets = encode_udh(elements) + b"\x07"
    assert kernels.decode(octets, has_udh=True, packed=False) == text
    if error is not None:
        with pytest.raises(DecodingError) as caught:
            kernels.decode(octets, has_udh=True, packed=False, strict=True)
        assert str(caught.value) == error
    else:
        assert kernels.decode(octets, has_udh=True, packed=False, strict=True) == text


def test_ucs2_ignores_languages(kernels) -> None:
    """Language elements do not change a text in UCS-2."""
    octets = encode_udh([locking_shift(1)]) + "ı".encode("utf-16-be")
    assert kernels.decode(octets, data_coding=8, has_udh=True, strict=True) == "ı"


def test_unknown_elements_are_kept() -> None:
    """They do not change the text, and are returned with the others."""
    unknown = InformationElement(0x70, b"\x01\x02")
    (segment,) = septet.Segmenter(header_octets=4).encode("text", elements=[unknown])
    assert septet.decode(segment.user_data, has_udh=True, user_data_length=10) == "text"
    assert decode_udh(segment.user_data) == (unknown,)


def test_an_element_that_is_cut_off(kernels) -> None:
    """It makes the header invalid, but not the text (TS 23.040, 9.2.3.24)."""
    octets = b"\x04\x25\x01\x01\x00" + b"\x07"
    assert kernels.decode(octets, has_udh=True, packed=False) == "ì"
    with pytest.raises(UserDataHeaderError, match=r"^information element at octet 4 is cut off$"):
        kernels.decode(octets, has_udh=True, packed=False, strict=True)


@pytest.mark.parametrize(
    ("octets", "options", "error", "message"),
    [
        (
            b"",
            {"has_udh": True},
            UserDataHeaderError,
            "the user data is empty: a header begins with its length",
        ),
        (
            b"\x05\x00\x03",
            {"has_udh": True},
            UserDataHeaderError,
            "the header length is 5, but only 2 octets follow it",
        ),
        (
            b"\x01",
            {"has_udh": True},
            UserDataHeaderError,
            "the header length is 1, but only 0 octets follow it",
        ),
        (
            b"\x03\x25\x01\x04\x0cA",  # Bengali
            {"has_udh": True, "packed": False, "strict": True},
            DecodingError,
            "0x0C at index 0 of the septets is not a character",
        ),
        (
            b"\xe8\x32\x9b",
            {"user_data_length": 5},
            DecodingError,
            "user_data_length is 5 septets, but the data holds only 3",
        ),
        (
            b"\0a\0",
            {"user_data_length": 4, "data_coding": 8},
            DecodingError,
            "user_data_length is 4 octets, but the data holds only 3",
        ),
        (
            b"\x03\x24\x01\x01\x00",
            {"user_data_length": 4, "has_udh": True},
            DecodingError,
            "user_data_length is 4 septets, but the header alone takes 5",
        ),
        (
            b"",
            {"user_data_length": -1},
            DecodingError,
            "user_data_length is -1 septets, but the header alone takes 0",
        ),
        (
            b"ab",
            {"data_coding": 4},
            DecodingError,
            "data_coding 0x04 means 8-bit data, not text",
        ),
        (b"ab", {"data_coding": 0x20}, DecodingError, "data_coding 0x20 means compressed text"),
        (b"ab", {"data_coding": 300}, DecodingError, "data_coding 300 is not one octet"),
        (b"ab", {"data_coding": "0"}, TypeError, "data_coding must be int, not str"),
        (
            b"ab",
            {"user_data_length": 1.0},
            TypeError,
            "user_data_length must be int or None, not float",
        ),
        (
            b"ab",
            {"user_data_length": 2, "packed": False},
            ValueError,
            "user_data_length must be None if the septets are not packed",
        ),
        ("text", {}, TypeError, "user_data must be bytes, not str"),
        (None, {}, TypeError, "user_data must be bytes, not NoneType"),
        (5, {}, TypeError, "user_data must be bytes, not int"),
    ],
)
def test_wrong_octets(kernels, octets, options, error, message) -> None:
    """The error names the invalid value and its position."""
    with pytest.raises(error) as caught:
        kernels.decode(octets, **options)
    assert str(caught.value) == message


def test_half_a_code_unit(kernels) -> None:
    """With an odd header, the last octet of a full segment is dropped, or an error."""
    octets = b"\x06\x08\x04\x00\x01\x02\x01" + "ж".encode("utf-16-be") + b"\x04"
    assert kernels.decode(octets, data_coding=8, has_udh=True) == "ж"
    with pytest.raises(DecodingError, match=r"^the last code unit has only octet 9$"):
        kernels.decode(octets, data_coding=8, has_udh=True, strict=True)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_kinds_of_bytes(kind) -> None:
    """Every bytes-like type is accepted."""
    assert septet.decode(kind(bytes.fromhex("e8329bfd06"))) == "hello"


def test_a_header_without_text(kernels) -> None:
    """The text is empty, with and without fill bits."""
    for octets in (b"\x03\x24\x01\x01\x00", b"\x03\x24\x01\x01"):
        assert kernels.decode(octets, has_udh=True) == ""


# What a data coding means in SMPP, with octets that mean something else in TS 23.038.
SMPP = [
    (0x00, b"info\0x: \x1b\x65 \x02", "info@x: € $"),
    (0x01, b"info@shop.es: 5$ [x]_1", "info@shop.es: 5$ [x]_1"),
    (0x03, b"info@shop.es: 5$ [x]_1 \xf1\xe1\xa1", "info@shop.es: 5$ [x]_1 ñá¡"),
    (0x05, b"\x93\xfa\x96{ \xb1 A", "日本 ｱ A"),
    (0x06, b"\xbf\xe0\xd8\xd2\xd5\xe2 @", "Привет @"),
    (0x07, b"\xf9\xec\xe5\xed @", "שלום @"),
    (0x08, b"\x04\x1f\0@", "П@"),
    (0x0A, b"\x1b$BF|K\\\x1b(B @", "日本 @"),
    (0x0D, b"\xc6\xfc\xcb\xdc \x8f\xb0\xa1 @", "日本 丂 @"),
    (0x0E, b"\xc7\xd1\xb1\xdb @", "한글 @"),
    (0x10, b"a\0", "a@"),
    (0x18, b"\x04\x1f", "П"),
    (0x19, b"\x04\x1f", "П"),
    (0xC0, b"a\0", "a@"),
    (0xD0, b"a\0", "a@"),
    (0xE0, b"\x04\x1f", "П"),
    (0xF0, b"a\0", "a@"),
    (0xF3, b"a\0", "a@"),
]


@pytest.mark.parametrize("header", [b"", b"\x05\x00\x03\x07\x01\x01"])
@pytest.mark.parametrize(("data_coding", "octets", "text"), SMPP)
def test_data_codings_of_smpp(kernels, data_coding, octets, text, header) -> None:
    """Each is decoded by its own table, strictly or not, with a header or without."""
    options = {"data_coding": data_coding, "has_udh": header != b"", "protocol": "smpp"}
    for strict in (False, True):
        assert kernels.decode(header + octets, strict=strict, **options) == text
    assert septet.decode(header + octets, **options) == text
    reassembler = kernels.Reassembler(protocol="smpp")
    del options["protocol"]
    assert reassembler.add("key", header + octets, **options) == text


@pytest.mark.parametrize(
    ("data_coding", "message"),
    [
        (0x02, "data_coding 0x02 means 8-bit data, not text"),
        (0x04, "data_coding 0x04 means 8-bit data, not text"),
        (0xF4, "data_coding 0xF4 means 8-bit data, not text"),
        (0x14, "data_coding 0x14 means 8-bit data, not text"),
        (0x20, "data_coding 0x20 means compressed text"),
        (0x09, "data_coding 0x09 means pictograms, for which there is no table"),
        (0x0B, "data_coding 0x0B is reserved in SMPP"),
        (0x0C, "data_coding 0x0C is reserved in SMPP"),
        (0x0F, "data_coding 0x0F is reserved in SMPP"),
        (0x100, "data_coding 256 is not one octet"),
        (-1, "data_coding -1 is not one octet"),
    ],
)
def test_data_codings_of_smpp_without_text(kernels, data_coding, message) -> None:
    """The error says what the octets are."""
    with pytest.raises(DecodingError, match=f"^{message}$"):
        kernels.decode(b"octets", data_coding=data_coding, protocol="smpp")


def test_every_data_coding_of_smpp(kernels) -> None:
    """From 0x10 on, all have the meaning of TS 23.038."""
    for data_coding in range(0x10, 0x100):
        options = {"data_coding": data_coding, "packed": False}
        answers = []
        for protocol in ("gsm", "smpp"):
            try:
                answers.append(kernels.decode(b"\0@\0A", protocol=protocol, **options))
            except DecodingError as error:
                answers.append(str(error))
        assert answers[0] == answers[1]


def test_packed_septets_in_smpp(kernels) -> None:
    """They are not packed unless the caller says so; with a length they can end with `@`."""
    (segment,) = kernels.encode("message@")
    options = {"packed": True, "protocol": "smpp"}
    assert kernels.decode(segment.user_data, **options) == "message"
    assert kernels.decode(segment.user_data, user_data_length=8, **options) == "message@"
    assert kernels.decode(segment.septets, protocol="smpp") == "message@"
    with pytest.raises(ValueError, match="must be None if the septets are not packed"):
        kernels.decode(segment.septets, user_data_length=8, protocol="smpp")


@pytest.mark.parametrize(
    ("name", "octets", "text"),
    [
        ("gsm7", b"\0\x1b\x65", "@€"),
        ("GSM-03.38", b"\0\x1b\x65", "@€"),
        ("latin-1", b"@\xe9", "@é"),
        ("ISO-8859-15", b"@\xa4", "@€"),
        ("ascii", b"@[", "@["),
        ("cp1252", b"@\x80", "@€"),
        ("utf-8", "@€😀".encode(), "@€😀"),
        ("utf-16-be", "@€😀\ud83d".encode("utf-16-be", "surrogatepass"), "@€😀\ud83d"),
    ],
)
def test_default_alphabet(kernels, name, octets, text) -> None:
    """It is what 0x00 means; other data codings do not change."""
    options = {"protocol": "smpp", "default_alphabet": name}
    assert kernels.decode(octets, strict=True, **options) == text
    assert kernels.decode(b"\xe9", data_coding=0x03, **options) == "é"
    assert kernels.decode(b"\0", data_coding=0xF0, **options) == "@"
    assert kernels.Reassembler(**options).add("key", octets) == text


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"protocol": "SMPP"}, ValueError, "protocol must be 'gsm' or 'smpp', not 'SMPP'"),
        ({"protocol": None}, ValueError, "protocol must be 'gsm' or 'smpp', not None"),
        (
            {"protocol": "smpp", "default_alphabet": "klingon"},
            ValueError,
            "default_alphabet must be 'gsm7' or a text encoding of Python, such as 'latin-1', "
            "not 'klingon'",
        ),
        (
            {"protocol": "smpp", "default_alphabet": "base64"},  # not a text encoding
            ValueError,
            "default_alphabet must be 'gsm7' or a text encoding of Python, such as 'latin-1', "
            "not 'base64'",
        ),
        (
            {"protocol": "smpp", "default_alphabet": "gsm7_packed"},
            ValueError,
            "default_alphabet must be 'gsm7' with packed=True, not 'gsm7-packed'",
        ),
        (
            {"protocol": "smpp", "default_alphabet": None},
            TypeError,
            "default_alphabet must be str, not NoneType",
        ),
        (
            {"default_alphabet": "latin-1"},
            ValueError,
            "default_alphabet='latin-1' needs protocol='smpp'",
        ),
    ],
)
def test_wrong_protocols(kernels, options, error, message) -> None:
    """They are refused by `decode`, and when a `Reassembler` is made."""
    for refuse in (lambda: kernels.decode(b"", **options), lambda: kernels.Reassembler(**options)):
        with pytest.raises(error) as caught:
            refuse()
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("data_coding", "octets", "lenient", "message"),
    [
        (0x01, b"caf\xe9!", "caf�!", "0xE9 at index 3 of the text is not ascii"),
        (0x05, b"a\x93", "a�", "0x93 at index 1 of the text is not shift_jis"),
        (0x07, b"a\xa1", "a�", "0xA1 at index 1 of the text is not iso8859-8"),
        (0x0E, b"a\xff", "a�", "0xFF at index 1 of the text is not euc_kr"),
        (0x08, b"\0a\0", "a", "the last code unit has only octet 2"),
        (0x00, b"a\x1b\x41", "aA", "0x1B41 at index 1 of the septets is not a character"),
    ],
)
def test_invalid_octets_in_smpp(kernels, data_coding, octets, lenient, message) -> None:
    """They become U+FFFD, or raise if `strict` is set."""
    options = {"data_coding": data_coding, "protocol": "smpp"}
    assert kernels.decode(octets, **options) == lenient
    with pytest.raises(DecodingError) as caught:
        kernels.decode(octets, strict=True, **options)
    assert str(caught.value) == message


def test_lengths_in_smpp(kernels) -> None:
    """`user_data_length` counts octets, header included, where the text is no GSM-7."""
    options = {"data_coding": 0x03, "has_udh": True, "protocol": "smpp"}
    octets = b"\x05\x00\x03\x07\x02\x01text and more"
    assert kernels.decode(octets, user_data_length=10, **options) == "text"
    with pytest.raises(DecodingError, match="user_data_length is 20 octets, but the data holds"):
        kernels.decode(octets, user_data_length=20, **options)


def test_a_message_payload(kernels) -> None:
    """It is decoded like a short message, however long it is."""
    text = "info@shop.es 5$ " * 4000
    options = {"data_coding": 0x03, "protocol": "smpp"}
    assert kernels.decode(text.encode("latin-1"), **options) == text
    reassembler = kernels.Reassembler(protocol="smpp")
    assert reassembler.add("key", text.encode("latin-1"), data_coding=0x03) == text
