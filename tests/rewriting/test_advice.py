"""Advice: it holds when the text is counted again, and no smaller change suffices."""

from __future__ import annotations

import pickle
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import oracle
import septet
import strategies
from septet import Encoding, EncodingError, Replacement
from septet.rewriting.replacements import windows_1252

LEVELS = ["punctuation", "letters", "all"]


def fullest(segmenter, text, level):
    """Replace up to the first level that leaves nothing in UCS-2, or up to the last."""
    for name in LEVELS[: LEVELS.index(level) + 1]:
        replaced = segmenter.transliterate(text, name, when="always")
        if not segmenter.kernel.non_gsm_indexes(replaced.text):
            break
    return replaced


def ways(segmenter, text, level):
    """Write a text in each way that may be advised, the least change first."""
    replaced = fullest(segmenter, text, level)
    pairs = [index for index in range(len(text)) if text[index : index + 2] == "\r\n"]
    ends = [Replacement("\r", "", index) for index in pairs]
    found = [[], ends]
    if not segmenter.kernel.non_gsm_indexes(replaced.text):
        found += [list(replaced.replacements), [*replaced.replacements, *ends]]
    for changes in found:
        changes.sort(key=lambda change: change.index)
        written = text
        for char, replacement, index in reversed(changes):
            written = written[:index] + replacement + written[index + len(char) :]
        yield written, changes


@pytest.mark.parametrize(
    ("text", "was", "shown"),
    [
        ("Â¿Apoya?", "¿Apoya?", "'¿Apoya?'"),
        ("Ã©" * 100, "é" * 100, f"{'é' * 60 + '…'!r}"),
        ("¿Apoya?", None, None),
        ("JOSÉ’S", None, None),
    ],
)
def test_a_wrongly_decoded_text(kernels, text, was, shown) -> None:
    """The advice has what it probably was, and shows its beginning."""
    advice = kernels.advise(text, "punctuation")
    assert advice.probable_text == was
    line = f"looks like UTF-8 read as Windows-1252 or Latin-1; probably {shown}"
    assert (line in str(advice).splitlines()) == (was is not None)


@example(case=("\u0958\u0964\u0901\u09e0", {"languages": (6, 4)}), level="punctuation")
@given(case=strategies.cases, level=st.sampled_from(LEVELS))
def test_laws(kernels, case, level) -> None:
    """Under any rules: counted again it holds, and it is the least of the best ways."""
    pytest.importorskip("anyascii")
    text, options = case
    segmenter = kernels.Segmenter(**options)
    try:
        before = segmenter.count(text)
    except EncodingError:
        with pytest.raises(EncodingError):
            segmenter.advise(text, level)
        return
    advice = segmenter.advise(text, level)
    assert advice.segments_before == before
    assert advice.segments_after == segmenter.count(advice.text)
    written, changes = min(ways(segmenter, text, level), key=lambda way: segmenter.count(way[0]))
    assert (advice.text, list(advice.changes)) == (written, changes)
    if advice.level:
        replaced = segmenter.transliterate(text, advice.level, when="always")
        assert replaced.replacements == advice.replacements
        assert set(advice.replacements) <= set(advice.changes)
    else:
        assert all(change[:2] == ("\r", "") for change in advice.changes)
    # Replacements may change which tables are best, so other characters may be left than forced it.
    rewritten = fullest(segmenter, text, level).text
    left = {rewritten[index] for index in segmenter.kernel.non_gsm_indexes(rewritten)}
    assert {windows_1252().get(char, char) for char in advice.irreplaceable} == left
    blocked = segmenter.kernel.non_gsm_indexes(text)
    assert bool(blocked) == bool(advice.replacements or advice.irreplaceable)
    saves = segmenter.count(text.replace("\r\n", "\n")) < before
    assert len(advice.line_ends) == (text.count("\r\n") if saves else 0)


@given(case=strategies.cases)
def test_units_over(kernels, case) -> None:
    """Those behind the longest beginning that takes a segment less, as the text was counted."""
    text, options = case
    segmenter = kernels.Segmenter(**{**options, "encoding": None})
    found = segmenter.analyze(text)
    advice = segmenter.advise(text, "punctuation")
    if found.segment_count == 1:
        assert advice.units_over == 0
        return
    rest = text[len(segmenter.truncate(text, found.segment_count - 1)) :]
    if found.encoding == Encoding.UCS2:
        expected = sum(1 + (ord(char) > 0xFFFF) for char in rest)
    else:
        plain = oracle.LOCKING[int(found.locking_shift or 0)]
        expected = sum(1 + (char not in plain) for char in rest)
    assert advice.units_over == expected > 0


@pytest.mark.parametrize(
    ("text", "before", "after", "level", "changes", "units_over"),
    [
        ("", 1, 1, None, 0, 0),
        ("It’s", 1, 1, None, 0, 0),
        ("a" * 161, 2, 2, None, 0, 1),
        ("a" * 159 + "[", 2, 2, None, 0, 2),
        ("]" * 153, 3, 3, None, 0, 2),
        ("It’s " * 20, 2, 1, "punctuation", 20, 30),
        ("line\r\n" * 27, 2, 1, None, 27, 2),
        ("ж\r\n" * 24, 2, 1, None, 24, 2),
        ("ab\r\n’" * 14, 1, 1, None, 0, 0),
        ("ab\r\n’" * 15, 2, 1, None, 15, 5),  # either would do: line ends are not seen
        ("ab\r\n’" * 32, 3, 1, "punctuation", 32, 26),
        ("ab\r\n’" * 33, 3, 1, "both", 66, 31),
        ("a" * 100 + "😀", 2, 2, None, 0, 2),  # GSM-7 without its end
        ("a’" * 40 + "ж", 2, 2, None, 0, 11),
        ("Zażółć " * 12, 2, 2, None, 0, 14),
    ],
)
def test_examples(kernels, text, before, after, level, changes, units_over) -> None:
    """Each by hand, with what needs no other package."""
    advice = kernels.Segmenter().advise(text, "punctuation")
    assert (advice.segments_before, advice.segments_after) == (before, after)
    assert advice.level == ("punctuation" if level == "both" else level)
    assert len(advice.changes) == changes
    assert advice.units_over == units_over


def test_the_gentlest_level(kernels) -> None:
    """Letters are touched only where punctuation is not enough, and only as deep as allowed."""
    pytest.importorskip("anyascii")
    for text, level in [("’" * 71, "punctuation"), ("ą’" * 36, "letters"), ("ж" * 71, "all")]:
        assert kernels.advise(text).level == level
        assert kernels.Segmenter(encoding="ucs2").advise(text).changes == ()
    assert kernels.advise("ж" * 71, "letters").irreplaceable == ("ж",)
    assert kernels.advise("ж" * 71, "letters").changes == ()


def test_without_the_extra(kernels, monkeypatch) -> None:
    """What needs it is not advised; what does not is."""
    monkeypatch.setitem(sys.modules, "anyascii", None)
    assert kernels.advise("’" * 71).text == "'" * 71
    advice = kernels.advise("’ą" * 36)
    assert (advice.text, advice.irreplaceable) == ("’ą" * 36, ("ą",))
    assert advice.replacements[1] == Replacement("’", "'", 2)


def test_national_tables(kernels) -> None:
    """Characters of an allowed table are not replaced, and the change is counted with it."""
    turkish = kernels.Segmenter(languages=["turkish"])
    advice = turkish.advise("ş’" * 40)
    assert advice.text == "ş'" * 40
    assert advice.segments_after == turkish.count(advice.text) == 1
    assert kernels.advise("ş’" * 40, "punctuation").changes == ()


def test_words(kernels) -> None:
    """A few lines, whatever the text; nothing that steers a terminal."""
    assert str(kernels.advise("Hello")) == "1 segment"
    assert str(kernels.advise("a" * 307)) == (
        "3 segments, at most 2 without the last unit\nno change saves a segment"
    )
    assert str(kernels.advise("’ab’\r\n" * 12)) == (
        "2 segments, 1 without the last 2 units\n"
        "1 segment with these changes:\n"
        "  CR LF to LF at 4, 10, 16, 22, 28 and 7 more"
    )
    assert str(kernels.advise("\u2028" * 71, "punctuation")) == (
        "2 segments, 1 without the last unit\n"
        "1 segment with these changes:\n"
        "  '\\u2028' to '\\n' at 0, 1, 2, 3, 4 and 66 more"
    )
    assert str(kernels.advise("\x1b\u202e" * 36, "punctuation")) == (
        "2 segments, 1 without the last 2 units\n"
        "1 segment with these changes:\n"
        "  '\\x1b' to '' at 0, 2, 4, 6, 8 and 31 more\n"
        "  '\\u202e' to '' at 1, 3, 5, 7, 9 and 31 more"
    )
    assert str(kernels.advise("\ue000\x8a" * 36, "punctuation")) == (
        "2 segments, 1 without the last 2 units\n"
        "no change saves a segment\n"
        "no replacement for '\\ue000', '\\x8a'"
    )
    kanji = "".join(chr(0x4E00 + number) for number in range(71))
    last = str(kernels.advise(kanji, "punctuation")).splitlines()[-1]
    assert last == "no replacement for '一', '丁', '丂', '七', '丄' and 66 more"
    spaces = "".join(map(chr, range(0x2000, 0x200B))) + "‘’“”–…"
    assert str(kernels.advise(spaces * 8)).endswith("more\n  and 7 more")


def test_plain_data(kernels) -> None:
    """Comparable, picklable, and the face names it."""
    advice = septet.advise("It’s " * 20)
    assert isinstance(advice, septet.Advice)
    assert advice == pickle.loads(pickle.dumps(advice)) == kernels.advise("It’s " * 20)
    text = "Hello" * 40
    assert kernels.advise(text).text is text


def test_long_texts(kernels) -> None:
    """A hundred thousand characters of each kind are weighed in a moment, not in a quadrate."""
    for text, after in [
        ("’\r\n" * 33_000, 432),
        ("a" * 100_000 + "’", 654),
        ("[" * 100_000, 1316),
    ]:
        assert kernels.advise(text).segments_after == after


def test_refusals(kernels) -> None:
    """As `transliterate` and `count` refuse."""
    with pytest.raises(TypeError, match=r"^text must be str, not bytes$"):
        kernels.advise(b"a")
    with pytest.raises(
        ValueError, match=r"^level must be one of punctuation, letters, all, not 2$"
    ):
        kernels.advise("a", 2)
    with pytest.raises(EncodingError):
        kernels.Segmenter(encoding="gsm7").advise("ж" * 71)
