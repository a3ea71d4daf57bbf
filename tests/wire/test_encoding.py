"""Encoding, compared with an independent oracle and with octets of other implementations."""

from __future__ import annotations

import pickle
from itertools import product

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import oracle
import oracle_wire
import pdus
import septet
import strategies
from septet import (
    EncodingError,
    InformationElement,
    Language,
    SegmentLimitError,
    UserDataHeaderError,
)
from septet.standard.user_data_header import decode_udh, encode_udh, read_concatenation

MESSAGES = [message for message in pdus.messages() if message.is_sent]
PORTS = InformationElement(0x05, b"\x0b\x84\x23\xf0")


def sent(segments) -> list[oracle_wire.Sent]:
    """Return the fields of segments in the form of the oracle."""
    return [
        oracle_wire.Sent(
            segment.data_coding,
            segment.udh,
            segment.user_data,
            segment.user_data_length,
            segment.septets,
            segment.body,
        )
        for segment in segments
    ]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_published_octets(kernels, message) -> None:
    """The octets equal those that other implementations publish."""
    options = dict(message.options)
    call = {name: options.pop(name) for name in ("reference", "message_class") if name in options}
    segments = kernels.Segmenter(**options).encode(message.text, **call)
    assert [
        pdus.UserData(
            segment.user_data, segment.user_data_length, segment.data_coding, segment.udh != b""
        )
        for segment in segments
    ] == message.segments


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    case=strategies.cases,
    reference=st.integers(0, 255),
    message_class=st.sampled_from([None, 0, 1, 2, 3]),
)
@example(case=("", {}), reference=7, message_class=None)
@example(case=("", {"header_octets": 3}), reference=7, message_class=0)
@example(case=("x" * 9, {"header_octets": 130}), reference=0, message_class=None)
@example(case=("ş" * 155, {"languages": (1,)}), reference=0, message_class=None)
@example(case=("\ud83d\ude00" * 40, {}), reference=0, message_class=None)
@example(case=("@" * 159, {}), reference=0, message_class=None)
@example(case=("ş" * 640, {"header_octets": 128}), reference=0, message_class=None)
def test_implementations_and_oracle_agree(implementations, case, reference, message_class) -> None:
    """Both implementations and the oracle agree; the segments fit, and are those of `split`."""
    text, options = case
    reserved = options.get("header_octets", 0)
    elements = [InformationElement(0xA0, bytes(range(reserved - 2)))] if reserved >= 2 else []
    answer: list[oracle_wire.Sent] = []
    refusal: type[Exception] | None = None
    try:
        answer = oracle_wire.encode(
            text, reference, message_class, encode_udh(elements)[1:], **options
        )
    except oracle.NotGsm7Error:
        refusal = EncodingError
    except oracle_wire.TooManySegmentsError:
        refusal = SegmentLimitError
    for kernels in implementations.values():
        segmenter = kernels.Segmenter(**options)
        if refusal is not None:
            with pytest.raises(refusal):
                segmenter.encode(text, elements=elements)
            continue
        segments = segmenter.encode(
            text, reference=reference, message_class=message_class, elements=elements
        )
        assert sent(segments) == answer
        assert [segment.body for segment in segments] == [s.body for s in segmenter.split(text)]
        assert max(len(segment.user_data) for segment in segments) <= 140


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize(("locking", "single"), list(product(oracle.LOCKING, oracle.SINGLE)))
def test_every_pair_of_tables(implementations, locking, single, bits) -> None:
    """All characters of 13 x 14 pairs of tables, in one and in several segments."""
    languages = sorted({locking, single} - {0})
    text = "".join(sorted(oracle.LOCKING[locking])) + "".join(sorted(oracle.SINGLE[single]))
    for body in (text[-60:], text[:100], text, text * 2):
        answer = oracle_wire.encode(body, 200, languages=languages, reference_bits=bits)
        for kernels in implementations.values():
            segmenter = kernels.Segmenter(languages=languages, reference_bits=bits)
            assert sent(segmenter.encode(body, reference=200)) == answer


def test_every_character_at_every_place_of_a_run(implementations) -> None:
    """Characters are converted sixteen and eight at a time, and what remains one by one."""
    for char in [*map(chr, range(0x100)), "Δ", "€", "ж", "😀"]:
        for place in range(17):
            text = "a" * place + char + "b" * (37 - place)
            answer = oracle_wire.encode(text, 0)
            for kernels in implementations.values():
                assert sent(kernels.encode(text)) == answer


@pytest.mark.parametrize(
    ("options", "filler", "header", "capacity"),
    [
        ({}, "a", "0500030f0201", 153),
        ({"reference_bits": 16}, "a", "060804000f0201", 152),
        ({"languages": [6]}, "अ", "0800030f0201250106", 149),
        ({"languages": [6], "reference_bits": 16}, "अ", "090804000f0201250106", 148),
        ({"languages": [2]}, "ñ" + "ú" * 3, "0800030f0201240102", 149),
        ({"languages": [2], "reference_bits": 16}, "ñ" + "ú" * 3, "090804000f0201240102", 148),
        ({"languages": [6, 13]}, "अ" * 9 + "؏", "0b00030f020124010d250106", 146),
        (
            {"languages": [6, 13], "reference_bits": 16},
            "अ" * 9 + "؏",
            "0c0804000f020124010d250106",
            145,
        ),
        ({}, "ж", "0500030f0201", 67),
        ({"reference_bits": 16}, "ж", "060804000f0201", 66),
    ],
)
def test_headers(kernels, options, filler, header, capacity) -> None:
    """Concatenation, single shift, locking shift; the first segment is as full as counted."""
    segmenter = kernels.Segmenter(**options)
    text = (filler * 200)[: capacity + 20]
    first = segmenter.encode(text, reference=15)[0]
    assert first.udh.hex() == header
    units = segmenter.split(text)[0].unit_count
    assert capacity - units in (0, 1)
    assert len(first.septets) == units or len(first.user_data) - len(first.udh) == 2 * units


def test_a_single_segment_has_no_header(kernels) -> None:
    """A reference is not used then, but it is checked."""
    (segment,) = kernels.encode("hellohello", reference=7)
    assert segment == (0x00, b"", bytes.fromhex("e8329bfd4697d9ec37"), 10, "hellohello", None, 1, 1)
    assert segment.septets == b"hellohello"
    with pytest.raises(ValueError, match=r"^reference must be 0 to 255, not 256$"):
        kernels.encode("hellohello", reference=256)


def test_septets_of_ucs2(kernels) -> None:
    """They are empty: SMPP carries the user data itself."""
    (segment,) = kernels.encode("да", message_class=3)
    assert segment == (0x1B, b"", b"\x04\x34\x04\x30", 4, "да", None, 1, 1)
    assert segment.septets == b""


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("text", ["a" * 400, "ж" * 190])
@pytest.mark.parametrize("reference", [0, 7, 255, None])
def test_reference_total_and_sequence(kernels, text, bits, reference) -> None:
    """They are those of the concatenation element, also where the reference is random."""
    segments = kernels.Segmenter(reference_bits=bits).encode(text, reference=reference)
    fields = [(segment.reference, segment.total, segment.sequence) for segment in segments]
    elements = [decode_udh(segment.udh) for segment in segments]
    assert fields == [read_concatenation(element)[:3] for element in elements]
    assert [sequence for _, _, sequence in fields] == [1, 2, 3]
    assert reference is None or fields[0][0] == reference


@pytest.mark.parametrize("bits", [8, 16])
def test_random_references(kernels, bits) -> None:
    """By default, the segments of a text share a random reference that differs between texts."""
    segmenter = kernels.Segmenter(reference_bits=bits)
    references = set()
    for _ in range(200):
        segments = segmenter.encode("a" * 200)
        (data,) = {decode_udh(segment.udh)[0].data[:-1] for segment in segments}
        references.add(data)
        assert len(data) == bits // 8 + 1
    assert len(references) > 50


def test_subclasses_of_str(kernels) -> None:
    """A subclass counts by its characters, whatever its methods return; bodies are plain `str`."""

    class Odd(str):
        __slots__ = ()

        def __getitem__(self, index):
            return "?"

    for text in ("abc", "€" * 100):
        segments = kernels.encode(Odd(text), reference=0)
        assert segments == kernels.encode(text, reference=0)
        assert {type(segment.body) for segment in segments} == {str}


def test_clusters_are_kept(kernels) -> None:
    """Segments are split where `split` splits them."""
    text = "a" * 65 + "🇩🇪" + "b" * 10
    segments = kernels.Segmenter(keep_graphemes=True).encode(text)
    assert [segment.body for segment in segments] == ["a" * 65, "🇩🇪" + "b" * 10]


def test_too_many_segments(kernels) -> None:
    """255 segments can be encoded, 256 cannot."""
    assert len(kernels.encode("a" * 153 * 255)) == 255
    with pytest.raises(SegmentLimitError) as caught:
        kernels.encode("a" * 153 * 255 + "b")
    assert caught.value.segment_count == 256
    assert str(caught.value) == (
        "the text needs 256 segments; a concatenated message can have at most 255"
    )


def test_additional_elements(kernels) -> None:
    """They follow those of septet, within the octets that the rules reserve."""
    segmenter = kernels.Segmenter(header_octets=6, languages=["turkish"])
    (segment,) = segmenter.encode("ş", elements=[PORTS])
    assert segment.udh.hex() == "092501010504" + "0b8423f0"
    first, *_ = segmenter.encode("ş" * 150, reference=1, elements=(PORTS,))
    assert decode_udh(first.udh)[-1] == PORTS
    assert len(segmenter.encode("ş" * 150, elements=(PORTS,))) == segmenter.count("ş" * 150)
    assert segmenter.encode("x", elements=iter([PORTS]))[0].udh.hex() == "0605040b8423f0"
    # Reserved octets stay free if they are not used.
    assert [len(segment.septets) for segment in segmenter.encode("x" * 153)] == [146, 7]
    assert segmenter.encode("x")[0].udh == b""


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        (
            [PORTS],
            "the elements take 6 octets, but header_octets=4 reserves 4; "
            "use Segmenter(header_octets=6)",
        ),
        (
            [InformationElement(0x00, b"\x01\x02\x01")],
            "element 0x00 is added by encode itself",
        ),
        (
            [InformationElement(0x25, b"\x01")],
            "element 0x25 is added by encode itself",
        ),
        ([InformationElement(256, b"")], "information element identifier 256 is not one octet"),
    ],
)
def test_elements_that_do_not_fit(kernels, elements, message) -> None:
    """The error says how many octets they take; elements that septet adds are refused."""
    with pytest.raises(UserDataHeaderError) as caught:
        kernels.Segmenter(header_octets=4).encode("text", elements=elements)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"reference": "7"}, TypeError, "reference must be int or None, not str"),
        ({"reference": -1}, ValueError, "reference must be 0 to 65535, not -1"),
        ({"reference": 65536}, ValueError, "reference must be 0 to 65535, not 65536"),
        ({"message_class": 4}, ValueError, "message_class must be 0 to 3 or None, not 4"),
    ],
)
def test_wrong_arguments(kernels, options, error, message) -> None:
    """Each error says which values are allowed."""
    with pytest.raises(error) as caught:
        kernels.Segmenter(reference_bits=16).encode("text", **options)
    assert str(caught.value) == message


@pytest.mark.parametrize("wrong", [None, b"bytes", 1, ["list"]])
def test_only_a_str_is_text(kernels, wrong) -> None:
    """Other types are refused, as for counting."""
    with pytest.raises(TypeError, match=f"^text must be str, not {type(wrong).__name__}$"):
        kernels.encode(wrong)


def test_forced_gsm7_names_the_first_non_gsm_character(kernels) -> None:
    """As for counting; forced UCS-2 can encode every text."""
    with pytest.raises(EncodingError, match="character '☕' at index 3 "):
        kernels.Segmenter(encoding="gsm7").encode("at ☕")
    (segment,) = kernels.Segmenter(encoding="ucs2").encode("at")
    assert (segment.data_coding, segment.user_data) == (0x08, b"\0a\0t")


def test_segments_are_values() -> None:
    """They are named tuples: comparable, hashable, picklable, immutable."""
    segments = septet.encode("Straße " * 40, reference=7)
    assert pickle.loads(pickle.dumps(segments)) == segments
    assert len({*segments, *septet.encode("Straße " * 40, reference=7)}) == 2
    assert hash(segments[0]) == hash(tuple(segments[0]))
    with pytest.raises(AttributeError):
        segments[0].udh = b""  # type: ignore[misc]
    with pytest.raises(AttributeError):
        segments[0].other = 1  # type: ignore[attr-defined]
    assert type(segments[0]) is septet.EncodedSegment


def test_segments_as_json() -> None:
    """Octets are digits, and the arguments of `decode` are there; UCS-2 is never packed."""
    (segment,) = septet.encode("é@")
    usual = {"data_coding": 0, "udh": "", "body": "é@", "reference": None, "total": 1}
    usual |= {"sequence": 1, "has_udh": False}
    assert segment.to_dict() == usual | {
        "user_data": "0500",
        "user_data_length": 2,
        "packed": True,
    }
    unpacked = segment.to_dict(packed=False)
    assert unpacked == usual | {"user_data": "0500", "user_data_length": None, "packed": False}
    first, second = septet.encode("é" * 161, reference=7)
    assert first.to_dict(packed=False)["user_data"] == "050003070201" + "05" * 153
    assert (second.to_dict()["udh"], second.to_dict()["has_udh"]) == ("050003070202", True)
    (segment,) = septet.encode("я")
    assert segment.to_dict(packed=False)["user_data"] == "044f"


def test_languages_by_name() -> None:
    """Languages are given by name; the header contains their identifiers."""
    turkish = septet.Segmenter(reference_bits=16, languages=["turkish"])
    first = turkish.encode("Yarın görüşürüz " * 10, reference=0x1234)[0]
    assert first.udh.hex() == "09080412340201250101"
    assert septet.analyze("ş").locking_shift is None
    assert turkish.analyze("ş").locking_shift == Language.TURKISH


def test_an_escape_before_an_octet_that_is_not_a_septet(kernels) -> None:
    """The octet after it is not looked up in a table."""
    for octets in (b"\x1b\x80", b"\x1b\xff"):
        assert kernels.functions.from_septets(octets, 0, 0, 0, False) == (" ", 1)
        assert kernels.functions.from_septets(octets, 0, 0, 0, True) == ("", 0)
    assert kernels.functions.to_septets("a\U00010000", 0, 0, 0) == (b"a", 1)
