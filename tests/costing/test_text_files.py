"""Files of lines: bytes that are no text stay apart from texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing.text_files import are_utf8


@given(st.lists(st.binary()))
def test_bytes_that_are_not_utf8_are_known_again(lines):
    """What was UTF-8 in the file is told from what was not."""
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
