"""Columns of views: our own code and other libraries read them in place."""

from __future__ import annotations

import gc
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.callbacks import live_exports
from septet.arrow.view_columns import ViewColumn


def make_view(text: bytes, buffer: int, offset: int) -> bytes:
    """Return the view of a text, written as Arrow's format says."""
    if len(text) <= 12:
        return struct.pack("=i12s", len(text), text)
    return struct.pack("=i4sii", len(text), text[:4], buffer, offset)


def make_column(texts: list[str | None]) -> ViewColumn:
    """Return a column whose longer texts are in a `bytes` and a `bytearray` by turns."""
    buffers = [b"", bytearray()]
    views = b""
    validity = 0
    for row, text in enumerate(texts):
        octets = (text or "").encode()
        views += make_view(octets, row % 2, len(buffers[row % 2]))
        buffers[row % 2] += octets
        validity |= (text is not None) << row
    bits = validity.to_bytes(len(texts) // 8 + 1, "little")
    return ViewColumn(views, buffers, bits, texts.count(None))


SAMPLE = ["", "x" * 12, "x" * 13, None, "é" * 161, "😀" * 40, "ok"]


@given(st.lists(st.none() | st.text(st.characters(codec="utf-8"), max_size=20), max_size=20))
def test_the_texts_are_read(texts) -> None:
    """Short texts are in their views, longer ones in the buffers; nulls are None."""
    column = make_column(texts)
    assert len(column) == len(texts)
    assert column.to_list() == texts


def test_kernels_read_it(kernels) -> None:
    """A column of views is counted as the list of its texts is."""
    assert kernels.analyze_many(make_column(SAMPLE)) == kernels.analyze_many(SAMPLE)


def test_without_rows_or_buffers(kernels) -> None:
    """A column may have no rows and no data buffer."""
    assert len(kernels.count_many(ViewColumn(b"", []))) == 0
    assert kernels.count_many(ViewColumn(make_view(b"ok", 0, 0), [])).to_list() == [1]


def test_other_libraries_read_it() -> None:
    """pyarrow takes it without a copy, and keeps the buffers alive as long as it needs them."""
    pa = pytest.importorskip("pyarrow")
    gc.collect()
    before = len(live_exports)
    array = pa.array(make_column(SAMPLE))
    gc.collect()
    array.validate(full=True)
    assert array.type == pa.string_view()
    assert array.to_pylist() == SAMPLE
    del array
    gc.collect()
    assert len(live_exports) == before


def test_views_outside_their_buffers(kernels) -> None:
    """A view is checked against the sizes of the buffers before it is read."""
    text = b"x" * 20
    for view in (make_view(text, 1, 0), make_view(text, 0, 1), make_view(text, -1, 0)):
        with pytest.raises(ValueError, match="its view points outside its buffer"):
            kernels.count_many(ViewColumn(view, [text]))


def test_whole_views_only() -> None:
    """A buffer that ends inside a view is refused."""
    with pytest.raises(ValueError, match="8 bytes are left over"):
        ViewColumn(bytes(24), [])


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20)), st.data())
def test_rows_left_out(texts, data) -> None:
    """The others stay in order, and refer to the same buffers."""
    left_out = data.draw(st.sets(st.sampled_from(range(len(texts))))) if texts else set()
    column = make_column(texts)
    kept = ViewColumn(column._views, column.buffers).without_rows(left_out)
    assert kept.to_list() == [text for row, text in enumerate(texts) if row not in left_out]
