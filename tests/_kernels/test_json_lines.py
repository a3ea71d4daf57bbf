"""JSON Lines: each implementation reads what `json.loads` reads, or leaves the line."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from json_lines import random_line
from septet.columns.surveys import listed

COLUMNS = (("body", False, False), ("n", True, False), ("to", True, True), ("été", False, False))
OPTIONAL = tuple((key, takes_numbers, False) for key, takes_numbers, _ in COLUMNS)
ROOM = 10**6


@pytest.fixture(scope="module", params=["python", "compiled"])
def rows_type(request, implementations) -> Any:
    """`JsonRows` of each implementation."""
    if request.param not in implementations:
        pytest.skip("the compiled implementation was not built")
    return implementations[request.param].functions.JsonRows


def parse(line: bytes, columns=COLUMNS) -> list[str | None] | None:
    """Return the row of a line, None if it has none."""
    try:
        values = json.loads(line.decode())
        cells: list[str | None] = []
        for key, takes_numbers, is_required in columns:
            value = values.get(key)
            if takes_numbers and isinstance(value, int | float):
                value = json.dumps(value)
            if is_required if value is None else not isinstance(value, str):
                return None
            cells.append(value and value.encode() and value)
    except (AttributeError, ValueError, RecursionError):
        return None
    return cells


def read(rows_type, lines, columns=COLUMNS, max_rows=1000, max_line_bytes=ROOM):
    """Return the rows of some lines, and those that are left."""
    block = b"".join(line + b"\n" for line in lines)
    reader = rows_type(block, columns, max_rows, max_line_bytes)
    rows: list[list[str | None]] = []
    left: list[bytes] = []
    position = line_count = 0
    while position < len(block):
        position, count = reader.read(position)
        line_count += count
        if len(reader) == max_rows:
            rows += zip(*map(listed, reader.take()), strict=True)
        elif position < len(block):
            stop = block.index(b"\n", position)
            left.append(block[position:stop])
            row = parse(left[-1], columns)
            if row is not None:
                reader.add(row)
            position, line_count = stop + 1, line_count + 1
    assert line_count == len(lines)
    rows += zip(*map(listed, reader.take()), strict=True)
    return list(map(list, rows)), left


class TestReading:
    @given(
        st.randoms(use_true_random=False),
        st.sampled_from([COLUMNS, OPTIONAL]),
        st.sampled_from([1, 2, 1000]),
    )
    def test_random_lines(self, rows_type, random, columns, max_rows):
        """The rows are those of `json.loads`, whichever lines are left."""
        lines = [random_line(random) for _ in range(random.randrange(20))]
        expected = [row for line in lines if (row := parse(line, columns)) is not None]
        assert read(rows_type, lines, columns, max_rows)[0] == expected

    @pytest.mark.slow
    def test_many_random_lines(self, rows_type):
        """The same for more lines than Hypothesis makes."""
        random = Random(19)
        for _ in range(200):
            lines = [random_line(random) for _ in range(100)]
            expected = [row for line in lines if (row := parse(line, OPTIONAL)) is not None]
            assert read(rows_type, lines, OPTIONAL)[0] == expected

    @pytest.mark.parametrize(
        ("line", "row"),
        [
            (b'{"body":"x","to":"y"}', ["x", None, "y", None]),
            (b' { "to" : "1" , "body" : null } \r', [None, None, "1", None]),
            (b'{"to":"a","to":"b","body":7,"body":"c"}', ["c", None, "b", None]),
            (b'{"to":"","body":"more than twelve"}', ["more than twelve", None, "", None]),
            ('{"to":"é","été":"“”"}'.encode(), [None, None, "é", "“”"]),
            (b'{"to":"\\ud83d\\ude00\\u00e9\\n\\/\\"","n":12}', [None, "12", '😀é\n/"', None]),
            (b'{"to":true,"n":false,"a":"\\ud800"}', [None, "false", "true", None]),
            (b'{"to":"x","a":{"b":[1,[],{},{"c":-1.5e+3}]}}', [None, None, "x", None]),
            (b'{"to":1.50,"n":-0.0}', [None, "-0.0", "1.5", None]),
            (b'{"to":0.00012,"n":12345678901234.0}', [None, "12345678901234.0", "0.00012", None]),
            (
                b'{"to":12345678901234567890,"x":1E5,"y":-0}',
                [None, None, "12345678901234567890", None],
            ),
            (b'{"to":"x","a":' + b"[" * 64 + b"]" * 64 + b"}", [None, None, "x", None]),
        ],
    )
    def test_plain_lines(self, rows_type, line, row):
        """These are not left."""
        assert read(rows_type, [line]) == ([row], [])

    @pytest.mark.parametrize(
        "line",
        [
            *(b"{", b"[]", b"1", b'"x"', b"null", b'{"to":"x"} {}', b'{"to":"x",}', b"{}x"),
            *(b"\x0b", b"{}", b'{"to":null}', b'{"to":[]}', b'{"body":7,"to":"x"}'),
            *(b'{"to":7e}', b'{"to":"\x1f"}', b'{"to":"\\ud800"}', b'{"to":"\xff"}'),
            *(b'\xef\xbb\xbf{"to":"x"}', b'{"a":"\xc3","to":"x"}', b'{"to":"\xed\xa0\x80"}'),
            *(b'{"to":"x" "a":1}', b'{"to" "x"}', b'{"to":"x"', b'{"to":"x","a":[1,]}'),
            *(b'{"to":"x","a":[,1]}', b'{"to":"x","a":{"b":1,}}', b'{"to":"x","a":{,}}'),
            *(b'{"to":"x","a":[}', b'{"to":"x","a":[1 2]}', b'{"to":"x","a":{"b"}}'),
            *(b'{"to":"x","a":{1:2}}', b'{"to":"x","a":[{]}', b'{"to":"x","a":{"b":1]}'),
        ],
    )
    def test_lines_that_are_left(self, rows_type, line):
        """These have no row, or one that only the caller can make."""
        assert read(rows_type, [b'{"to":"a"}', line, b'{"to":"b"}'])[1] == [line]

    @pytest.mark.parametrize("key", ["", "x", "a longer key", "é", "\udcff"])
    def test_keys(self, rows_type, key):
        """Any text can be a key."""
        lines = [json.dumps({key: "1"}, ensure_ascii=False).encode("utf-8", "replace"), b"{}"]
        rows, left = read(rows_type, lines, ((key, False, False),))
        assert (rows, left) == ([["1" if key != "\udcff" else None], [None]], [])

    def test_blank_lines(self, rows_type):
        """They are counted as lines, but are no rows."""
        assert read(rows_type, [b"", b" \t\r", b'{"to":"x"}', b"\r"]) == (
            [[None, None, "x", None]],
            [],
        )

    def test_no_columns(self, rows_type):
        """The rows are counted all the same."""
        reader = rows_type(b"{}\n\n{}\n", (), 10, ROOM)
        assert (reader.read(0), len(reader), reader.take(), len(reader)) == ((7, 3), 2, [], 0)

    @pytest.mark.parametrize("line", [b'{"to":"123456"}', b" " * 15])
    @pytest.mark.parametrize("spare", [0, 1])
    def test_longest_line(self, rows_type, line, spare):
        """A longer one is left, whatever it is."""
        left = read(rows_type, [line], max_line_bytes=14 + spare)[1]
        assert left == [line] * (1 - spare)

    def test_decoded_strings_beyond_the_first_memory(self, rows_type):
        """Memory for them grows, and the views of rows before stay what they are."""
        texts = ["é\n" * size for size in (1, 10, 7, 10_000, 3, 100_000, 60_000)]
        lines = [json.dumps({"body": text, "to": text}).encode() for text in texts]
        assert read(rows_type, lines)[0] == [[text, None, text, None] for text in texts]

    @given(st.lists(st.lists(st.none() | st.text(), min_size=2, max_size=2), max_size=5))
    def test_rows_that_are_added(self, rows_type, rows):
        """They follow those that were read."""
        columns = (("a", False, False), ("b", False, False))
        reader = rows_type(b'{"a":"first"}\n', columns, 10, ROOM)
        reader.read(0)
        expected = [["first", None]]
        for row in rows:
            try:
                "".join(filter(None, row)).encode()
            except UnicodeEncodeError:
                with pytest.raises(UnicodeEncodeError):
                    reader.add(row)
            else:
                reader.add(row)
                expected.append(row)
        assert len(reader) == len(expected)
        assert [listed(column) for column in reader.take()] == list(
            map(list, zip(*expected, strict=True))
        )


class TestBounds:
    @pytest.mark.parametrize("start", [-1, 4, 1 << 40])
    def test_start(self, rows_type, start):
        """It is within the block."""
        with pytest.raises(ValueError, match=r"first must be from 0 to stop$"):
            rows_type(b"{}\n", (), 10, ROOM).read(start)

    @pytest.mark.parametrize("start", [1, 2, 3])
    def test_start_within_a_line(self, rows_type, start):
        """Nothing outside the block is read."""
        assert (
            rows_type(b"{}\n", (), 10, ROOM).read(start) == {1: (1, 0), 2: (3, 1), 3: (3, 0)}[start]
        )

    @pytest.mark.parametrize("block", [b"{}", b"\n{", b"{}\n "])
    def test_block_without_its_last_line_feed(self, rows_type, block):
        """It is refused: nothing else ends the last line."""
        with pytest.raises(ValueError, match="lacks its line feed"):
            rows_type(block, (), 10, ROOM)

    @pytest.mark.parametrize("max_rows", [0, -1])
    def test_max_rows(self, rows_type, max_rows):
        """There is room for a row at least."""
        with pytest.raises(ValueError, match=f"max_rows must be 1 or more, not {max_rows}"):
            rows_type(b"{}\n", (), max_rows, ROOM)

    def test_no_room(self, rows_type):
        """No row is read or added beyond `max_rows`, until they are taken."""
        reader = rows_type(b"{}\n{}\n{}\n", COLUMNS[:1], 2, ROOM)
        assert reader.read(0) == (6, 2)
        assert reader.read(6) == (6, 0)
        with pytest.raises(ValueError, match="there are 2 rows already"):
            reader.add([None])
        reader.take()
        reader.add(["x"])
        assert reader.read(6) == (9, 1)
        assert listed(*reader.take()) == ["x", None]

    @pytest.mark.parametrize("cells", [[], ["x"], ["x", "y", "z"]])
    def test_cells(self, rows_type, cells):
        """There is one for each column."""
        reader = rows_type(b"", COLUMNS[:2], 10, ROOM)
        with pytest.raises(ValueError, match=f"expected 2 cells, got {len(cells)}"):
            reader.add(cells)
        assert len(reader) == 0
