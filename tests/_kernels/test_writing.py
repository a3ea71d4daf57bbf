"""Rows of priced files: the same in both implementations, and records as `csv` writes them."""

from __future__ import annotations

import csv
import io
from array import array

import pytest
from hypothesis import example, given
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


def spans_of(*borders: int) -> memoryview:
    return memoryview(array("q", borders))


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
    records=st.lists(st.tuples(st.binary(max_size=3), st.binary(max_size=40)), max_size=12),
    fields=st.lists(st.tuples(st.binary(max_size=40), st.binary(max_size=40)), min_size=1),
    units=st.integers(0, 2**31 - 1),
    data=st.data(),
)
@example(records=[(b"", b"")], fields=[(b"", b"")], units=0, data=None)
def test_append_fields(implementations, records, fields, units, data) -> None:
    """Records keep their bytes, whatever is between them, and in any order."""
    joined, borders = b"", []
    for gap, record in records:
        joined += gap
        borders.append((len(joined), len(joined) + len(record)))
        joined += record
    picks = st.lists(st.sampled_from(fields), min_size=len(records), max_size=len(records))
    chosen = [fields[0]] * len(records) if data is None else data.draw(picks)
    numbers = ints(map(fields.index, chosen))
    counts = ints(units >> row for row in range(len(records)))
    before, after = map(list, zip(*fields, strict=True))
    expected = b"".join(
        record + first + b"%d" % count + second
        for (_, record), (first, second), count in zip(records, chosen, counts, strict=True)
    )
    spans = spans_of(*[border for span in borders for border in span])
    for implementation in implementations.values():
        for copy in (joined, bytearray(joined)):
            assert (
                implementation.functions.append_fields(copy, spans, counts, numbers, before, after)
                == expected
            )


@pytest.mark.parametrize(
    ("spans", "units", "numbers"),
    [
        ((-1, 1), 1, 0),
        ((2, 1), 1, 0),
        ((0, 4), 1, 0),
        ((4, 4), 1, 0),
        ((0, 1), -1, 0),
        ((0, 1), 1, -1),
        ((0, 1), 1, 1),
    ],
)
def test_invalid_records(implementations, spans, units, numbers) -> None:
    """The error names the record."""
    arguments = spans_of(0, 3, *spans), ints([1, units]), ints([0, numbers])
    for implementation in implementations.values():
        with pytest.raises(ValueError, match="record 1 is not in the data, or has no fields"):
            implementation.functions.append_fields(b"abc", *arguments, [b","], [b"\n"])


@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8),
    layouts=st.tuples(LAYOUTS, LAYOUTS, LAYOUTS),
    first=st.integers(0, 2),
    delimiter=st.sampled_from(";,\t"),
)
def test_make_records(implementations, rows, layouts, first, delimiter) -> None:
    """Cells are in quotes where `csv` writes quotes."""
    pa = pytest.importorskip("pyarrow")
    text = io.StringIO(newline="")
    expected = []
    for row in rows:
        csv.writer(text, delimiter=delimiter).writerow(row)
        expected.append(text.getvalue().removesuffix("\r\n").encode())
        text.seek(0)
        text.truncate()
    columns = []
    for position, layout in enumerate(layouts):
        cells = ["?"] * first + [row[position] for row in rows]
        (chunk,) = read_chunks(pa.array(cells, getattr(pa, layout)())[first:])
        columns.append(chunk)
    pieces = [(chunk.addresses, chunk.offset) for chunk in columns]
    for implementation in implementations.values():
        records, spans = implementation.functions.make_records(pieces, len(rows), ord(delimiter))
        borders = memoryview(spans).cast("q")
        assert [
            records[start:stop] for start, stop in zip(borders[::2], borders[1::2], strict=True)
        ] == expected
        assert len(records) == sum(map(len, expected))


def test_no_columns(implementations) -> None:
    """Records of nothing are empty."""
    for implementation in implementations.values():
        assert implementation.functions.make_records([], 2, ord(",")) == (
            bytearray(),
            bytearray(32),
        )


@pytest.mark.parametrize("offsets", [[0, 3, 1, 6], [0, 3, 9, 6], [-1, 3, 4, 6], [7, 7, 7, 6]])
def test_invalid_rows(implementations, offsets) -> None:
    """The error names the row, and nothing is read there."""
    rows, values = array("i", offsets), array("B", b"+12+34")
    column = Addresses("u", rows.buffer_info()[0], values.buffer_info()[0], 0, 0, 0, 0)
    row = 0 if offsets[0] not in range(4) else 1
    for implementation in implementations.values():
        with pytest.raises(ValueError, match=f"row {row} is outside its buffer"):
            implementation.functions.make_records([(column, 0)], 3, ord(","))
