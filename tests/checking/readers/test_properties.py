"""Java properties."""

import pytest

from septet.checking.readers.properties import read_properties


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=b", [("a", "b", 1, 3)]),
        ("a : b", [("a", "b", 1, 5)]),
        ("a b", [("a", "b", 1, 3)]),
        ("  a\\ b = c ", [("a b", "c ", 1, 10)]),
        ("# x\n! y\n\na=b", [("a", "b", 4, 3)]),
        ("a = one \\\n   two\nb=c", [("a", "one two", 1, 5), ("b", "c", 3, 3)]),
        ("a = one \\\r\n   two\r\nb=c", [("a", "one two", 1, 5), ("b", "c", 3, 3)]),
        ("a=\\u2019\\n\\t\\:\\ud83d\\ude00", [("a", "’\n\t:😀", 1, 3)]),
        ("a=It''s {0}\nb=it''s", [("a", "It's {0}", 1, 3), ("b", "it''s", 2, 3)]),
        ("a\nb", [("a", "", 1, 2), ("b", "", 2, 2)]),
        ("a=b\\", [("a", "b", 1, 3)]),
        ("", []),
    ],
)
def test_values(text, expected) -> None:
    assert [entry[:4] for entry in read_properties(text)] == expected
