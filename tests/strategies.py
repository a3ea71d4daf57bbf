"""Hypothesis strategies: the texts and options under which all implementations must agree.

`texts` draws every string Python can hold, texts biased to what is counted in a special way, and
texts whose units end near a limit. `options` draws what the oracle and a `Segmenter` both take.
"""

from typing import Any

from hypothesis import strategies as st

import oracle
from septet import Provider, ProviderRule

MAX_HEADER_OCTETS = 140 - 4  # leaves two code units, so that a surrogate pair still fits

# Pools by what they do to a count, and to the width of a `str` (PEP 393: 1, 2 or 4 octets).
ASCII = [chr(code) for code in range(0x20, 0x7F) if chr(code) in oracle.TABLES["default"]]
ACCENTED = list("£¥èéùìòÇØøÅåÆæßÉ¤¡ÄÖÑÜ§¿äöñüà")  # GSM 7-bit, width 1
GREEK = list("ΔΦΓΛΩΠΨΣΘΞ")  # GSM 7-bit, width 2
EXTENSION = list("\f^{}\\[~]|€")  # two septets; the euro has width 2
FOREIGN_LATIN = list("\x00\t\x1b\x7f`çáíóúÁÍÓÚâêôãõ\xa0\xadª°")  # UCS-2, width 1
LOOKALIKES = list("’“”–…АВЕαιΔ\u2206\u2126\u212b\ufeff\uffff\ufffd")  # UCS-2, width 2, but for Δ
CJK = list("中文短信一二三かなカナ한글")
ASTRAL = list("😀👍🏽🇩🇪🏳𝒳𐍈\U00010000\U0010ffff")
HALVES = list("\ud800\ud83d\udbff\udc00\ude00\udfff")
PAIRS = ["\ud83d\ude00", "\ud800\udc00", "\udbff\udfff"]  # two characters each, one on the air
CLUSTERS = [
    "\r\n",
    "e\u0301",
    "a\u0308\u0323\u0301",
    "\u0915\u094d\u0937\u093f",
    "\U0001f1e9\U0001f1ea",
    "\U0001f44d\U0001f3fd",
    "\U0001f3f3\ufe0f\u200d\U0001f308",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
    "\ud83d\ude00\u0301",
    "n" + "\u0308" * 80,
    "\U0001f600" + "\u200d\U0001f600" * 30,
]
NATIONAL = sorted(
    set().union(*oracle.TABLES.values()) - oracle.TABLES["default"] - oracle.TABLES["extension"]
)
NATIONAL_BY_LANGUAGE = [
    sorted(oracle.SINGLE[language] | oracle.LOCKING.get(language, set()))
    for language in sorted(oracle.SINGLE)
]

_any_text = st.text(st.characters(exclude_categories=()), max_size=400)

_pools = [ASCII, ACCENTED, GREEK, EXTENSION, FOREIGN_LATIN, LOOKALIKES, CJK, ASTRAL]
_pools += [HALVES, PAIRS, CLUSTERS, NATIONAL]
_pieces = st.one_of([st.sampled_from(pool) for pool in _pools])
_runs = st.builds(lambda piece, times: piece * times, _pieces, st.integers(1, 80))
_biased_text = st.lists(st.one_of(_pieces, _pieces, _runs), max_size=40).map("".join)

_latin1_pools = (ASCII, ACCENTED, [char for char in EXTENSION if char <= "\xff"])
gsm7_texts = st.one_of(
    st.lists(st.one_of([st.sampled_from(pool) for pool in pools]), max_size=330).map("".join)
    for pools in (_latin1_pools, (*_latin1_pools, GREEK, EXTENSION))
)
"""Texts that the default alphabet and its extension table carry."""

_national_text = st.sampled_from(NATIONAL_BY_LANGUAGE).flatmap(
    lambda characters: st.lists(
        st.one_of(st.sampled_from(characters), st.sampled_from(ASCII)), max_size=330
    ).map("".join)
)

_CLUSTER_PARTS = [
    *(
        "a",
        " ",
        "\r",
        "\n",
        "\t",
        "\u200b",
        "\u0301",
        "\u0308",
        "\u200c",
        "\u200d",
        "\ufe0f",
        "\u20e3",
    ),
    *(
        "\u0903",
        "\u0e33",
        "\u0eb3",
        "\u0600",
        "\u06dd",
        "\u0d4e",
        "\u1100",
        "\u1161",
        "\u11a8",
        "가",
        "각",
    ),
    *(
        "क",
        "ष",
        "\u094d",
        "\u093c",
        "\u093f",
        "ক",
        "\u09cd",
        "త",
        "\u0c4d",
        "ခ",
        "\u1039",
        "\U000113d0",
    ),
    *("🇩", "🇪", "😀", "👩", "🏽", "❤", "🏴", "\U000e0067", "\U000e007f", "\U0001faea", "♀", "©"),
    *("\ud83d", "\ude00", "\ud83d\udc69", "\udb40\udd00", "ж", "ก", "中"),
]
cluster_texts = st.lists(
    st.builds(lambda part, times: part * times, st.sampled_from(_CLUSTER_PARTS), st.integers(1, 3)),
    max_size=14,
).map("".join)
"""Short texts of characters that join clusters."""

# What fills a segment, unit by unit; what may straddle its end; and the capacities it may meet,
# of a single segment and of a concatenated one, with any tables and both reference widths.
_SEPTET_CAPACITIES = [160, 155, 153, 152, 149, 148, 146, 145]
_CODE_UNIT_CAPACITIES = [70, 67, 66]
_NEAR_LIMITS: list[tuple[str, list[str], list[int]]] = [
    ("a", ["[", "|", "\\", "\f", "\r\n"], _SEPTET_CAPACITIES),  # width 1
    ("é", ["{", "€", "\r\n"], _SEPTET_CAPACITIES),  # width 1 or 2
    ("Ω", ["€", "~", "\r\n"], _SEPTET_CAPACITIES),  # width 2
    ("ş", ["€", "{", "ç", "Ğ"], _SEPTET_CAPACITIES),  # Turkish
    ("ã", ["€", "Φ", "∞", "Ê"], _SEPTET_CAPACITIES),  # Portuguese
    ("í", ["á", "Ú", "[", "ç"], _SEPTET_CAPACITIES),  # Spanish, always two septets
    ("अ", ["A", "€", "०", "\u0915\u094d\u0937\u093f"], _SEPTET_CAPACITIES),  # Hindi
    ("ç", ["[", "\r\n", "á"], _CODE_UNIT_CAPACITIES),  # width 1
    ("中", ["€", "e\u0301", "\ud83d\ude00", "\ud83d\ud83d", "\ude00"], _CODE_UNIT_CAPACITIES),
    ("a", [*PAIRS, *CLUSTERS], _CODE_UNIT_CAPACITIES),  # width 2 or 4
    ("a", ["😀", "𐍈", *CLUSTERS], _CODE_UNIT_CAPACITIES),  # width 4
    ("中", ["😀", "[", *CLUSTERS], _CODE_UNIT_CAPACITIES),  # width 4
    (
        "😀",
        ["a", "\ud83d\ude00", "\ud83d", *CLUSTERS],
        [capacity // 2 for capacity in (70, 67, 66)],
    ),
]


@st.composite
def _near_limit_text(draw: st.DrawFn) -> str:
    """Draw segments that end a little before or behind a limit, often with a straddling piece."""
    filler, straddlers, capacities = draw(st.sampled_from(_NEAR_LIMITS))
    capacity = draw(st.sampled_from(capacities))
    straddler = st.sampled_from(["", "", filler, *straddlers])
    parts = [draw(st.sampled_from(["", "", *straddlers]))]
    for _ in range(draw(st.integers(1, 4))):
        parts.append(filler * (capacity - draw(st.integers(0, 4))))
        parts.append(draw(straddler))
    parts.append(filler * draw(st.integers(0, 9)))
    return "".join(parts)


near_limit_texts = _near_limit_text()
"""Texts whose units end, and whose undivided pieces stand, near the ends of segments."""

texts = st.one_of(_any_text, _biased_text, gsm7_texts, _national_text, near_limit_texts)
"""Texts of every kind, lone surrogates included."""


def largest_header_octets(reference_bits: int, languages: tuple[int, ...]) -> int:
    """Compute the `header_octets` that still leave two code units with every other element."""
    octets = 1 + (5 if reference_bits == 8 else 6)
    if languages:
        octets += 3
    if any(language in oracle.LOCKING for language in languages):
        octets += 3
    return MAX_HEADER_OCTETS - octets


_languages = st.one_of(
    st.just(()),
    st.sampled_from([(1,), (2,), (3,), (6,), (1, 3), (2, 3), (6, 13)]),
    st.lists(st.integers(1, 13), unique=True, max_size=4).map(tuple),
    st.just(tuple(range(1, 14))),
)


def provider_without(excluded: str) -> Provider:
    """Return a provider that excludes some characters of GSM-7."""
    return Provider("alphabet", (ProviderRule("excluded", excluded, "https://example.com/"),))


# Rarely the letters that most texts consist of.
_excluded = st.text(
    st.one_of(
        [st.sampled_from(pool) for pool in (ACCENTED, GREEK, EXTENSION, NATIONAL, ["a", "😀"])]
    ),
    min_size=1,
    max_size=12,
)


@st.composite
def _options(draw: st.DrawFn) -> dict[str, Any]:
    reference_bits = draw(st.sampled_from([8, 16]))
    languages = draw(_languages)
    largest = largest_header_octets(reference_bits, languages)
    header_octets = st.one_of(
        st.just(0), st.just(0), st.integers(1, 12), st.integers(largest - 8, largest)
    )
    return {
        "encoding": draw(st.sampled_from([None, None, None, "gsm7", "ucs2"])),
        "reference_bits": reference_bits,
        "languages": languages,
        "keep_graphemes": draw(st.booleans()),
        "header_octets": draw(header_octets),
        "provider": draw(st.one_of(st.none(), st.builds(provider_without, _excluded))),
    }


options = st.one_of(st.just({}), _options(), _options())
"""Valid options, as keyword arguments."""


@st.composite
def _national_case(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a text in one or two languages, near a limit, with their tables enabled."""
    languages = draw(st.lists(st.integers(1, 13), unique=True, min_size=1, max_size=2).map(tuple))
    main = languages[0]
    tables = [oracle.LOCKING.get(main, oracle.LOCKING[0]), *map(oracle.SINGLE.get, languages)]
    pools = [sorted(table or ()) for table in tables]
    filler = draw(st.sampled_from(pools[0]))
    mixed = st.lists(st.one_of([st.sampled_from(pool) for pool in pools]), max_size=20)
    parts = ["".join(draw(mixed))]
    for _ in range(draw(st.integers(0, 3))):
        parts.append(filler * (draw(st.sampled_from(_SEPTET_CAPACITIES)) - draw(st.integers(0, 4))))
        parts.append("".join(draw(mixed)))
    chosen = {**draw(_options()), "languages": languages, "encoding": None}
    chosen["header_octets"] = draw(st.sampled_from([0, 0, 0, 1, 6]))
    return "".join(parts), chosen


@st.composite
def _cluster_case(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a text with clusters over the ends of segments, and the order to keep them whole."""
    reference_bits = draw(st.sampled_from([8, 16]))
    filler, clusters, capacity = draw(
        st.sampled_from([("a", ["\r\n"], 153), ("ç", CLUSTERS, 67), ("中", CLUSTERS, 67)])
    )
    capacity -= reference_bits == 16
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        parts.append(filler * (capacity - draw(st.integers(1, 11))))
        parts.append(draw(st.sampled_from(clusters)))
    parts.append(filler * draw(st.integers(0, capacity)))
    languages = draw(_languages)
    return "".join(parts), {
        "keep_graphemes": True,
        "reference_bits": reference_bits,
        "languages": languages,
    }


cases = st.one_of(st.tuples(texts, options), _national_case(), _cluster_case())
"""A text with options, often such that they matter to it: the best choice for comparisons."""
