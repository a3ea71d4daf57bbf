"""The API over the kernels: options, records, errors, and the laws of splitting."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from septet import Encoding, Language


def stops(kernels, text, **options) -> list[int]:
    """Return where the segments of a text end."""
    return [segment.stop for segment in kernels.Segmenter(**options).split(text)]


@given(text=strategies.texts)
def test_laws_of_splitting(kernels, text) -> None:
    """Bodies join to the text, lie end to end, and each is a segment of its own right."""
    segments = kernels.split(text)
    assert "".join(segment.body for segment in segments) == text
    assert len(segments) == kernels.count(text) == kernels.analyze(text).segment_count
    assert [segment.sequence for segment in segments] == list(range(1, len(segments) + 1))
    assert {segment.total for segment in segments} == {len(segments)}
    assert sum(segment.unit_count for segment in segments) == kernels.analyze(text).unit_count
    stop = 0
    for segment in segments:
        assert segment.start == stop
        stop = segment.stop
        assert text[segment.start : stop] == segment.body


@given(text=strategies.texts, more=st.characters())
def test_laws_of_adding_a_character(kernels, text, more) -> None:
    """A character more never takes fewer segments; one that blocks GSM-7 goes on blocking it."""
    before, after = kernels.analyze(text), kernels.analyze(text + more)
    if before.encoding == after.encoding:
        assert after.unit_count > before.unit_count
    assert after.segment_count >= before.segment_count
    assert (before.encoding, after.encoding) != (Encoding.UCS2, Encoding.GSM7)
    assert after.non_gsm_characters[: len(before.non_gsm_characters)] == before.non_gsm_characters


@given(text=strategies.texts)
def test_non_gsm_characters(kernels, text) -> None:
    """Taking them all out gives GSM-7; each is where it is said to be."""
    found = kernels.analyze(text)
    assert all(text[entry.index] == entry.char for entry in found.non_gsm_characters)
    assert bool(found.non_gsm_characters) == (found.encoding == Encoding.UCS2)
    places = {entry.index for entry in found.non_gsm_characters}
    rest = "".join(char for index, char in enumerate(text) if index not in places)
    assert kernels.analyze(rest).encoding == Encoding.GSM7


def test_records(kernels) -> None:
    """What an analysis says reads as in the documentation."""
    found = kernels.analyze("Tonight: jazz at the café ’til 2")
    assert repr(found) == (
        "Analysis(encoding=Encoding.UCS2, unit_count=32, segment_count=1, units_left=38)"
    )
    assert repr(found.non_gsm_characters) == "(NonGsmCharacter(char='’', index=26),)"
    assert (found.locking_shift, found.single_shift) == (None, None)
    assert repr(kernels.split("Hi")) == (
        "[Segment(body='Hi', unit_count=2, start=0, stop=2, sequence=1, total=1)]"
    )


def test_units_left(kernels) -> None:
    """Counted in the last segment, which holds less when there are several."""
    lefts = [kernels.analyze("a" * size).units_left for size in (0, 1, 160, 161, 306, 307)]
    assert lefts == [160, 159, 0, 145, 0, 152]
    lefts = [kernels.analyze("ж" * size).units_left for size in (70, 71, 134, 135)]
    assert lefts == [0, 63, 0, 66]
    # The last septet of the first segment cannot hold half an escape pair.
    assert kernels.analyze("a" * 152 + "€" + "a" * 151).units_left == 0


def test_more_than_255_segments_are_counted(kernels) -> None:
    """They cannot be sent, but they can be counted."""
    assert kernels.count("a" * 153 * 256) == 256
    assert kernels.split("a" * 153 * 256)[-1].total == 256


def test_forced_encodings(kernels) -> None:
    """UCS-2 for a text that would fit GSM-7; nothing blocks what was not wanted."""
    segmenter = kernels.Segmenter(encoding=Encoding.UCS2)
    found = segmenter.analyze("a" * 71)
    assert (found.encoding, found.unit_count, found.segment_count) == (Encoding.UCS2, 71, 2)
    assert found.non_gsm_characters == ()
    assert kernels.Segmenter(encoding="gsm7").analyze("a" * 71).segment_count == 1
    found = segmenter.analyze("😀" * 36)
    assert (found.unit_count, found.segment_count) == (72, 2)


def test_languages(kernels) -> None:
    """Names, identifiers and members mean the same; the best pair wins and is named."""
    turkish = kernels.Segmenter(languages=["turkish"])
    assert turkish == kernels.Segmenter(languages=[1]) == kernels.Segmenter(languages={"TURKISH"})
    assert turkish == kernels.Segmenter(languages=(Language.TURKISH, 1))
    found = turkish.analyze("Yarın görüşürüz")
    assert (found.locking_shift, found.single_shift) == (Language.TURKISH, None)
    assert (found.encoding, found.unit_count, found.units_left) == (Encoding.GSM7, 15, 140)
    found = kernels.Segmenter(languages=["turkish", "spanish"]).analyze("¿Qué más?")
    assert (found.locking_shift, found.single_shift) == (None, Language.SPANISH)
    assert (found.encoding, found.unit_count, found.units_left) == (Encoding.GSM7, 10, 145)
    assert turkish.analyze("plain").locking_shift is None
    assert [entry.char for entry in turkish.analyze("ığ ж").non_gsm_characters] == ["ж"]
    spanish = kernels.Segmenter(languages=["spanish"])
    assert [entry.char for entry in spanish.analyze("ç ж").non_gsm_characters] == ["ж"]
    telugu = kernels.Segmenter(languages=["telugu"])  # whose tables lack the euro, or the letter
    assert [entry.char for entry in telugu.analyze("A€ж").non_gsm_characters] == ["ж"]


def test_keep_graphemes(kernels) -> None:
    """A flag at the border goes to the next segment whole; a cluster too long for any is cut."""
    keep = kernels.Segmenter(keep_graphemes=True)
    text = "a" * 65 + "🇩🇪" + "b" * 10
    assert [segment.unit_count for segment in kernels.split(text)] == [67, 12]
    assert [segment.unit_count for segment in keep.split(text)] == [65, 14]
    assert keep.analyze(text).units_left == 67 - 14
    text = "e" + "\u0301" * 200
    assert [segment.unit_count for segment in keep.split(text)] == [67, 67, 67]
    crlf = "a" * 152 + "\r\n" + "b" * 10
    assert [segment.unit_count for segment in keep.split(crlf)] == [152, 12]
    assert keep.count("🇩🇪") == 1


@pytest.mark.parametrize(("size", "expected"), [(66, [67, 72]), (67, [1, 68, 73]), (68, [67, 74])])
def test_clusters_around_a_whole_segment(kernels, size, expected) -> None:
    """A cluster of 67 units has a segment of its own; one of 68 has to be cut."""
    cluster = "e" + "\u0301" * (size - 1)
    assert stops(kernels, "ç" + cluster + "ç" * 5, keep_graphemes=True) == expected


def test_a_long_cluster_at_the_start(kernels) -> None:
    """It is cut at the end of the segment, not before its first character."""
    assert stops(kernels, "e" + "\u0301" * 67 + "ç" * 5, keep_graphemes=True) == [67, 73]


@pytest.mark.parametrize(("size", "expected"), [(67, [9, 76]), (68, [67, 77])])
def test_a_long_cluster_at_the_end(kernels, size, expected) -> None:
    """One of 67 units has the last segment; one of 68 is cut."""
    text = "ç" * 9 + "e" + "\u0301" * (size - 1)
    assert stops(kernels, text, keep_graphemes=True) == expected


@pytest.mark.parametrize(
    ("halves", "cut"),
    [
        ("\ud800\udc00", 66),
        ("\udbff\udfff", 66),
        ("\ud800\udfff", 66),
        ("\udbff\udc00", 66),
        ("\udc00\udc00", 67),
        ("\udfff\udc00", 67),
        ("\udbff\udbff", 67),
        ("\ud83dç", 67),
        ("ç\ude00", 67),
        ("\ud7ff\udc00", 67),
        ("\ud800\ue000", 67),
    ],
)
def test_halves_at_the_border(kernels, halves, cut) -> None:
    """A high half before a low one is a character and stays whole; other neighbours may part."""
    assert stops(kernels, "ç" * 66 + halves + "ç" * 5) == [cut, 73]


def test_units_at_the_end_of_the_bmp(kernels) -> None:
    """U+FFFF takes one, beside an emoji too, which makes Python store four octets; U+10000 two."""
    text = "\uffff" * 66 + "\U00010000" + "\uffff" * 10
    assert [segment.unit_count for segment in kernels.split(text)] == [66, 12]
    assert [s.unit_count for s in kernels.split("😀" + "\uffff" * 70)] == [67, 5]
    assert stops(kernels, "\uffff" * 66 + "😀" + "\uffff" * 10) == [66, 77]


@pytest.mark.parametrize(
    ("plain", "euros", "locking"),
    [(10, 4, None), (10, 5, None), (10, 6, 1), (160, 8, None), (160, 9, 1)],
)
def test_headers_are_paid_for(kernels, plain, euros, locking) -> None:
    """Turkish has the euro in one septet: worth a header only from the sixth, or ninth, on."""
    found = kernels.Segmenter(languages=["turkish"]).analyze("a" * plain + "€" * euros)
    assert found.locking_shift == locking


def test_subclasses_of_str_count_by_their_characters(kernels) -> None:
    """Whatever a subclass says of its length, items or slices."""

    class Odd(str):
        __slots__ = ()

        def __len__(self) -> int:
            return 1

        def __getitem__(self, index):
            return "?"

    text = "e" + "\u0301" * 200
    for segmenter in (kernels.Segmenter(), kernels.Segmenter(keep_graphemes=True)):
        assert segmenter.count(Odd(text)) == 3
        assert segmenter.split(Odd(text)) == segmenter.split(text)
        assert segmenter.analyze(Odd(text)) == segmenter.analyze(text)
        assert (
            segmenter.analyze(Odd(text)).non_gsm_characters
            == segmenter.analyze(text).non_gsm_characters
        )


def test_a_cluster_without_end_takes_no_endless_time(kernels) -> None:
    """200,000 combining marks are one cluster; every segment must not read all of it."""
    text = "a" + "\u0301" * 200_000
    assert kernels.Segmenter(keep_graphemes=True).count(text) == -(-len(text) // 67)


def test_header_octets(kernels) -> None:
    """Other elements also shorten a single segment; the maximum leaves a surrogate pair."""
    segmenter = kernels.Segmenter(header_octets=4)
    assert segmenter.analyze("").units_left == 154
    assert kernels.Segmenter(header_octets=130).count("😀" * 3) == 3
    assert kernels.Segmenter(header_octets=129, reference_bits=16).split("😀" * 3)[0].body == "😀"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"encoding": "latin1"},
            ValueError,
            "encoding must be Encoding.GSM7, Encoding.UCS2 or None, not 'latin1'",
        ),
        ({"reference_bits": 7}, ValueError, "reference_bits must be 8 or 16, not 7"),
        ({"reference_bits": "8"}, ValueError, "reference_bits must be 8 or 16, not '8'"),
        (
            {"languages": "turkish"},
            TypeError,
            "languages must be an iterable such as ['turkish', 'urdu'], not str",
        ),
        (
            {"languages": None},
            TypeError,
            "languages must be an iterable such as ['turkish', 'urdu'], not NoneType",
        ),
        (
            {"languages": ["klingon"]},
            ValueError,
            "a language must be one of turkish, spanish, portuguese, bengali, gujarati, hindi, "
            "kannada, malayalam, oriya, punjabi, tamil, telugu, urdu or its identifier, "
            "not 'klingon'",
        ),
        (
            {"header_octets": 131},
            ValueError,
            "header_octets must be 0 to 130 beside the other elements, not 131",
        ),
        (
            {"header_octets": -1, "languages": [1], "reference_bits": 16},
            ValueError,
            "header_octets must be 0 to 123 beside the other elements, not -1",
        ),
        ({"header_octets": "6"}, TypeError, "header_octets must be int, not str"),
    ],
)
def test_wrong_options(kernels, options, error, message) -> None:
    """An unknown value says what is allowed."""
    with pytest.raises(error) as caught:
        kernels.Segmenter(**options)
    assert str(caught.value) == message


@pytest.mark.parametrize("identifier", [0, 14, 255])
def test_reserved_languages(kernels, identifier) -> None:
    """Identifiers that the standard reserves are not languages (TS 23.038, 6.2.1.2.4)."""
    with pytest.raises(ValueError, match=f"not {identifier}$"):
        kernels.Segmenter(languages=[identifier])


def test_threads(kernels) -> None:
    """Several threads may ask one segmenter at once."""
    segmenter = kernels.Segmenter(languages=list(Language))
    texts = ["a" * 400, "€" * 90, "ığş" * 60, "नमस्ते " * 30, "😀" * 80]
    expected = [segmenter.count(text) for text in texts]
    wrong: list[list[int]] = []

    def ask() -> None:
        for _ in range(50):
            counts = [segmenter.count(text) for text in texts]
            if counts != expected:
                wrong.append(counts)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("char", "fitting"),
    [("€", 152), ("€", 228), ("😀", 66), ("😀", 99)],
)
def test_every_border_wastes_a_unit(kernels, char, fitting) -> None:
    """One character more needs a segment more, though its units alone would not."""
    segments = fitting // (76 if char == "€" else 33)
    assert kernels.count(char * fitting) == segments
    assert kernels.count(char * (fitting + 1)) == segments + 1
    assert kernels.count_many([char * fitting, char * (fitting + 1)]).to_list() == [
        segments,
        segments + 1,
    ]
