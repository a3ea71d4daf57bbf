"""Only characters outside GSM-7 are replaced, and their positions are reported."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
import septet
import strategies
from septet import Encoding, EncodingError, MissingExtraError
from septet.rewriting.transliteration import Replacement, _listed

GSM7 = oracle.TABLES["default"] | oracle.TABLES["extension"]
LEVELS = ["punctuation", "letters", "all"]


def test_the_list() -> None:
    """270 characters; every replacement can be sent; the known faults of the source are mended."""
    listed = _listed()
    assert len(listed) == 270
    assert not GSM7 & set(listed)
    assert set("".join(listed.values())) <= GSM7
    assert {listed[char] for char in "\t\x80\xa0\u2000\u2009\u3000"} == {" "}
    assert (listed["‹"], listed["›"], listed["…"], listed["½"]) == ("<", ">", "...", "1/2")
    assert listed["\u2060"] == listed["\ufeff"] == ""


@pytest.mark.parametrize(
    ("level", "text", "expected"),
    [
        ("punctuation", "Tonight’s “jazz” – café…", 'Tonight\'s "jazz" - café...'),
        ("punctuation", "n\u0303 e\u0301", "ñ é"),
        ("punctuation", "x\u0303", "x~"),
        ("punctuation", "’ą", "'ą"),
        ("punctuation", "\u2126", "Ω"),
        ("punctuation", "`", "'"),
        ("letters", "Zażółć gęślą jaźń, ’ € ß é", "Zazolc gesla jazn, ' € ß é"),
        ("letters", "x\u0303 ж 😀", "x ж 😀"),
        ("letters", "ж\u0301", "ж\u0301"),
        ("all", "ж 😀", "zh :grinning:"),
        ("all", "\ud83d", "\ud83d"),
    ],
)
def test_examples(kernels, level, text, expected) -> None:
    """One of each kind."""
    if level != "punctuation":
        pytest.importorskip("anyascii")
    assert kernels.transliterate(text, level).text == expected


@given(
    case=strategies.cases,
    level=st.sampled_from(LEVELS),
    when=st.sampled_from(["always", "cheaper"]),
)
def test_laws(kernels, case, level, when) -> None:
    """Replacements rebuild the text, each is held by the tables, and nothing held is touched."""
    if level != "punctuation":
        pytest.importorskip("anyascii")
    text, options = case
    segmenter = kernels.Segmenter(**options)
    try:
        found = segmenter.transliterate(text, level, when=when)
    except EncodingError:
        assert when == "cheaper"
        assert segmenter.encoding == Encoding.GSM7
        return
    rebuilt, stop = "", 0
    for char, replacement, index in found.replacements:
        assert text[index : index + len(char)] == char != replacement
        assert not segmenter.kernel.non_gsm_indexes(replacement)
        rebuilt += text[stop:index] + replacement
        stop = index + len(char)
    assert rebuilt + text[stop:] == found.text
    assert len(segmenter.kernel.non_gsm_indexes(found.text)) <= len(
        segmenter.kernel.non_gsm_indexes(text)
    )
    if not found.replacements:
        assert found.text is text
    if not segmenter.kernel.non_gsm_indexes(text):
        assert not found.replacements
    if when == "cheaper" and found.replacements:
        assert segmenter.count(found.text) < segmenter.count(text)


def test_replacements_have_positions(kernels) -> None:
    """Indexes are those of the text that was given, marks included."""
    found = kernels.transliterate("e\u0301 …’")
    assert found.replacements == (
        Replacement("e\u0301", "é", 0),
        Replacement("…", "...", 3),
        Replacement("’", "'", 4),
    )
    assert unicodedata.normalize("NFC", "e\u0301") == "é"


def test_when_cheaper(kernels) -> None:
    """Kept where no segment is saved: short, or still UCS-2 for another character."""
    short, long = "It’s", "It’s " * 20
    assert kernels.transliterate(short, when="cheaper") == (short, ())
    assert kernels.transliterate(long, when="cheaper").text == "It's " * 20
    assert kernels.transliterate(long + "ж", when="cheaper") == (long + "ж", ())


def test_the_rules_decide_the_tables(kernels) -> None:
    """What a national table holds stays; forced UCS-2 leaves everything."""
    turkish = kernels.Segmenter(languages=["turkish"])
    assert turkish.transliterate("ş’").text == "ş'"
    assert kernels.Segmenter(languages=["portuguese"]).transliterate("`’").text == "`'"
    assert kernels.Segmenter(encoding="ucs2").transliterate("’") == ("’", ())


def test_refusals(kernels, monkeypatch) -> None:
    """An unknown level, a missing package, and a value that is not a text."""
    with pytest.raises(
        ValueError, match=r"^level must be one of punctuation, letters, all, not 2$"
    ):
        kernels.transliterate("a", 2)
    with pytest.raises(TypeError):
        kernels.transliterate(b"a")
    monkeypatch.setitem(sys.modules, "anyascii", None)
    assert kernels.transliterate("’").text == "'"
    with pytest.raises(MissingExtraError, match=r"septet\[transliteration\]"):
        kernels.transliterate("a", "letters")


def test_the_records_are_public() -> None:
    """The face names them."""
    assert isinstance(septet.transliterate("’"), septet.Transliteration)
    assert isinstance(septet.transliterate("’").replacements[0], septet.Replacement)
