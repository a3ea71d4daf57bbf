"""Columns of all kinds of libraries are read; anything else is refused."""

from __future__ import annotations

import pytest

from scalar import SAMPLE, check_column
from septet.columns.pieces import read_dictionary, read_pieces

pa = pytest.importorskip("pyarrow")


class OnlyArray:
    """An Arrow array that has nothing but the method for its capsules."""

    def __init__(self, source: object) -> None:
        self.source = source

    def __arrow_c_array__(self, requested_schema=None):
        return self.source.__arrow_c_array__()


class OnlyStream:
    """An Arrow stream that has nothing but the method for its capsule."""

    def __init__(self, source: object) -> None:
        self.source = source

    def __arrow_c_stream__(self, requested_schema=None):
        return self.source.__arrow_c_stream__()


@pytest.mark.parametrize("wrap", [OnlyArray, OnlyStream, lambda column: column])
def test_any_producer(kernels, wrap) -> None:
    """Only the methods of the Arrow C data interface are used."""
    column = pa.array(SAMPLE)
    if wrap is OnlyStream:
        column = pa.chunked_array([column])
    check_column(kernels.Segmenter(), wrap(column), SAMPLE)


def test_chunks_dictionaries_and_tables(kernels) -> None:
    """Streams of several chunks, slices of them, dictionaries, tables of one column."""
    segmenter = kernels.Segmenter()
    check_column(segmenter, pa.chunked_array([SAMPLE[:3], [], SAMPLE[3:]]), SAMPLE)
    check_column(segmenter, pa.chunked_array([SAMPLE * 3, SAMPLE])[7:35], (SAMPLE * 4)[7:35])
    check_column(segmenter, pa.chunked_array([], pa.string()), [])
    uneven = [["a"] * 3, [None, "b"] * 5, ["c"] * 21, ["d", None], ["e"] * 9, [None]]
    check_column(segmenter, pa.chunked_array(uneven), [text for chunk in uneven for text in chunk])
    for index in (pa.int8(), pa.uint16(), pa.int32(), pa.uint64()):
        column = pa.array(SAMPLE * 3, pa.dictionary(index, pa.string()))
        check_column(segmenter, column, SAMPLE * 3)
        check_column(segmenter, column[4:21], (SAMPLE * 3)[4:21])
    null_inside = pa.DictionaryArray.from_arrays([0, 1, None, 0], ["one", None])
    check_column(segmenter, null_inside, ["one", None, None, "one"])
    check_column(segmenter, pa.table({"body": SAMPLE}), SAMPLE)
    check_column(segmenter, pa.table({"body": SAMPLE}).to_batches()[0][2:9], SAMPLE[2:9])


def test_rows_that_are_all_null(kernels) -> None:
    """Arrow's type "null", which libraries use for columns without any text."""
    polars = pytest.importorskip("polars")
    for column in (
        pa.nulls(3),
        pa.chunked_array([pa.nulls(2), pa.nulls(0), pa.nulls(3)])[1:4],
        pa.nulls(3).dictionary_encode(),
        pa.table({"body": pa.nulls(5)}).to_batches()[0][1:4],
        polars.Series([None, None, None]),
    ):
        check_column(kernels.Segmenter(), column, [None] * 3, threads=2)
    check_column(kernels.Segmenter(keep_graphemes=True), pa.nulls(3), [None] * 3)
    check_column(kernels.Segmenter(), pa.nulls(0), [])


def test_sequences(kernels) -> None:
    """Lists, tuples, generators and NumPy arrays of texts."""
    segmenter = kernels.Segmenter(reference_bits=16)
    check_column(segmenter, SAMPLE, SAMPLE)
    check_column(segmenter, tuple(SAMPLE), SAMPLE)
    assert segmenter.count_many(text for text in SAMPLE * 9_000).to_list()[-1] == 1
    assert segmenter.count_many([]).to_list() == []
    numpy = pytest.importorskip("numpy")
    check_column(segmenter, numpy.array(SAMPLE, dtype=object), SAMPLE)
    check_column(segmenter, numpy.array(["one", "é" * 200]), ["one", "é" * 200])
    check_column(segmenter, numpy.array(["one", float("nan")], dtype=object), ["one", None])
    kind = numpy.dtypes.StringDType(na_object=None)
    check_column(segmenter, numpy.array(SAMPLE, dtype=kind), SAMPLE)


def test_other_libraries(kernels) -> None:
    """Columns of Polars, pandas and DuckDB."""
    segmenter = kernels.Segmenter()
    polars = pytest.importorskip("polars")
    check_column(segmenter, polars.Series(SAMPLE), SAMPLE)
    check_column(segmenter, polars.Series(SAMPLE, dtype=polars.Categorical), SAMPLE)
    check_column(segmenter, polars.DataFrame({"body": SAMPLE}), SAMPLE)
    pandas = pytest.importorskip("pandas")
    check_column(segmenter, pandas.Series(SAMPLE), SAMPLE)
    check_column(segmenter, pandas.Series(SAMPLE, dtype=object), SAMPLE)
    check_column(segmenter, pandas.Series(SAMPLE, dtype=pandas.ArrowDtype(pa.string())), SAMPLE)
    for kind in ("category", pandas.StringDtype("python"), pandas.StringDtype("pyarrow")):
        check_column(segmenter, pandas.Series(SAMPLE, dtype=kind), SAMPLE)
    check_column(segmenter, pandas.Index(SAMPLE[3:]), SAMPLE[3:])
    with pytest.raises(TypeError, match="expected a column of texts, got type int64"):
        segmenter.count_many(pandas.Series([1, 2]))
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()  # older versions close it with its last name
    relation = connection.sql("select 'é😀' as body union all select null")
    check_column(segmenter, relation, ["é😀", None])


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pa.array([1, 2]), "expected a column of texts, got Arrow type int64"),
        (pa.array([b"x"]), "expected a column of texts, got Arrow type binary"),
        (pa.array([["x"]]), "expected a column of texts, got Arrow type list"),
        (
            pa.table({"a": ["x"], "b": ["y"]}),
            "expected a column of texts, got Arrow type struct of 2 fields",
        ),
        (
            pa.array([1, 2]).dictionary_encode(),
            "expected a column of texts, got Arrow type dictionary of int64",
        ),
        ("text", "expected a column (list, Arrow array, Series, …), got str"),
        (b"text", "expected a column (list, Arrow array, Series, …), got bytes"),
        (["one", 2], "row 1: text must be str or None, not int"),
        (lambda: iter([*["a"] * 70_000, b"x"]), "row 70000: text must be str or None, not bytes"),
        (7, "expected a column (list, Arrow array, Series, …), got int"),
    ],
)
def test_other_types_are_refused(kernels, column, message) -> None:
    """The error names the type of the column, or the row."""
    with pytest.raises(TypeError) as caught:
        kernels.count_many(column() if callable(column) else column)
    assert str(caught.value) == message


def test_only_dictionary_arrays_have_a_dictionary() -> None:
    """Its values are a piece like any other."""
    (plain,) = read_pieces(pa.array(["one"]))
    with pytest.raises(ValueError, match=r"^the Arrow array has no dictionary$"):
        read_dictionary(plain)
    (chunk,) = read_pieces(pa.array(["one", "two", "one"]).dictionary_encode())
    assert read_dictionary(chunk).length == 2


class Lazy:
    def collect(self):
        """Read the rows."""


class Remote:
    def compute(self):
        """Read the rows."""

    dtype = type("Kind", (), {"kind": "O"})()


@pytest.mark.parametrize(("column", "method"), [(Lazy(), "collect"), (Remote(), "compute")])
def test_columns_that_hold_no_rows_yet(column, method):
    """The error says what to call."""
    with pytest.raises(TypeError) as caught:
        list(read_pieces(column))
    assert str(caught.value) == (
        f"expected a column (list, Arrow array, Series, …), got {type(column).__name__}; "
        f"call its method {method}() first, which reads the rows"
    )


def test_lazy_frames():
    """They are refused as columns and as campaigns, also among other tables."""
    from septet.costing import estimate

    polars = pytest.importorskip("polars")
    frame = polars.LazyFrame({"body": ["a"]})
    with pytest.raises(TypeError, match=r"got LazyFrame; call its method collect\(\) first"):
        list(read_pieces(frame))
    for source in (frame, [frame]):
        with pytest.raises(TypeError, match=r"got LazyFrame; call its method collect\(\) first"):
            estimate(source, text="body")


def test_a_dict_is_no_column():
    """Its keys would be counted."""
    with pytest.raises(TypeError, match=r"expected a column .*, got dict$"):
        list(read_pieces({"body": ["a"]}))
