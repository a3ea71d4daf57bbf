"""Numbers of the distinct values of columns: the same in both implementations."""

from __future__ import annotations

from array import array
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import text_columns
from septet.arrow.rows import Addresses, Outcome
from septet.arrow.structures import read_chunks
from septet.columns.surveys import number_values

NO_ROWS = Addresses("u", 0, 0, 0, 0, 0, 0)
VALUES = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def ints(length: int) -> memoryview:
    """Return a buffer of int32."""
    return memoryview(array("i", bytes(4 * length)))


@given(columns=st.lists(st.lists(VALUES, max_size=20), max_size=4))
def test_numbers(implementations, columns) -> None:
    """Each new value gets the next number, which it keeps in all later columns."""
    pa = pytest.importorskip("pyarrow")
    for implementation in implementations.values():
        for kind in (None, pa.string(), pa.large_string(), pa.string_view()):
            index = implementation.functions.ValueIndex()
            expected: dict[str | None, int] = {}
            for column in columns:
                numbers = [expected.setdefault(value, len(expected)) for value in column]
                made = column if kind is None else pa.array(column, kind)
                assert [*number_values(index, made)] == numbers
                assert [*number_values(index, column)] == numbers
            assert index.values() == [*expected]
            assert len(index) == len(expected)


@given(
    values=st.lists(VALUES, unique=True, min_size=1),
    rows=st.lists(st.none() | st.integers(0, 10**6), max_size=20),
)
def test_dictionaries(implementations, values, rows) -> None:
    """All values of a dictionary are numbered; a null row has the number of a null value."""
    pa = pytest.importorskip("pyarrow")
    indexes = [row if row is None else row % len(values) for row in rows]
    expected = [None if index is None else values[index] for index in indexes]
    dictionary = pa.DictionaryArray.from_arrays(pa.array(indexes, pa.int16()), pa.array(values))
    for implementation in implementations.values():
        index = implementation.functions.ValueIndex()
        numbers = number_values(index, dictionary)
        assert index.values()[: len(values)] == values
        assert [index.values()[number] for number in numbers] == expected


@pytest.mark.parametrize("make", text_columns.COLUMNS, ids=lambda make: make.__name__)
def test_columns_of_every_kind(implementations, make) -> None:
    """Whatever column `count_many` takes."""
    values = ["one", None, "a text of more than 12 octets", "", "one", "żółw", None]
    for implementation in implementations.values():
        index = implementation.functions.ValueIndex()
        numbers = number_values(index, make(values))
        assert [index.values()[number] for number in numbers] == values


def test_many_values(implementations) -> None:
    """More values than there is room for at first."""
    for implementation in implementations.values():
        index = implementation.functions.ValueIndex()
        values = [f"value {number}" for number in range(3000)]
        assert [*number_values(index, values)] == [*range(3000)]
        assert [*number_values(index, iter(reversed(values)))] == [*reversed(range(3000))]
        assert index.values(2998) == ["value 2998", "value 2999"]
        assert index.values(3000) == []


def test_lists(implementations) -> None:
    """Lone surrogates are values, and a subclass of `str` is its characters."""

    class Liar(str):
        __slots__ = ()
        __hash__ = None

        def encode(self, *_: object) -> bytes:
            return b"no"

    for implementation in implementations.values():
        index = implementation.functions.ValueIndex()
        values = ["\ud83d\ude00", "😀", "\udcff", Liar("a"), "a"]
        assert [*number_values(index, values)] == [0, 1, 2, 3, 3]
        assert index.values() == ["\ud83d\ude00", "😀", "\udcff", "a"]
        assert {type(value) for value in index.values()} == {str}
        with pytest.raises(TypeError, match=r"^row 1: value must be str or None, not int$"):
            number_values(index, ["a", 1])


def test_bytes_that_are_not_utf8(implementations) -> None:
    """Such a value is an error, and not added."""
    pa = pytest.importorskip("pyarrow")
    column = pa.array([b"a", b"\xff", b"b"], pa.binary()).view(pa.string())
    for implementation in implementations.values():
        index = implementation.functions.ValueIndex()
        with pytest.raises(ValueError, match=r"^row 1: its text is not UTF-8$"):
            number_values(index, column)
        assert index.values() == ["a"]


def test_what_is_refused(implementations) -> None:
    """Ranges and buffers of another length, and rows outside their buffer."""
    pa = pytest.importorskip("pyarrow")
    (chunk,) = read_chunks(pa.array(["a"]))
    for implementation in implementations.values():
        index = implementation.functions.ValueIndex()
        texts = ["a", None, "b"]
        for first, stop in [(-1, 2), (2, 1)]:
            with pytest.raises(ValueError, match="first must be from 0 to stop"):
                index.find_texts(texts, first, stop, ints(3), 0)
            with pytest.raises(ValueError, match="first must be from 0 to stop"):
                index.find_rows(NO_ROWS, first, stop, ints(3))
        with pytest.raises(ValueError, match="numbers has 2 values for 3 rows"):
            index.find_texts(texts, 0, 3, ints(2), 0)
        with pytest.raises(ValueError, match="numbers has 0 values for 1 rows"):
            index.find_rows(NO_ROWS, 0, 1, ints(0))
        with pytest.raises(RuntimeError, match="the list changed"):
            index.find_texts(texts, 0, 4, ints(4), 0)
        for first in (-1, 1):
            with pytest.raises(ValueError, match="first must be from 0 to stop"):
                index.values(first)
        assert index.find_rows(NO_ROWS, 0, 0, ints(0)) == (Outcome.FINE, 0)
        offsets = array("i", [0, 1, 0, 1])
        column = chunk.addresses._replace(rows=offsets.buffer_info()[0])
        assert index.find_rows(column, 0, 3, ints(3)) == (Outcome.OFFSETS_GO_BACK, 1)


ROWS = st.tuples(
    st.integers(0, 5), st.integers(-5, 3), st.integers(1, 300), st.sampled_from([0, 7])
)


@given(batches=st.lists(st.lists(ROWS, max_size=30), max_size=4))
def test_group_counts(implementations, batches) -> None:
    """Batches add up until the counts are taken; rows without units are left out."""
    for implementation in implementations.values():
        counts = implementation.functions.GroupCounts()
        expected: Counter[tuple[int, ...]] = Counter()
        for batch in batches:
            columns = [memoryview(array("i", column)) for column in zip(*batch, strict=True)]
            counts.add(*(columns or [ints(0)] * 4))
            expected.update(row[:3] for row in batch if row[3])
        assert counts.take() == expected
        assert counts.take() == {}


def test_many_group_counts(implementations) -> None:
    """More groups than there is room for at first."""
    groups = memoryview(array("i", [*range(2000), *range(1000)]))
    ones = memoryview(array("i", [1] * 3000))
    for implementation in implementations.values():
        counts = implementation.functions.GroupCounts()
        counts.add(groups, ones, ones, ones)
        assert counts.take() == {(group, 1, 1): 1 + (group < 1000) for group in range(2000)}


def test_group_counts_of_columns_of_other_lengths(implementations) -> None:
    """They are refused."""
    for implementation in implementations.values():
        counts = implementation.functions.GroupCounts()
        for place, name in enumerate(("rates", "segments", "units"), 1):
            columns = [ints(3)] * 4
            columns[place] = ints(2)
            with pytest.raises(ValueError, match=f"^{name} has 2 values for 3 rows$"):
                counts.add(*columns)
        assert counts.take() == {}


@given(
    shape=st.tuples(st.integers(0, 4), st.integers(1, 4)),
    rows=st.lists(st.tuples(st.integers(-5, 6), st.integers(0, 5)), max_size=30),
    data=st.data(),
)
def test_choose_by_network(implementations, shape, rows, data) -> None:
    """Each rate that is a line of the table becomes the one in the column of the row's network."""
    lines, width = shape
    columns = data.draw(st.lists(st.integers(0, width - 1), min_size=6, max_size=6))
    table = [100 + cell for cell in range(lines * width)]
    expected = [
        table[rate * width + columns[network]] if 0 <= rate < lines else rate
        for rate, network in rows
    ]
    for implementation in implementations.values():
        rates, networks = (array("i", [row[part] for row in rows]) for part in (0, 1))
        arguments = (memoryview(array("i", each)) for each in (networks, columns, table))
        implementation.functions.choose_by_network(memoryview(rates), *arguments, width)
        assert [*rates] == expected
