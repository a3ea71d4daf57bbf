"""Files of lines: bytes that are no text stay apart from texts."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_files import read
from septet.costing.reading.text.text_files import (
    are_utf8,
    count_line_ends,
    count_lines,
    decode,
    decode_lines,
)
from septet.exceptions import SourceError


@given(st.lists(st.binary()))
def test_bytes_that_are_not_utf8_are_known_again(lines):
    """Lines that were not UTF-8 in the file are recognised."""
    texts = [line.decode("utf-8", "surrogateescape") for line in lines]
    try:
        b"\n".join(lines).decode()
        expected = True
    except UnicodeDecodeError:
        expected = False
    assert are_utf8(texts) == expected


@pytest.mark.parametrize("text", ["", "a", "é", "😀"])
def test_texts(text):
    """Any text that UTF-8 can say was UTF-8."""
    assert are_utf8([text])


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.csv.gz"])
def test_what_the_disk_does_not_give(tmp_path, name):
    """An error of the device names the file, as damage does."""
    memory = Path("/proc/self/mem")
    if not memory.exists():
        pytest.skip("there is no file here that fails to be read")
    (tmp_path / name).symlink_to(memory)
    with pytest.raises(
        SourceError, match=f"{name} is damaged after 0 rows: .*{os.strerror(errno.EIO)}"
    ):
        read(tmp_path / name)


@given(st.lists(st.binary(max_size=5)))
def test_lines_are_decoded_with_a_word_about_them(lines):
    """Whether they are UTF-8 is known without looking at them again."""
    texts, is_utf8 = decode_lines(lines)
    assert texts == list(map(decode, lines))
    assert is_utf8 == are_utf8(texts)


@given(
    st.lists(st.sampled_from(list(b"a\r\n\x0b"))).map(bytes), st.integers(0, 9), st.integers(0, 30)
)
def test_lines_are_counted(data, start, end):
    """Lines end with CR, LF and CR LF; the last needs no end."""
    end = min(end, len(data))
    lines = data[start:end].splitlines(keepends=True)
    if lines:
        assert count_lines(data, start, end) == len(lines)
    is_open = bool(lines) and not lines[-1].endswith((b"\r", b"\n"))
    assert count_line_ends(data, start, end) == len(lines) - is_open


@pytest.mark.parametrize(
    ("data", "is_suggested"),
    [
        (b"caf\xe9", True),
        (b"\x93Hi\x94 \x96 5 \x80", True),
        (b"\x81", False),
        ("é".encode() + b"\xe9", False),
    ],
)
def test_windows_1252_is_suggested_where_the_bytes_look_like_it(tmp_path, data, is_suggested):
    """Not if it has no such character, and not beside characters of UTF-8."""
    (tmp_path / "a.csv").write_bytes(b"body\n" + data + b"\n")
    reason = read(tmp_path / "a.csv")[2].unreadable.examples[0].reason
    assert reason.startswith("not valid UTF-8")
    assert ("windows-1252" in reason) == is_suggested
