"""Kept columns of Arrow sources: any type becomes text, or what Parquet can hold, or one error."""

import datetime

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from septet.costing.writing.arrow_columns import check_writable, iter_cells, to_parquet  # noqa: E402
from septet.exceptions import SourceError  # noqa: E402

LONG = "a text that is not in its view"
VIEWS = pa.array([LONG, None, "b"], pa.string_view())
DISTINCT = pa.array([LONG, "b"], pa.string_view())
CATEGORIES = pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.uint8()), DISTINCT)
OFFSETS = pa.array([0, 1, 1, 3], pa.int32())
COLUMNS = [
    VIEWS,
    VIEWS.view(pa.binary_view()),
    CATEGORIES,
    pa.ListArray.from_arrays(OFFSETS, CATEGORIES),
    pa.LargeListArray.from_arrays(OFFSETS.cast(pa.int64()), VIEWS),
    pa.ListArray.from_arrays(OFFSETS, VIEWS)[1:],
    pa.StructArray.from_arrays([VIEWS, CATEGORIES], ["a", "b"]),
    pa.StructArray.from_arrays([CATEGORIES], ["a"], mask=pa.array([False, True, False])),
    pa.array([[{"a": LONG}], None, [{"a": None}]], pa.list_(pa.struct([("a", pa.string_view())]))),
    pa.MapArray.from_arrays(OFFSETS, pa.array(["k", "l", "m"]), CATEGORIES),
    pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), pa.array([["a"], []])),
    pa.array([[1], None, [2, 3]], pa.list_view(pa.int8())),
    pa.array([1, None, 2]),
    pa.nulls(3),
    pa.array([1, None, 3], pa.duration("s")),
]


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column.type))
def test_parquet(tmp_path, column):
    """The values are kept, in a type that can be written."""
    written = to_parquet(column, "a.arrow: column 'c'")
    assert written.to_pylist() == column.to_pylist()
    pq.write_table(pa.table({"c": written}), tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet")["c"].to_pylist() == column.to_pylist()


def test_categories_stay_categories():
    """Their values become strings with offsets."""
    assert to_parquet(CATEGORIES, "").type == pa.dictionary(pa.uint8(), pa.large_string())


def test_types_that_parquet_has_stay(tmp_path):
    """The array itself is written."""
    column = pa.array([["a"], None])
    assert to_parquet(column, "") is column


def test_columns_that_cannot_be_written():
    """The error names the column, whatever the reason is."""
    column = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
    with pytest.raises(SourceError, match=r"^a\.arrow: column 'c' cannot be written as Parquet: "):
        check_writable(column, "a.arrow: column 'c'")
    check_writable(pa.array([1], pa.timestamp("s")), "a.arrow: column 'c'")


def test_runs():
    """Run-end-encoded arrays are decoded, whole or sliced."""
    if tuple(map(int, pa.__version__.split(".")[:1])) < (17,):
        pytest.skip("this pyarrow makes no run-end-encoded arrays")
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([2, 3], pa.int32()), pa.array(["a", None]))
    for column in (runs, runs[1:]):
        assert to_parquet(column, "").equals(pa.array(column.to_pylist()))
    in_list = pa.ListArray.from_arrays(OFFSETS, runs)
    assert to_parquet(in_list, "").to_pylist() == [["a"], [], ["a", None]]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([(1, 2, 3)], pa.month_day_nano_interval()),
        pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.array([1])]),
        pa.array([{}], pa.struct([])),
        pa.nulls(1, pa.decimal128(5, -2)),
        pa.nulls(1, pa.list_(pa.decimal128(3, 5))),
    ],
    ids=lambda column: str(column.type),
)
def test_types_that_parquet_lacks(column):
    """One error names the column and the type."""
    with pytest.raises(SourceError) as caught:
        to_parquet(column, "a.arrow: column 'c'")
    assert str(caught.value) == (
        f"a.arrow: column 'c' cannot be written as Parquet, which has no type {column.type}; "
        "write CSV instead"
    )


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column.type))
def test_cells(column):
    """They are Python's objects, and bytes are text."""
    expected = [cell.decode() if isinstance(cell, bytes) else cell for cell in column.to_pylist()]
    assert list(iter_cells(column, "")) == expected


def test_bytes_that_are_not_utf8():
    """They can be written again as they were."""
    offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0")
    texts = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"\xffx")])
    assert list(iter_cells(texts, "")) == ["\udcff", "x"]
    categories = pa.DictionaryArray.from_arrays(pa.array([1, 0]), texts)
    assert list(iter_cells(categories, "")) == ["x", "\udcff"]
    assert list(iter_cells(texts.view(pa.binary()), "")) == ["\udcff", "x"]


def test_dates_that_python_lacks():
    """They are no error: pyarrow shows them in its own way."""
    days = pa.array([0, 2**30], pa.date32())
    first, second = iter_cells(days, "")
    assert first == datetime.date(1970, 1, 1)
    assert isinstance(second, str)


def test_cells_that_cannot_be_shown():
    """One error names the column."""
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"])
    with pytest.raises(SourceError, match=r"^a\.arrow: column 'c' cannot be written as text: "):
        list(iter_cells(twice, "a.arrow: column 'c'"))
