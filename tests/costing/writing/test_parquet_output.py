"""Priced files as Parquet: types, row groups, errors of the thread that writes."""

import io
from decimal import Decimal

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from septet.costing import Batch, Estimate, RateCard, estimate  # noqa: E402
from septet.costing.writing import parquet_output  # noqa: E402
from septet.costing.writing.parquet_output import ParquetOutput  # noqa: E402
from septet.costing.writing.priced_rows import ADDED, RowPricer  # noqa: E402
from septet.exceptions import SourceError  # noqa: E402

CARD = RateCard.from_rows([{"prefix": "1", "price": "0.0079", "currency": "USD"}])


class Campaign:
    """A campaign that is not Parquet."""

    compression = None


def make_batch(texts, column=None):
    column = pa.array(texts) if column is None else column
    numbers = ["+12"] * len(texts)
    return Batch(pa.array(texts), numbers, source="a.csv", header=["body"], kept=[column])


def write(output, batch):
    output.write(output.convert(batch, RowPricer(CARD).price(Estimate(rates=CARD).add(batch))))


def test_schema():
    """Strings are strings to every reader, and the price is a decimal."""
    file = io.BytesIO()
    output = ParquetOutput(file, Campaign(), has_bounds=False)
    output.write_header(["body", *ADDED])
    write(output, make_batch(["one", None, "’"]))
    output.finish()
    output.close()
    table = pq.read_table(io.BytesIO(file.getvalue()))
    assert [str(field.type) for field in table.schema] == [
        *["string", "string", "int32", "int32", "decimal128(20, 6)", "string", "string"]
    ]
    assert table.to_pylist()[1:] == [
        dict(zip(table.schema.names, row, strict=True))
        for row in [
            (None, None, 0, 0, None, None, "no text"),
            ("’", "ucs2", 1, 1, Decimal("0.0079"), "USD", None),
        ]
    ]


def test_row_groups(monkeypatch):
    """Small batches are written together, by rows and by bytes."""
    monkeypatch.setattr(parquet_output, "_GROUP_ROWS", 10)
    monkeypatch.setattr(parquet_output, "_GROUP_BYTES", 1000)
    file = io.BytesIO()
    output = ParquetOutput(file, Campaign(), has_bounds=False)
    output.write_header(["body", *ADDED])
    for size in (4, 4, 4, 4, 1, 1):
        write(output, make_batch(["a"] * size))
    write(output, make_batch(["a" * 900]))
    write(output, make_batch(["b"]))
    output.finish()
    output.close()
    metadata = pq.ParquetFile(io.BytesIO(file.getvalue())).metadata
    groups = [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]
    assert groups == [12, 7, 1]


def test_columns_of_other_types():
    """A later part is converted if its values allow it."""
    output = ParquetOutput(io.BytesIO(), Campaign(), has_bounds=False)
    output.write_header(["body", *ADDED])
    write(output, make_batch(["a"], pa.array([1])))
    write(output, make_batch(["a"], pa.array(["2"])))
    with pytest.raises(SourceError, match=r"'body' is of another type .*: expected int64, got str"):
        write(output, make_batch(["a"], pa.array(["x"])))
    output.close()


def test_errors_of_the_file():
    """They are raised by the calls that follow, and the thread ends."""

    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    output = ParquetOutput(Full(), Campaign(), has_bounds=False)
    output.write_header(["body", *ADDED])
    write(output, make_batch(["a"]))
    with pytest.raises(OSError, match="No space left"):
        output.finish()
    output.close()


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd"])
def test_compression(tmp_path, codec):
    """It is that of the source."""
    source, target = tmp_path / "a.parquet", tmp_path / "p.parquet"
    pq.write_table(pa.table({"body": ["a"]}), source, compression=codec)
    estimate(source, text="body", output=target)
    group = pq.ParquetFile(target).metadata.row_group(0)
    names = {group.column(index).compression for index in range(group.num_columns)}
    assert names == {"UNCOMPRESSED" if codec == "none" else codec.upper()}


def test_dictionaries(tmp_path):
    """Values that are repeated are stored once, others are not looked up."""
    numbers = list(map(str, range(1000)))
    table = pa.table({"body": numbers, "name": ["a", "b"] * 500})
    estimate(table, text="body", output=tmp_path / "p.parquet")
    group = pq.ParquetFile(tmp_path / "p.parquet").metadata.row_group(0)
    has_dictionary = [group.column(index).has_dictionary_page for index in range(group.num_columns)]
    assert has_dictionary == [False, *[True] * 7]
