"""Reassembly: in any order, with repeats, several texts at a time, in bounded memory."""

from __future__ import annotations

import logging
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle_wire
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


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("size", [1, 3, 67, 131, 133])
def test_segments_of_an_odd_number_of_octets(kernels, size, bits) -> None:
    """Some senders cut UCS-2 between the octets of a code unit; the text is whole."""
    text = "Привет, мир! 😀 " * (12 if size > 3 else 5)
    octets = text.encode("utf-16-be")
    cuts = oracle_wire.cut_octets(octets, list(range(size, len(octets), size)), bits)
    for packed in (True, False):
        for order in (cuts, cuts[::-1], cuts[1::2] + cuts[1:2] + cuts[::2]):
            reassembler = kernels.Reassembler()
            answers = [
                reassembler.add("s", cut.user_data, data_coding=8, has_udh=True, packed=packed)
                for cut in order
            ]
            assert answers == [None] * (len(order) - 1) + [text]


@given(
    text=strategies.texts,
    places=st.lists(st.integers(1, 133), min_size=1, max_size=8),
    bits=st.sampled_from([8, 16]),
    with_lengths=st.booleans(),
    seed=st.randoms(use_true_random=False),
)
def test_any_cut_any_order_and_repeats(
    implementations, text, places, bits, with_lengths, seed
) -> None:
    """Wherever UCS-2 is cut, the text comes back, with repeated parts and in any order."""
    octets = text.encode("utf-16-be", "surrogatepass")
    edges = [sum(places[: n + 1]) for n in range(len(places))]
    octets = octets[: edges[-1] + 133]
    cuts = oracle_wire.cut_octets(octets, [edge for edge in edges if edge < len(octets)], bits)
    arriving = cuts + [cut for cut in cuts if len(cuts) > 1 and seed.random() < 0.3]
    seed.shuffle(arriving)
    for implementation in implementations.values():
        reassembler = implementation.Reassembler()
        answers = [
            reassembler.add(
                "key",
                cut.user_data,
                data_coding=8,
                has_udh=True,
                user_data_length=len(cut.user_data) if with_lengths else None,
            )
            for cut in arriving
        ]
        whole = octets[: len(octets) // 2 * 2].decode("utf-16-be", "surrogatepass")
        assert [answer for answer in answers if answer is not None] == [whole]


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("languages", [[], ["turkish"], ["portuguese"]])
def test_an_at_at_the_end_of_full_segments(kernels, bits, languages) -> None:
    """Without lengths, the next segment proves that a full one ends with `@`."""
    segmenter = kernels.Segmenter(reference_bits=bits, languages=languages)
    for text in ("@" * 500, "x" * 152 + "@" + "y" * 9, ("@" + "ı" * 9) * 40, ("x" * 9 + "@") * 60):
        if "ı" in text and languages != ["turkish"]:
            continue
        for length in range(300, 310):
            segments = segmenter.encode(text[:length] + "!")
            reassembler = kernels.Reassembler()
            answers = [reassembler.add("s", s.user_data, has_udh=True) for s in segments]
            assert answers[-1] == text[:length] + "!"


@given(text=strategies.gsm7_texts, bits=st.sampled_from([8, 16]), keep=st.booleans())
def test_own_segments_without_lengths(implementations, text, bits, keep) -> None:
    """They come back whole, but an `@` in doubt: at the very end, or before two septets."""
    text = text + "!"
    for implementation in implementations.values():
        segments = implementation.Segmenter(reference_bits=bits, keep_graphemes=keep).encode(text)
        if any(
            one.body.endswith("@") and (other.septets[0] == 0x1B or other.body[:2] == "\r\n")
            for one, other in pairwise(segments)
        ):
            continue
        reassembler = implementation.Reassembler()
        answers = [reassembler.add("s", s.user_data, has_udh=s.udh != b"") for s in segments]
        assert answers[-1] == text


LATIN1 = "¿Qué? info@shop.es: 5$ [x]_1 ñ " * 12


@pytest.mark.parametrize("way", ["header", "wide header", "sar", "both"])
def test_texts_of_smpp(kernels, way) -> None:
    """Segments in Latin-1 are joined by the header, by the optional parameters, or by both."""
    octets = LATIN1.encode("latin-1")
    reassembler = kernels.Reassembler(protocol="smpp")
    bits = 16 if way == "wide header" else 8
    answers = []
    for sequence, total, user_data in oracle_wire.cut_octets(octets, [100, 234, 240], bits)[::-1]:
        answers.append(
            reassembler.add(
                "key",
                user_data[6:] if way == "sar" else user_data,
                data_coding=0x03,
                has_udh=way != "sar",
                concatenation=(7, total, sequence) if way in ("sar", "both") else None,
            )
        )
    assert answers == [None, None, None, LATIN1]


@pytest.mark.parametrize("protocol", ["gsm", "smpp"])
@pytest.mark.parametrize("text", ["x" * 152 + "@" + "€" * 20, "Привет, мир! 😀" * 20])
def test_optional_parameters(kernels, text, protocol) -> None:
    """They join segments without a header, in any order, with repeats and odd cuts."""
    is_ucs2 = "П" in text
    octets = text.encode("utf-16-be") if is_ucs2 else text.encode("gsm7")
    pieces = [octets[at : at + 133] for at in range(0, len(octets), 133)]
    total = len(pieces)
    reassembler = kernels.Reassembler(protocol=protocol)
    answers = [
        reassembler.add(
            "key",
            pieces[index],
            data_coding=8 if is_ucs2 else 0,
            packed=False,
            concatenation=(65535, total, index + 1),
        )
        for index in [*range(total - 1, 0, -1), 1, 0, 0]
    ]
    assert answers == [None] * total + [text, None]


def test_optional_parameters_that_are_incomplete(desk) -> None:
    """SMPP demands that they are ignored then; a total of 1 is a whole text."""
    for concatenation in ((None, None, None), (7, None, 1), (None, 2, 1), (7, 2, None), None):
        answer = desk.reassembler.add("s", b"text", packed=False, concatenation=concatenation)
        assert answer == "text"
    assert desk.reassembler.segment_count == 0
    assert desk.reassembler.add("s", b"text", packed=False, concatenation=(7, 1, 1)) == "text"


def test_references_of_the_two_kinds_are_different(desk) -> None:
    """A header and optional parameters with one reference are two texts."""
    first, second = encode("a" * 200, reference=7)
    assert desk.add(first) is None
    options = {"packed": False}
    add = desk.reassembler.add
    assert add("sender", b"one ", concatenation=(7, 2, 1), **options) is None
    assert add("sender", b"two", concatenation=(7, 2, 2), **options) == "one two"
    assert desk.add(second) == "a" * 200


@pytest.mark.parametrize(
    ("concatenation", "error", "message"),
    [
        ((7, 0, 0), DecodingError, "the total must be 1 to 255, and the sequence 1 to the total"),
        ((7, 2, 0), DecodingError, "the total must be 1 to 255, and the sequence 1 to the total"),
        ((7, 2, 3), DecodingError, "the total must be 1 to 255, and the sequence 1 to the total"),
        ((7, 256, 1), DecodingError, "the total must be 1 to 255, and the sequence 1 to the total"),
        ((7, 2, -1), DecodingError, "the total must be 1 to 255, and the sequence 1 to the total"),
        ((65536, 2, 1), DecodingError, "the reference must be 0 to 65535"),
        ((-1, 2, 1), DecodingError, "the reference must be 0 to 65535"),
        ((7, 2, 1, 8), TypeError, "must be (reference, total, sequence) or None, not (7, 2, 1, 8)"),
        (7, TypeError, "must be (reference, total, sequence) or None, not 7"),
        (("7", 2, 1), TypeError, "must be of int, not ('7', 2, 1)"),
        ((8, 2, 1), DecodingError, "concatenation is (8, 2, 1), but the header has (7, 2, 1)"),
        ((7, 3, 1), DecodingError, "concatenation is (7, 3, 1), but the header has (7, 2, 1)"),
        ((7, 2, 2), DecodingError, "concatenation is (7, 2, 2), but the header has (7, 2, 1)"),
    ],
)
def test_wrong_concatenations(desk, concatenation, error, message) -> None:
    """They are refused with their values, and change nothing."""
    first, second = encode("a" * 200, reference=7)
    with pytest.raises(error) as caught:
        desk.reassembler.add("sender", first.user_data, has_udh=True, concatenation=concatenation)
    assert message in str(caught.value)
    assert desk.reassembler.segment_count == 0
    desk.add(first)
    assert desk.add(second) == "a" * 200


def test_a_long_part_counts_as_several_segments() -> None:
    """So message payloads of 64 KiB take no more memory than as many octets of segments."""
    desk = Desk(max_segments=1000, protocol="smpp")
    for reference in range(10):
        desk.reassembler.add("s", b"x" * 65_535, concatenation=(reference, 2, 1))
        assert desk.reassembler.segment_count <= 1000
    assert [text.reference for text in desk.unfinished] == list(range(8))
    assert desk.reassembler.segment_count == 2 * 410
    with pytest.raises(DecodingError, match="has 65536 units, but a segment can have at most"):
        desk.reassembler.add("s", b"x" * 65_536, concatenation=(1, 2, 1))
    assert desk.reassembler.add("s", b"y", concatenation=(9, 2, 2)) == "x" * 65_535 + "y"
    desk.reassembler.expire(0)
    assert desk.reassembler.segment_count == 0


def test_unfinished_texts_of_odd_segments(desk) -> None:
    """The bodies that are reported are text, also where a code unit was cut."""
    octets = ("Привет, мир! " * 20).encode("utf-16-be")
    cuts = oracle_wire.cut_octets(octets, list(range(133, len(octets), 133)), 8)
    for cut in (cuts[3], cuts[0], cuts[1]):
        desk.reassembler.add("s", cut.user_data, data_coding=8, has_udh=True)
    desk.reassembler.expire(0)
    bodies = desk.unfinished[0].bodies
    assert bodies[1] + bodies[2] == ("Привет, мир! " * 20)[:133]
    assert bodies[4] == ("Привет, мир! " * 20)[200:]
    assert list(bodies) == [1, 2, 4]


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
