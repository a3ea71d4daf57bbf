"""Parquet files as batches: what is read, what is noted as unreadable, what stops."""

import sys
from itertools import chain

import pytest

from message_files import listed, read, write
from septet.costing import UnreadableRow, open_source
from septet.costing.reading.arrow.parquet_files import ParquetSource
from septet.exceptions import MissingExtraError, SourceError


@pytest.fixture
def pa():
    pytest.importorskip("pyarrow.parquet")
    import pyarrow

    return pyarrow


def write_table(pa, tmp_path, **columns):
    path = tmp_path / "campaign.parquet"
    pa.parquet.write_table(pa.table(columns), path, row_group_size=1_000)
    return path


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_kinds_of_text(pa, tmp_path, kind):
    """Every Arrow type that holds text is read, nulls included."""
    arrow_type = (
        pa.dictionary(pa.int32(), pa.string()) if kind == "dictionary" else getattr(pa, kind)()
    )
    texts = ["one", None, "", "zwei 😀", "one"]
    body = pa.array(texts, arrow_type)
    try:
        path = write_table(pa, tmp_path, id=[1, 2, 3, 4, 5], body=body)
    except pa.ArrowNotImplementedError:
        pytest.skip(f"pyarrow {pa.__version__} writes no such column to Parquet")
    assert read(path)[0] == texts


def test_a_column_of_nulls(pa, tmp_path):
    """A column without any text is one of rows without text, whatever Arrow calls it."""
    path = write_table(pa, tmp_path, id=[1, 2], body=pa.nulls(2))
    assert read(path)[0] == [None, None]


def test_columns_are_not_mixed_up(pa, tmp_path):
    """Texts and recipients are distinguished by name, whatever their order in the file."""
    path = write_table(pa, tmp_path, phone=["+12025550100"], body=["one"])
    assert read(path, to="phone")[:2] == (["one"], ["+12025550100"])


def test_fraction_and_batches(pa, tmp_path):
    """A long file comes in bounded batches, and the fraction grows with the rows."""
    expected = [str(number) for number in range(80_000)]
    with open_source(write_table(pa, tmp_path, body=expected), "body") as source:
        steps = [(listed(batch.texts), source.fraction) for batch in source]
    assert [*chain.from_iterable(texts for texts, _ in steps)] == expected
    assert max(len(texts) for texts, _ in steps) < 40_000
    assert steps[-1][1] == 1.0
    assert source.rows_read == 80_000


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"body": [1, 2]}, "expected text in column 'body', got int64"),
        ({"body": [b"one"]}, "expected text in column 'body', got binary"),
        ({"text": ["one"]}, "has no column 'body'; its columns are 'text'"),
        (
            {"body": ["one"], "phone": [12025550100]},
            "expected text in column 'phone', got int64; "
            "write recipients as text, such as +12025550123",
        ),
    ],
)
def test_column_that_cannot_be_used(pa, tmp_path, columns, message):
    """A column that is missing or not text is refused with its Arrow type."""
    path = write_table(pa, tmp_path, **columns)
    with pytest.raises(SourceError) as caught:
        open_source(path, "body", "phone" if "phone" in columns else None)
    assert str(caught.value) in {f"{path} {message}", f"{path}: {message}"}


def test_text_that_is_not_utf8(pa, tmp_path):
    """A row whose bytes are not UTF-8 is noted with its number, and the rest is read."""
    offsets = pa.py_buffer(b"\0\0\0\0\3\0\0\0\5\0\0\0\6\0\0\0")
    body = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"one\xff\xfex")])
    texts, recipients, source = read(
        write_table(pa, tmp_path, body=body, phone=["1", "2", "3"]), to="phone"
    )
    assert (texts, recipients) == (["one", "x"], ["1", "3"])
    assert source.rows_read == 3
    assert source.unreadable.examples == [UnreadableRow("row 2", "not valid UTF-8")]


def test_not_parquet(pa, tmp_path):
    """A file that only has the name is refused."""
    path = write(tmp_path, "body\none\n", "campaign.parquet")
    with pytest.raises(SourceError, match="is not a Parquet file"):
        open_source(path, "body")


def test_damaged_in_the_middle(pa, tmp_path):
    """Damage between good row groups is an error that says how far reading came."""
    path = write_table(pa, tmp_path, body=[f"text {number}" for number in range(80_000)])
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2_000] = bytes(2_000)
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"is damaged after [1-9][\d,]* rows: "):
        read(path)


def test_rows_that_are_missing(pa, tmp_path, monkeypatch):
    """Fewer rows than the row groups have are damage, though pyarrow gives no error."""
    path = write_table(pa, tmp_path, body=["one", "two", "three"])
    make_batches = ParquetSource._batches
    monkeypatch.setattr(
        ParquetSource, "_batches", lambda *args: [b.slice(1) for b in make_batches(*args)]
    )
    with pytest.raises(SourceError, match="expected 3 rows in row groups, got 2"):
        read(path)


def test_folder(pa, tmp_path):
    """A folder with the name of a file is Python's own error."""
    (tmp_path / "campaign.parquet").mkdir()
    with pytest.raises(IsADirectoryError):
        open_source(tmp_path / "campaign.parquet", "body")


def test_without_pyarrow(tmp_path, monkeypatch):
    """Without pyarrow one sentence names the extra to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = write(tmp_path, b"PAR1", "campaign.parquet")
    with pytest.raises(MissingExtraError) as caught:
        open_source(path, "body")
    expected = "reading Parquet needs pyarrow: pip install 'septet[arrow]'"
    assert str(caught.value) == expected
