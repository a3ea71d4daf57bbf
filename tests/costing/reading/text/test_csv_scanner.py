"""The scanner of records: it ends them where `csv` does, and gives the same fields."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing.reading.text.csv_scanner import (
    InvalidRecordError,
    RecordScanner,
    find_line_end,
    split_record,
)

DATA = st.lists(st.sampled_from(list(b'aa,;""\r\n\n'))).map(bytes)


def cut(data, sizes):
    """Cut data into blocks of some sizes, none of which ends between CR and LF."""
    blocks = []
    for size in sizes:
        while data[:size].endswith(b"\r") and len(data) > size:
            size += 1
        blocks.append(data[:size])
        data = data[size:]
    return [*blocks, data]


def by_csv(data):
    """Return fields of the first record and its size, by the standard library."""
    lines = data.decode("latin-1").splitlines(keepends=True)
    reader = csv.reader(lines, strict=True)
    try:
        fields = next(reader, [])
    except csv.Error:
        return None
    return fields, sum(map(len, lines[: reader.line_num]))


@given(DATA, st.lists(st.integers(1, 4)))
def test_one_record_as_csv_reads_it(data, sizes):
    """The same fields and the same end, whatever blocks the data comes in; or both refuse it."""
    scanner = RecordScanner(b",")
    end = start = 0
    try:
        for block in cut(data, sizes):
            found = scanner.scan(block, 0)
            if found is not None:
                end = start + found
                break
            start = end = start + len(block)
        is_valid = not scanner.is_quoted
    except InvalidRecordError:
        is_valid = False
    expected = by_csv(data)
    assert is_valid == (expected is not None)
    if expected is not None:
        fields = [field.decode() for field in split_record(data, 0, end, b",")]
        assert (fields, end) == expected
        assert scanner.field_count == (len(fields) or 1)


@pytest.mark.parametrize(
    ("data", "position", "end"),
    [
        (b'"a"b\n', 3, 5),
        (b'x,"a" ,\n', 5, 8),
        (b'"a\n""b"\0",c\r\n', 7, 13),
        (b'"a"b,"\n', 3, None),
    ],
)
def test_invalid_records(data, position, end):
    """The error has the index of the byte that is wrong; behind it the field is plain text."""
    scanner = RecordScanner(b",")
    with pytest.raises(InvalidRecordError) as caught:
        scanner.scan(data, 0)
    assert caught.value.position == position
    assert scanner.scan(data, position) == end


@pytest.mark.parametrize(
    ("data", "end"), [(b"a", None), (b"a\nb", 2), (b"a\rb\n", 2), (b"\r\n\n", 2), (b"", None)]
)
def test_line_ends(data, end):
    """CR, LF and CR LF end a line."""
    assert find_line_end(data, 0) == end
    assert find_line_end(b"xyz" + data, 3) == (None if end is None else end + 3)
