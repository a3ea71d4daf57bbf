"""Rows joined, records counted, UTF-8 told from what is not: the same in both twins."""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from septet.arrow.rows import Addresses
from septet.arrow.structures import read_chunks

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LAYOUTS = st.sampled_from(["string", "large_string", "string_view"])
# What begins, goes on and ends within UTF-8, and at the borders of what it may be.
OCTETS = st.lists(
    st.sampled_from([*b"a\x7f\x80\x8f\x90\x9f\xa0\xbf\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1"])
    | st.sampled_from([*b"\xf3\xf4\xf5\xff"]),
    max_size=5,
).map(bytes)
ROWS = st.lists(OCTETS | TEXTS.map(str.encode), max_size=6)


def chunk_of(texts, layout, first=0):
    pa = pytest.importorskip("pyarrow")
    (chunk,) = read_chunks(pa.array(["?"] * first + texts, getattr(pa, layout)())[first:])
    return chunk


def place(chunk):
    return chunk.addresses, chunk.offset


def by_hand(offsets, octets):
    """Return an Arrow column of layout "u" with whatever offsets, and what owns its memory."""
    rows, values = array("i", offsets), array("B", octets)
    addresses = (rows.buffer_info()[0], values.buffer_info()[0])
    return Addresses("u", *addresses, 0, 0, 0, 0), (rows, values)


@given(
    rows=st.lists(st.tuples(TEXTS, st.none() | TEXTS), max_size=12),
    constants=st.tuples(TEXTS, TEXTS, TEXTS),
    layouts=st.tuples(LAYOUTS, LAYOUTS),
    first=st.integers(0, 3),
    data=st.data(),
)
@example(rows=[("x" * 32, None)] * 3, constants=("y" * 32, "y" * 33, ""), layouts=("string",) * 2,
         first=0, data=None)  # fmt: skip
def test_rows_are_joined(tallies, rows, constants, layouts, first, data) -> None:
    """Any pieces of any layout, all rows or some in any order; nulls add nothing."""
    columns = [[row[at] for row in rows] for at in range(2)]
    chunks = [chunk_of(*its, first) for its in zip(columns, layouts, strict=True)]
    octets = [text.encode() for text in constants]
    pieces = [octets[0], place(chunks[0]), octets[1], place(chunks[1]), place(chunks[0]), octets[2]]
    expected = [
        "".join((constants[0], one, constants[1], other or "", one, constants[2])).encode()
        for one, other in rows
    ]
    chosen = st.lists(st.integers(0, len(rows) - 1), max_size=9) if rows else st.just([])
    wanted = [0] * bool(rows) if data is None else data.draw(chosen)
    for twin in tallies.values():
        for places in (None, wanted):
            numbers = None if places is None else memoryview(array("i", places))
            offsets, joined = twin.join_rows(pieces, len(rows), numbers)
            borders = pairwise(memoryview(offsets).cast("q"))
            found = [bytes(joined[start:end]) for start, end in borders]
            assert found == [
                expected[row] for row in (range(len(rows)) if places is None else places)
            ]
            assert len(joined) == sum(map(len, found))
        assert twin.join_rows([], 2) == (bytearray(24), b"")


@pytest.mark.parametrize("offsets", [[0, 3, 1, 6], [0, 3, 9, 6], [-1, 3, 4, 6], [7, 7, 7, 6]])
def test_hostile_rows_are_not_joined(tallies, offsets) -> None:
    """The row is named, and nothing is read there; rows that are not wanted may be anything."""
    column, memory = by_hand(offsets, b"+12+34")
    row = 0 if offsets[0] not in range(4) else 1
    rows = memoryview(array("i", [2, row]))
    for twin in tallies.values():
        for wanted in (None, rows[1:]):
            with pytest.raises(ValueError, match=f"row {row} is outside its buffer"):
                twin.join_rows([b"x", (column, 0)], 3, wanted)
        with pytest.raises(ValueError, match="a row is outside its buffer"):
            twin.count_empty(column, 0, 3)
        assert twin.are_utf8(column, 0, 3) is False
    column, memory = by_hand([0, 9, 3, 6], b"+12+34")
    for twin in tallies.values():
        assert twin.join_rows([(column, 0)], 3, rows[:1])[1] == b"+34"
    assert memory


def test_views_of_nulls_may_be_anything(tallies) -> None:
    """They are not looked at."""
    views, validity = array("i", [1, ord("a"), 0, 0, 13, 0, 7, 0]), array("B", [1])
    addresses = (views.buffer_info()[0], validity.buffer_info()[0])
    column = Addresses("vu", addresses[0], 0, 0, 0, 0, addresses[1])
    for twin in tallies.values():
        assert twin.join_rows([b"x", (column, 0)], 2)[1] == b"xax"
        assert twin.count_empty(column, 0, 2) == 1


@given(rows=ROWS, first=st.integers(0, 2), layout=st.sampled_from(["binary", "large_binary"]))
@example(rows=[b"\xc3", b"\xa9"], first=0, layout="binary")  # one character, but no row is
@example(rows=[b"a" * 9, b"\xff"], first=1, layout="binary")
def test_utf8(tallies, rows, first, layout) -> None:
    """Told as Python does it, row by row, of slices too."""
    pa = pytest.importorskip("pyarrow")
    column = pa.array(rows, getattr(pa, layout)())
    _, offsets, octets = column.buffers()
    first = min(first, len(rows))
    kind = "u" if layout == "binary" else "U"
    column = Addresses(kind, offsets.address, octets.address if octets else 0, 0, 0, 0, 0)
    for twin in tallies.values():
        assert twin.are_utf8(column, first, len(rows)) == all(map(is_utf8, rows[first:]))
        assert twin.are_utf8(column, first, first) is True


def is_utf8(octets):
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_no_rows(tallies) -> None:
    """There may be no memory at all."""
    nothing = Addresses("u", 0, 0, 0, 0, 0, 0)
    for twin in tallies.values():
        assert twin.are_utf8(nothing, 0, 0) is True
        assert twin.count_empty(nothing, 0, 0) == 0
        assert twin.join_rows([b"x", (nothing, 0)], 0) == (bytearray(8), b"")


@given(texts=st.lists(st.none() | TEXTS, max_size=9), layout=LAYOUTS, first=st.integers(0, 2))
def test_empty_texts(tallies, texts, layout, first) -> None:
    """A null is empty too."""
    chunk = chunk_of(texts, layout, first)
    for twin in tallies.values():
        stop = chunk.offset + chunk.length
        empty = twin.count_empty(chunk.addresses, chunk.offset, stop)
        assert empty == sum(not text for text in texts)


@given(
    facts=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1)), max_size=40),
    most=st.integers(0, 4),
    is_ucs2=st.booleans(),
    others=st.integers(0, 3),
    data=st.data(),
)
def test_records(tallies, facts, most, is_ucs2, others, data) -> None:
    """Rows beyond, and how often each record is among them, the first ones first."""
    segments = memoryview(array("i", [its[0] for its in facts]))
    encodings = memoryview(array("B", [its[1] for its in facts]))
    beyond = [row for row, its in enumerate(facts) if its[0] > most or its[1] > is_ucs2]
    numbers = st.lists(st.integers(-3, 3), min_size=len(beyond), max_size=len(beyond))
    values = [data.draw(numbers) for _ in range(others)]
    columns = [memoryview(array("i", its)) for its in values]
    records = zip(*zip(*map(facts.__getitem__, beyond), strict=True), *values, strict=True)
    expected = Counter(records if beyond else ())
    for twin in tallies.values():
        rows = twin.find_rows_beyond(segments, encodings, most, is_ucs2)
        assert rows.tolist() == beyond
        found = twin.count_distinct_rows([segments, encodings], rows, columns)
        assert found == [(count, *record) for record, count in expected.items()]
        with pytest.raises(
            ValueError, match=f"has {len(beyond) + 1} values for {len(beyond)} rows"
        ):
            twin.count_distinct_rows(
                [segments], rows, [memoryview(array("i", [0] * (len(beyond) + 1)))]
            )


def test_records_in_a_row(tallies) -> None:
    """Those that are alike are one, whatever comes after each."""
    rows = memoryview(array("i", range(20)))
    values = memoryview(array("i", [5, *range(6, 15), 5, *range(15, 24)]))
    for twin in tallies.values():
        found = twin.count_distinct_rows([values], rows, [])
        assert found == [(2, 5), *((1, value) for value in range(6, 24))]
