"""Reading the rows of a column at their addresses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import septet
from septet.arrow.rows import Addresses, Outcome, OutOfRangeError, read_rows
from septet.arrow.structures import read_chunks

pa = pytest.importorskip("pyarrow")

ROWS = ["one", "", None, "more than twelve octets", "é😀"]


@pytest.mark.parametrize("layout", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_rows(layout) -> None:
    """The bytes of each row in every layout, None for nulls, from any row to any other."""
    (chunk,) = read_chunks(pa.array(ROWS, layout))
    expected = [row if row is None else row.encode() for row in ROWS]
    for first in range(5):
        for stop in range(first, 6):
            assert list(read_rows(chunk.addresses, first, stop)) == expected[first:stop]


def test_offsets_that_go_backwards() -> None:
    """The row with the offset is an error; the rows before it are read."""
    column = pa.StringArray.from_buffers(
        3, pa.py_buffer(pa.array([0, 2, 1, 3], pa.int32()).buffers()[1]), pa.py_buffer(b"abc")
    )
    (chunk,) = read_chunks(column)
    rows = read_rows(chunk.addresses, 0, 3)
    assert next(rows) == b"ab"
    with pytest.raises(OutOfRangeError) as caught:
        next(rows)
    assert caught.value.outcome is Outcome.OFFSETS_GO_BACK


def test_no_rows_need_no_memory() -> None:
    """Nothing is read, so the addresses may be 0."""
    for layout in ("u", "U", "vu"):
        assert list(read_rows(Addresses(layout, 0, 0, 0, 0, 0, 0), 0, 0)) == []


def test_outcomes_are_those_of_the_c_code() -> None:
    """The compiled kernels return the numbers of `septet_outcome`."""
    header = Path(septet.__file__).with_name("_kernels") / "c/scan_rows.h"
    match = re.search(r"typedef enum \{([^}]*)\} septet_outcome;", header.read_text("utf-8"))
    names = [name.strip().removeprefix("SEPTET_") for name in match[1].split(",")]
    assert names == [outcome.name for outcome in Outcome]
    assert [*Outcome] == [*range(len(names))]


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (Outcome.OFFSETS_GO_BACK, "row 7: its offsets go backwards, or beyond the last one"),
        (Outcome.VIEW_OUT_OF_RANGE, "row 7: its view points outside its buffer"),
        (Outcome.TOO_LONG, "row 7: its text takes 1 GiB or more"),
    ],
)
def test_errors_name_the_row(outcome, message) -> None:
    """With the reason why it could not be read."""
    error = outcome.error(7)
    assert type(error) is ValueError
    assert str(error) == message


def test_lack_of_memory_is_a_memory_error() -> None:
    """It has nothing to do with the row."""
    assert type(Outcome.NO_MEMORY.error(7)) is MemoryError
