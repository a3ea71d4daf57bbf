"""Sizes of batches of Parquet files: by the decoded bytes of their rows, wherever these are."""

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from septet.costing.reading.arrow import parquet_pages  # noqa: E402
from septet.costing.reading.arrow.parquet_pages import (  # noqa: E402
    DamagedPageError,
    LeafColumn,
    batch_sizes,
    read_metadata,
    read_row_groups,
)
from septet.costing.reading.arrow.rows import BATCH_BYTES, BATCH_ROWS  # noqa: E402
from septet.exceptions import SourceError  # noqa: E402

BODY = LeafColumn(0, "body", is_repeated=False, length=0)
LONG = "x" * (256 << 10)


def sizes(path, columns=(BODY,)):
    with open(path, "rb") as file:
        return list(batch_sizes(file, columns, read_row_groups(read_metadata(file))))


def write(tmp_path, texts, **options):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"body": texts}), path, write_batch_size=4, **options)
    return path


OPTIONS = [
    {"use_dictionary": False},
    {"use_dictionary": True},
    {"use_dictionary": False, "data_page_version": "2.0"},
    {"use_dictionary": True, "data_page_version": "2.0", "compression": "none"},
    {"use_dictionary": True, "compression": "zstd"},
    {"use_dictionary": True, "compression": "gzip"},
    {"use_dictionary": True, "compression": "lz4"},
    {"use_dictionary": True, "compression": "brotli"},
    {"use_dictionary": False, "column_encoding": {"body": "DELTA_BYTE_ARRAY"}},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_long_texts(tmp_path, options):
    """Some long texts behind short ones: no batch of rows takes much more than its bytes."""
    texts = ["one", "two"] * 2_000 + [LONG] * 100
    found = sizes(write(tmp_path, texts, **options))
    assert sum(found) == len(texts)
    limit = 2 * BATCH_BYTES if "column_encoding" in options else BATCH_BYTES + 4 * len(LONG)
    start = 0
    for size in found:
        assert sum(map(len, texts[start : start + size])) <= limit
        start += size


@pytest.mark.parametrize("options", OPTIONS[:5], ids=str)
def test_short_texts(tmp_path, options):
    """They come in batches of the full number of rows, across row groups."""
    texts = [f"text {number}" for number in range(80_000)]
    found = sizes(write(tmp_path, texts, row_group_size=30_000, **options))
    assert found == [BATCH_ROWS, BATCH_ROWS, 80_000 - 2 * BATCH_ROWS]


def test_columns_that_are_not_read(tmp_path):
    """They do not count; of several that are read, the sum does."""
    path = tmp_path / "a.parquet"
    table = pa.table({"body": [LONG] * 80, "name": [LONG] * 80, "id": range(80)})
    pq.write_table(table, path, use_dictionary=False, write_batch_size=1)
    number = LeafColumn(2, "id", is_repeated=False, length=0)
    assert sizes(path, [number]) == [80]
    of_one = sizes(path)
    of_both = sizes(path, [BODY, LeafColumn(1, "name", is_repeated=False, length=0)])
    assert len(of_both) == pytest.approx(2 * len(of_one), abs=2)


def test_lists(tmp_path):
    """A row of a list column has as many values as the average."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"body": [[LONG] * 4] * 40}), path, use_dictionary=False)
    found = sizes(path, [LeafColumn(0, "body.list.element", is_repeated=True, length=0)])
    assert sum(found) == 40
    assert max(found) <= 8


def test_a_page_that_is_too_large(tmp_path, monkeypatch):
    """It would be decompressed as a whole: one error says so."""
    path = write(tmp_path, [LONG] * 4, use_dictionary=False, compression="zstd")
    monkeypatch.setattr(parquet_pages, "MAX_PAGE_BYTES", 4 * len(LONG))
    with pytest.raises(SourceError, match=r"a\.parquet: column 'body' has a page of 1,048,"):
        sizes(path)


def test_no_rows(tmp_path):
    """There is no batch."""
    assert sizes(write(tmp_path, pa.array([], pa.string()))) == []


def test_damaged_files(tmp_path):
    """Headers and metadata of other bytes are errors, and nothing else."""
    path = write(tmp_path, ["one", "two"] * 50, use_dictionary=False)
    content = path.read_bytes()
    damaged = 0
    for position in range(4, len(content) - 8):
        path.write_bytes(content[:position] + b"\xff" + content[position + 1 :])
        try:
            sizes(path)
        except (DamagedPageError, SourceError):
            damaged += 1
    assert damaged > 20
    for stored in (b"", b"PAR1", b"\xff" * 12):
        path.write_bytes(stored)
        with pytest.raises(DamagedPageError):
            sizes(path)


def test_counts_that_contradict_each_other(tmp_path):
    """Rows that would be lost, or taken from another row group, are damage."""
    path = write(tmp_path, ["one", "two"])
    with open(path, "rb") as file:
        for row_count in (1, 3):
            groups = read_row_groups(read_metadata(file))
            groups[0][3] = row_count
            with pytest.raises(DamagedPageError, match="'body' has 2 values in"):
                list(batch_sizes(file, [BODY], groups))
    path.write_bytes(b"\x49\x1c\x36\x01\0\0" + b"\x06\0\0\0PAR2")
    with open(path, "rb") as file, pytest.raises(DamagedPageError, match="does not end with"):
        read_metadata(file)
    path.write_bytes(b"\x49\x1c\x36\x01\0\0" + b"\x06\0\0\0PAR1")
    with open(path, "rb") as file, pytest.raises(DamagedPageError, match="a negative number"):
        read_row_groups(read_metadata(file))
