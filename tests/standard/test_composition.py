"""Canonical composition, by the tables of one Unicode version."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import septet
from septet.standard.characters import is_assigned, is_mark
from septet.standard.composition import compose

# No character is in the planes between, or in those of private use.
CHARS = [chr(c) for c in (*range(0x40000), *range(0xE0000, 0xE1000), 0xF0000, sys.maxunicode)]
DECOMPOSED = [char for char in CHARS if compose(char) != char or "가" <= char <= "힣"]
MARKS = [char for char in CHARS if is_mark(char)]


@pytest.fixture(scope="module", params=["unicodedata", "unicodedata2"])
def other(request):
    """A module with tables of its own."""
    return pytest.importorskip(request.param)


def knows(module, text: str) -> bool:
    """Return whether a module and septet both know all characters, or have the same tables."""
    if module.unidata_version == septet.UNICODE_VERSION:
        return True
    return all(module.category(char) != "Cn" and is_assigned(char) for char in text)


def test_every_character(other) -> None:
    """A character alone, and what it decomposes to, are composed alike."""
    for char in CHARS:
        parts = other.normalize("NFD", char)
        if knows(other, char + parts):
            expected = other.normalize("NFC", char)
            assert (compose(char), compose(parts)) == (expected, expected), hex(ord(char))


def test_every_mark_after_letters(other) -> None:
    """A letter with each mark, and with a mark before that."""
    for mark in MARKS:
        for start in ("a", "A\u0323", "a\u0301", "ω\u0345", "か", "\u0915\u093c"):
            if knows(other, start + mark):
                assert compose(start + mark) == other.normalize("NFC", start + mark), ascii(mark)


PARTS = st.one_of(
    st.sampled_from("aeouAEOUωαικか가각각\u1160\u11a7 "),
    st.sampled_from("\u0300\u0301\u0308\u0323\u0327\u0345\u0338\u3099\u0335\u0f71\u0f72"),
    st.sampled_from(MARKS),
    st.sampled_from(DECOMPOSED),
    st.characters(),
)


@given(st.lists(PARTS, max_size=12).map("".join))
def test_texts(text) -> None:
    """Texts of letters and marks in any order are composed as Python's own tables say."""
    if knows(unicodedata, text):
        assert compose(text) == unicodedata.normalize("NFC", text)
        assert compose(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFC", text)
    assert compose(compose(text)) == compose(text)


@pytest.mark.parametrize(
    ("text", "composed"),
    [
        ("", ""),
        ("plain café", "plain café"),
        ("cafe\u0301", "café"),
        ("e\u0302\u0301", "ế"),
        ("e\u0323\u0302", "ệ"),
        ("e\u0302\u0323", "ệ"),
        ("\u0301e", "\u0301e"),
        ("ש\u05c1", "ש\u05c1"),  # excluded from composition
        ("\u2126", "Ω"),
        ("한", "한"),
        ("\U00016d63\U00016d67", "\U00016d69"),  # of Unicode 16
        ("\ud83d\u0301", "\ud83d\u0301"),
        ("a" + "\u0301" * 3, "á\u0301\u0301"),
    ],
)
def test_known(text, composed) -> None:
    """The composed form is Unicode's, whatever the running Python knows."""
    assert compose(text) == composed
