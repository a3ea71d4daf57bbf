"""Invisible characters and terminal controls are made visible."""

import sys
import unicodedata

import pytest

from septet.display import characters
from septet.display.characters import code_point, describe, display_width, lone, visible
from septet.standard.characters import is_printable


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
        ("Love \U0001fa77 you", "Love \U0001fa77 you"),  # Unicode 15
        ("\U0001fae9\U0001fac8\U0001faea", "\U0001fae9\U0001fac8\U0001faea"),  # 16 and 17
        ("\u0378\U0001faff", r"\u0378\U0001faff"),  # unassigned in Unicode 17
    ],
)
def test_visible(text, expected):
    """Only control, format, space and surrogate characters are replaced."""
    assert visible(text) == expected


def test_all_that_is_visible_is_printable():
    """The result is printable for every code point, and no control of a terminal is in it."""
    shown = [visible(chr(n)) for n in range(sys.maxunicode + 1)]
    obeyed = [text for text in shown if not all(map(is_printable, text))]
    assert obeyed == []
    assert not any(char in "\x1b\x9b\u202e\n" for text in shown for char in text)


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


def test_a_character_that_python_does_not_know(monkeypatch):
    """It is shown as itself; its name is its code point, whatever this Python knows."""

    class OldUnicode:
        """The tables of a Python that knows ASCII only."""

        @staticmethod
        def category(char):
            return "Ll" if char.isascii() else "Cn"

        @staticmethod
        def name(char, default):
            return "LATIN SMALL LETTER A" if char.isascii() else default

    monkeypatch.setattr(characters, "unicodedata", OldUnicode)
    assert describe("a") == "LATIN SMALL LETTER A"
    assert describe("😀") == "U+1F600 (not in this Python's Unicode)"
    assert (lone("😀"), lone("\u0301")) == ("😀", "◌\u0301")
    assert describe("\u0378") == "UNASSIGNED"


def test_the_newest_characters():
    """They have a name, or their code point and the reason for it; never "UNASSIGNED"."""
    for char in "\U0001fa77\U0001fae9\U0001fac8":
        name = unicodedata.name(char, "")
        assert describe(char) == (name or f"{code_point(char)} (not in this Python's Unicode)")
        assert (lone(char), display_width(char)) == (char, 2)


@pytest.mark.parametrize(
    ("text", "expected"), [("abc", 3), ("日本", 4), ("😀", 2), ("e\u0301", 1), ("", 0)]
)
def test_display_width(text, expected):
    """Wide characters take two columns, marks none."""
    assert display_width(text) == expected
