"""Rewriters give what `transliterate` gives, for every text, level and rule."""

from __future__ import annotations

import sys
import threading
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import strategies
from septet.rewriting import rewriters
from septet.rewriting.pieces import attached_characters
from septet.rewriting.replacements import greek_letters, rules_of
from septet.standard.composition import compose

pytest.importorskip("anyascii")

LEVELS = ("punctuation", "letters", "all")
WHENS = ("helps", "cheaper", "always")

# What depends on neighbours, in any order.
PARTS = [
    *("a", "1", "9", " ", "e", "Ж", "中", "’", "…", "½", "¼", "↉", "⅟", "€", "[", "☕", "ø", "ş"),
    *("\u0301", "\u0303", "\u0308", "\u0327", "\u0345", "\u20e3", "\u200d", "\ufe0f", "\xad"),
    *("\U0001f3fd", "\U000e0067", "\U000e007f", "\u0489", "\u093c", "\uff9e", "\u1161", "\u11a8"),
    *("👩", "😀", "🇩", "🇪", "🏴", "♀", "♂", "➡", "⬛", "🟩", "🟫", "‼", "‽", "❤"),
    *("µ", "μ", "α", "Ω", "ω", "Ά", "Δ", "δ", "γ", "Θ", "ϊ", "\u2126", "\u1fbe", "ﬁ", "\u1100"),
    *("ក", "\u17b4", "क", "\u094d", "ｶ", "ו", "\u05bc", "\x92", "\x80", "\x0b", "\ud83d", "\ude00"),
]
neighbours = st.lists(
    st.builds(lambda part, times: part * times, st.sampled_from(PARTS), st.integers(1, 3)),
    max_size=20,
).map("".join)


def check(segmenter, texts, level, when) -> None:
    """Compare a list and an Arrow column of texts with single ones."""
    expected = [segmenter.transliterate(text, level, when=when) for text in texts]
    column = segmenter.transliterate_many(texts, level, when=when)
    assert column.to_list() == [each.text for each in expected]
    assert list(column.replaced) == [bool(each.replacements) for each in expected]


@given(
    texts=st.lists(st.one_of(neighbours, strategies.texts), max_size=6),
    options=strategies.options,
    level=st.sampled_from(LEVELS),
    when=st.sampled_from(WHENS),
)
@example(texts=["1½ ½ 1\u200d½"], options={}, level="punctuation", when="always")
@example(texts=["α µ", "µα", "µ\u0301α"], options={}, level="letters", when="always")
def test_rows_equal_single_texts(kernels, texts, options, level, when) -> None:
    """Under any rules that force no encoding."""
    check(kernels.Segmenter(**{**options, "encoding": None}), texts, level, when)


@given(texts=st.lists(neighbours, max_size=6), level=st.sampled_from(LEVELS))
@pytest.mark.parametrize("missing", ["Δ", "ΔΦΓΛΩΠΨΣΘΞ", "Ωa", " 1"])
def test_alphabets_that_lack_characters(kernels, missing, texts, level) -> None:
    """A Greek capital that a text needs and the alphabet lacks changes all Greek letters."""
    segmenter = kernels.Segmenter(provider=strategies.provider_without(missing))
    for when in WHENS:
        check(segmenter, texts, level, when)


@pytest.mark.parametrize("level", LEVELS)
def test_most_characters(implementations, level) -> None:
    """By themselves, after a digit and before a mark, and joined to an emoji."""
    if "compiled" not in implementations:
        pytest.skip("the compiled implementation was not built")
    segmenter = implementations["compiled"].Segmenter()
    check(segmenter, [*map(chr, range(0x3400))], level, "always")
    chars = [*map(chr, range(0x2C00)), *map(chr, range(0xFA00, 0x10000))]
    chars += [*map(chr, range(0x1F000, 0x1FA00)), *map(chr, range(0x2C00, sys.maxunicode, 997))]
    check(segmenter, ["1" + char + "\u0301α" for char in chars], level, "always")
    check(segmenter, ["😀\u200d" + char for char in chars], level, "always")


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
def test_every_code_point(kernels, level) -> None:
    """Each by itself."""
    check(kernels.Segmenter(), [*map(chr, range(sys.maxunicode + 1))], level, "always")


def test_a_composed_greek_letter_needs_the_same_capital() -> None:
    """So it is enough to look at single characters to see if a capital is missing."""
    looks, greek = rules_of("letters"), greek_letters()
    marks = [char for char in attached_characters() if "\u0300" <= char <= "\u0345"]
    for letter, mark, second in product(greek, marks, ["", "\u0345"]):
        composed = compose(letter + mark + second)
        capitals = {looks.get(char, char) for char in composed if char in greek}
        assert capitals == {looks.get(letter, letter)}


def test_rewriters_are_used_again(kernels, monkeypatch) -> None:
    """A second column asks for no character again; an error drops the rewriter."""
    made = []
    make = rewriters.make_rewriter

    def note(*arguments: object) -> object:
        made.append(arguments)
        return make(*arguments)

    monkeypatch.setattr(rewriters, "make_rewriter", note)
    segmenter = kernels.Segmenter(header_octets=17)
    for _ in range(2):
        assert segmenter.transliterate_many(["It’s"]).to_list() == ["It's"]
    assert len(made) == 1
    with pytest.raises(TypeError):
        segmenter.transliterate_many([1])
    assert segmenter.transliterate_many(["It’s"]).to_list() == ["It's"]
    assert len(made) == 2


def test_threads_have_rewriters_of_their_own(kernels) -> None:
    """Columns are rewritten at the same time, by several threads."""
    texts = ["Привет", "👍🏽 ok", "e\u0301…", "您好"] * 500
    expected = kernels.transliterate_many(texts, "all").to_list()
    found: list[list[str | None]] = []

    def run() -> None:
        found.extend(kernels.transliterate_many(texts, "all").to_list() for _ in range(3))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 12


@pytest.mark.parametrize("level", LEVELS)
def test_errors_of_the_functions_that_replace(kernels, level, monkeypatch) -> None:
    """An error in Python code that a kernel calls ends the call, and the next one works."""
    segmenter = kernels.Segmenter(header_octets=23)

    def fail(*_: object) -> None:
        raise RuntimeError("no replacement")

    with monkeypatch.context() as patched:
        name = "replace_piece" if kernels.name == "compiled" else "transliterate"
        patched.setattr(rewriters, name, fail)
        with pytest.raises(RuntimeError, match="no replacement"):
            segmenter.transliterate_many(["It’s"], level)
    assert segmenter.transliterate_many(["It’s"], level).to_list() == ["It's"]
