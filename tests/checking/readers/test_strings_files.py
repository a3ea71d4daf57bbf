"""Apple's .strings files."""

import pytest

from septet.checking.readers.strings_files import read_strings


def test_texts() -> None:
    """Comments, escapes, keys without quotes, texts of several lines."""
    text = '/* a; "b" */\n"a" = "It\\U2019s \\"x\\"\\n";\n// c\nNSName = "two\nlines" ;\n"b";\n'
    assert [(*entry[:4], entry.first_line) for entry in read_strings(text)] == [
        ("a", 'It’s "x"\n', 2, 7, 2),
        ("NSName", "two\nlines", 4, 10, 4),
        ("b", "b", 6, 1, 6),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('"a" = "b"', "line 1, column 10"),
        ('\n"a" = ;', "line 2, column 7"),
        ('"a', "line 1, column 1"),
    ],
)
def test_errors(text, place) -> None:
    with pytest.raises(ValueError, match=f"^{place}: expected"):
        list(read_strings(text))
