"""Invisible characters and terminal controls are made visible."""

import sys

import pytest

from septet.display.characters import code_point, describe, display_width, lone, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain café ’til 2 😀", "plain café ’til 2 😀"),
        ("a\r\nb\f\t\x1b[31m\x00\x7f", "a␍␊b␌␉␛[31m␀␡"),
        ("a\u202eb\u2066c\u200d", r"a\u202eb\u2066c\u200d"),
        ("\x85\x9b31m", r"\x85\x9b31m"),
        ("a\xa0b\u2009c\u2028d", r"a\xa0b\u2009c\u2028d"),
        ("\udcff\ud83d", r"\udcff\ud83d"),
        ("\ufeff", r"\ufeff"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_visible(text, expected):
    """Only control, format, space and surrogate characters are replaced."""
    assert visible(text) == expected


def test_all_that_is_visible_is_printable():
    """The result is printable for every code point."""
    obeyed = [n for n in range(sys.maxunicode + 1) if not visible(chr(n)).isprintable()]
    assert obeyed == []


@pytest.mark.parametrize(
    ("char", "shown", "point", "name"),
    [
        ("’", "’", "U+2019", "RIGHT SINGLE QUOTATION MARK"),
        ("😀", "😀", "U+1F600", "GRINNING FACE"),
        ("\u0301", "◌\u0301", "U+0301", "COMBINING ACUTE ACCENT"),
        ("\t", "␉", "U+0009", "CHARACTER TABULATION"),
        ("\x01", "␁", "U+0001", "CONTROL CHARACTER"),
        ("\ud83d", r"\ud83d", "U+D83D", "LONE SURROGATE"),
        ("\ue000", r"\ue000", "U+E000", "PRIVATE USE"),
        ("\uffff", r"\uffff", "U+FFFF", "UNASSIGNED"),
    ],
)
def test_one_character(char, shown, point, name):
    """A single character is visible, and has a code point and a name or a category."""
    assert (lone(char), code_point(char), describe(char)) == (shown, point, name)


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", 3), ("日本", 4), ("😀", 2), ("e\u0301", 1), ("", 0)]
)
def test_display_width(text, expected):
    """Wide characters take two columns, marks none."""
    assert display_width(text) == expected
