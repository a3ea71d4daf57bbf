"""Files of lines: bytes that are no text stay apart from texts."""

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_files import read
from septet.costing.reading.text_files import are_utf8
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
