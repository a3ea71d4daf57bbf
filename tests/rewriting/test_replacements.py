"""The table of an alphabet and a level, over the whole of Unicode."""

from __future__ import annotations

import sys

import pytest

import oracle
from septet import MissingExtraError
from septet.rewriting import replacements
from septet.rewriting.pieces import invisible_characters
from septet.rewriting.replacements import ReplacementTable, levels_to, replacement_table
from septet.standard.characters import is_assigned
from septet.standard.composition import compose

GSM7 = frozenset(oracle.TABLES["default"] | oracle.TABLES["extension"])
GREEK = frozenset("ΔΦΓΛΩΠΨΣΘΞ")
LEVELS = ["punctuation", "letters", "all"]
# All of Unicode but ideographs, Hangul syllables, private use and what no version assigns.
CODES = [
    *(*range(0x3400), *range(0xA000, 0xABFF), *range(0xD7A4, 0xE002), *range(0xF8FE, 0x17000)),
    *(*range(0x18D00, 0x20002), *range(0x2F800, 0x2FA20), *range(0xDFFFF, 0xE1001), 0x10FFFF),
]
C1 = {chr(code) for code in range(0x80, 0xA0)}
# Ideographs, cuneiform and the like are unknown to anyascii; no letter of these scripts may be.
EVERYDAY = [
    *(range(0x20, 0x0250), range(0x0370, 0x0378), range(0x0384, 0x0530), range(0x0531, 0x0589)),
    *(range(0x05D0, 0x05EB), range(0x0620, 0x06D4), range(0x0900, 0x0980), range(0x0E01, 0x0E5C)),
    *(range(0x0E81, 0x0EDE), range(0x0F40, 0x0F6D), range(0x10A0, 0x1100), range(0x1100, 0x1113)),
    *(range(0x1161, 0x1176), range(0x11A8, 0x11C3), range(0x1F00, 0x2000), range(0x3041, 0x3100)),
    *(range(0x3131, 0x318F), range(0xAC00, 0xD7A4), range(0xFB50, 0xFBC3), range(0xFF61, 0xFFDD)),
]


@pytest.fixture(params=LEVELS)
def table(request) -> ReplacementTable:
    """The default alphabet with each level."""
    if request.param != "punctuation":
        pytest.importorskip("anyascii")
    return replacement_table(GSM7, request.param)


def test_every_character(table) -> None:
    """It stays, or becomes characters of GSM-7; the same as its composed form; once and for all."""
    for char in map(chr, CODES):
        replacement = table[char]
        assert replacement == char or char in C1 or GSM7.issuperset(replacement)
        composed = compose(char)
        if composed != char:
            whole = table.replace(composed)
            assert replacement in (char, whole)
            assert (replacement == char) == (whole is None)


def test_invisible_characters(table) -> None:
    """They become nothing at every level."""
    assert {table[char] for char in invisible_characters()} == {""}
    kinds = "\x00\x1b\x7f\x81\xad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u202e"
    kinds += (
        "\u2060\u2064\u2069\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\ufffc\U0001d173\U000e0001"
    )
    kinds += "\U000e007f\U000e0100\U000e01ef"
    assert invisible_characters().issuperset(kinds)
    assert invisible_characters().isdisjoint("\t\n\v\f\r \x85\xa0\u2028\u3000\u1680")


def test_controls(table) -> None:
    """None stays, but line feed, carriage return and page break; C1 are those of Windows-1252."""
    for code in (*range(0x20), *range(0x7F, 0xA0)):
        char = chr(code)
        expected = {"\t": " ", "\v": "\n", "\x85": "\n"}.get(char, "")
        if char in "\n\f\r":
            expected = char
        elif code > 0x7F and char != "\x85":
            meant = char.encode("latin-1").decode("cp1252", "ignore")
            expected = table[meant] if meant else ""
        assert table[char] == expected


def test_everyday_scripts_come_out_whole() -> None:
    """No letter stays at the level "all" because anyascii writes nothing for it."""
    pytest.importorskip("anyascii")
    table = replacement_table(GSM7, "all")
    chars = [chr(code) for codes in EVERYDAY for code in codes]
    left = [
        char for char in chars if table[char] == char and char not in GSM7 and is_assigned(char)
    ]
    assert left == []


def test_unknown_characters_stay() -> None:
    """An empty answer is not always an answer."""
    pytest.importorskip("anyascii")
    table = replacement_table(GSM7, "all")
    for char in "\u39dd\u9fb3\U00020002\U00012000\ud83d\ue000\uffff":
        assert table[char] == char


def test_greek_by_looks_or_by_sound() -> None:
    """With the capitals of GSM-7; without one of them, no letter is replaced by its looks."""
    pytest.importorskip("anyascii")
    small = "αβγδεζηθικλμνξοπρσςτυφχψω"
    capitals = "ABΓΔEZHΘIKΛMNΞOΠPΣΣTYΦXΨΩ"
    for level in ("letters", "all"):
        table = replacement_table(GSM7, level)
        assert "".join(map(table.__getitem__, small)) == capitals
        assert "".join(map(table.__getitem__, "άέήίόύώΐΰϊϋΆΈΉΊΌΎΏΪΫᾳᾼῶᾯ")) == (
            "AEHIOYΩIYIYAEHIOYΩIYAAΩΩ"
        )
    assert replacement_table(GSM7 - GREEK, "letters", False)["π"] == "π"
    assert replacement_table(GSM7 - GREEK, "all", False)["π"] == "p"
    assert replacement_table(GSM7, "punctuation")["π"] == "π"


def test_replacements_that_are_not_available() -> None:
    """They are replaced in turn, or the character stays."""
    pytest.importorskip("anyascii")
    table = replacement_table(GSM7 - {"€"}, "all")
    assert [table[char] for char in "€\x80￡ö"] == ["EUR", "EUR", "£", "ö"]
    assert replacement_table(GSM7 - {"'"}, "all")["’"] == "’"
    assert replacement_table(GSM7 - {"€"}, "punctuation")["\x80"] == "€"


def test_a_letter_and_its_marks(table) -> None:
    """All of them are replaced, or none; what is available stays as it is composed."""
    assert table.replace("e\u0301") == "é"
    assert table.replace("ж\ufffe") is None
    expected = {"punctuation": "x~", "letters": "x", "all": "x"}
    assert table.replace("x\u0303") == expected[table.level]
    hindi = replacement_table(frozenset("\u091c\u093c"), "punctuation")
    assert hindi.replace("\u091c\u093c") == hindi["\u095b"] == "\u091c\u093c"


def test_letters_that_unicode_never_composes() -> None:
    """Both spellings give what anyascii knows about the letter with its mark."""
    pytest.importorskip("anyascii")
    table = replacement_table(GSM7, "all")
    for whole, parts, expected in [
        ("\u095b", "\u091c\u093c", "z"),
        ("\u0958", "\u0915\u093c", "q"),
        ("\u09df", "\u09af\u09bc", "y"),
        ("\ufb31", "\u05d1\u05bc", "b"),
        ("\ufb2c", "\u05e9\u05bc\u05c1", "sh"),
    ]:
        assert table[whole] == table.replace(parts) == expected


def test_the_table_is_bounded(monkeypatch) -> None:
    """However many characters are looked up, and it still answers."""
    monkeypatch.setattr(replacements, "_MAX_CACHED", 10)
    table = ReplacementTable(GSM7, "punctuation", True)
    for char in map(chr, range(0x2000, 0x2070)):
        assert table[char] == replacement_table(GSM7, "punctuation")[char]
        assert len(table) <= 10


def test_levels() -> None:
    """Each includes those before it."""
    assert levels_to("all") == ("punctuation", "letters", "all")
    assert levels_to("punctuation") == ("punctuation",)
    with pytest.raises(
        ValueError, match=r"^level must be one of punctuation, letters, all, not 2$"
    ):
        levels_to(2)


def test_without_the_extra(monkeypatch) -> None:
    """The first level needs none."""
    monkeypatch.setitem(sys.modules, "anyascii", None)
    assert ReplacementTable(GSM7, "punctuation", True)["’"] == "'"
    with pytest.raises(MissingExtraError, match=r"septet\[transliteration\]"):
        ReplacementTable(GSM7, "letters", True)
