"""Kinds of characters, by the tables of one Unicode version."""

from __future__ import annotations

import sys

import pytest

import septet
from septet.standard.characters import (
    char_width,
    is_assigned,
    is_format,
    is_mark,
    is_printable,
)

# No character is in the planes between, or in those of private use.
CHARS = [chr(c) for c in (*range(0x40000), *range(0xE0000, 0xE1000), 0xF0000, sys.maxunicode)]


@pytest.mark.parametrize("source", ["unicodedata", "unicodedata2"])
def test_categories(source) -> None:
    """All is as another package has it that has tables of the same version."""
    other = pytest.importorskip(source)
    if other.unidata_version != septet.UNICODE_VERSION:
        pytest.skip(f"{source} has the tables of Unicode {other.unidata_version}")
    for char in CHARS:
        category = other.category(char)
        assert is_mark(char) == (category in {"Mn", "Mc", "Me"}), hex(ord(char))
        assert is_format(char) == (category == "Cf"), hex(ord(char))
        assert is_assigned(char) == (category != "Cn"), hex(ord(char))
        assert is_printable(char) == (char == " " or category[0] not in "CZ"), hex(ord(char))
        if is_printable(char):
            width = 2 if other.east_asian_width(char) in {"W", "F"} else 1
            assert char_width(char) in (0, width), hex(ord(char))


def test_widths() -> None:
    """Widths are those of `wcwidth`, but for a few characters."""
    wcwidth = pytest.importorskip("wcwidth")
    if septet.UNICODE_VERSION not in wcwidth.list_versions():
        pytest.skip(f"wcwidth {wcwidth.__version__} has other tables")
    for char in CHARS:
        # Fonts show spacing marks and fillers in columns of their own, and two letters as a flag.
        is_other = is_mark(char) or char in "\u3164\uffa0" or "🇦" <= char <= "🇿"
        if is_printable(char) and not (is_other and char_width(char)):
            assert char_width(char) == wcwidth.wcwidth(char), hex(ord(char))


@pytest.mark.parametrize(
    ("char", "kinds"),
    [
        ("a", "printable"),
        (" ", "printable"),
        ("\xa0", ""),
        ("\t", ""),
        ("\u0301", "mark printable"),
        ("\u20dd", "mark printable"),
        ("\u0903", "mark printable"),
        ("\u200d", "format"),
        ("\xad", "format"),
        ("\U000e0067", "format"),
        ("\u2028", ""),
        ("\ue000", ""),
        ("\ud83d", ""),
        ("\uffff", "unassigned"),
        ("\U0001fa77", "printable"),  # Unicode 15
        ("\U0001fae9", "printable"),  # Unicode 16
        ("\U0001fac8", "printable"),  # Unicode 17
        ("\U000323b0", "printable"),  # Unicode 17
        ("\u0378", "unassigned"),
    ],
)
def test_kinds(char, kinds) -> None:
    """A character has these kinds, whatever the running Python knows."""
    found = {
        "mark": is_mark(char),
        "format": is_format(char),
        "printable": is_printable(char),
        "unassigned": not is_assigned(char),
    }
    assert " ".join(kind for kind, value in found.items() if value) == kinds


@pytest.mark.parametrize(
    ("char", "width"),
    [
        *(("a", 1), ("é", 1), ("\u0301", 0), ("日", 2), ("😀", 2), ("Ａ", 2), ("ｱ", 1)),
        *(("\u1160", 0), ("가", 2), ("ᄀ", 2), ("\ud7b0", 0), ("\u0903", 1), ("\U0001fac8", 2)),
    ],
)
def test_display_width(char, width) -> None:
    """Wide characters take two columns, and what joins the character before none."""
    assert char_width(char) == width


def test_the_version() -> None:
    """The tables are of the version that septet states."""
    assert septet.UNICODE_VERSION == "17.0.0"
    assert max(filter(is_assigned, CHARS[:0x40000])) == "\U00033479"  # came with it
