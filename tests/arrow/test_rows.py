"""Rows at addresses, one after the other."""

from __future__ import annotations

import pytest

from septet.arrow.rows import Addresses, OutOfRangeError, read_rows
from septet.arrow.structures import read_chunks

pa = pytest.importorskip("pyarrow")

ROWS = ["one", "", None, "more than twelve octets", "é😀"]


@pytest.mark.parametrize("layout", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_rows(layout) -> None:
    """The octets of each row of each layout, None for nulls, from any row on."""
    (chunk,) = read_chunks(pa.array(ROWS, layout))
    expected = [row if row is None else row.encode() for row in ROWS]
    for first in range(5):
        for stop in range(first, 6):
            assert list(read_rows(chunk.addresses, first, stop)) == expected[first:stop]


def test_offsets_that_go_back() -> None:
    """They are noticed at the row, after the rows before it."""
    column = pa.StringArray.from_buffers(
        3, pa.py_buffer(pa.array([0, 2, 1, 3], pa.int32()).buffers()[1]), pa.py_buffer(b"abc")
    )
    (chunk,) = read_chunks(column)
    rows = read_rows(chunk.addresses, 0, 3)
    assert next(rows) == b"ab"
    with pytest.raises(OutOfRangeError):
        next(rows)


def test_no_rows_need_no_memory() -> None:
    """Nothing is read for them, so that they may lie nowhere."""
    for layout in ("u", "U", "vu"):
        assert list(read_rows(Addresses(layout, 0, 0, 0, 0, 0, 0), 0, 0)) == []
