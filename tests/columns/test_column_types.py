"""The columns that counting returns, and their use in other libraries."""

from __future__ import annotations

import copy
import pickle

import pytest

from scalar import SAMPLE
from septet import Encoding

pa = pytest.importorskip("pyarrow")


def test_columns_are_sequences(kernels) -> None:
    """Length, indexes, slices, sums, lists, equality, copies and repr."""
    analysis = kernels.analyze_many(SAMPLE)
    counts = analysis.segment_count
    expected = [1, 1, None, 2, 2, 3, 1, 2, 3, 1]
    assert len(counts) == len(analysis) == len(SAMPLE)
    assert (counts[0], counts[2], counts[-2]) == (1, None, 3)
    assert (counts.to_list(), [*counts], [*reversed(counts)][::-1]) == (expected,) * 3
    assert counts.sum() == 16
    assert analysis[2] is None
    assert analysis[3] == (Encoding.GSM7, 161, 2)
    assert analysis.encoding[-1] is Encoding.UCS2
    for column in (counts, analysis, analysis.encoding):
        for index in (len(SAMPLE), -len(SAMPLE) - 1):
            with pytest.raises(IndexError):
                column[index]
        with pytest.raises(TypeError):
            column["0"]
        values = column.to_list()
        for part in (slice(3, 5), slice(2, None, 3), slice(None, None, -1), slice(5, 2), slice(9)):
            assert type(column[part]) is type(column)
            assert column[part].to_list() == values[part]
        assert column == column[:] == copy.copy(column) == copy.deepcopy(column)
        assert column == pickle.loads(pickle.dumps(column))
        assert column not in (column[1:], kernels.analyze_many([None] * 10), values)
        with pytest.raises(TypeError):
            hash(column)
    assert counts[3:5] == kernels.count_many(SAMPLE[3:5])
    assert kernels.count_many([""]).null_count == counts[3:].null_count == 0
    assert repr(kernels.count_many(["a", None])) == "Column([1, None])"
    assert repr(kernels.count_many(["a"] * 11)) == f"Column([{'1, ' * 10}...])"


@pytest.mark.parametrize("texts", [SAMPLE, SAMPLE[3:], [], [None]], ids=len)
def test_other_libraries_read_columns(kernels, texts) -> None:
    """Arrow libraries and NumPy read the memory itself; NumPy has NaN for a null."""
    numpy = pytest.importorskip("numpy")
    polars = pytest.importorskip("polars")
    analysis = kernels.analyze_many(texts)
    counts = analysis.segment_count
    values = counts.to_list()
    array = numpy.asarray(counts)
    assert array.dtype == (numpy.float64 if None in values else numpy.int32)
    numpy.testing.assert_array_equal(array, numpy.array(values, array.dtype))
    assert numpy.sum(counts) == numpy.sum(counts, axis=0) == numpy.nansum(array) == counts.sum()
    address = numpy.asarray(counts.memory).__array_interface__["data"][0]
    if None not in values:
        assert array.__array_interface__["data"][0] == address
    assert pa.array(counts).type == pa.int32()
    assert pa.array(counts).to_pylist() == pa.chunked_array(counts).to_pylist() == values
    assert pa.array(counts).buffers()[1].address == address
    series = polars.Series(counts)
    assert (series.dtype, series.to_list()) == (polars.Int32, values)
    assert polars.DataFrame({"n": counts})["n"].to_list() == values
    if None not in values:
        view = series.to_numpy(allow_copy=False)
        assert not values or view.__array_interface__["data"][0] == address
    numbers = [None if each is None else list(Encoding).index(each) for each in analysis.encoding]
    numpy.testing.assert_array_equal(analysis.encoding, numpy.array(numbers, float))
    encodings = [encoding and encoding.value for encoding in analysis.encoding]
    assert pa.array(analysis.encoding).to_pylist() == encodings
    assert polars.Series(analysis.encoding).to_list() == encodings
    table = pa.table(analysis)
    assert table.column_names == ["encoding", "unit_count", "segment_count"]
    assert table["unit_count"].to_pylist() == analysis.unit_count.to_list()
    assert polars.DataFrame(analysis).rows() == [
        (encoding, units, segments)
        for encoding, units, segments in zip(encodings, analysis.unit_count, values, strict=True)
    ]


def test_sum_takes_no_options_of_numpy(kernels) -> None:
    """`np.sum` passes some, and only their defaults have a meaning."""
    counts = kernels.count_many(["a", None])
    for options in ({"axis": 1}, {"dtype": float}, {"out": []}):
        with pytest.raises(TypeError, match="takes no other axis, dtype or out"):
            counts.sum(**options)


def test_arrays_of_another_type(kernels) -> None:
    """`__array__`, by which Ray recognizes columns, gives what the buffer protocol gives."""
    numpy = pytest.importorskip("numpy")
    counts = kernels.count_many(["a", None])
    assert counts.__array__().tolist()[0] == 1.0
    assert numpy.isnan(counts.__array__()[1])
    assert counts[:1].__array__(numpy.int64).dtype == numpy.int64
