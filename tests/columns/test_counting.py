"""`count_many` and `analyze_many` give what the scalar functions give for each text."""

from __future__ import annotations

import random
import sys

import pytest
from hypothesis import HealthCheck, given, settings

import oracle
import strategies
from scalar import check_column, columns, scalar
from septet import Analysis, Encoding, EncodingError

pa = pytest.importorskip("pyarrow")

RULES = ((0, 0, 160, 153),), (70, 67), Analysis

LAYOUTS = {"utf8": pa.string(), "large_utf8": pa.large_string(), "utf8_view": pa.string_view()}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=columns, options=strategies.options)
def test_arrow_rows_are_counted_as_texts(kernels, either_code, layout, texts, options) -> None:
    """In every layout, under all options, in both implementations, with and without vector code."""
    segmenter = kernels.Segmenter(**options)
    column = pa.array(texts, layout)
    try:
        expected = scalar(segmenter, texts)
    except EncodingError:
        with pytest.raises(EncodingError) as caught:
            segmenter.count_many(column)
        text = texts[caught.value.row]
        assert text[caught.value.index] == caught.value.char
        return
    assert segmenter.analyze_many(column).to_list() == expected
    assert segmenter.analyze_many(texts).to_list() == expected
    middle = len(texts) // 2
    assert segmenter.analyze_many(column[middle:]).to_list() == expected[middle:]
    assert segmenter.count_many(column[1:middle]).to_list() == [
        r and r[2] for r in expected[1:middle]
    ]


@pytest.mark.parametrize("languages", [(), (3,)])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_invalid_utf8_is_counted(implementations, either_code, layout, languages) -> None:
    """Both implementations count it alike, and read nothing beyond a row."""
    generator = random.Random(1)
    pool = [
        b"a",
        b"[",
        b"\xc3\xa9",
        b"\xe2\x82\xac",
        b"\xce\x94",
        b"\xf0\x9f\x98\x80",
        b"\xc3",
        b"\x80",
    ]
    pool += [
        b"\xe2",
        b"\xe2\x82",
        b"\xf0",
        b"\xff",
        b"\xc0",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"a" * 31,
        b"\xa9",
    ]
    rows = [b"".join(generator.choices(pool, k=generator.randrange(90))) for _ in range(1_500)]
    rows += pool
    large = layout in (pa.string(), pa.large_string())
    kind = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}.get(layout)
    column = pa.array(rows, kind or pa.binary_view())
    column = column.view(layout) if large else column.cast(pa.binary_view()).view(layout)
    segmenters = [kernels.Segmenter(languages=languages) for kernels in implementations.values()]
    answers = [segmenter.analyze_many(column).to_list() for segmenter in segmenters]
    assert answers[0] == answers[-1]
    for octets, row in zip(rows, answers[0], strict=True):
        firsts = octets[:1] + bytes(octet for octet in octets[1:] if octet & 0xC0 != 0x80)
        try:
            expected = oracle.analyze(octets.decode(), languages=languages)
        except UnicodeDecodeError:
            units = len(firsts) + sum(octet >= 0xF0 for octet in firsts)
            assert row[:2] == (Encoding.UCS2, units)
        else:
            assert row == (expected.encoding, expected.unit_count, expected.segment_count)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_row_around_full_segments(kernels, either_code, layout) -> None:
    """A single row, with and without a character that may be at the end of a segment."""
    texts = ["a" * size for size in (306, 307, 459, 460)]
    texts += ["a" * 152 + "€" + "a" * more for more in (151, 152)]
    texts += ["ж" * 66 + "😀" + "ж" * more for more in (65, 66)]
    for text in texts:
        check_column(kernels.Segmenter(), pa.array([text], layout), [text])


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_language_without_a_locking_table(kernels, either_code, layout) -> None:
    """Spanish has a single shift table only, which makes two pairs of tables."""
    texts = ["¿Qué más?", "Á" * 78, "plain", None, "ж", "[" * 81, "ç€" * 39]
    check_column(kernels.Segmenter(languages=["spanish"]), pa.array(texts, layout), texts)


@pytest.mark.parametrize(
    "options",
    [
        {},
        pytest.param({"reference_bits": 16}, marks=pytest.mark.slow),
        pytest.param({"header_octets": 130}, marks=pytest.mark.slow),
        {"encoding": "ucs2"},
        {"keep_graphemes": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_long_runs_of_ascii_rows(kernels, either_code, layout, options) -> None:
    """Rows of every length around every limit, with nulls between them."""
    segmenter = kernels.Segmenter(**options)
    texts: list[str | None] = ["a" * size for size in range(700)]
    texts += ["a" * (153 * times + more) for times in range(5, 60) for more in (-1, 0, 1)]
    texts[20:600:7] = [None] * len(texts[20:600:7])
    texts += ["b" * (1 << 20), "c" * ((1 << 20) + 1), *["d"] * 40]
    expected = [text and segmenter.count(text) for text in texts]
    expected[0] = 1
    assert segmenter.count_many(pa.array(texts, layout)).to_list() == expected
    check_column(segmenter, pa.array(texts, layout)[3:680], texts[3:680])


@pytest.mark.parametrize("excluded", ["€Ω", "\f[", "ae", "ğ€é"])
@pytest.mark.parametrize("languages", [(), (1,)])
def test_characters_excluded_by_a_provider(kernels, either_code, excluded, languages) -> None:
    """In every layout, beside rows without them, near the ends of segments and nulls."""
    segmenter = kernels.Segmenter(
        provider=strategies.provider_without(excluded), languages=languages
    )
    texts = [None, "bcd" * 70, "", "[" * 80, "é" * 307, "Ω", "b" * 69 + "€", "😀b", "ğ" * 9]
    texts += [text + char for text in ("b" * 70, "b" * 160, "[" * 76) for char in excluded + "b"]
    texts *= 3
    for layout in LAYOUTS.values():
        check_column(segmenter, pa.array(texts, layout), texts)
    check_column(segmenter, texts, texts)


def test_grapheme_clusters_are_kept(kernels) -> None:
    """In lists and Arrow arrays, also beside rows that are not UTF-8."""
    texts = ["a" * 65 + "🇩🇪" + "b" * 67, None, "a" * 152 + "\r\n" + "b" * 152]
    check_column(kernels.Segmenter(keep_graphemes=True), pa.array(texts), texts)
    check_column(kernels.Segmenter(keep_graphemes=True), texts, texts)
    octets = [b"a\xff" * 100, b"\x80\x80\xc3", b"\xf0\x9f", None, b"\xc3\xa9"]
    column = pa.array(octets, pa.binary()).view(pa.string())
    analysis = kernels.Segmenter(keep_graphemes=True).analyze_many(column)
    assert analysis == kernels.Segmenter().analyze_many(column)


LONG_ROWS = [
    *("a" * 320, "a" * 152 + "\r\n" + "b" * 160, "\r\n" * 90, "Your code is 123456", None, ""),
    *(
        "é" * 400,
        "€" * 152 + "\r\n" + "é" * 9,
        "ж" * 66 + "e\u0301" + "ж" * 80,
        "ж" * 134,
        "ж" * 135,
    ),
    *(
        "ж" * 65 + "👩\u200d👩\u200d👧" + "ж" * 60,
        "👍🏽" * 60,
        "क्ष" * 60,
        "\uffff" * 66 + "e\u0301\u0301",
    ),
    *(
        "e" + "\u0301" * 300,
        "🇩🇪" * 40,
        "ğ" * 154 + "\r\n" + "ğ" * 154,
        "a" * 161,
        "ж" * 70,
        "中" * 71,
    ),
]


@pytest.mark.parametrize(
    "options", [{}, {"languages": ["turkish", "hindi"]}, {"reference_bits": 16}]
)
@pytest.mark.parametrize("profile", [{"keep_graphemes": True}, {"provider": "twilio"}])
def test_clusters_in_long_rows(kernels, either_code, options, profile) -> None:
    """Rows of several segments, in every layout, between rows of one."""
    segmenter = kernels.Segmenter(**options, **profile)
    texts = [text for row in LONG_ROWS for text in (row, "short", row)] * 3
    for layout in LAYOUTS.values():
        check_column(segmenter, pa.array(texts, layout), texts)
    check_column(segmenter, texts, texts)


AROUND_CLUSTERS = {
    "ascii": ("a", "\r\n", 153),
    "extension": ("[a", "\r\n", 102),
    "accented": ("é", "\r\n", 153),
    "as_many_units_as_bytes": ("é[", "\r\n", 102),
    "cyrillic": ("ж", "e\u0301", 67),
    "chinese": ("中", "👍🏽", 67),
    "emoji": ("😀", "🇩🇪", 33),
    "hindi": ("न", "क्ष", 67),
}


@pytest.mark.parametrize("kind", AROUND_CLUSTERS)
def test_a_cluster_at_every_place(kernels, either_code, kind) -> None:
    """Around the ends of the first and the second segment, in every layout."""
    around, cluster, capacity = AROUND_CLUSTERS[kind]
    segmenter = kernels.Segmenter(keep_graphemes=True)
    texts = [
        (around * 400)[:place] + cluster + (around * 400)[:rest]
        for first in (capacity, 2 * capacity)
        for place in range(first - 4, first + 2)
        for rest in (capacity - 1, capacity, 3 * capacity - place - 2)
    ]
    texts = [row for text in texts for row in (text, "short")]
    for layout in LAYOUTS.values():
        check_column(segmenter, pa.array(texts, layout), texts)


@pytest.mark.parametrize("bad", [b"\xff", b"\xe2\x82", b"\xf0\x9f", b"\xed\xa0\xbd", b"\x80"])
def test_rows_that_are_not_utf8_have_no_clusters(kernels, either_code, bad) -> None:
    """Each byte that begins a character stands for itself, in both implementations."""
    row = ("ж" * 66 + "e\u0301" + "ж" * 66).encode()
    column = pa.array([row + bad, row + b"\xef\xbf\xbf"], pa.binary()).view(pa.string())
    counts = kernels.Segmenter(keep_graphemes=True).analyze_many(column).to_list()
    assert counts[0] == kernels.Segmenter().analyze_many(column).to_list()[0]
    assert counts[1][2] == 3  # U+FFFF is a character


@pytest.mark.parametrize("threads", [0, -1, 1.5, None])
def test_wrong_threads(kernels, threads) -> None:
    """There must be at least one."""
    with pytest.raises(ValueError, match="threads must be 1 or more"):
        kernels.count_many([], threads=threads)


def test_errors_of_forced_gsm7_name_the_row(kernels) -> None:
    """And the character and its index in the text."""
    segmenter = kernels.Segmenter(encoding=Encoding.GSM7)
    for column in (
        ["a", None, "b😀"],
        pa.array(["a", None, "b😀"]),
        pa.array(["x", "a", "", "b😀"])[1:],
    ):
        with pytest.raises(EncodingError) as caught:
            segmenter.count_many(column)
        assert str(caught.value) == (
            "character '😀' at row 2, index 1 is not in the GSM 7-bit alphabet"
        )


def test_no_reference_is_kept_or_lost(kernels) -> None:
    """The texts of a list have as many references after the count as before."""
    text = "".join(["not", " interned"])
    before = sys.getrefcount(text)
    texts = [text] * 1_000
    kernels.count_many(texts)
    assert sys.getrefcount(text) == before + 1_000
