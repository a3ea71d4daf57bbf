"""Reassembly: in any order, with repeats, several texts at a time, in bounded memory."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pdus
import strategies
from septet import (
    DecodingError,
    InformationElement,
    Reassembler,
    Segmenter,
    UnfinishedText,
    UserDataHeaderError,
    encode,
)
from septet.standard.user_data_header import encode_udh

LONG = "one " * 40 + "two " * 40 + "three"


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A reassembler with a clock, and the texts that it gave up."""

    def __init__(self, **options) -> None:
        self.clock = Clock()
        self.unfinished: list[UnfinishedText] = []
        self.reassembler = Reassembler(self.unfinished.append, clock=self.clock, **options)

    def add(self, segment, key="sender") -> str | None:
        return self.reassembler.add(
            key,
            segment.user_data,
            data_coding=segment.data_coding,
            has_udh=segment.udh != b"",
            user_data_length=segment.user_data_length,
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def joined(text: str) -> str:
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


@given(
    texts=st.lists(strategies.near_limit_texts, min_size=1, max_size=4),
    bits=st.sampled_from([8, 16]),
    seed=st.randoms(use_true_random=False),
)
def test_any_order_and_repeats(texts, bits, seed) -> None:
    """Each text is returned once, however its segments are shuffled and repeated."""
    desk = Desk()
    segmenter = Segmenter(reference_bits=bits, languages=["turkish", "hindi"])
    arriving = []
    for key, text in enumerate(texts):
        segments = segmenter.encode(text, reference=7)
        arriving += [(key, segment) for segment in segments]
        if len(segments) > 1:
            arriving += [(key, segment) for segment in segments if seed.random() < 0.5]
    seed.shuffle(arriving)
    given_out = [(key, desk.add(segment, key)) for key, segment in arriving]
    texts_by_key = sorted((key, text) for key, text in given_out if text is not None)
    assert texts_by_key == [(key, joined(text)) for key, text in enumerate(texts)]
    desk.reassembler.expire(0)
    assert desk.unfinished == []
    assert desk.reassembler.segment_count == 0


@pytest.mark.parametrize(
    "message", [m for m in pdus.messages() if len(m.segments) > 1], ids=lambda m: m.name
)
def test_published_octets(message) -> None:
    """Segments of other implementations give the published texts."""
    reassembler = Reassembler()
    texts = [
        reassembler.add(
            "sender",
            segment.user_data,
            data_coding=segment.data_coding,
            has_udh=segment.has_udh,
            user_data_length=segment.user_data_length,
        )
        for segment in reversed(message.segments)
    ]
    assert texts == [None] * (len(texts) - 1) + [message.text]


def test_only_segments_of_one_text_are_joined(desk) -> None:
    """Segments belong together by key, reference, its width and total."""
    one, other = encode("a" * 200, reference=7), encode("b" * 200, reference=8)
    wide = Segmenter(reference_bits=16).encode("c" * 200, reference=7)
    longer = encode("d" * 400, reference=7)
    for segments in (one, other, wide, longer):
        assert desk.add(segments[0]) is None
        assert desk.add(segments[0], key="another") is None
    assert desk.add(one[1]) == "a" * 200
    assert desk.add(other[1]) == "b" * 200
    assert desk.add(wide[1]) == "c" * 200
    assert desk.add(longer[2], key="another") is None
    assert desk.add(longer[1], key="another") == "d" * 400
    assert desk.unfinished == []


def test_a_text_of_one_segment(desk) -> None:
    """It is returned at once, each time it arrives, and is not kept."""
    (segment,) = encode("hello")
    assert [desk.add(segment), desk.add(segment)] == ["hello", "hello"]
    assert desk.reassembler.segment_count == 0


@pytest.mark.parametrize(
    "data", [b"\x07\x00\x01", b"\x07\x02\x00", b"\x07\x02\x03", b"\x07\x02", b""]
)
def test_invalid_concatenation_elements_are_ignored(desk, data) -> None:
    """A total or sequence of 0, a sequence beyond the total, or a wrong length."""
    octets = encode_udh([InformationElement(0x00, data)]) + b"text"
    assert desk.reassembler.add("s", octets, has_udh=True, packed=False) == "text"


def test_a_concatenation_of_one(desk) -> None:
    """Some senders add the element to a single segment: the text is whole."""
    octets = encode_udh([InformationElement(0x00, b"\x07\x01\x01")]) + b"text"
    assert desk.reassembler.add("s", octets, has_udh=True, packed=False) == "text"
    assert desk.reassembler.add("s", octets, has_udh=True, packed=False) is None


def test_too_old(desk) -> None:
    """After `max_age` seconds an unfinished text is given up; later segments begin a new one."""
    first, second, third = encode(LONG, reference=7)
    desk.add(third)
    desk.clock.now += 300
    desk.add(first)
    desk.clock.now += 299.9
    assert desk.add(encode("hello")[0], key="other") == "hello"
    assert desk.unfinished == []
    desk.clock.now += 0.1
    assert desk.add(second) is None
    assert desk.unfinished == [
        UnfinishedText("sender", 7, 3, {1: first.body, 3: third.body}),
    ]
    assert list(desk.unfinished[0].bodies) == [1, 3]
    assert desk.reassembler.segment_count == 1


def test_expire(desk) -> None:
    """`expire` gives up texts of the default age, of another age, and all texts."""
    desk.add(encode(LONG, reference=1)[0])
    desk.clock.now += 100
    desk.add(encode(LONG, reference=2)[0])
    desk.reassembler.expire()
    assert desk.unfinished == []
    desk.reassembler.expire(50)
    assert [text.reference for text in desk.unfinished] == [1]
    desk.reassembler.expire(0)
    assert [text.reference for text in desk.unfinished] == [1, 2]
    assert desk.reassembler.segment_count == 0


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_an_attack_stays_bounded(count) -> None:
    """Of very many unfinished texts few segments are kept, and all others are reported."""
    desk = Desk(max_segments=100)
    segments = [encode("x" * 400, reference=reference)[0] for reference in range(256)]
    for number in range(count):
        assert desk.add(segments[number % 256], key=number) is None
        assert desk.reassembler.segment_count <= 100
    assert [text.key for text in desk.unfinished] == list(range(count - 100))


def test_whole_texts_are_forgotten_first() -> None:
    """Unfinished texts are not given up while whole ones are still remembered."""
    desk = Desk(max_segments=4)
    waiting = encode("w" * 400, reference=1)
    desk.add(waiting[0])
    for reference in range(2, 9):
        one, other = encode("x" * 200, reference=reference)
        assert desk.add(one) is None
        assert desk.add(other) == "x" * 200
    assert desk.add(waiting[1]) is None
    assert desk.add(waiting[2]) == "w" * 400
    assert desk.unfinished == []


def test_a_text_longer_than_max_segments() -> None:
    """It is given up and reported."""
    desk = Desk(max_segments=2)
    for segment in encode("x" * 153 * 4, reference=1):
        assert desk.add(segment) is None
    assert [list(text.bodies) for text in desk.unfinished] == [[1, 2, 3]]


def test_a_contradiction(desk) -> None:
    """A different segment with the same sequence: the older text is given up for the newer one."""
    old, new = encode("old " * 100, reference=7), encode("new " * 100, reference=7)
    desk.add(old[0])
    desk.add(old[2])
    assert desk.add(new[0]) is None
    assert desk.unfinished == [UnfinishedText("sender", 7, 3, {1: old[0].body, 3: old[2].body})]
    assert desk.add(new[2]) is None
    assert desk.add(new[1]) == "new " * 100


def test_a_repeat_of_a_whole_text(desk) -> None:
    """Repeated segments are ignored for a while, even if all of them are repeated."""
    segments = encode(LONG, reference=7)
    assert [desk.add(segment) for segment in segments] == [None, None, LONG]
    assert [desk.add(segment) for segment in segments] == [None, None, None]
    assert desk.add(segments[1]) is None
    desk.clock.now += 600
    assert [desk.add(segment) for segment in segments] == [None, None, LONG]
    assert desk.unfinished == []


def test_a_reference_that_is_used_again(desk) -> None:
    """A new text with an old reference is returned, even if it begins like the old one."""
    template = "Dear customer, " * 11
    old, new = (encode(template + letter * 200, reference=0) for letter in "ab")
    assert old[0] == new[0]
    assert [desk.add(segment) for segment in old] == [None, None, template + "a" * 200]
    assert [desk.add(segment) for segment in new] == [None, None, template + "b" * 200]
    assert desk.unfinished == []


def test_a_late_repeat_does_not_disturb(desk) -> None:
    """A repeated segment does not affect the next text with its reference."""
    old, new = encode("old " * 100, reference=7), encode("new " * 100, reference=7)
    for segment in old:
        desk.add(segment)
    desk.add(old[1])
    assert [desk.add(segment) for segment in new] == [None, None, "new " * 100]
    assert desk.unfinished == []


@pytest.mark.parametrize(
    ("text", "data_coding", "units", "cut"),
    [
        ("a" * 152 + "€" + "b" * 20, 0, b"a" * 152 + b"\x1b\x65" + b"b" * 20, 153),
        ("ç" * 66 + "😀" + "x", 8, ("ç" * 66 + "😀" + "x").encode("utf-16-be"), 134),
    ],
)
def test_characters_split_between_segments(desk, text, data_coding, units, cut) -> None:
    """Some senders split characters at the end of a segment; the parts are decoded together."""
    for sequence, part in ((2, units[cut:]), (1, units[:cut])):
        octets = b"\x05\x00\x03\x2a\x02" + bytes((sequence,)) + part
        result = desk.reassembler.add(
            "s", octets, data_coding=data_coding, has_udh=True, packed=False
        )
    assert result == text


def test_segments_of_different_encodings(desk) -> None:
    """Each segment is decoded by its own data coding and header."""
    plain, wide = encode("a" * 200, reference=9), encode("ж" * 100, reference=9)
    assert desk.add(plain[0]) is None
    assert desk.add(wide[1]) == plain[0].body + wide[1].body


def test_invalid_segments_change_nothing(desk) -> None:
    """They raise, and unfinished texts are kept."""
    first, second = encode("a" * 200, reference=7)
    desk.add(first)
    for octets, options, error in (
        (second.user_data[:8] + b"\xff", {"has_udh": True, "packed": False}, DecodingError),
        (second.user_data, {"has_udh": True, "user_data_length": 161}, DecodingError),
        (second.udh + b"x" * 161, {"has_udh": True, "packed": False}, DecodingError),
        (b"\x09\x00", {"has_udh": True}, UserDataHeaderError),
        ("text", {}, TypeError),
    ):
        with pytest.raises(error):
            desk.reassembler.add("sender", octets, **options)
    assert desk.reassembler.segment_count == 1
    assert desk.add(second) == "a" * 200


def test_unfinished_texts_are_logged_by_default(caplog) -> None:
    """Without a callback, a warning is logged, which contains neither sender nor text."""
    reassembler = Reassembler()
    first, *_ = encode("secret " * 50, reference=7)
    reassembler.add("+4915550001", first.user_data, has_udh=True, user_data_length=160)
    with caplog.at_level(logging.WARNING):
        reassembler.expire(0)
    assert caplog.messages == ["gave up a text: only 1 of 3 segments arrived (reference 7)"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_age": 0}, "max_age must be positive, not 0"),
        ({"max_age": float("nan")}, "max_age must be positive, not nan"),
        ({"max_segments": 0}, "max_segments must be positive, not 0"),
    ],
)
def test_wrong_options(options, message) -> None:
    """Limits must be positive."""
    with pytest.raises(ValueError, match=f"^{message}$"):
        Reassembler(**options)


def test_default_clock() -> None:
    """The default clock is that of the machine."""
    reassembler = Reassembler()
    segments = encode(LONG)
    texts = [
        reassembler.add("s", s.user_data, has_udh=True, user_data_length=s.user_data_length)
        for s in segments
    ]
    assert texts == [None, None, LONG]


def test_repr_shows_limits_and_size(kernels) -> None:
    """The bounds of a reassembler, and how many segments it keeps."""
    reassembler = kernels.Reassembler(max_age=60, max_segments=100)
    first, _ = kernels.encode("a" * 200)
    assert reassembler.add("key", first.user_data, has_udh=True) is None
    assert repr(reassembler) == "<Reassembler max_age=60 max_segments=100 segment_count=1>"
