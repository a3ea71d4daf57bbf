"""Rows of priced files: the same in both implementations, and records as `csv` writes them."""

from __future__ import annotations

import csv
import io
from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.rows import Addresses
from septet.arrow.structures import read_chunks

FACTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.integers(-2, 2)),
    max_size=40,
)
CELLS = st.none() | st.text(st.sampled_from('a;,\t"\r\n é’'), max_size=6) | st.just("b" * 40)
LAYOUTS = st.sampled_from(["string", "large_string", "string_view"])


def ints(values) -> memoryview:
    return memoryview(array("i", values))


def piece_of(texts, layout, first):
    """Return an Arrow column whose row `first` is the first text, and its owner."""
    pa = pytest.importorskip("pyarrow")
    (chunk,) = read_chunks(pa.array(["?"] * first + texts, getattr(pa, layout)())[first:])
    return (chunk.addresses, chunk.offset), chunk


@given(rows=FACTS)
def test_number_prices(implementations, rows) -> None:
    """Each row gets the number of its combination; rows without text have one."""
    segments, units, encodings, rates = zip(*rows, strict=True) if rows else ((), (), (), ())
    expected = [
        (encoding, rate, segment_count) if unit_count else None
        for segment_count, unit_count, encoding, rate in rows
    ]
    for implementation in implementations.values():
        numbers = ints([9] * len(rows))
        distinct = implementation.functions.number_prices(
            ints(segments), ints(units), memoryview(bytes(encodings)), ints(rates), numbers
        )
        firsts = list(dict.fromkeys(expected))
        assert distinct == [first or (0, 0, 0) for first in firsts]
        assert list(numbers) == [firsts.index(row) for row in expected]


@given(
    records=st.lists(st.none() | st.text("a\xe9", max_size=40), max_size=12),
    layout=LAYOUTS,
    first=st.integers(0, 2),
    fields=st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=40)), min_size=1),
    units=st.integers(0, 2**31 - 1),
    data=st.data(),
)
def test_append_fields(implementations, records, layout, first, fields, units, data) -> None:
    """Records of any layout keep their bytes."""
    chosen = data.draw(st.lists(st.sampled_from(fields), min_size=len(records), max_size=99))
    chosen = chosen[: len(records)]
    counts = [units >> row for row in range(len(records))]
    expected = b"".join(
        (record or "").encode() + before + b"%d" % count + after
        for record, (before, after), count in zip(records, chosen, counts, strict=True)
    )
    piece, owner = piece_of(records, layout, first)
    arguments = ints(counts), ints(map(fields.index, chosen)), *map(list, zip(*fields, strict=True))
    for implementation in implementations.values():
        assert implementation.functions.append_fields(piece, *arguments) == expected
    assert owner


@pytest.mark.parametrize(
    ("offsets", "units", "number"),
    [((0, 1, 0), 1, 0), ((0, 1, 3), -1, 0), ((0, 1, 3), 1, -1), ((0, 1, 3), 1, 1)],
)
def test_invalid_records(implementations, offsets, units, number) -> None:
    """The error names the record."""
    rows, values = array("i", offsets), array("B", b"abc")
    column = Addresses("u", rows.buffer_info()[0], values.buffer_info()[0], 0, 0, 0, 0)
    bad = 0 if offsets[2] < offsets[1] else 1
    for implementation in implementations.values():
        with pytest.raises(ValueError, match=f"record {bad} is outside its buffer, or has no"):
            implementation.functions.append_fields(
                (column, 0), ints([1, units]), ints([0, number]), [b","], [b"\n"]
            )


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8),
    layouts=st.tuples(LAYOUTS, LAYOUTS, LAYOUTS),
    first=st.integers(0, 2),
    delimiter=st.sampled_from(";,\t"),
)
def test_make_records(implementations, rows, layouts, first, delimiter) -> None:
    """Cells are in quotes where `csv` writes quotes."""
    text = io.StringIO(newline="")
    expected = []
    for row in rows:
        csv.writer(text, delimiter=delimiter).writerow(row)
        expected.append(text.getvalue().removesuffix("\r\n").encode())
        text.seek(0)
        text.truncate()
    pieces, owners = [], []
    for position, layout in enumerate(layouts):
        piece, owner = piece_of([row[position] for row in rows], layout, first)
        pieces.append(piece)
        owners.append(owner)
    for implementation in implementations.values():
        offsets, records = implementation.functions.make_records(
            pieces, len(rows), ord(delimiter), 2**60
        )
        borders = pairwise(memoryview(offsets).cast("q"))
        assert [records[start:stop] for start, stop in borders] == expected
        assert len(records) == sum(map(len, expected))


@pytest.mark.parametrize(("max_size", "rows"), [(0, 1), (9, 1), (10, 2), (102, 2), (103, 3)])
def test_size_of_records(implementations, max_size, rows) -> None:
    """One row at least; for each cell twice its bytes and 3."""
    pieces, owners = zip(*[piece_of(["ab", None, "b" * 45], "string", 0)], strict=True)
    for implementation in implementations.values():
        offsets, records = implementation.functions.make_records([*pieces], 3, 44, max_size)
        assert len(offsets) == 8 * (rows + 1)
        assert records == b"ab" + b"b" * 45 * (rows > 2)
    assert owners


def test_no_columns(implementations) -> None:
    """Records of nothing are empty."""
    for implementation in implementations.values():
        made = implementation.functions.make_records([], 2, ord(","), 99)
        assert made == (bytearray(24), bytearray())


@pytest.mark.parametrize("offsets", [[0, 3, 1, 6], [0, 3, 9, 6], [-1, 3, 4, 6], [7, 7, 7, 6]])
def test_invalid_rows(implementations, offsets) -> None:
    """The error names the row, and nothing is read there."""
    rows, values = array("i", offsets), array("B", b"+12+34")
    column = Addresses("u", rows.buffer_info()[0], values.buffer_info()[0], 0, 0, 0, 0)
    row = 0 if offsets[0] not in range(4) else 1
    for implementation in implementations.values():
        with pytest.raises(ValueError, match=f"row {row} is outside its buffer"):
            implementation.functions.make_records([(column, 0)], 3, ord(","), 99)
