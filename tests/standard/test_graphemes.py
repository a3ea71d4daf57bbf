"""Tables of grapheme clusters, and the clusters of whole texts."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle_clusters
import septet
import strategies
from break_cases import break_cases
from septet.standard.graphemes import (
    CLASSES_LENGTH,
    WIDTH,
    class_index,
    cluster_breaks,
    cluster_rules,
    read_char,
)

UNICODE = cluster_rules("unicode")
CASES = break_cases()


def ends_of(text: str, rules=UNICODE) -> set[int]:
    breaks = cluster_breaks(text, rules)
    assert len(breaks) == len(text)
    return {index for index in range(1, len(text)) if breaks[index]} | {len(text)} - {0}


def test_unicodes_own_test() -> None:
    """Every case of GraphemeBreakTest, by the tables and by the judge of the other tests."""
    assert len(CASES) > 700
    for text, ends in CASES:
        assert ends_of(text) == ends, ascii(text)
        assert oracle_clusters.cluster_ends(text) == ends, ascii(text)


@given(st.one_of(strategies.cluster_texts, strategies.texts))
def test_clusters_are_those_of_the_judge(text) -> None:
    """Whatever the text, halves of surrogate pairs included."""
    if text:
        assert ends_of(text) == oracle_clusters.cluster_ends(text)


def test_every_code_point_has_its_class() -> None:
    """By the properties from Unicode's files, next to characters that show the class."""
    neighbours = ["a", "\u0301", "\u200d", "\r", "\n", "\u0600", "ᄀ", "ᅡ", "ᆨ", "😀", "🇦", "\u0915"]
    known = oracle_clusters.letters()
    seen = set()
    for c in range(sys.maxunicode + 1):
        key = (known.get(c, "x"), UNICODE.classes[class_index(c)])
        if key in seen or 0xD800 <= c < 0xE000:
            continue
        seen.add(key)
        for one in neighbours:
            for text in (chr(c) + one, one + chr(c), "\u0915\u094d" + chr(c), "😀" + chr(c) + "😀"):
                assert ends_of(text) == oracle_clusters.cluster_ends(text), ascii(text)
    assert len({letter for letter, _ in seen}) == len({number for _, number in seen})


@given(strategies.cluster_texts)
def test_clusters_are_those_of_wcwidth(text) -> None:
    """A second source, with tables of its own."""
    wcwidth = pytest.importorskip("wcwidth")
    if septet.UNICODE_VERSION not in wcwidth.list_versions():
        pytest.skip(f"wcwidth {wcwidth.__version__} has other tables")
    if any("\ud800" <= char <= "\udfff" for char in text):
        return
    classes = "".join(oracle_clusters.letters().get(ord(char), "x") for char in text)
    if re.search("[rncp]f", classes):
        return  # it does not pair the letters of a flag after these (GB12)
    ends, end = set(), 0
    for cluster in wcwidth.iter_graphemes(text):
        end += len(cluster)
        ends.add(end)
    assert ends_of(text) - {0} == ends


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("", ""),
        ("plain\nlines\r", "111111111111"),
        ("a\r\nb", "1101"),
        ("e\u0301e", "101"),
        ("क्षक", "1001"),
        ("👨\u200d👩\u200d👧!", "100001"),
        ("🇩🇪🇫🇷", "1010"),
        ("👍🏽👍", "101"),
        ("\U0001faea\u200d\U0001fac8", "100"),  # of Unicode 17
        ("\ud83d\ude00", "10"),
        ("\ud83d\ude00\u0301x", "1001"),
        ("\ude00\ud83d", "11"),
        ("\ud83d\u0301", "10"),
        ("\ud83d\ud83d\ude00\ude00", "1101"),
        ("\ud83d\udc68\u200d\ud83d\udc69", "10000"),
    ],
)
def test_breaks(text, breaks) -> None:
    """A byte for each character; a pair of surrogates is one character."""
    assert cluster_breaks(text, UNICODE) == bytes(map(int, breaks))


@pytest.mark.parametrize("name", ["unicode", "unicode-10"])
def test_tables(name) -> None:
    """They have the lengths that the kernels check, and what is certain holds in every state."""
    rules = cluster_rules(name)
    assert len(rules.classes) == CLASSES_LENGTH
    assert len(rules.transitions) == WIDTH * WIDTH
    assert len(rules.certain) == WIDTH
    assert cluster_rules(name) is rules
    classes = sorted(set(rules.classes))
    assert classes == list(range(len(classes)))
    for first in classes:
        for second in classes:
            states = {rules.transitions[state * WIDTH + first] & 0x7F for state in range(WIDTH)}
            certain = all(rules.transitions[state * WIDTH + second] & 0x80 for state in states)
            assert rules.certain[first] >> second & 1 == certain


def test_unknown_rules() -> None:
    """The message lists those there are."""
    with pytest.raises(
        ValueError, match=r"^cluster rules must be one of unicode, unicode-10, not 'x'$"
    ):
        cluster_rules("x")


@pytest.mark.parametrize(
    ("code_point", "index"),
    [(0, 0), (0x1FFFF, 0x1FFFF), (0x20000, 0x21000), (0xDFFFF, 0x21000), (0xE0000, 0x20000)]
    + [(0xE0FFF, 0x20FFF), (0xE1000, 0x21000), (0x10FFFF, 0x21000)],
)
def test_class_index(code_point, index) -> None:
    """Two planes and a block have places of their own."""
    assert class_index(code_point) == index


@pytest.mark.parametrize(
    ("text", "index", "found"),
    [
        ("a😀", 1, (0x1F600, 2)),
        ("\ud83d\ude00", 0, (0x1F600, 2)),
        ("\ud800\udc00", 0, (0x10000, 2)),
        ("\udbff\udfff", 0, (0x10FFFF, 2)),
        ("\ud83d\ude00", 1, (0xDE00, 2)),
        ("\ud83d", 0, (0xD83D, 1)),
        ("\ud83da", 0, (0xD83D, 1)),
        ("\ude00\ud83d", 0, (0xDE00, 1)),
    ],
)
def test_read_char(text, index, found) -> None:
    """A pair of surrogates is one code point."""
    assert read_char(text, index) == found
