"""Rows of columns of all kinds: their hashes, and their segments after replacements."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

import septet
from septet._kernels import Hasher
from septet.columns.text_rows import hash_column, measure_replaced, read_text_rows

pa = pytest.importorskip("pyarrow")

PIECES = ["’", "½", "1", "Ω", "ж", "é\u0301", "😀\ufe0f", "a" * 60, "\ud83d"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def columns_of(texts):
    """Return a list, and unless there is a lone surrogate, Arrow columns of the same texts."""
    if any("\ud83d" in (text or "") for text in texts):
        return [texts]
    strings = pa.array(texts, pa.string())
    chunks = pa.chunked_array([strings[:2], strings[2:]])
    views = pa.array([None, *texts], pa.string_view())[1:]
    return [texts, strings, views, chunks, strings.dictionary_encode()]


@given(texts=st.lists(st.none() | TEXTS, max_size=8), keep=st.lists(st.booleans(), min_size=8))
def test_segments_after_replacements(texts, keep):
    """Those of the selected rows; the others have none."""
    segmenter = septet.Segmenter()
    keep = [is_kept and text is not None for text, is_kept in zip(texts, keep, strict=False)]
    expected = [
        segmenter.count(segmenter.transliterate(text, when="always").text) if keep[row] else 0
        for row, text in enumerate(texts)
    ]
    for column in columns_of(texts):
        found = []
        for rows in read_text_rows(column):
            selected = bytearray(keep[len(found) : len(found) + rows.row_count])
            kernel = segmenter.kernel
            found += measure_replaced(kernel, rows, memoryview(selected), "punctuation")
        assert found == expected


@given(st.lists(st.none() | TEXTS, max_size=8), st.integers(0, 2**64 - 1))
def test_hashes(texts, other):
    """They depend on the text and on the hash before it, and not on what holds the rows."""
    hasher = Hasher(bytes(range(16)))
    columns = []
    for column in columns_of(texts):
        hashes = array("Q", [other] * len(texts))
        hash_column(hasher, column, hashes)
        columns.append(hashes)
    for hashes in columns:
        assert hashes == columns[0]
    assert len({*columns[0]}) == len({text or "" for text in texts})
    assert other not in columns[0]


def test_more_rows_than_hashes():
    """Nothing is written behind the hashes."""
    with pytest.raises(ValueError, match="hashes has 1 values for 2 rows"):
        hash_column(Hasher(bytes(16)), ["a", "b"], array("Q", [0]))
