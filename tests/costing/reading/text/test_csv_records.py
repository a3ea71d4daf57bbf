"""The reader of records: the rows of `csv`, in blocks of any size and with its errors placed."""

import csv

from hypothesis import given
from hypothesis import strategies as st

from septet.costing.reading.text.csv_records import RecordReader, UnreadableRecord

DATA = st.lists(st.sampled_from(list(b'aab,,""\r\n\n\xe9')), max_size=60).map(bytes)


def blocks_of(data, sizes):
    """Yield data in blocks of some sizes, none of which ends between CR and LF."""
    for size in sizes:
        while data[:size].endswith(b"\r") and len(data) > size:
            size += 1
        if data[:size]:
            yield data[:size]
        data = data[size:]
    if data:
        yield data


def read_all(blocks, width=9):
    reader = RecordReader(iter(blocks))
    reader.width = width
    rows, unreadable = [], []
    while parsed := reader.read():
        if isinstance(parsed, UnreadableRecord):
            unreadable.append((parsed.borders, parsed.reason))
        else:
            borders = list(parsed.borders)
            rows += zip(parsed.records, borders[:-1], borders[1:], strict=True)
    return rows, unreadable, reader.line_count


def by_lines(data):
    """Return the rows and the lines that are unreadable, by the standard library, line by line."""
    lines = [line.decode("utf-8", "surrogateescape") for line in data.splitlines(keepends=True)]
    rows, unreadable, line = [], [], 0
    while line < len(lines):
        reader = csv.reader(lines[line:], strict=True)
        try:
            record = next(reader)
            rows.append((record, line, line + reader.line_num))
            line += reader.line_num
        except csv.Error:
            unreadable.append((line, line + 1))
            line += 1
    return rows, unreadable, len(lines)


@given(DATA, st.lists(st.integers(1, 7)))
def test_records_as_csv_reads_them(data, sizes):
    """Wherever blocks end: the same records with the same lines, and the same bad lines."""
    rows, unreadable, line_count = read_all(blocks_of(data, sizes), width=100)
    expected_rows, expected_unreadable, expected_count = by_lines(data)
    assert rows == expected_rows
    assert [borders for borders, _ in unreadable] == expected_unreadable
    assert line_count == expected_count
    assert rows == read_all([data] if data else [], width=100)[0]


def test_limit_of_the_process(monkeypatch):
    """With any limit of `csv` the rows are the same, and it is not changed."""
    data = b'a,"b\n""c"""\nlonger text,x\n\n"open\nd,e\n"f\r\ng",h' * 50
    expected = read_all([data])
    for limit in (0, 1, 4, 10):
        before = csv.field_size_limit(limit)
        try:
            assert read_all([data]) == expected
            assert csv.field_size_limit() == limit
        finally:
            csv.field_size_limit(before)
