"""Transliteration: the results of the core, with both kinds of indexes."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

import septet
from septet.web.api.rules import Replacement
from septet.web.api.schema import RequestError
from septet.web.api.transliteration import TransliterateRequest, transliterate

texts = st.text(st.sampled_from("aé]€’“ж😀ř\u0301\r\n "), max_size=200)


@given(
    text=texts,
    level=st.sampled_from(["punctuation", "letters"]),
    when=st.sampled_from(["helps", "cheaper", "always"]),
)
def test_same_results_as_the_core(text, level, when) -> None:
    answer = transliterate(TransliterateRequest(text=text, level=level, when=when))
    expected = septet.transliterate(text, level, when=when)
    assert answer.text == expected.text
    assert [(each.char, each.replacement, each.index) for each in answer.replacements] == [
        tuple(each) for each in expected.replacements
    ]
    assert (answer.segments_before, answer.segments_after) == (
        septet.count(text),
        septet.count(expected.text),
    )


def test_indexes() -> None:
    """They are positions in the original text."""
    answer = transliterate(TransliterateRequest(text="😀…’", when="always"))
    assert answer.text == "😀...'"
    assert answer.replacements == [Replacement(1, 2, "…", "..."), Replacement(2, 3, "’", "'")]


def test_rules() -> None:
    """The provider of the service applies, and what is counted with a language is not replaced."""
    assert transliterate(TransliterateRequest(text="ç"), "twilio").text == "ç"
    assert transliterate(TransliterateRequest(text="ç", level="letters")).text == "c"
    turkish = TransliterateRequest(text="ç", level="letters", languages=["turkish"])
    assert transliterate(turkish).text == "ç"


@pytest.mark.parametrize(
    ("text", "when", "counts"),
    [("it’s", "helps", (None, 1)), ("’ж", "always", (None, None)), ("a", "cheaper", (1, 1))],
)
def test_forced_encoding(text, when, counts) -> None:
    """A text that GSM-7 does not have takes no number of segments."""
    answer = transliterate(TransliterateRequest(text=text, when=when, encoding="gsm7"))
    assert (answer.segments_before, answer.segments_after) == counts


def test_forced_encoding_with_cheaper() -> None:
    """Nothing is cheaper than a text that cannot be sent."""
    with pytest.raises(RequestError) as caught:
        transliterate(TransliterateRequest(text="it’s", when="cheaper", encoding="gsm7"))
    refusal = caught.value.refusal
    assert (caught.value.status, refusal.field, refusal.value) == (422, "text", '"\\u2019"')


def test_missing_extra(monkeypatch) -> None:
    """The error names the level and the extra."""
    monkeypatch.setitem(sys.modules, "anyascii", None)
    with pytest.raises(RequestError) as caught:
        transliterate(TransliterateRequest(text="č中", level="all"))
    refusal = caught.value.refusal
    assert "septet[transliteration]" in refusal.error
    assert (caught.value.status, refusal.field, refusal.value) == (422, "level", '"all"')


def test_long_text_with_languages() -> None:
    with pytest.raises(RequestError, match="with languages"):
        transliterate(TransliterateRequest(text="a" * 10_001, languages=["urdu"]))
