"""Only characters outside GSM-7 are replaced, and their positions are reported."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import oracle
import septet
import strategies
from septet import Encoding, EncodingError, MissingExtraError, Provider, ProviderRule
from septet.rewriting.pieces import invisible_characters
from septet.rewriting.transliteration import depends_on_neighbours
from septet.rules.records import Replacement
from septet.standard.composition import compose

GSM7 = oracle.TABLES["default"] | oracle.TABLES["extension"]
LEVELS = ["punctuation", "letters", "all"]
WHEN = ["helps", "cheaper", "always"]
GREEK_LETTERS = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψω"
CAPITALS = "ABΓΔEZHΘIKΛMNΞOΠPΣTYΦXΨΩ" + "ABΓΔEZHΘIKΛMNΞOΠPΣΣTYΦXΨΩ"
GREEK_MARKS = "\u0301\u0308\u0345\u0342\u0314\u0300"
GREEK_WORDS = GREEK_LETTERS + "άέήίόύώϊϋΐΰΆΈΉΊΌΎΏᾳῷᾯ\u0301\u0308"


def decompose(text: str) -> str:
    """Write a text in the decomposed form (NFD), by the tables of septet."""
    from septet.standard import composition

    points = [part for char in text for part in composition._decompose(ord(char))]
    composition._put_in_order(points)
    return "".join(map(chr, points))


def need_anyascii(level: str) -> None:
    if level != "punctuation":
        pytest.importorskip("anyascii")


@pytest.mark.parametrize(
    ("level", "text", "expected"),
    [
        ("punctuation", "Tonight’s “jazz” – café…", 'Tonight\'s "jazz" - café...'),
        ("punctuation", "n\u0303 e\u0301", "ñ é"),
        ("punctuation", "x\u0303", "x~"),
        ("punctuation", "’ą", "'ą"),
        ("punctuation", "\u2126", "Ω"),
        ("punctuation", "`", "'"),
        ("punctuation", "non\u2011stop \u2212 5\u2032 6\u2033", "non-stop - 5' 6\""),
        ("punctuation", "Brand™ ® © № 3×4 a·b", "BrandTM (R) (C) No 3x4 a.b"),
        (
            "punctuation",
            "m² x³ H₂O 10⁻⁶ ⅓ 3⁄4 1½ １½ 5‰",
            "m2 x3 H2O 10-6 1/3 3/4 1 1/2 1 1/2 5 0/00",
        ),
        ("punctuation", "Ａ１！ ￡5 ￥5 「a」 ｢b｣", 'A1! £5 ¥5 "a" "b"'),
        ("punctuation", "a︐ b︑ c︒ d︓", "a, b, c. d:"),
        ("punctuation", "Line one\vline\u2028two\x85three", "Line one\nline\ntwo\nthree"),
        ("punctuation", "a\tb\xa0c\u3000d\u1680e", "a b c d e"),
        ("punctuation", "a\r\nb\rc\fd\x1b", "a\r\nb\rc\fd"),
        ("punctuation", "Don\x92t \x96 \x93today\x94 \x80 \x85", 'Don\'t - "today" € \n'),
        ("punctuation", "vt\xadshy Grüße\u200c \ufeff\u2800\u3164\u202e\U000e0041", "vtshy Grüße "),
        ("punctuation", "e\u200d\u0301 e\x00\u0301", "é é"),
        ("punctuation", "\x8a", "Š"),
        ("punctuation", "ж\u200d\u0301’", "ж\u0301'"),
        ("punctuation", "α·β\u037e", "α.β;"),
        ("letters", "Zażółć gęślą jaźń, ’ € ß é", "Zazolc gesla jazn, ' € ß é"),
        ("letters", "x\u0303 ж 😀", "x ж 😀"),
        ("letters", "ж\u0301", "ж\u0301"),
        ("letters", "ő Ű o\u030b U\u030b STRAẞE", "ö Ü ö Ü STRASSE"),
        ("letters", "𝐇𝐢 ⓐ ﬁ", "Hi a fi"),
        ("letters", "Πέμπτη 5 Δεκεμβρίου", "ΠEMΠTH 5 ΔEKEMBPIOY"),
        ("letters", "ΤΡΑΠΕΖΑ ΠΕΙΡΑΙΩΣ", "TPAΠEZA ΠEIPAIΩΣ"),
        ("letters", "Το SMS σας, μαϊμού", "TO SMS ΣAΣ, MAIMOY"),
        ("letters", "5 µm, νέο µπράβο, α\u0301µ", "5 um, NEO MΠPABO, AM"),
        ("all", "Πέμπτη 5 Δεκεμβρίου ж", "ΠEMΠTH 5 ΔEKEMBPIOY zh"),
        ("all", "ж 😀", "zh :grinning:"),
        ("all", "\ud83d", "\ud83d"),
        ("all", "مرحبا", "mrhb"),
        ("all", "السلام عليكم", "lslm 'lykm"),
        ("all", "안녕하세요 ㅇㅋ", "AnNyeongHaSeYo k"),
        ("all", "ཨ་མ", "-m"),
        ("all", "スーパー ｶﾞｺｳ", "supa gakou"),
        ("all", "￡", "£"),
        ("all", "∆ ∑ ∏ ∅", "Δ Σ Π Ø"),
        ("all", "👍🏽", ":thumbsup:"),
        ("all", "👨\u200d🦱", ":man:"),
        ("all", "👨\u200d👩\u200d👧", ":man::woman::girl:"),
        ("all", "🤷🏽\u200d♀️", ":person_shrugging:"),
        ("all", "❤️ ♀ a\u200d♀", ":heart: :female_sign: a:female_sign:"),
        ("all", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", ":flag_black:"),
        ("all", "🇩🇪 1️⃣ #️⃣", "DE 1 #"),
    ],
)
def test_examples(kernels, level, text, expected) -> None:
    """One of each kind."""
    need_anyascii(level)
    found = kernels.transliterate(text, level, when="always")
    assert found.text == expected
    spelled = kernels.transliterate(decompose(text), level, when="always").text
    assert compose(spelled) == compose(expected)


@given(case=strategies.cases, level=st.sampled_from(LEVELS), when=st.sampled_from(WHEN))
def test_laws(kernels, case, level, when) -> None:
    """Replacements rebuild the text, each is held by the tables, and nothing held is touched."""
    need_anyascii(level)
    text, options = case
    segmenter = kernels.Segmenter(**options)
    try:
        found = segmenter.transliterate(text, level, when=when)
    except EncodingError:
        assert when == "cheaper"
        assert segmenter.encoding == Encoding.GSM7
        return
    foreign = segmenter.kernel.non_gsm_indexes
    rebuilt, stop = "", 0
    for char, replacement, index in found.replacements:
        assert text[index : index + len(char)] == char != replacement
        assert not foreign(replacement) or "\x80" <= char <= "\x9f"
        rebuilt += text[stop:index] + replacement
        stop = index + len(char)
    assert rebuilt + text[stop:] == found.text
    if not found.replacements:
        assert found.text is text
    if not foreign(text):
        assert not found.replacements
    if when == "cheaper" and found.replacements:
        assert segmenter.count(found.text) < segmenter.count(text)
    if when == "helps" and found.replacements:
        assert not foreign(found.text)
        assert segmenter.encoding or segmenter.count(found.text) <= segmenter.count(text)
    if when == "always" and foreign(text):
        assert invisible_characters().isdisjoint(found.text)
        again = segmenter.transliterate(found.text, level, when=when)
        assert again.text == found.text


@given(
    text=st.text(
        st.one_of(
            st.sampled_from("aoeuncÅé’ \u0301\u0303\u0308\u030b\u0327\u0345\u200d\u00ad\u034f"),
            st.sampled_from(GREEK_WORDS + "µ"),
            st.sampled_from("иеж\u0306क\u093c\u093fব\u09c7\u09beש\u05bc\u05c1\u1112\u1161\u11ab한"),
            st.sampled_from("\u212a\u2126\u037e\u0387\u2000\u1fef\u2329가かﾞ\u3099\u0958\ufb31"),
            st.characters(exclude_categories=["Cs"]),
        ),
        max_size=20,
    ),
    level=st.sampled_from(LEVELS),
    languages=st.sampled_from(
        [(), ("spanish",), ("portuguese",), ("turkish", "hindi"), (1, 3, 6, 8)]
    ),
)
@example(text="a\u0301", level="punctuation", languages=("spanish",))
@example(text="Olá, promoção", level="punctuation", languages=("portuguese",))
@example(text="Olá, promoção", level="letters", languages=("portuguese",))
@example(text="각\u11a8", level="all", languages=())
def test_both_spellings_give_the_same(kernels, text, level, languages) -> None:
    """The result of decomposed text is that of composed text, up to what is not replaced."""
    need_anyascii(level)
    segmenter = kernels.Segmenter(languages=languages)
    composed, decomposed = compose(text), decompose(text)
    for when in WHEN:
        both = [segmenter.transliterate(t, level, when=when).text for t in (composed, decomposed)]
        if when == "always":
            assert compose(both[0]) == compose(both[1])
            assert segmenter.kernel.non_gsm_indexes(both[0]) or both[0] == both[1]
    advice = [segmenter.advise(t, level) for t in (composed, decomposed)]
    assert advice[0].irreplaceable == () or advice[1].irreplaceable != ()


@given(
    text=st.text(GREEK_WORDS + " ab5,Ж", max_size=60),
    level=st.sampled_from(["letters", "all"]),
    languages=st.sampled_from([(), ("portuguese",), ("hindi", "turkish")]),
    excluded=st.sampled_from(["", "Σ", "ΔΦΓΛΩΠΨΣΘΞ"]),
)
def test_greek_is_never_mixed(kernels, text, level, languages, excluded) -> None:
    """All letters become capitals that look like them, or all are replaced by sound, or none is."""
    pytest.importorskip("anyascii")
    provider = Provider("own", (ProviderRule("excluded", excluded, "none"),)) if excluded else None
    segmenter = kernels.Segmenter(languages=languages, provider=provider)
    found = segmenter.transliterate(text, level, when="always").text
    foreign = {text[index] for index in segmenter.kernel.non_gsm_indexes(text)}
    if foreign.isdisjoint(GREEK_LETTERS):
        return
    looks = {
        **dict(zip(GREEK_LETTERS, CAPITALS, strict=True)),
        "Ж": "Zh" if level == "all" else "Ж",
    }
    bare, bare_found = (
        "".join(char for char in decompose(t) if char not in GREEK_MARKS) for t in (text, found)
    )
    by_looks = "".join(looks.get(char, char) for char in bare)
    kept = [char for char in bare_found if char in GREEK_LETTERS]
    is_unchanged = kept == [char for char in bare if char in GREEK_LETTERS]
    assert bare_found == by_looks or not kept or is_unchanged
    if not excluded and not languages:
        assert bare_found == by_looks


def test_replacements_have_positions(kernels) -> None:
    """Indexes are those of the text that was given, marks included."""
    found = kernels.transliterate("e\u0301 …’")
    assert found.replacements == (
        Replacement("e\u0301", "é", 0),
        Replacement("…", "...", 3),
        Replacement("’", "'", 4),
    )
    found = kernels.transliterate("vt\xadshy e\u200d\u0301\u200c")
    assert found.replacements == (
        Replacement("\xad", "", 2),
        Replacement("e\u200d\u0301", "é", 7),
        Replacement("\u200c", "", 10),
    )


def test_when_helps(kernels) -> None:
    """The default: the text is GSM-7 then, and takes no more segments than before."""
    for text in ("Ж" * 69 + "…", "您的验证码是：１２３。", "’ж", "\u200bж"):
        assert kernels.transliterate(text) == (text, ())
    assert kernels.transliterate("x" * 69 + "…").text == "x" * 69 + "..."
    assert kernels.transliterate("…" * 54) == ("…" * 54, ())
    assert kernels.transliterate("…" * 53).text == "..." * 53
    for level in LEVELS:
        need_anyascii(level)
        text = "\U00020002’"
        assert kernels.transliterate(text, level) == (text, ())


def test_when_helps_and_gsm7_is_forced(kernels) -> None:
    """A text that cannot be sent is replaced if it can be sent then."""
    forced = kernels.Segmenter(encoding="gsm7")
    assert forced.transliterate("It’s").text == "It's"
    assert forced.transliterate("It’s ж") == ("It’s ж", ())


def test_when_cheaper(kernels) -> None:
    """Kept where no segment is saved: short, or still UCS-2 for another character."""
    short, long = "It’s", "It’s " * 20
    assert kernels.transliterate(short, when="cheaper") == (short, ())
    assert kernels.transliterate(long, when="cheaper").text == "It's " * 20
    assert kernels.transliterate(long + "ж", when="cheaper") == (long + "ж", ())


def test_when_always(kernels) -> None:
    """Whatever can be replaced."""
    assert kernels.transliterate("’ж", when="always").text == "'ж"
    assert kernels.transliterate("Ж" * 69 + "…", when="always").text == "Ж" * 69 + "..."


def test_the_rules_decide_the_tables(kernels) -> None:
    """What a national table holds stays, in both spellings; forced UCS-2 leaves everything."""
    turkish = kernels.Segmenter(languages=["turkish"])
    assert turkish.transliterate("ş’").text == turkish.transliterate("s\u0327’").text == "ş'"
    portuguese = kernels.Segmenter(languages=["portuguese"])
    assert portuguese.transliterate("`’").text == "`'"
    assert portuguese.transliterate(decompose("Olá, promoção")).text == "Olá, promoção"
    spanish = kernels.Segmenter(languages=["spanish"])
    assert spanish.transliterate("a\u0301").text == "á"
    assert spanish.transliterate("á a\u0301").text == "á á"
    assert kernels.Segmenter(encoding="ucs2").transliterate("’") == ("’", ())


def test_the_alphabet_of_a_provider(kernels) -> None:
    """Telnyx lacks the Greek capitals, so Greek is replaced by sound, or not at all."""
    pytest.importorskip("anyascii")
    telnyx = kernels.Segmenter(provider="telnyx")
    assert telnyx.transliterate("Πέμπτη Δ", "all").text == "Pempti D"
    assert telnyx.transliterate("Πέμπτη Δ", "letters", when="always").text == "Πέμπτη Δ"


def test_neighbours(kernels) -> None:
    """Where none is there, each character is replaced by itself."""
    for text in ("e\u0301", "1½", "µ", "🤷\u200d♀", "♀", "Π", "a\xad"):
        assert depends_on_neighbours(text)
    assert not depends_on_neighbours("It’s “1” ж 😀 Zażółć\xa0…")


def test_long_pieces(kernels) -> None:
    """A hundred thousand marks, joiners or signs take time in proportion."""
    pytest.importorskip("anyascii")
    for text, expected in [
        ("a" + "\u0301" * 100_000, "a"),
        ("😀" + "\u200d♀" * 50_000, ":grinning:"),
        ("µ\u0301" * 50_000, "u" * 50_000),
        ("\u0301" * 100_000, ""),
        ("½" * 50_000, "1/2 " * 49_999 + "1/2"),
    ]:
        assert kernels.transliterate(text, "all", when="always").text == expected


def test_refusals(kernels, monkeypatch) -> None:
    """An unknown level, a missing package, and a value that is not a text."""
    with pytest.raises(
        ValueError, match=r"^level must be one of punctuation, letters, all, not 2$"
    ):
        kernels.transliterate("a", 2)
    with pytest.raises(ValueError, match=r"^when must be one of helps, cheaper, always, not True$"):
        kernels.transliterate("a", when=True)
    with pytest.raises(TypeError):
        kernels.transliterate(b"a")
    monkeypatch.setitem(sys.modules, "anyascii", None)
    assert kernels.transliterate("’").text == "'"
    with pytest.raises(MissingExtraError, match=r"septet\[transliteration\]"):
        kernels.transliterate("a", "letters")


def test_the_records_are_public() -> None:
    """The package names them."""
    assert isinstance(septet.transliterate("’"), septet.Transliteration)
    assert isinstance(septet.transliterate("’").replacements[0], septet.Replacement)
