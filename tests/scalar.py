"""What the scalar functions return for each text of a column: the reference of columns."""

from __future__ import annotations

from hypothesis import strategies as st

import strategies

SAMPLE = ["one", "", None, "é" * 161, "😀" * 40, "[" * 153, "Δ€", "ж" * 71, "a" * 400, "`"]

encodable = strategies.texts.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
columns = st.lists(st.none() | encodable, max_size=12)


def scalar(segmenter, texts):
    """Return (encoding, units, segments) of each text, None for None."""
    analyses = [None if text is None else segmenter.analyze(text) for text in texts]
    return [a and (a.encoding, a.unit_count, a.segment_count) for a in analyses]


def check_column(segmenter, column, texts, threads=1) -> None:
    """Fail unless the facts of a column are those of its texts."""
    expected = scalar(segmenter, texts)
    assert segmenter.analyze_many(column, threads=threads).to_list() == expected
    counts = segmenter.count_many(column, threads=threads)
    assert counts.to_list() == [row and row[2] for row in expected]
    assert counts.sum() == sum(row[2] for row in expected if row)
