"""Records of kept columns: what `csv.writer` makes of columns of any kind, in bounded parts."""

import csv
import datetime
import io
import struct
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.rows import read_rows
from septet.arrow.view_columns import ViewColumn
from septet.costing.writing import text_cells
from septet.costing.writing.arrow_columns import iter_cells
from septet.costing.writing.text_cells import iter_records, list_records

CELLS = st.none() | st.text(st.sampled_from('a;,"\r\n é’\ud800\udcff'), max_size=6)
LONG = "a text that is not in its view"


def made(columns, delimiter=","):
    """Return the records of some columns, and the number of parts in which they were made."""
    records, parts = [], 0
    places = ["a: 'b'"] * len(columns)
    for texts, count in iter_records(columns, places, len(columns[0]), delimiter):
        records += read_rows(texts.addresses, texts.first, texts.first + count)
        parts += 1
    return records, parts


def expected(columns, delimiter=","):
    """Return what `csv.writer` makes of lists; another field avoids quotes around a lone one."""
    records = []
    for row in zip(*columns, strict=True):
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter).writerow([*row, "x"])
        record = text.getvalue().removesuffix(f"{delimiter}x\r\n")
        records.append(record.encode("utf-8", "septet.keep_bytes"))
    return records


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=9), delimiter=st.sampled_from(",;\t"))
def test_lists(rows, delimiter):
    """Bytes that were not UTF-8 are kept, and other surrogates become question marks."""
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], []]
    assert made(columns, delimiter)[0] == expected(columns, delimiter)
    assert list_records(columns, delimiter) == expected(columns, delimiter)


def test_long_lists(monkeypatch):
    """They are encoded a part at a time, and records have a bounded size."""
    monkeypatch.setattr(text_cells, "_MAX_BYTES", 99)
    columns = [list(map(str, range(9_000))), ["b" * (row % 50) for row in range(9_000)]]
    records, parts = made(columns)
    assert records == expected(columns)
    assert parts > 2_000


def test_views():
    """Our own columns of texts are read in place."""
    views = struct.pack("=i4sii", 20, b"aaaa", 0, 1) + struct.pack("=i12s", 2, b'x"')
    assert made([ViewColumn(views, [b"?" + b"a" * 20])])[0] == [b"a" * 20, b'"x"""']


def arrow_columns():
    pa = pytest.importorskip("pyarrow")
    texts = pa.array([LONG, None, "a,b"], pa.string_view())
    offsets = pa.array([0, 1, 1, 3], pa.int32())
    values = pa.array(["?", LONG, "b"])[1:]
    invalid = pa.Array.from_buffers(
        pa.string(),
        3,
        [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"), pa.py_buffer(b"\xffx\n")],
    )
    day = datetime.datetime(1999, 12, 31, 23, 59, 59)
    return [
        texts,
        texts.view(pa.binary_view()),
        invalid,
        invalid.view(pa.binary()),
        invalid.view(pa.binary()).cast(pa.large_binary()),
        pa.array([b"ab", None, b'""'], pa.binary(2)),
        pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.uint8()), values),
        pa.DictionaryArray.from_arrays(pa.array([1, None, 0]), texts),
        pa.DictionaryArray.from_arrays(pa.array([1, None, 0]), invalid),
        pa.DictionaryArray.from_arrays(pa.array([1, None, 0]), pa.array([2.5, 1e16])),
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), pa.array([["a"], []])),
        pa.ListArray.from_arrays(offsets, texts),
        pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": '"'}]),
        pa.array([1, None, -(2**63)]),
        pa.array([1, None, 2**64 - 1], pa.uint64()),
        pa.array([True, None, False]),
        pa.array([0.1, None, 1e16, -0.0, 0.0, float("nan"), 5e-324, 1e-5]),
        pa.array([0.1, None, 3.0], pa.float32()),
        pa.array([Decimal("0.00000001"), None, Decimal("12.50000000")]),
        pa.array([day.date(), None, datetime.date(1, 1, 1)]),
        pa.array([0, None, 2**30], pa.date32()),
        pa.array([day, None, datetime.datetime(1, 1, 1)], pa.timestamp("s")),
        pa.array([day, None, day.replace(microsecond=1)], pa.timestamp("us")),
        pa.array([day, None, day.replace(microsecond=5000)], pa.timestamp("ms")),
        pa.array([0, None, 2**62], pa.timestamp("us")),
        pa.array([day, None, day], pa.timestamp("us", "Europe/Berlin")),
        pa.array([day.time(), None, datetime.time(1, 2, 3, 4)]),
        pa.array([1, None, 3], pa.duration("s")),
        pa.array([(1, 2, 3), None, (0, 0, 0)], pa.month_day_nano_interval()),
        pa.nulls(3),
    ]  # fmt: skip


def test_arrow():
    """A cell is the text of the Python object, whole columns, slices and no rows alike."""
    for column in arrow_columns():
        for part in (column, column[1:], column[:0]):
            cells = list(iter_cells(part, ""))
            assert made([part])[0] == expected([cells]), column.type


def test_large_dictionaries(monkeypatch):
    """Long values that are repeated are not all copied at once."""
    pa = pytest.importorskip("pyarrow")
    monkeypatch.setattr(text_cells, "_MAX_BYTES", 100)
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1] * 50), pa.array(["a" * 30, "b"]))
    records, parts = made([column])
    assert records == [b"a" * 30, b"b"] * 50
    assert parts > 30


def test_nested_rows_are_read_a_few_at_a_time():
    """Each becomes an object that may be large."""
    pa = pytest.importorskip("pyarrow")
    column = pa.array([[1]] * 40)
    assert made([column, pa.array(range(40))]) == ([b"[1],%d" % row for row in range(40)], 3)
