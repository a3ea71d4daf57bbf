"""RCS: kinds and counts of messages, and columns of them in both implementations."""

from __future__ import annotations

import pickle
from array import array

import pytest
from hypothesis import given

import septet
import strategies
from scalar import columns
from septet.arrow.rows import Addresses, Outcome
from septet.columns.counting import count_column
from septet.rcs import RcsAnalysis, RcsKind, analyze, count, count_many
from text_columns import COLUMNS

TEXTS = ["a" * 160, None, "", "é" * 81, "a" * 320, "😀" * 41]
IN_THE_US = [1, None, 0, 2, 2, 2]


def utf8_length(text: str) -> int:
    """Return the bytes of a text, in which two surrogates may be a pair, without any encoder."""
    count = 0
    for index, char in enumerate(text):
        code = ord(char)
        count += 1 + (code >= 0x80) + (code >= 0x800) + (code >= 0x10000)
        if 0xDC00 <= code < 0xE000 and index and 0xD800 <= ord(text[index - 1]) < 0xDC00:
            count -= 2
    return count


@pytest.mark.parametrize(
    ("text", "in_the_us", "elsewhere"),
    [
        ("", (RcsKind.RICH, 0, 0), (RcsKind.BASIC, 0, 0)),
        ("a" * 160, (RcsKind.RICH, 160, 1), (RcsKind.BASIC, 160, 1)),
        ("a" * 161, (RcsKind.RICH, 161, 2), (RcsKind.SINGLE, 161, 1)),
        ("é" * 80, (RcsKind.RICH, 160, 1), (RcsKind.BASIC, 160, 1)),
        ("é" * 81, (RcsKind.RICH, 162, 2), (RcsKind.SINGLE, 162, 1)),
        ("€" * 53 + "a", (RcsKind.RICH, 160, 1), (RcsKind.BASIC, 160, 1)),
        ("😀" * 40, (RcsKind.RICH, 160, 1), (RcsKind.BASIC, 160, 1)),
        ("\ud83d\ude00" * 40, (RcsKind.RICH, 160, 1), (RcsKind.BASIC, 160, 1)),
        ("\ud83d" * 54, (RcsKind.RICH, 162, 2), (RcsKind.SINGLE, 162, 1)),
        ("a" * 3_200, (RcsKind.RICH, 3_200, 20), (RcsKind.SINGLE, 3_200, 1)),
    ],
)
def test_texts(text, in_the_us, elsewhere) -> None:
    """Segments of 160 bytes in the US; elsewhere one message, whose kind the bytes decide."""
    assert analyze(text) == analyze(text, "us") == in_the_us
    assert analyze(text, "standard") == elsewhere
    assert (count(text), count(text, "standard")) == (in_the_us[2], elsewhere[2])


def test_media_and_suggestions() -> None:
    """Media count once, whatever the text; suggestions make a message single outside the US."""
    for text in ("", "a", "a" * 500):
        assert analyze(text, has_media=True) == (RcsKind.RICH_MEDIA, len(text), 1)
        assert analyze(text, "standard", has_media=True) == (RcsKind.SINGLE, len(text), 1)
        assert count(text, has_media=True) == count(text, "standard", has_media=True) == 1
    assert analyze("a" * 161, has_suggestions=True) == (RcsKind.RICH, 161, 2)
    assert analyze("a", "standard", has_suggestions=True) == (RcsKind.SINGLE, 1, 1)


def test_results() -> None:
    """A result is a frozen tuple that can be pickled."""
    analysis = analyze("Hi")
    assert repr(analysis) == "RcsAnalysis(kind=RcsKind.RICH, byte_count=2, segment_count=1)"
    assert pickle.loads(pickle.dumps(analysis)) == analysis == RcsAnalysis("rich", 2, 1)
    with pytest.raises(AttributeError):
        analysis.kind = RcsKind.BASIC


def test_wrong_arguments() -> None:
    """Texts must be texts, and there are two ways of billing."""
    for function in (analyze, count):
        with pytest.raises(TypeError, match=r"^text must be str, not bytes$"):
            function(b"a")
        with pytest.raises(ValueError, match=r"^billing must be one of us, standard, not 'US'$"):
            function("a", "US")
    with pytest.raises(ValueError, match=r"^billing must be one of us, standard, not 'uk'$"):
        count_many([], "uk")
    with pytest.raises(TypeError, match=r"^row 1: text must be str or None, not int$"):
        count_many(["a", 1])
    with pytest.raises(ValueError, match=r"^threads must be 1 or more, not 0$"):
        count_many([], threads=0)


def test_lengths(implementations) -> None:
    """A text and nothing else has a length, and a subclass cannot change it."""

    class Liar(str):
        def encode(self, *_: object) -> bytes:
            return b""

        def __len__(self) -> int:
            return 0

    for implementation in implementations.values():
        length = implementation.functions.utf8_length
        assert length(Liar("aé")) == 3
        with pytest.raises(TypeError, match=r"^text must be str, not NoneType$"):
            length(None)


@given(strategies.texts)
def test_length_of_any_text(implementations, text) -> None:
    """Every string that Python can hold, in every implementation, alone and in a list."""
    expected = utf8_length(text)
    for implementation in implementations.values():
        functions = implementation.functions
        assert functions.utf8_length(text) == expected
        column = count_column(functions.RcsCounter(160), [text, None], 1)
        assert column.to_list() == [(expected + 159) // 160, None]


@pytest.mark.parametrize("make", COLUMNS, ids=lambda make: make.__name__)
def test_columns(make) -> None:
    """Columns of every library, as `septet.count_many` takes them."""
    assert count_many(make(TEXTS)).to_list() == IN_THE_US
    assert count_many(make(TEXTS), "standard").to_list() == [1, None, 0, 1, 1, 1]


@given(columns)
def test_arrow_columns(implementations, texts) -> None:
    """Each layout, with nulls, from any row on."""
    pa = pytest.importorskip("pyarrow")
    expected = [None if text is None else (utf8_length(text) + 59) // 60 for text in texts]
    for layout in (pa.string(), pa.large_string(), pa.string_view()):
        column = pa.array(texts, layout)
        for implementation in implementations.values():
            counter = implementation.functions.RcsCounter(60)
            assert count_column(counter, column, 1).to_list() == expected
            assert count_column(counter, column[1:], 1).to_list() == expected[1:]


def test_threads() -> None:
    """The rows of a large column are shared."""
    pa = pytest.importorskip("pyarrow")
    column = pa.array(TEXTS * 10_000)
    assert count_many(column, threads=3).to_list() == IN_THE_US * 10_000


def test_damaged_columns(implementations) -> None:
    """Offsets that go backwards, and views outside their buffer, are reported with their row."""
    offsets = array("i", [0, 3, 2, 4])
    views = array("i", [13, 0, 5, 0])
    octets = memoryview(bytearray(4))
    text = array("B", b"abcd")
    column = Addresses("u", offsets.buffer_info()[0], text.buffer_info()[0], 0, 0, 0, 0)
    view = Addresses("vu", views.buffer_info()[0], 0, 0, 0, 0, 0)
    segments = memoryview(array("i", [0] * 3))
    for implementation in implementations.values():
        counter = implementation.functions.RcsCounter(160)
        outcome = counter.count_rows(column, 0, 3, segments, None, None)
        assert outcome == (Outcome.OFFSETS_GO_BACK, 1)
        outcome = counter.count_rows(view, 0, 1, segments, None, None)
        assert outcome == (Outcome.VIEW_OUT_OF_RANGE, 0)
        assert counter.count_rows(column, 1, 1, segments, None, None) == (Outcome.FINE, 1)
        for call in (
            lambda counter=counter: counter.count_rows(column, 2, 1, segments, None, None),
            lambda counter=counter: counter.count_rows(column, 0, 4, segments, None, None),
            lambda counter=counter: counter.count_texts(
                ["a"] * 9, 0, 9, memoryview(array("i", [0] * 9)), None, None, octets[:1], 0
            ),
            lambda counter=counter: type(counter)(0),
        ):
            with pytest.raises(ValueError, match=r"first must be from|values for|1 or more"):
                call()
        with pytest.raises(RuntimeError, match=r"^the list changed while it was read$"):
            counter.count_texts(["a"], 0, 2, segments, None, None, octets, 0)


def test_the_module_is_loaded_on_first_use() -> None:
    """`septet.rcs` needs no import of its own."""
    assert septet.rcs.count is count
