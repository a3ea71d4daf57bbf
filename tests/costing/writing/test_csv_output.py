"""Priced files as text: bytes of records, dialects, compression."""

import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import Batch, Estimate, estimate
from septet.costing.reading.sources import Dialect, RecordBytes
from septet.costing.writing import csv_output
from septet.costing.writing.csv_output import CsvOutput
from septet.costing.writing.priced_rows import ADDED, RowPricer

CELLS = st.text(st.sampled_from('a;,"\r\n é’'), max_size=6)


class Campaign:
    """A campaign whose first part has a dialect."""

    def __init__(self, dialect):
        self.dialect = dialect


def priced(batch, dialect, *, is_compressed=False):
    """Return the bytes of a priced file with one batch."""
    file = io.BytesIO()
    output = CsvOutput(file, Campaign(dialect), has_bounds=False, is_compressed=is_compressed)
    output.write_header([*batch.header, *ADDED])
    output.write(output.convert(batch, RowPricer(None).price(Estimate().add(batch))))
    output.finish()
    output.close()
    return file.getvalue()


@pytest.mark.parametrize("rows_at_once", [1, 2, 3, 4096])
def test_records_keep_their_bytes(monkeypatch, rows_at_once):
    """Quotes that are not needed stay; the line end is that of the file."""
    monkeypatch.setattr(csv_output, "_ROWS_AT_ONCE", rows_at_once)
    pa = pytest.importorskip("pyarrow")
    rows = pa.array(['"one";1', 'two;"a\n"', ""], pa.string_view())
    batch = Batch(
        ["one", "two", ""],
        kept=[["one", "two", ""], ["1", "a\n", ""]],
        header=["body", "n"],
        records=RecordBytes(rows, ";"),
    )
    assert (
        priced(batch, Dialect(";", "\r", "\ufeff"))
        == (
            "\ufeffbody;n;" + ";".join(ADDED) + '\r"one";1;gsm7;3;1;;;\rtwo;"a\n";gsm7;3;1;;;\r'
            ";;0;0;;;no text\r"
        ).encode()
    )
    # In another dialect, records are made of the fields.
    assert priced(batch, Dialect(",", "\n")).splitlines(keepends=True)[1:] == [
        b"one,1,gsm7,3,1,,,\n",
        b'two,"a\n',
        b'",gsm7,3,1,,,\n',
        b",,,0,0,,,no text\n",
    ]


def test_delimiters_in_added_fields():
    """They are in quotes, as `csv.writer` writes them."""
    batch = Batch([""], kept=[["a"]], header=["name"])
    assert priced(batch, Dialect(" ", "\n")).splitlines()[1] == b'a  0 0   "no text"'


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=9), delimiter=st.sampled_from(",;\t"))
def test_compressed(rows, delimiter):
    """Any reader reads the same rows from the compressed file."""
    batch = Batch(
        [row[0] for row in rows],
        kept=[[row[0] for row in rows], [row[1] for row in rows]],
        header=["a", 'b"'],
    )
    dialect = Dialect(delimiter)
    plain = priced(batch, dialect)
    assert gzip.decompress(priced(batch, dialect, is_compressed=True)) == plain
    text = io.StringIO(plain.decode(), newline="")
    written = list(csv.reader(text, delimiter=delimiter, strict=True))
    assert written[0] == ["a", 'b"', *ADDED]
    assert [tuple(row[:2]) for row in written[1:]] == rows


def test_name_of_compressed_files(tmp_path):
    """A name that ends in .gz is a compressed file, which can be estimated again."""
    (tmp_path / "a.csv").write_text("body\none\n")
    target = tmp_path / "p.CSV.GZ"
    estimate(tmp_path / "a.csv", output=target, text="body")
    assert gzip.decompress(target.read_bytes()).startswith(b"body,encoding,")
    assert estimate(target, text="body").messages == 1


def test_large_batches_are_made_as_they_are_written(monkeypatch):
    """Only two parts are made before."""
    from septet.costing.writing import text_cells

    monkeypatch.setattr(text_cells, "_MAX_BYTES", 10)
    made = []
    make_records = text_cells.make_records
    monkeypatch.setattr(
        text_cells, "make_records", lambda *arguments: made.append(1) or make_records(*arguments)
    )
    batch = Batch(["one"] * 9, kept=[["a" * 20] * 9], header=["a"])
    output = CsvOutput(io.BytesIO(), Campaign(Dialect()), has_bounds=False, is_compressed=False)
    parts = output.convert(batch, RowPricer(None).price(Estimate().add(batch)))
    before = len(made)
    assert (
        b"".join(piece for part in parts for piece in part.data)
        == (b"a" * 20 + b",gsm7,3,1,,,\r\n") * 9
    )
    assert len(made) == before + 7
