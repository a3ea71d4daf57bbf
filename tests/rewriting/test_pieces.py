"""Pieces of a text: a character and all that is attached to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import strategies
from septet.rewriting.pieces import attached_characters, join_letters, pieces


def test_what_is_attached() -> None:
    """Marks of any kind, invisible characters, vowels and finals of Hangul; nothing else."""
    attached = attached_characters()
    assert attached.issuperset("\u0301\u093c\u093f\u20e3\ufe0f\u200d\xad\x00\u1161\u11a8\uff9e")
    assert attached.isdisjoint("aé \n\t\u1100가ー😀\U0001f3fd")


def test_examples() -> None:
    """A piece begins with a character that is not attached, or with the text."""
    assert list(pieces("ae\u0301\u200di", [2])) == [(1, 4)]
    assert list(pieces("ae\u0301\u200di", [2, 3])) == [(1, 4)]
    assert list(pieces("\u0301\u0302a", [1])) == [(0, 2)]
    assert list(pieces("\u1112\u1161\u11ab\u1100", [0, 1, 2, 3])) == [(0, 3), (3, 4)]


@given(text=strategies.texts, data=st.data())
def test_laws(text, data) -> None:
    """Each index is in one piece, pieces do not overlap, and none could be longer."""
    indexes = sorted(data.draw(st.sets(st.integers(0, len(text) - 1)))) if text else []
    attached = attached_characters()
    found = list(pieces(text, indexes))
    assert [start for start, _ in found] == sorted({start for start, _ in found})
    for start, stop in found:
        assert start == 0 or text[start] not in attached or text[start - 1] in attached
        assert set(text[start + 1 : stop]) <= attached
        assert stop == len(text) or text[stop] not in attached
        assert any(start <= index < stop for index in indexes)
    assert all(any(start <= index < stop for start, stop in found) for index in indexes)


def test_letters_are_joined() -> None:
    """Those that Unicode leaves apart, and half-width katakana with its voicing mark."""
    assert join_letters("\u091c\u093c") == "\u095b"
    assert join_letters("\u05e9\u05bc\u05c1") == "\ufb2c"
    assert join_letters("\uff76\uff9e") == "ガ"
    assert join_letters("\uff8a\uff9f") == "パ"
    assert join_letters("ab\u0301") == "ab\u0301"
    assert join_letters("") == ""
