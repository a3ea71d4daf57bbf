"""Templates of rows: filled the same by both implementations, and checked against their bounds."""

from __future__ import annotations

import importlib
from array import array
from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.structures import read_chunks

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LAYOUTS = st.sampled_from(["string", "large_string", "string_view"])


@pytest.fixture(scope="session")
def fillings(implementations):
    """The kernel of each implementation."""
    modules = {"python": "python.filling", "compiled": "_compiled_filling"}
    return [importlib.import_module(f"septet._kernels.{modules[name]}") for name in implementations]


def ints(*values: int) -> memoryview:
    return memoryview(array("i", values))


@given(
    rows=st.lists(st.tuples(st.none() | TEXTS, st.none() | TEXTS, st.integers(0, 2)), max_size=12),
    constants=st.tuples(TEXTS, TEXTS),
    templates=st.lists(st.lists(st.integers(0, 3), max_size=5), min_size=3, max_size=3),
    layouts=st.tuples(LAYOUTS, LAYOUTS),
    first=st.integers(0, 3),
)
def test_fill_rows(fillings, rows, constants, templates, layouts, first) -> None:
    """Constants and columns of any layout, in any order; nulls add nothing."""
    pa = pytest.importorskip("pyarrow")
    columns = [[row[at] for row in rows] for at in range(2)]
    chunks = [
        next(read_chunks(pa.array(["?"] * first + column, getattr(pa, layout)())[first:]))
        for column, layout in zip(columns, layouts, strict=True)
    ]
    pieces = [text.encode() for text in constants]
    pieces += [(chunk.addresses, chunk.offset) for chunk in chunks]
    starts = [0]
    for template in templates:
        starts.append(starts[-1] + len(template))
    expected = [
        "".join([*constants, row[0] or "", row[1] or ""][part] for part in templates[row[2]])
        for row in rows
    ]
    for filling in fillings:
        offsets, filled = filling.fill_rows(
            pieces, ints(*chain(*templates)), ints(*starts), ints(*(row[2] for row in rows))
        )
        borders = memoryview(offsets).cast("q")
        assert [filled[start:stop].decode() for start, stop in pairwise(borders)] == expected


@pytest.mark.parametrize(
    ("pieces", "parts", "starts", "templates", "message"),
    [
        ([b"a"], [0], [], [], "starts must have at least one value"),
        ([b"a"], [0], [0], [0], "row 0 has none of 0 templates"),
        ([b"a"], [0], [0, 1], [0, 1], "row 1 has none of 1 templates"),
        ([b"a"], [0], [0, 1], [-1], "row 0 has none of 1 templates"),
        ([b"a"], [0], [0, 2], [0], r"starts\[1\] is not an index of parts, or goes back"),
        ([b"a"], [0], [1, 0], [0], r"starts\[1\] is not an index of parts, or goes back"),
        ([b"a"], [0], [-1, 0], [0], r"starts\[0\] is not an index of parts, or goes back"),
        ([b"a"], [1], [0, 1], [0], r"parts\[0\] is not one of 1 pieces"),
        ([b"a"], [-1], [0, 1], [0], r"parts\[0\] is not one of 1 pieces"),
    ],
)
def test_bounds(fillings, pieces, parts, starts, templates, message) -> None:
    """Nothing is read that is not there, also for templates that no row has."""
    for filling in fillings:
        with pytest.raises(ValueError, match=f"^{message}$"):
            filling.fill_rows(pieces, ints(*parts), ints(*starts), ints(*templates))


def test_invalid_columns(fillings) -> None:
    """Negative first rows, and offsets that go back in a row that is filled."""
    pa = pytest.importorskip("pyarrow")
    offsets = pa.py_buffer(array("i", [0, 3, 1, 6]))
    column = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"abcdef")])
    (chunk,) = read_chunks(column)
    for filling in fillings:
        with pytest.raises(ValueError, match="row 1 is outside its buffer"):
            filling.fill_rows([(chunk.addresses, 0)], ints(0), ints(0, 1), ints(0, 0, 0))
        offsets, filled = filling.fill_rows(
            [(chunk.addresses, 0), b"x"], ints(0, 1), ints(0, 1, 2), ints(0, 1, 1)
        )
        assert filled == b"abcxx"
        with pytest.raises(ValueError, match="-1"):
            filling.fill_rows([(chunk.addresses, -1)], ints(0), ints(0, 1), ints(0))
        with pytest.raises(TypeError):
            filling.fill_rows([7], ints(0), ints(0, 1), ints(0))
