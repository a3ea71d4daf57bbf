"""Known answers, every character of every table and every limit, on both implementations."""

from __future__ import annotations

import platform
import random
from itertools import product
from pathlib import Path

import pytest

import oracle
from known_answers import known_answers
from septet import Analysis, Encoding, EncodingError, Language, Rules, Segmenter

ANSWERS = list(known_answers())


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [answer[1:] for answer in ANSWERS],
    ids=[answer[0] for answer in ANSWERS],
)
def test_known_answers(kernels, text, options, expected) -> None:
    """What other libraries' tests and the standard say is what both implementations say."""
    segmenter = kernels.Segmenter(**options)
    found = segmenter.analyze(text)
    assert (found.encoding, found.unit_count, found.segment_count) == expected
    assert segmenter.count(text) == found.segment_count
    assert len(segmenter.split(text)) == found.segment_count


@pytest.mark.parametrize("char", sorted(oracle.TABLES["default"]))
def test_default_alphabet_takes_one_septet(kernels, char) -> None:
    """Each character of the default alphabet fills 160 and 153 septets exactly."""
    assert kernels.analyze(char).unit_count == 1
    assert kernels.analyze(char * 160).units_left == 0
    assert [kernels.count(char * size) for size in (160, 161, 306, 307)] == [1, 2, 2, 3]


@pytest.mark.parametrize("char", sorted(oracle.TABLES["extension"]))
def test_extension_characters_are_never_cut(kernels, char) -> None:
    """Each takes two septets; 76 of them fill a segment of 153, the last septet stays unused."""
    assert kernels.analyze(char).unit_count == 2
    assert [kernels.count(char * size) for size in (80, 81, 152, 153)] == [1, 2, 2, 3]
    assert [segment.unit_count for segment in kernels.split(char * 153)] == [152, 152, 2]


def test_every_code_point(implementations) -> None:
    """All 1,114,112 code points are in the alphabet, or not, as the oracle says."""
    default, extension = oracle.TABLES["default"], oracle.TABLES["extension"]
    for code in range(0x110000):
        char = chr(code)
        if char in default:
            expected = (Encoding.GSM7, 1)
        elif char in extension:
            expected = (Encoding.GSM7, 2)
        else:
            expected = (Encoding.UCS2, 1 if code < 0x10000 else 2)
        for implementation in implementations.values():
            found = implementation.analyze(char)
            assert (found.encoding, found.unit_count) == expected, f"U+{code:04X}"


@pytest.mark.slow
@pytest.mark.parametrize("filler", ["a" * 40, "Δ" * 40, "Δ" * 15], ids=["a", "Δ", "few Δ"])
def test_every_bmp_character_inside_a_text(kernels, filler) -> None:
    """The same among others, where vector code reads them, in one and two octets a character."""
    for code in range(0x10000):
        char = chr(code)
        found = kernels.analyze(filler + char + filler)
        expected = oracle.TABLES["default"] | oracle.TABLES["extension"]
        assert (found.encoding == Encoding.GSM7) == (char in expected), f"U+{code:04X}"
        assert found.unit_count - 2 * len(filler) == 1 + (char in oracle.TABLES["extension"])


@pytest.mark.parametrize("size", [0x3FFF, 0x4000, 0x5001, 0x7FFF, 0x8000, 0x8001, 0x10001])
def test_long_runs_of_emoji(kernels, size) -> None:
    """Each takes two code units, however many there are."""
    assert kernels.analyze("😀" * size).unit_count == 2 * size


@pytest.mark.slow
@pytest.mark.parametrize("language", Language)
def test_every_bmp_character_in_every_national_table(implementations, language) -> None:
    """With one language enabled, each character costs what its tables say."""
    name = language.name.lower()
    locking = oracle.TABLES.get(f"{name}_locking", oracle.TABLES["default"])
    single = oracle.TABLES[f"{name}_single"]
    known = locking | single | oracle.TABLES["default"] | oracle.TABLES["extension"]
    segmenters = [
        implementation.Segmenter(languages=[language])
        for implementation in implementations.values()
    ]
    for code in range(0x10000):
        char = chr(code)
        for segmenter in segmenters:
            encoding = segmenter.analyze(char).encoding
            assert (encoding == Encoding.GSM7) == (char in known), f"U+{code:04X}"
    for char in sorted(known):
        expected = oracle.analyze(char * 90, languages=[int(language)])
        for segmenter in segmenters:
            found = segmenter.analyze(char * 90)
            assert (
                found.unit_count,
                found.segment_count,
                found.locking_shift or 0,
                found.single_shift or 0,
            ) == (
                expected.unit_count,
                expected.segment_count,
                expected.locking_shift,
                expected.single_shift,
            ), f"U+{ord(char):04X}"


POOLS = {
    "width 1": "aZ09 \n\r@£¥èéùìòÇØøÅåÆæßÉ¤¡ÄÖÑÜ§¿äöñüà",
    "width 1, extension": "aZ09 \n@èäñ[]{}~^|\\\f",
    "width 2": "aZ09 èäñΔΦΓΛΩΠΨΣΘΞ",
    "width 2, extension": "aZ09 èäñΔΦ[]€\f",
    "foreign": "aZ09 èäñç`\t[]",
    "foreign, width 2": "aZ09 èäñΔ€’",
    "astral": "aZ09 èä€😀",
}


@pytest.mark.parametrize("pool", POOLS.values(), ids=POOLS)
def test_vector_and_portable_code_agree(pool) -> None:
    """At every length around the width of a vector register, and with one odd one at any place."""
    compiled = pytest.importorskip("septet._kernels._compiled")
    segmenter = Segmenter.from_rules(Rules(), "compiled")
    generator = random.Random(pool)
    texts = ["".join(generator.choices(pool, k=size)) for size in range(200)]
    texts += [
        "a" * place + odd + "a" * (size - place)
        for odd, size in product("ä[€ç😀", (15, 16, 31, 32, 33, 47, 64, 65))
        for place in range(size)
    ]
    answers = []
    for last in (1, 0):
        compiled.use_vector_code(last)
        answers.append(
            [(found.encoding, found.unit_count) for found in map(segmenter.analyze, texts)]
        )
    compiled.use_vector_code()
    assert answers[0] == answers[1]


def test_vector_code_is_used_where_it_can_be() -> None:
    """The tables still fit the vector code; else it would fall back without a word."""
    compiled = pytest.importorskip("septet._kernels._compiled")
    flags = Path("/proc/cpuinfo")
    if platform.machine() in ("aarch64", "arm64"):
        expected = widest = "neon"
    elif flags.exists() and " avx2 " in flags.read_text():
        expected = "avx2"
        widest = "avx512" if " avx512vbmi " in flags.read_text() else expected
    else:
        pytest.skip("a processor without AVX2 or NEON")
    assert compiled.use_vector_code(0) == "portable"
    assert compiled.use_vector_code(1) == expected
    assert compiled.use_vector_code() == widest


@pytest.mark.parametrize("wrong", [None, b"bytes", 1, 1.5, ["list"], bytearray(b"x"), object])
@pytest.mark.parametrize("function", ["count", "analyze", "split"])
def test_wrong_types(kernels, function, wrong) -> None:
    """Only a str is text: anything else is a TypeError that names its type."""
    with pytest.raises(TypeError) as caught:
        getattr(kernels, function)(wrong)
    assert str(caught.value) == f"text must be str, not {type(wrong).__name__}"


def test_subclasses_of_str_are_text(kernels) -> None:
    """A marked-up string of a web framework counts as what it is."""

    class Safe(str):
        __slots__ = ()

    assert kernels.count(Safe("€" * 81)) == 2
    assert kernels.split(Safe("a" * 161))[1].body == "a" * 8


def test_forced_gsm7_names_the_first_non_gsm_character(kernels) -> None:
    """The error says which character at which index, in words and as attributes."""
    segmenter = kernels.Segmenter(encoding=Encoding.GSM7)
    for ask in (segmenter.count, segmenter.analyze, segmenter.split):
        with pytest.raises(EncodingError) as caught:
            ask("Tonight at the ☕ 😀")
        assert str(caught.value) == "character '☕' at index 15 is not in the GSM 7-bit alphabet"
        assert (caught.value.char, caught.value.index) == ("☕", 15)


def test_caller_keeps_the_string_as_it_was(kernels) -> None:
    """Counting makes no UTF-8 copy that Python would keep beside the text."""
    import sys

    text = "".join(["é", "x" * 500])
    before = sys.getsizeof(text)
    kernels.analyze(text)
    kernels.split(text)
    assert sys.getsizeof(text) == before


@pytest.mark.parametrize("records", [{"segment": list}, {"non_gsm_character": list}])
def test_records_are_tuples(kernels, records) -> None:
    """Another type is refused when the kernel is made."""
    ((name, _),) = records.items()
    with pytest.raises(TypeError, match=f"^{name} must be a subclass of tuple, not list$"):
        kernels.functions.Kernel((), (70, 67), Analysis, **records)
    kernel = kernels.functions.Kernel((), (70, 67), Analysis)
    with pytest.raises(TypeError, match=r"^record must be a subclass of tuple, not list$"):
        kernels.functions.Encoder(kernel, list, (0, 8), 8, None)


def test_records_of_any_tuple(kernels) -> None:
    """Plain tuples, named tuples, and subclasses whose instances have attributes."""

    class Record(tuple):
        pass

    for record in (tuple, Record):
        kernel = kernels.functions.Kernel(
            ((0, 0, 160, 153),), (70, 67), Analysis, segment=record, non_gsm_character=record
        )
        [segment] = kernel.split("ж")
        assert type(segment) is record
        assert segment == ("ж", 1, 0, 1, 1, 1)
        assert hash(segment) == hash(("ж", 1, 0, 1, 1, 1))
        assert kernel.non_gsm_characters("aжжb") == (record(("ж", 1)), record(("ж", 2)))
        encoder = kernels.functions.Encoder(kernel, record, (0, 8), 8, None)
        [encoded] = encoder.encode("a")
        assert type(encoded) is record
        assert encoded == (0, b"", b"a", 1, "a", None, 1, 1)
        if record is Record:
            segment.note = encoded.note = "own"
            assert (segment.note, encoded.note) == ("own", "own")
