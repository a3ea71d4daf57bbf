"""Rows of Arrow arrays: batches of bounded size, texts of categories, rows left out."""

from itertools import pairwise

import pytest

pa = pytest.importorskip("pyarrow")

from septet.costing.reading.arrow.rows import (  # noqa: E402
    BATCH_BYTES,
    BATCH_ROWS,
    as_plain_text,
    split_rows,
    take_runs,
)

MEBIBYTE = 1 << 20
TEXTS = ["a text that is not in its view", None, "é"]


def views(texts):
    return pa.array(texts, pa.string_view())


def categories(values, indexes, kind=None):
    return pa.DictionaryArray.from_arrays(pa.array(indexes, kind or pa.int8()), values)


@pytest.mark.parametrize(
    "column",
    [
        pa.array(TEXTS),
        pa.array(TEXTS, pa.large_string()),
        views(TEXTS),
        categories(views([TEXTS[0], "é"]), [0, None, 1]),
        categories(views([None, "é", TEXTS[0]]), [2, 0, 1], pa.uint64()),
        categories(pa.array(["é", TEXTS[0]], pa.large_string()), [1, None, 0], pa.uint8()),
        categories(views(["é", "unused", TEXTS[0]]), [0, 2, None, 0])[1:],
    ],
    ids=lambda column: str(column.type),
)
def test_texts(column):
    """Categories become texts."""
    plain = as_plain_text(column)
    assert sorted(map(str, plain.to_pylist())) == sorted(map(str, TEXTS))
    assert plain.to_pylist() == column.to_pylist()


def test_numbers():
    """Numbers and categories of numbers are converted."""
    assert as_plain_text(pa.array([1, None])).to_pylist() == ["1", None]
    assert as_plain_text(categories(pa.array([7, 8]), [1, 0])).to_pylist() == ["8", "7"]
    assert as_plain_text(pa.nulls(2)).to_pylist() == [None, None]


def test_short_rows_are_split_by_their_number():
    """Only the number of rows counts as long as their texts are short."""
    column = pa.array(["text"] * (BATCH_ROWS + 5))
    borders = [0, BATCH_ROWS, BATCH_ROWS + 5]
    assert list(split_rows([column], len(column))) == list(pairwise(borders))
    assert list(split_rows([column[:0]], 0)) == []


LONG = "x" * MEBIBYTE


@pytest.mark.parametrize(
    "column",
    [
        pa.array([LONG] * 40),
        pa.array([LONG] * 40, pa.large_string()),
        categories(pa.array([LONG, "short"]), [0] * 40),
        categories(views([LONG, "short"]), [0] * 40),
        pa.concat_arrays([views([LONG])] * 40),
        pa.array([LONG] * 41)[1:],
    ],
    ids=lambda column: str(column.type),
)
def test_long_rows_are_split_by_their_bytes(column):
    """However they are stored: what counts is what they take once they are decoded."""
    parts = list(split_rows([column, pa.array(["a"] * 40)], 40))
    assert [start for start, _ in parts] == [0, *(stop for _, stop in parts[:-1])]
    assert parts[-1][1] == 40
    lengths = {stop - start for start, stop in parts[:-1]}
    assert lengths == {BATCH_BYTES // MEBIBYTE}


def test_runs_are_split_by_their_bytes():
    """A run of one long text would be decoded to all its rows."""
    try:
        runs = pa.RunEndEncodedArray.from_arrays(pa.array([40], pa.int32()), pa.array([LONG]))
    except TypeError:
        pytest.skip("this pyarrow makes no run-end-encoded arrays")
    assert len(list(split_rows([runs], 40))) == 5


def test_a_row_that_is_larger_than_a_batch():
    """It is a batch of its own."""
    column = pa.array(["a", "x" * (BATCH_BYTES + 1), "b"])
    assert list(split_rows([column], 3)) == [(0, 1), (1, 2), (2, 3)]


@pytest.mark.parametrize("column", [views(TEXTS), categories(views(["a", "b"]), [1, 0, None])])
def test_rows_left_out(column):
    """The others stay in order, and the type stays as it is."""
    rows = column.to_pylist()
    for left_out in ([], [1], [0, 2], [0, 1, 2]):
        taken = take_runs(column, left_out)
        assert taken.type == column.type
        assert taken.to_pylist() == [row for at, row in enumerate(rows) if at not in left_out]
