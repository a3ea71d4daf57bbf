"""Grapheme clusters at the ends of segments, in both implementations, against a naive judge."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import oracle_clusters
import strategies
from break_cases import break_cases
from septet import Analysis
from septet._kernels import load
from septet._kernels.python.clusters import ClusterSearch
from septet.standard import alphabets
from septet.standard.graphemes import WIDTH, ClusterRules, cluster_breaks, cluster_rules

UNICODE = cluster_rules("unicode")
RULES = [UNICODE, cluster_rules("unicode-10")]


def kernel_of(implementation: str, capacity: int, clusters=UNICODE):
    """Return a kernel with UCS-2 only, whose segments hold some code units."""
    return load(implementation).Kernel((), (1, capacity), Analysis, clusters)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def naive_ends(text: str, capacity: int, breaks: set[int]) -> list[int]:
    """Fill each segment by trying every length, the longest first."""
    pairs = {
        index
        for index in range(1, len(text))
        if "\ud800" <= text[index - 1] <= "\udbff" and "\udc00" <= text[index] <= "\udfff"
    }
    ends: list[int] = []
    start = 0
    while start < len(text):
        fitting = [
            stop
            for stop in range(start + 1, len(text) + 1)
            if units(text[start:stop]) <= capacity and stop not in pairs
        ]
        end = fitting[-1]
        if end not in breaks:
            stop = min(index for index in breaks if index > end)
            begin = max((index for index in breaks if index < end), default=0)
            if begin > start and units(text[begin:stop]) <= capacity:
                end = begin
        ends.append(end)
        start = end
    return ends


def check_ends(text: str, breaks: set[int], clusters=UNICODE, capacities=range(2, 12)) -> None:
    for capacity in capacities:
        expected = naive_ends(text, capacity, breaks) if units(text) > 1 else [len(text)]
        for implementation in ("python", "compiled"):
            kernel = kernel_of(implementation, capacity, clusters)
            ends = [stop for _, _, _, stop, *_ in kernel.split(text)]
            assert ends == expected, (implementation, capacity, ascii(text))
            assert kernel.count(text) == len(expected)


@pytest.mark.both_implementations
def test_unicodes_own_test() -> None:
    """Every case of GraphemeBreakTest, cut into segments of every size, and with others around."""
    pytest.importorskip("septet._kernels._compiled")
    for text, ends in break_cases():
        check_ends(text, ends, capacities=range(2, len(text) + 2))
        after = {index + 2 for index in ends} | {1, 2}
        check_ends("a\n" + text, after, capacities=(3, 4))


@pytest.mark.both_implementations
@given(st.one_of(strategies.cluster_texts, strategies.texts.map(lambda text: text[:60])))
@example("🇩" * 9)
@example("e" + "\u0301" * 30)
@example("👩\u200d" * 9 + "👩")
@example("\ud83d\udc69\u200d" * 5)
@example("क\u094d" * 8 + "क")
def test_ends(text) -> None:
    """Segments end where the judge cuts, whatever their size."""
    pytest.importorskip("septet._kernels._compiled")
    check_ends(text, oracle_clusters.cluster_ends(text))


@st.composite
def machines(draw: st.DrawFn) -> ClusterRules:
    """Draw any machine of four classes and states, certain of nothing."""
    letters = "abcd"
    transitions = bytearray(WIDTH * WIDTH)
    for state in range(4):
        for number in range(4):
            joins = draw(st.booleans()) and state > 0
            following = draw(st.integers(0, 3))
            transitions[state * WIDTH + number] = following | (0 if joins else 0x80)
    classes = bytearray(len(UNICODE.classes))
    for number, letter in enumerate(letters):
        classes[ord(letter)] = number
    return ClusterRules(bytes(classes), bytes(transitions), (0,) * WIDTH)


@pytest.mark.both_implementations
@given(machines(), st.text("abcd", max_size=40))
def test_any_machine(rules, text) -> None:
    """The kernels know no rules themselves: they run whatever tables they are given."""
    pytest.importorskip("septet._kernels._compiled")
    breaks = {index for index, value in enumerate(cluster_breaks(text, rules)) if value}
    check_ends(text, breaks - {0} | {len(text)}, rules, capacities=(2, 3, 5, 7))


@pytest.mark.parametrize("rules", RULES, ids=["unicode", "unicode-10"])
def test_clusters_of_the_default_alphabet(rules) -> None:
    """Only CR LF is more than one character: cluster_borders.h looks for nothing else."""
    chars = [*alphabets.locking_table(), *alphabets.single_table()]
    joined = {
        first + second
        for first, second in product(chars, chars)
        if not rules.certain[rules.classes[ord(first)]] >> rules.classes[ord(second)] & 1
    }
    assert joined <= {"\r\n"}


class CountedBytes(bytes):
    """Bytes that count how often an item is read."""

    reads = 0

    def __getitem__(self, index):
        CountedBytes.reads += 1
        return super().__getitem__(index)


@pytest.mark.parametrize(
    "part",
    ["\u0301", "🇩", "👩\u200d", "क\u094d", "\u200d", "\u0600", "ж", "ᄀ", "\ud83d\udc69\u200d"],
    ids=ascii,
)
@pytest.mark.parametrize("capacity", [2, 67, 134])
def test_every_character_is_read_a_few_times(part, capacity) -> None:
    """Whatever the clusters: the time grows with the text, not with its square."""
    rules = UNICODE._replace(classes=CountedBytes(UNICODE.classes))
    CountedBytes.reads = 0
    text = "ж" + part * 5_000
    kernel_of("python", capacity, rules).count(text)
    assert CountedBytes.reads <= 6 * len(text)


def test_only_the_ends_are_read() -> None:
    """In ordinary texts, two characters for each segment."""
    rules = UNICODE._replace(classes=CountedBytes(UNICODE.classes))
    CountedBytes.reads = 0
    assert kernel_of("python", 67, rules).count("ж" * 6700) == 100
    assert CountedBytes.reads == 2 * 99


@pytest.mark.parametrize("rules", RULES, ids=["unicode", "unicode-10"])
@given(strategies.cluster_texts)
def test_searches(rules, text) -> None:
    """Asked in order, a search has the start of the cluster of every character."""
    search = ClusterSearch(text, rules)
    start = 0
    breaks = cluster_breaks(text, rules)
    for index in range(len(text)):
        is_half = index > 0 and "\udc00" <= text[index] <= "\udfff"
        if is_half and "\ud800" <= text[index - 1] <= "\udbff":
            continue
        start = index if breaks[index] else start
        assert search.start_of(index) == start
