"""Surveys of columns: facts of each text, and the characters that force texts into UCS-2."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from septet.columns import surveys
from septet.columns.column_types import AnalysisColumns


def survey(segmenter: Any, column: Any) -> surveys.Survey:
    """Survey a column under the rules of a segmenter."""
    return surveys.survey_column(segmenter.kernel, column)


@given(texts=st.lists(st.none() | strategies.texts, max_size=10), options=strategies.options)
@example(texts=["á", "áж"], options={"languages": (2,)})
@example(texts=["a€", "€жb"], options={"provider": strategies.provider_without("€")})
@example(texts=[f"{'a' * 40}`{'b' * 70}[’{'c' * 33}"], options={})
@example(texts=["abcd[fgh’abcdefghijk"], options={"provider": strategies.provider_without("[")})
@example(texts=["abcdefgh’abcdefghijk"], options={"provider": strategies.provider_without("b")})
def test_non_gsm_characters_are_those_of_each_text(kernels, texts, options) -> None:
    """A character counts once for a text that it forces into UCS-2, in lists and Arrow arrays."""
    pa = pytest.importorskip("pyarrow")
    segmenter = kernels.Segmenter(**{**options, "encoding": None})
    expected: dict[str, int] = {}
    for text in texts:
        for char in {b.char for b in segmenter.analyze(text).non_gsm_characters} if text else ():
            expected[char] = expected.get(char, 0) + 1
    non_gsm_characters = kernels.functions.NonGsmCounts()

    def figures(column: Any) -> tuple[AnalysisColumns, dict[str, int]]:
        result = survey(segmenter, column)
        assert non_gsm_characters.take() == {}
        result.count_non_gsm(non_gsm_characters)
        return result.facts, non_gsm_characters.take()

    assert figures(texts)[1] == expected
    if any("\ud800" <= char <= "\udfff" for text in texts for char in text or ""):
        return
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        facts, characters = figures(pa.array(texts, kind))
        assert characters == expected
        assert facts == segmenter.analyze_many(texts)
        chunks = pa.chunked_array([texts[:2], [], texts[2:]], kind)
        assert figures(chunks) == (facts, expected)


def test_non_gsm_characters_of_many_columns_add_up(kernels) -> None:
    """Counts of several columns are added up until they are taken."""
    non_gsm_characters = kernels.functions.NonGsmCounts()
    for column in (["жж", "a", "ж’"], ["’", None], ["я"]):
        survey(kernels.Segmenter(), column).count_non_gsm(non_gsm_characters)
    assert non_gsm_characters.take() == {"ж": 2, "’": 2, "я": 1}
    survey(kernels.Segmenter(), ["ж"]).count_non_gsm(non_gsm_characters)
    assert non_gsm_characters.take() == {"ж": 1}


@pytest.mark.parametrize("languages", [(), (1,)])
def test_non_gsm_characters_that_are_not_utf8(kernels, languages) -> None:
    """Invalid bytes count as a placeholder with the same number of units."""
    pa = pytest.importorskip("pyarrow")
    column = pa.array([b"\xff\xff", b"a\xc3", b"\xf0"], pa.binary()).view(pa.string())
    non_gsm_characters = kernels.functions.NonGsmCounts()
    survey(kernels.Segmenter(languages=languages), column).count_non_gsm(non_gsm_characters)
    assert non_gsm_characters.take() == {"\U0010ffff": 2, "\uffff": 1}


PIECES = ["a", "`", "abcdefgh", "a" * 32, *"\x80ж߿ࠀ’\ufffd\uffff😀\U0010ffff"]


@given(texts=st.lists(st.lists(st.sampled_from(PIECES)).map("".join), max_size=4))
def test_non_gsm_characters_of_any_length_in_utf8(kernels, texts) -> None:
    """They are the same in an Arrow array as in a list."""
    pa = pytest.importorskip("pyarrow")
    counts = []
    for column in (pa.array(texts, pa.string()), texts):
        non_gsm_characters = kernels.functions.NonGsmCounts()
        survey(kernels.Segmenter(), column).count_non_gsm(non_gsm_characters)
        counts.append(non_gsm_characters.take())
    assert counts[0] == counts[1]


def test_dictionaries(kernels) -> None:
    """Each row has a text of its own."""
    pa = pytest.importorskip("pyarrow")
    column = pa.array(["’a", None, "a", "’a", "é"]).dictionary_encode()[1:]
    result = survey(kernels.Segmenter(), column)
    non_gsm_characters = kernels.functions.NonGsmCounts()
    result.count_non_gsm(non_gsm_characters)
    assert non_gsm_characters.take() == {"’": 1}
    assert list(result.facts.segment_count) == [None, 1, 1, 1]
    assert surveys.listed(column) == [None, "a", "’a", "é"]
