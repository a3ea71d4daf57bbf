"""Texts to fix: the examples do not depend on order, batches, parts or kinds of columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import Encoding
from septet.costing import Batch, Estimate
from septet.costing.insights.texts_to_fix import TextToFix
from septet.exceptions import SourceError

TEXTS = st.lists(
    st.none() | st.sampled_from(["", "one", *(c * n for c in "ab’ж" for n in (71, 161, 162, 400))])
)
LONG = 255 * 153 + 1


def of(*columns):
    result = Estimate()
    for texts in columns:
        result.add(Batch(texts))
    return result.texts_to_fix


@given(TEXTS, st.randoms())
def test_any_order(texts, random) -> None:
    """Batches of any size, in any order, and sums of estimates have the same examples."""
    whole = of(texts)
    shuffled = random.sample(texts, len(texts))
    assert of(*([text] for text in shuffled)) == whole
    half = len(texts) // 2
    parts = [Estimate(), Estimate()]
    for part, some in zip(parts, (shuffled[:half], shuffled[half:]), strict=True):
        part.add(Batch(some))
    both = parts[0] + Estimate.from_json(parts[1].to_json())
    assert both.texts_to_fix == whole
    assert Estimate.from_dict(both.to_dict()).texts_to_fix == whole


def test_columns() -> None:
    """Arrow columns of any layout and dictionaries have the examples of lists."""
    pa = pytest.importorskip("pyarrow")
    texts = ["b" * 161, None, "a" * 161, "’" * 71, "ж" * 71, "a" * 161]
    expected = of(texts)
    plain = pa.array(texts)
    for column in (plain, plain.cast(pa.string_view()), plain.dictionary_encode(), iter(texts)):
        assert of(column) == expected
    assert of(pa.chunked_array([texts[:3], texts[3:]])) == expected


def test_order_and_figures() -> None:
    """Those come first that take most segments beyond one each."""
    texts = ["a" * 460, *["b" * 161, "b" * 170] * 3, "’" * 100, "’" * 68, "a" * LONG, "x"]
    assert of(texts) == [
        TextToFix(Encoding.GSM7, 2, 6, 161, "b" * 161),
        TextToFix(Encoding.GSM7, 4, 1, 460, "a" * 460),
        TextToFix(Encoding.UCS2, 2, 1, 100, "’" * 100),
    ]
    assert [text.extra_segments for text in of(texts)] == [6, 3, 1]


def test_long_texts() -> None:
    """Their beginnings are kept."""
    assert of(["a" * 5_000])[0][3:] == (5_000, "a" * 1_000)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": 7},
        {"text": None},
        {"unit_count": "161"},
        {"segment_count": 2.0},
        {"encoding": "x"},
        {"messages": 2},
    ],
)
def test_damaged(wrong) -> None:
    """An example of another form, or that contradicts the counts, is an error."""
    result = Estimate()
    result.add(Batch(["a" * 161]))
    values = result.to_dict()
    values["texts_to_fix"] = [{**values["texts_to_fix"][0], **wrong}]
    with pytest.raises(SourceError):
        Estimate.from_dict(values)


def test_lone_surrogates() -> None:
    """They come through JSON."""
    result = Estimate()
    result.add(Batch(["\ud800" * 71]))
    assert Estimate.from_json(result.to_json()).texts_to_fix[0].text == "\ud800" * 71
