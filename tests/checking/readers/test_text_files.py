"""Plain text."""

from septet.checking.readers.text_files import read_text_lines


def test_lines() -> None:
    """Each line that is not blank is a text."""
    assert [entry[:4] for entry in read_text_lines("a\r\n\n \n b\n")] == [
        ("1", "a", 1, 1),
        ("4", " b", 4, 1),
    ]
