"""Plain text."""

from septet.checking.readers.text_files import read_text_lines, read_whole_text


def test_lines() -> None:
    """Each line that is not blank is a text."""
    assert [entry[:4] for entry in read_text_lines("a\r\n\n \n b\n")] == [
        ("1", "a", 1, 1),
        ("4", " b", 4, 1),
    ]


def test_whole_text() -> None:
    """The line end at the end is no part of the text."""
    assert [entry[:4] for entry in read_whole_text("a\r\n\r\n", "k")] == [("k", "a\r\n", 1, 1)]
    assert list(read_whole_text(" \n", "k")) == []
