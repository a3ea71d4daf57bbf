"""Plain records of delimited text: which ones a kernel reads, with the fields that `csv` finds."""

from __future__ import annotations

import csv
import re
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.arrow.view_columns import ViewColumn

WIDTH = 2
PLAIN_FIELD = rb'(?:"((?:[^"]|"")*)"|([^",\r\n]*))'
PLAIN_RECORD = re.compile(PLAIN_FIELD + b"," + PLAIN_FIELD)
LINE_END = re.compile(rb"\r\n|\r|\n")

PARTS = [*(bytes([byte]) for byte in b'aab,,,""\r\n\n\0'), b"\xc3\xa9", b"\xc3", b'"\n', b'","']
CHARACTERS = [
    *("é".encode(), "€".encode(), "\ud7ff".encode(), "😀".encode(), "\U0010ffff".encode()),
    *(
        b"\xa9",
        b"\xc0\xaf",
        b"\xe0\x9f\xbf",
        b"\xed\xa0\x80",
        b"\xf0\x8f\xbf\xbf",
        b"\xf4\x90\x80\x80",
    ),
    *(b"\xe2\x82", b"\xf0\x9f\x98", b"\xf5", b"\xff"),
]
DATA = st.lists(st.sampled_from([*PARTS, b"text, ", b"x" * 61]), max_size=90).map(b"".join)


def read(kernel, data, *, is_last=True, capacity=100, max_bytes=1 << 20, wanted=(1, 0, -1)):
    """Return the outcome, the end, the number of lines, and the rows with their records."""
    views = bytearray(capacity * len(wanted) * 16)
    unquoted = bytearray(b"?" * len(data))
    outcome, end, lines, row, used = kernel.read_records(
        bytearray(data), 0, is_last, ord(","), WIDTH, max_bytes, array("i", wanted),
        views, 0, unquoted, 0,
    )  # fmt: skip
    columns = [
        ViewColumn(views[start : start + row * 16], [data, unquoted[:used]])
        for start in range(0, len(views), capacity * 16)
    ]
    return outcome, end, lines, list(zip(*(column.iter_bytes() for column in columns), strict=True))


def plain_rows(data, is_last):
    """Return the first records of data that are plain, and the index after them."""
    rows, position = [], 0
    while position < len(data):
        match = PLAIN_RECORD.match(data, position)
        is_blank = data.startswith((b"\r", b"\n"), position)
        stop = position if is_blank else match.end() if match else len(data)
        line_end = LINE_END.match(data, stop)
        end = stop if line_end is None else line_end.end()
        is_open = line_end is None or (line_end[0] == b"\r" and end == len(data))
        if end == len(data) and is_open and not is_last:
            break
        if not is_blank:
            if match is None or (line_end is None and end < len(data)):
                break
            quoted, plain, quoted_2, plain_2 = match.groups()
            fields = [
                plain if text is None else text.replace(b'""', b'"')
                for text, plain in ((quoted, plain), (quoted_2, plain_2))
            ]
            try:
                b"\n".join(fields).decode()
            except UnicodeDecodeError:
                break
            rows.append((fields[1], fields[0], data[position:stop]))
        position = end
    return rows, position


@given(DATA, st.booleans())
def test_plain_records(implementations, data, is_last) -> None:
    """Exactly the plain records are read; the Python implementation leaves them to `csv`."""
    if "compiled" not in implementations:
        pytest.skip("the compiled implementation was not built")
    kernel = implementations["compiled"].functions
    outcome, end, lines, rows = read(kernel, data, is_last=is_last)
    assert (rows, end) == plain_rows(data, is_last)
    assert lines == len(data[:end].splitlines())
    if is_last:
        expected = kernel.NO_WHOLE_RECORD if end == len(data) else kernel.OTHER_RECORD
        assert outcome == expected


@given(DATA)
def test_fields_are_those_of_csv(implementations, data) -> None:
    """In the records that are read, `csv` finds the same fields."""
    for implementation in implementations.values():
        _, end, _, rows = read(implementation.functions, data)
        read_lines = [line.decode() for line in data[:end].splitlines(keepends=True)]
        records = filter(None, csv.reader(read_lines, strict=True))
        fields = [[first.decode(), second.decode()] for second, first, _ in rows]
        assert fields == list(records)


@given(
    st.lists(st.sampled_from([*CHARACTERS, b"text" * 9, b"a", b"\n", b","]), max_size=60).map(
        b"".join
    )
)
def test_only_utf8_is_plain(data) -> None:
    """Invalid bytes are found wherever they are; in fields that nobody wants they may stay."""
    compiled = pytest.importorskip("septet._kernels._compiled_delimited")
    expected = plain_rows(data, is_last=True)
    try:
        for is_vector_code in (False, True):
            compiled.use_vector_masks(is_vector_code)
            _, end, _, rows = read(compiled, data)
            assert (rows, end) == expected
            assert read(compiled, b"\xff,a\n", wanted=(1,))[-1] == [(b"a",)]
    finally:
        compiled.use_vector_masks(True)


@given(DATA)
def test_portable_code(implementations, data) -> None:
    """Vector code and portable code read the same."""
    compiled = pytest.importorskip("septet._kernels._compiled_delimited")
    expected = read(compiled, data)
    try:
        assert compiled.use_vector_masks(False) is False
        assert read(compiled, data) == expected
    finally:
        compiled.use_vector_masks(True)


def test_views_that_are_full() -> None:
    """Reading ends before the first record that has no views left."""
    compiled = pytest.importorskip("septet._kernels._compiled_delimited")
    outcome, end, lines, rows = read(compiled, b"a,b\n\nc,d\ne,f", capacity=2)
    assert (outcome, end, lines, len(rows)) == (compiled.VIEWS_FULL, 9, 3, 2)
    assert read(compiled, b"a,b\nc,d\n\n", capacity=2)[0] == compiled.NO_WHOLE_RECORD


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_long_records(end) -> None:
    """A record with its line end that is longer than allowed is not plain."""
    compiled = pytest.importorskip("septet._kernels._compiled_delimited")
    record = b"a,b" + end
    for spare in (0, 1):
        outcome = read(compiled, record, max_bytes=len(record) - spare)[0]
        assert outcome == (compiled.OTHER_RECORD if spare else compiled.NO_WHOLE_RECORD)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": 5}, "rows 5 to 4: first must be from 0 to stop"),
        ({"start": -1}, "rows -1 to 4: first must be from 0 to stop"),
        ({"delimiter": 0x80}, "the delimiter must be an ASCII character, not 128"),
        ({"delimiter": 0}, "the delimiter must be an ASCII character, not 0"),
        ({"wanted": array("i")}, "no field is wanted"),
        ({"wanted": array("i", [2])}, "field 2 of records of 2 fields"),
        ({"wanted": array("i", [-2])}, "field -2 of records of 2 fields"),
        ({"width": 1}, "field 1 of records of 1 fields"),
        ({"row": 2}, "views has 1 values for 2 rows"),
        ({"row": -1}, "rows 0 to -1: first must be from 0 to stop"),
        ({"unquoted": bytearray(3)}, "unquoted has 3 values for 4 rows"),
        ({"unquoted_size": 1}, "unquoted has 4 values for 5 rows"),
        ({"unquoted_size": -1}, "rows 0 to -1: first must be from 0 to stop"),
    ],
)
def test_bounds(kernels, change, message) -> None:
    """Wrong ranges and sizes are refused before anything is read."""
    arguments = {
        "block": bytearray(b"a,b\n"),
        "start": 0,
        "is_last": True,
        "delimiter": ord(","),
        "width": 2,
        "max_bytes": 100,
        "wanted": array("i", [1]),
        "views": bytearray(16),
        "row": 0,
        "unquoted": bytearray(4),
        "unquoted_size": 0,
    }
    with pytest.raises(ValueError, match=re.escape(message)):
        kernels.functions.read_records(**(arguments | change))


@pytest.mark.parametrize("width", [2**40, 2**61, 2**63 - 1])
def test_more_fields_than_bytes(kernels, width) -> None:
    """No record is as wide, and nothing is written behind the memory for the ends of fields."""
    block = b"a,b,c,d\n" * 1000
    outcome, end, *_ = kernels.functions.read_records(
        block, 0, True, ord(","), width, 100, array("i", [1]), bytearray(16), 0,
        bytearray(len(block)), 0,
    )  # fmt: skip
    assert (outcome, end) == (kernels.functions.OTHER_RECORD, 0)
