"""Counting texts after replacements: the same as counting the replaced texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import septet
from septet.columns.replaced import count_replaced
from septet.columns.surveys import read_plain_pieces

pa = pytest.importorskip("pyarrow")

TEXTS = st.lists(
    st.sampled_from(["’", "½", "1", "Ω", "ж", "é\u0301", "😀\ufe0f", "a" * 60, "\ud83d"]),
    max_size=12,
).map("".join)


@given(texts=st.lists(st.none() | TEXTS, max_size=8), keep=st.lists(st.booleans(), min_size=8))
def test_count(texts, keep):
    """Each of the chosen rows, in a list, in a column and in a part of one."""
    segmenter = septet.Segmenter()
    rows = [row for row, text in enumerate(texts) if text is not None and keep[row]]
    expected = [
        segmenter.count(segmenter.transliterate(texts[row], when="always").text) for row in rows
    ]
    columns = [texts]
    if not any("\ud83d" in (text or "") for text in texts):
        columns += [pa.array(texts, pa.string()), pa.array([None, *texts], pa.string_view())[1:]]
    for column in columns:
        (piece,) = read_plain_pieces(column)
        chosen = memoryview(bytearray(4 * len(rows))).cast("i")
        for index, row in enumerate(rows):
            chosen[index] = row
        assert [*count_replaced(segmenter.kernel, piece, chosen, "punctuation")] == expected
