"""The best pair of national tables: all that is said and sent under it, over all pairs.

The oracle tries every pair that is allowed, one after the other.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import oracle
import oracle_wire
import strategies
from conftest import Implementation
from septet.standard.alphabets import LOCKING_IDS, locking_table, single_table

pa = pytest.importorskip("pyarrow")

ALL = tuple(range(1, 14))
PAIRS = list(product(oracle.LOCKING, oracle.SINGLE))

# These locking tables have all letters of these single shift tables: for what is left of them, the
# default extension table is plainer.
NEVER_BEST = {(1, 1), (3, 2)}


def check(
    implementations: dict[str, Implementation], text: str, options: dict[str, Any]
) -> oracle.Answer:
    """Compare all results of the implementations for a text with the oracle; decode them again."""
    answer = oracle.analyze(text, **options)
    sent = oracle_wire.encode(text, 7, **options)
    bodies = [segment.body for segment in sent]
    facts = (answer.encoding, answer.unit_count, answer.segment_count)
    column = pa.array(["", text, text[:1]])
    for implementation in implementations.values():
        segmenter = implementation.Segmenter(**options)
        found = segmenter.analyze(text)
        shifts = (found.locking_shift or 0, found.single_shift or 0)
        assert (*facts, found.units_left, *shifts) == answer
        assert (found.encoding, found.unit_count, found.segment_count) == facts
        assert segmenter.count(text) == len(bodies)
        assert [segment.body for segment in segmenter.split(text)] == bodies
        assert segmenter.analyze_many([text]).to_list() == [facts]
        assert segmenter.analyze_many(column).to_list()[1] == facts
        assert segmenter.count_many([text])[0] == segmenter.count_many(column)[1] == len(bodies)
        segments = segmenter.encode(text, reference=7)
        assert [
            oracle_wire.Sent(*(getattr(segment, name) for name in oracle_wire.Sent._fields))
            for segment in segments
        ] == sent
        reassembler = implementation.Reassembler()
        read = []
        for segment in segments:
            octets = {
                "user_data": segment.user_data,
                "data_coding": segment.data_coding,
                "has_udh": segment.udh != b"",
                "user_data_length": segment.user_data_length,
            }
            read.append(implementation.decode(**octets, strict=True))
            whole = reassembler.add("sender", **octets)
        assert "".join(read) == whole == text
    return answer


def rarest(chars: set[str], tables: dict[int, set[str]]) -> list[str]:
    """Sort characters by how many of the tables hold them."""
    return sorted(chars, key=lambda char: (sum(char in table for table in tables.values()), char))


@pytest.mark.parametrize("bits", [8, 16])
def test_every_pair_can_be_the_best(implementations, bits) -> None:
    """With all languages allowed, each pair but two wins; at every border of its segments."""
    octets = 5 if bits == 8 else 6
    best = set()
    for turn, (locking, single) in enumerate(PAIRS):
        own = rarest(oracle.LOCKING[locking], oracle.LOCKING)[:12]
        beside = rarest(oracle.SINGLE[single] - oracle.LOCKING[locking], oracle.SINGLE)[:3]
        header_octets = (0, 0, 3)[turn % 3]
        shifts = 3 * (bool(locking) + bool(single)) + header_octets
        lone, several = ((139 - shifts) * 8 // 7, (139 - shifts - octets) * 8 // 7)
        units = (36, lone + turn % 2, 2 * several - 1 + turn % 3)[turn % 3 if turn % 5 else 2]
        plain = units - 2 * len(beside)
        text = ("".join(own) * 40)[: plain - 1] + "".join(beside) + own[0]
        answer = check(
            implementations,
            text,
            {"languages": ALL, "reference_bits": bits, "header_octets": header_octets},
        )
        best.add((answer.locking_shift, answer.single_shift))
    assert set(PAIRS) - best == NEVER_BEST


@st.composite
def national_cases(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a text of some tables, with runs to the borders of segments, and what it may use."""
    pools = [
        sorted(oracle.TABLES[name])
        for name in draw(st.lists(st.sampled_from(sorted(oracle.TABLES)), min_size=1, max_size=4))
    ]
    pools += draw(st.lists(st.sampled_from([list("€|^~\\[]"), list("ç’ж")]), max_size=1))
    chars = st.one_of([st.sampled_from(pool) for pool in pools])
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        border = draw(st.sampled_from([0, 6, 145, 146, 148, 149, 152, 153, 155, 160]))
        parts.append(draw(chars) * draw(st.integers(max(0, border - 3), border + 1)))
        parts.append("".join(draw(st.lists(chars, max_size=12))))
    some = st.lists(st.integers(1, 13), unique=True, min_size=1, max_size=4).map(tuple)
    return "".join(parts), {
        "languages": draw(st.one_of(st.just(ALL), st.just(ALL), some)),
        "reference_bits": draw(st.sampled_from([8, 16])),
        "header_octets": draw(st.sampled_from([0, 0, 1, 4, 6, 90])),
        "keep_graphemes": False,
    }


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=national_cases())
@example(case=("a" * 94 + "|" * 5, {"languages": ALL}))
@example(case=("a" * 94 + "|" * 6, {"languages": ALL}))
@example(case=("a" * 146 + "|" * 8, {"languages": ALL}))  # one segment instead of two
@example(case=("a" * 80 + "[" * 41, {"languages": ALL}))  # no table has brackets for less
@example(case=("|" * 20 + "[" * 3, {"languages": ALL}))  # brackets cost as much there
@example(case=("ä" * 3 + "|" * 20, {"languages": ALL}))  # no table has both
@example(case=("¿" * 3 + "|" * 20, {"languages": ALL}))  # a locking and a single shift together
@example(case=("Ω" * 3 + "|" * 20, {"languages": (2, 3)}))
@example(case=("Ω" + "|" * 7, {"languages": ALL}))  # the default pair, not much better
@example(case=("a" * 148 + "[" + "€" * 9 + "a" * 139, {"languages": (1,)}))  # but for a border
@example(case=("€" * 1030, {"languages": ALL}))
@example(case=("|" * 9, {"languages": (2,)}))  # the only other pair
def test_no_pair_is_better(implementations, case) -> None:
    """Whatever the text and the languages, what is chosen is the best of all pairs."""
    check(implementations, *case)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(case=national_cases())
@example(case=("क" * 101 + "ि" * 147 + "क" * 44, {"languages": (6,)}))
def test_no_pair_is_better_with_clusters_kept(implementations, case) -> None:
    """A cluster that fits under one pair may be too long, and cut, under another."""
    text, options = case
    options = {**options, "keep_graphemes": True}
    answer = oracle.analyze(text, **options)
    for implementation in implementations.values():
        segmenter = implementation.Segmenter(**options)
        found = segmenter.analyze(text)
        shifts = (found.locking_shift or 0, found.single_shift or 0)
        facts = (found.encoding, found.unit_count, found.segment_count, found.units_left)
        assert (*facts, *shifts) == answer
        assert segmenter.count(text) == len(segmenter.encode(text)) == answer.segment_count


def test_two_languages_save_septets_of_plain_text() -> None:
    """`scan_languages.h` relies on it: no other locking table has a default extension character."""
    extension = single_table(0).keys() - locking_table(0).keys()
    assert [i for i in LOCKING_IDS if extension & locking_table(i).keys()] == [1, 3]


@given(text=strategies.gsm7_texts)
def test_forced_gsm7_chooses_alike(implementations, text) -> None:
    """What GSM-7 can carry is the same whether or not it is forced, as a text and as a row."""
    expected = oracle.analyze(text, languages=ALL)
    for implementation in implementations.values():
        segmenter = implementation.Segmenter(encoding="gsm7", languages=ALL)
        assert segmenter.count(text) == expected.segment_count
        assert segmenter.analyze_many(pa.array([text])).to_list() == [expected[:3]]
