"""Joining rows, counting distinct rows, checking UTF-8: the same in both implementations."""

from __future__ import annotations

import sys
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
# Lead and continuation octets at the boundaries of valid UTF-8.
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


def piece_of(chunk):
    return chunk.addresses, chunk.offset


def by_hand(offsets, octets):
    """Return an Arrow column of layout "u" with any offsets, and the owners of its memory."""
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
def test_join_rows(tallies, rows, constants, layouts, first, data) -> None:
    """Pieces of any layout, all rows or some rows in any order; nulls add nothing."""
    columns = [[row[at] for row in rows] for at in range(2)]
    chunks = [
        chunk_of(column, layout, first) for column, layout in zip(columns, layouts, strict=True)
    ]
    octets = [text.encode() for text in constants]
    pieces = [
        octets[0],
        piece_of(chunks[0]),
        octets[1],
        piece_of(chunks[1]),
        piece_of(chunks[0]),
        octets[2],
    ]
    expected = [
        "".join((constants[0], one, constants[1], other or "", one, constants[2])).encode()
        for one, other in rows
    ]
    chosen = st.lists(st.integers(0, len(rows) - 1), max_size=9) if rows else st.just([])
    wanted = [0] * bool(rows) if data is None else data.draw(chosen)
    for tally in tallies.values():
        for selected in (None, wanted):
            numbers = None if selected is None else memoryview(array("i", selected))
            offsets, joined = tally.join_rows(pieces, len(rows), numbers)
            borders = pairwise(memoryview(offsets).cast("q"))
            joined_rows = [bytes(joined[start:end]) for start, end in borders]
            assert joined_rows == [
                expected[row] for row in (range(len(rows)) if selected is None else selected)
            ]
            assert len(joined) == sum(map(len, joined_rows))
        assert tally.join_rows([], 2) == (bytearray(24), b"")


@pytest.mark.parametrize("offsets", [[0, 3, 1, 6], [0, 3, 9, 6], [-1, 3, 4, 6], [7, 7, 7, 6]])
def test_invalid_rows(tallies, offsets) -> None:
    """The error names the row, and nothing is read there; other rows may be invalid."""
    column, memory = by_hand(offsets, b"+12+34")
    row = 0 if offsets[0] not in range(4) else 1
    rows = memoryview(array("i", [2, row]))
    for tally in tallies.values():
        for wanted in (None, rows[1:]):
            with pytest.raises(ValueError, match=f"row {row} is outside its buffer"):
                tally.join_rows([b"x", (column, 0)], 3, wanted)
        with pytest.raises(ValueError, match="a row is outside its buffer"):
            tally.count_empty(column, 0, 3)
        assert tally.are_utf8(column, 0, 3) is False
    column, memory = by_hand([0, 9, 3, 6], b"+12+34")
    for tally in tallies.values():
        assert tally.join_rows([(column, 0)], 3, rows[:1])[1] == b"+34"
    assert memory


def test_invalid_views_of_nulls(tallies) -> None:
    """They are not read."""
    a = int.from_bytes(b"a\0\0\0", sys.byteorder)
    views, validity = array("i", [1, a, 0, 0, 13, 0, 7, 0]), array("B", [1])
    addresses = (views.buffer_info()[0], validity.buffer_info()[0])
    column = Addresses("vu", addresses[0], 0, 0, 0, 0, addresses[1])
    for tally in tallies.values():
        assert tally.join_rows([b"x", (column, 0)], 2)[1] == b"xax"
        assert tally.count_empty(column, 0, 2) == 1


@given(rows=ROWS, first=st.integers(0, 2), layout=st.sampled_from(["binary", "large_binary"]))
@example(rows=[b"\xc3", b"\xa9"], first=0, layout="binary")  # one character, but no row is
@example(rows=[b"a" * 9, b"\xff"], first=1, layout="binary")
def test_utf8(tallies, rows, first, layout) -> None:
    """The result is that of Python for each row, for slices too."""
    pa = pytest.importorskip("pyarrow")
    column = pa.array(rows, getattr(pa, layout)())
    _, offsets, octets = column.buffers()
    first = min(first, len(rows))
    kind = "u" if layout == "binary" else "U"
    column = Addresses(kind, offsets.address, octets.address if octets else 0, 0, 0, 0, 0)
    for tally in tallies.values():
        assert tally.are_utf8(column, first, len(rows)) == all(map(is_utf8, rows[first:]))
        assert tally.are_utf8(column, first, first) is True


@given(
    text=st.text(min_size=70, max_size=120),
    position=st.integers(0, 69),
    octet=st.binary(min_size=1, max_size=1),
)
def test_long_utf8(tallies, text, position, octet) -> None:
    """The same for rows that vector code checks, with an octet that may be wrong, or cut off."""
    octets = text.encode("utf-8", "surrogatepass")
    for row in (octets, octets[:-1], octets[:position] + octet + octets[position + 1 :]):
        offsets = array("i", [0, len(row)])
        memory = array("B", row)
        addresses = offsets.buffer_info()[0], memory.buffer_info()[0]
        column = Addresses("u", *addresses, 0, 0, 0, 0)
        for tally in tallies.values():
            assert tally.are_utf8(column, 0, 1) == is_utf8(row)


def is_utf8(octets):
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_no_rows(tallies) -> None:
    """The addresses may be NULL."""
    nothing = Addresses("u", 0, 0, 0, 0, 0, 0)
    for tally in tallies.values():
        assert tally.are_utf8(nothing, 0, 0) is True
        assert tally.count_empty(nothing, 0, 0) == 0
        assert tally.join_rows([b"x", (nothing, 0)], 0) == (bytearray(8), b"")


@given(texts=st.lists(st.none() | TEXTS, max_size=9), layout=LAYOUTS, first=st.integers(0, 2))
def test_empty_texts(tallies, texts, layout, first) -> None:
    """A null counts as empty."""
    chunk = chunk_of(texts, layout, first)
    for tally in tallies.values():
        stop = chunk.offset + chunk.length
        empty = tally.count_empty(chunk.addresses, chunk.offset, stop)
        assert empty == sum(not text for text in texts)


@given(
    facts=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 1)), max_size=40),
    max_segments=st.integers(0, 4),
    is_ucs2=st.booleans(),
    others=st.integers(0, 3),
    data=st.data(),
)
def test_count_distinct_rows(tallies, facts, max_segments, is_ucs2, others, data) -> None:
    """Of the rows beyond a limit, in the order of first occurrence."""
    segments = memoryview(array("i", [segment_count for segment_count, _ in facts]))
    encodings = memoryview(array("B", [encoding for _, encoding in facts]))
    beyond = [
        row
        for row, (segment_count, encoding) in enumerate(facts)
        if segment_count > max_segments or encoding > is_ucs2
    ]
    numbers = st.lists(st.integers(-3, 3), min_size=len(beyond), max_size=len(beyond))
    values = [data.draw(numbers) for _ in range(others)]
    columns = [memoryview(array("i", column)) for column in values]
    records = zip(*zip(*map(facts.__getitem__, beyond), strict=True), *values, strict=True)
    expected = Counter(records if beyond else ())
    for tally in tallies.values():
        rows = tally.find_rows_beyond(segments, encodings, max_segments, is_ucs2)
        assert rows.tolist() == beyond
        counts = tally.count_distinct_rows([segments, encodings], rows, columns)
        assert counts == [(count, *record) for record, count in expected.items()]
        with pytest.raises(
            ValueError, match=f"has {len(beyond) + 1} values for {len(beyond)} rows"
        ):
            tally.count_distinct_rows(
                [segments], rows, [memoryview(array("i", [0] * (len(beyond) + 1)))]
            )


def test_equal_rows_apart(tallies) -> None:
    """Equal rows are counted together, whatever is between them."""
    rows = memoryview(array("i", range(20)))
    values = memoryview(array("i", [5, *range(6, 15), 5, *range(15, 24)]))
    for tally in tallies.values():
        counts = tally.count_distinct_rows([values], rows, [])
        assert counts == [(2, 5), *((1, value) for value in range(6, 24))]
