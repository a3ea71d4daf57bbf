"""The shortest messages of each encoding and number of segments, in both implementations."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.columns import surveys

SLOTS = 512
NONE = 2**31 - 1
FACTS = st.tuples(
    st.none() | st.text("aéж😀\0", max_size=14),
    st.integers(1, 4) | st.sampled_from([0, 255, 256, -1]),
    st.integers(5, 7),
    st.integers(0, 1),
)


def expected(rows, known):
    """The slots with their best rows, found by sorting."""
    best = {}
    for row, (text, segments, units, encoding) in enumerate(rows):
        slot = encoding * 256 + segments
        if 2 <= segments <= 255 and units <= known[slot]:
            key = units, (text or "").encode(), row
            best[slot] = min(key, best.get(slot, key))
    return [(slot > 255, slot % 256, row) for slot, (_, _, row) in sorted(best.items())]


@given(st.lists(FACTS, max_size=12), st.sampled_from([NONE, 6]), st.integers(0, 2))
def test_shortest(kernels, rows, limit, first) -> None:
    """Lists and all layouts of Arrow have the same rows, and those of a search by sorting."""
    pa = pytest.importorskip("pyarrow")
    find = kernels.functions.find_shortest
    known = memoryview(array("i", [limit]) * SLOTS)
    facts = [
        memoryview(array(kind, [row[place] for row in rows]))
        for place, kind in ((1, "i"), (2, "i"), (3, "B"))
    ]
    texts = [text or "" for text, *_ in rows]
    before = ["b"] * first
    stop = first + len(rows)
    wanted = expected(rows, known)
    assert find([*before, *texts], first, stop, *facts, known) == wanted
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        column = pa.array([*before, *(text for text, *_ in rows)], kind)[first:]
        for piece in surveys.read_plain_pieces(column):
            stop = piece.offset + piece.length
            assert find(piece.addresses, piece.offset, stop, *facts, known) == wanted


def test_wrong_bounds(kernels) -> None:
    """Buffers of other lengths, ranges and lists that are too short are errors."""
    find = kernels.functions.find_shortest
    ints, octets = (memoryview(array(kind, [2, 2])) for kind in "iB")
    known = memoryview(array("i", [NONE]) * SLOTS)
    for first, stop in [(-1, 1), (2, 1), (0, 3)]:
        with pytest.raises(ValueError, match="rows"):
            find(["a"] * 3, first, stop, ints, ints, octets, known)
    for short in (known[1:], memoryview(array("i"))):
        with pytest.raises(ValueError, match="known has"):
            find(["a"] * 2, 0, 2, ints, ints, octets, short)
    with pytest.raises(RuntimeError, match="changed"):
        find(["a"], 0, 2, ints, ints, octets, known)
    assert find([], 0, 0, ints[:0], ints[:0], octets[:0], known) == []


def test_what_is_no_text(kernels) -> None:
    """What another thread put into the list is never read; a subclass counts as its text."""

    class Other(str):
        __slots__ = ()

        def encode(self, *_):
            raise AssertionError

    ints, octets = memoryview(array("i", [2] * 4)), memoryview(array("B", [0] * 4))
    known = memoryview(array("i", [NONE]) * SLOTS)
    texts = [Other("b"), None, 7, Other("a")]
    assert kernels.functions.find_shortest(texts, 0, 4, ints, ints, octets, known) == [
        (False, 2, 3)
    ]


def test_rows_outside_their_buffer(kernels) -> None:
    """They are found before anything is read there."""
    pa = pytest.importorskip("pyarrow")
    offsets = pa.py_buffer(array("i", [0, 5, 3]))
    column = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"abcde")])
    ints, octets = memoryview(array("i", [2, 2])), memoryview(array("B", [0, 0]))
    (piece,) = surveys.read_plain_pieces(column)
    known = memoryview(array("i", [NONE]) * SLOTS)
    with pytest.raises(ValueError, match="outside its buffer"):
        kernels.functions.find_shortest(piece.addresses, 0, 2, ints, ints, octets, known)
