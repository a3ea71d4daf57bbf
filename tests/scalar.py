"""What the scalar functions say of each text of a column: what every column is held against."""

from __future__ import annotations

from hypothesis import strategies as st

import strategies

SAMPLE = ["one", "", None, "é" * 161, "😀" * 40, "[" * 153, "Δ€", "ж" * 71, "a" * 400, "`"]

encodable = strategies.texts.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))
columns = st.lists(st.none() | encodable, max_size=12)


def scalar(segmenter, texts):
    """Return (encoding, units, segments) of each text, None for None."""
    found = [None if text is None else segmenter.analyze(text) for text in texts]
    return [f and (f.encoding, f.unit_count, f.segment_count) for f in found]
