"""Rows of delimited text: the same on both implementations, wherever blocks and batches end."""

from __future__ import annotations

import csv
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from message_files import listed, write
from septet.costing.reading import sources
from septet.costing.reading.text import csv_files, csv_records, csv_rows
from septet.costing.reading.text.text_files import decode

PARTS = [
    b"a",
    b"b,",
    b",",
    b",,",
    b'"',
    b'""',
    b',"',
    b'",',
    b'"\n',
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n",
]
CONTENT = st.lists(
    st.sampled_from([*PARTS, b"a,b\n", b'a,"b\n""c"\r\n', b"\xe9", b"\xc3\xa9", b"\0", b"x" * 70]),
    max_size=80,
).map(b"".join)
HEADERS = [
    b"id,body\n",
    b"body,id\r\n",
    b"\xef\xbb\xbfid,body\n",
    b"sep=,\nid,body\n",
    b"\n,\nid,body\n",
]


class BlockSource(csv_files.CsvSource):
    """A CSV file in blocks of given sizes, over and over again."""

    sizes = (1,)

    def _open_blocks(self):
        data = b"".join(super()._open_blocks())
        return self._cut(data)

    def _cut(self, data):
        while data:
            for size in self.sizes:
                while data[:size].endswith(b"\r") and len(data) > size:
                    size += 1
                if data[:size]:
                    yield data[:size]
                data = data[size:]


def read(kernel, path, sizes=(1 << 20,), block_bytes=1 << 20, rows=1 << 15):
    """Return the rows of a file with their numbers, records and kept columns, and what is bad."""
    columns = sources.Columns("body", "id", by=("id",), keep=True)
    with (
        patch.object(csv_rows, "read_records", kernel.read_records),
        patch.object(csv_rows, "_MAX_ROWS", rows),
        patch.object(csv_rows, "_MAX_LISTED_ROWS", min(rows, 1 << 12)),
        patch.object(csv_records, "_BLOCK_BYTES", block_bytes),
        patch.object(BlockSource, "sizes", sizes),
        BlockSource(path, columns) as source,
    ):
        rows = []
        for batch in source:
            numbers = map(batch.row_number, range(len(batch.texts)))
            cells = (batch.texts, batch.recipients, *batch.groups, *batch.kept)
            rows += zip(numbers, batch.records.rows.iter_bytes(), *map(listed, cells), strict=True)
        return rows, source.unreadable, source.rows_read, source._reader.line_count


@given(
    st.sampled_from(HEADERS),
    CONTENT,
    st.lists(st.integers(1, 90), min_size=1, max_size=4),
    st.integers(1, 200),
    st.integers(1, 5),
)
def test_both_implementations(
    implementations, tmp_path_factory, header, content, sizes, block_bytes, rows
) -> None:
    """The same rows, records and unreadable rows, however the file is cut."""
    path = write(tmp_path_factory.mktemp("csv"), header + content)
    expected = read(implementations["python"].functions, path)
    for implementation in implementations.values():
        assert read(implementation.functions, path, sizes, block_bytes, rows) == expected


@given(CONTENT)
def test_kept_columns(implementations, tmp_path_factory, content) -> None:
    """They have the fields that `csv` finds, whose bytes need not be UTF-8."""
    path = write(tmp_path_factory.mktemp("csv"), b"more,body\n" + content)
    for implementation in implementations.values():
        with (
            patch.object(csv_rows, "read_records", implementation.functions.read_records),
            csv_files.CsvSource(path, sources.Columns("body", keep=True)) as source,
        ):
            for batch in source:
                records = map(decode, batch.records.rows.iter_bytes())
                rows = [next(csv.reader([record], strict=True)) for record in records]
                columns = [map(decode, column.iter_bytes()) for column in batch.kept]
                assert list(map(list, zip(*columns, strict=True))) == rows
