"""The analysis of a text: the results of the core, with both kinds of indexes."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

import septet
from septet.web.api.analysis import AnalyzeRequest, analyze
from septet.web.api.rules import Replacement, TextIndex
from septet.web.api.schema import RequestError

# No surrogates; many characters with special cases.
texts = st.text(st.sampled_from("aé]€’ж😀\u0301\u202e\r\n "), max_size=400)


@given(text=texts)
def test_same_results_as_the_core(text) -> None:
    """Counts, segments, non-GSM characters, levels and advice are those of the library."""
    analysis = septet.analyze(text)
    answer = analyze(AnalyzeRequest(text=text))
    for name in ("encoding", "unit_count", "segment_count", "units_left"):
        assert getattr(answer, name) == getattr(analysis, name)
    assert [(s.body, s.unit_count, s.start, s.stop) for s in answer.segments] == [
        segment[:4] for segment in septet.split(text)
    ]
    assert sorted((p.index, b.char) for b in answer.non_gsm_characters for p in b.indexes) == [
        (index, char) for char, index in analysis.non_gsm_characters
    ]
    advice = septet.advise(text)
    assert answer.advice.text == advice.text
    assert answer.advice.segments_after == septet.count(answer.advice.text)
    assert answer.advice.units_over == advice.units_over
    rcs = septet.rcs.analyze(text)
    assert (answer.rcs.byte_count, answer.rcs.us_segment_count) == rcs[1:]
    assert answer.rcs.kind == ("basic" if rcs.byte_count <= 160 else "single")
    for level in answer.levels:
        assert level.text == septet.transliterate(text, level.level, when="always").text
        assert level.segment_count == septet.count(level.text)


@given(text=texts)
def test_utf16_indexes(text) -> None:
    """They select the same bodies in the code units of the text."""
    utf16 = text.encode("utf-16-le")
    answer = analyze(AnalyzeRequest(text=text))
    for segment in answer.segments:
        body = utf16[2 * segment.utf16_start : 2 * segment.utf16_stop]
        assert body.decode("utf-16-le") == segment.body
    for entry in answer.non_gsm_characters:
        for position in entry.indexes:
            assert utf16[2 * position.utf16_index :].decode("utf-16-le").startswith(entry.char)


@given(text=texts)
def test_characters_add_up(text) -> None:
    """The units of all occurrences of all characters are the units of the text."""
    answer = analyze(AnalyzeRequest(text=text))
    assert sum(c.unit_count * c.count for c in answer.characters) == answer.unit_count
    assert {c.char for c in answer.characters} == set(text)


def test_units_of_national_tables() -> None:
    """A character is counted with the same tables as the text."""
    text = "ş" * 100 + "ğ" * 30
    answer = analyze(AnalyzeRequest(text=text, languages=["turkish"]))
    assert (answer.locking_shift, answer.encoding) == ("turkish", "gsm7")
    assert sum(c.unit_count * c.count for c in answer.characters) == answer.unit_count == 130


def test_description_of_characters() -> None:
    """An invisible character is shown as an escape."""
    answer = analyze(AnalyzeRequest(text="\u202e😀"))
    rlo, emoji = answer.characters
    assert (rlo.shown, rlo.code_point, rlo.name) == (
        "\\u202e",
        "U+202E",
        "RIGHT-TO-LEFT OVERRIDE",
    )
    assert (emoji.shown, emoji.unit_count) == ("😀", 2)


def test_levels() -> None:
    """Each lists its replacements; a level that changes no more than the last is left out."""
    pytest.importorskip("anyascii")
    answer = analyze(AnalyzeRequest(text="😀 it’s"))
    assert [level.level for level in answer.levels] == ["punctuation", "all"]
    assert answer.levels[0].replacements == [Replacement(4, 5, "’", "'")]
    assert answer.non_gsm_characters[1].indexes == [TextIndex(4, 5)]


def test_provider() -> None:
    """The provider of the service applies unless the request names another, or none."""
    encodings = [
        analyze(AnalyzeRequest(text="20 €", **rules), "telnyx").encoding
        for rules in ({}, {"provider": "aws"}, {"provider": None})
    ]
    assert encodings == ["ucs2", "gsm7", "gsm7"]
    long = analyze(AnalyzeRequest(text="€" * 700), "telnyx")
    assert [limit.limit for limit in long.exceeded_limits] == ["max_segments"]


def test_rules() -> None:
    """16-bit references leave less space for text."""
    answer = analyze(AnalyzeRequest(text="a" * 161, reference_bits=16))
    assert (answer.unit_limit, answer.segments[0].unit_count) == (152, 152)


def test_text_that_is_not_gsm7() -> None:
    """The error names the character."""
    with pytest.raises(RequestError) as caught:
        analyze(AnalyzeRequest(text="aж", encoding="gsm7"))
    refusal = caught.value.refusal
    assert refusal.error == "character 'ж' at index 1 is not in the GSM 7-bit alphabet"
    assert (caught.value.status, refusal.field, refusal.value) == (422, "text", '"\\u0436"')


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("Your code is 123456", ["analyze", "split"]),
        ("Caf\u00e9 \u2019til 2", ["analyze", "split", "transliterate", "analyze", "advise"]),
    ],
    ids=["one segment of GSM-7", "one replacement"],
)
def test_few_passes(text, calls, monkeypatch) -> None:
    """A text that cannot become cheaper is not rewritten; levels end once all is GSM-7."""
    recorded = []

    class Recorder(septet.Segmenter):
        def __getattribute__(self, name):
            if name in ("analyze", "split", "transliterate", "advise"):
                recorded.append(name)
            return super().__getattribute__(name)

    monkeypatch.setattr("septet.web.api.rules.Segmenter", Recorder)
    analyze(AnalyzeRequest(text=text))
    inside_advise = recorded.index("advise") + 1 if "advise" in recorded else None
    assert recorded[:inside_advise] == calls


def test_without_transliteration(monkeypatch) -> None:
    """The levels that need no extra remain."""
    monkeypatch.setitem(sys.modules, "anyascii", None)
    answer = analyze(AnalyzeRequest(text="„ř“ж"))
    assert [level.level for level in answer.levels] == ["punctuation"]
