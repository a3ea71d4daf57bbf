"""The judge judged: known answers, and the laws that any division into segments obeys."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import oracle
import strategies
from known_answers import Expected, known_answers

CASES = [pytest.param(*case[1:], id=case[0]) for case in known_answers()]

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(("text", "options", "expected"), CASES)
def test_known_answers(text: str, options: dict[str, Any], expected: Expected) -> None:
    """Answers found in the standard and in other libraries' tests are ours too."""
    answer = oracle.analyze(text, **options)
    assert Expected(answer.encoding, answer.unit_count, answer.segment_count) == expected


def test_tables_are_complete() -> None:
    """The alphabets have as many characters as TS 23.038 prints, and never the escape."""
    assert len(oracle.TABLES["default"]) == 127
    assert len(oracle.TABLES["extension"]) == 10
    assert sorted(oracle.SINGLE) == list(range(14))
    assert sorted(oracle.LOCKING) == [0, 1, *range(3, 14)]  # Spanish has a single shift only
    assert not any("\x1b" in characters for characters in oracle.TABLES.values())


@given(strategies.cases)
@example(("\ud83d\ude00", {}))
@example(("a" * 66 + "\ud83d\ude00" + "a" * 66, {}))
@example(("a" * 60 + FAMILY + "a" * 60, {"keep_graphemes": True}))
@settings(deadline=None)
def test_pieces_are_the_text(case: tuple[str, dict[str, Any]]) -> None:
    """Bodies join to the text, in order, each within its capacity, none cut where none may be."""
    text, options = case
    try:
        answer = oracle.analyze(text, **options)
    except oracle.NotGsm7Error as error:
        assert options["encoding"] == "gsm7"
        assert text[error.index] == error.char  # noqa: PT017
        return
    pieces = oracle.split(text, **options)
    assert "".join(piece.body for piece in pieces) == text
    assert [text[piece.start : piece.stop] for piece in pieces] == [piece.body for piece in pieces]
    assert len(pieces) == answer.segment_count == oracle.count(text, **options)
    assert sum(piece.unit_count for piece in pieces) == answer.unit_count
    capacity = answer.units_left + pieces[-1].unit_count
    assert max(piece.unit_count for piece in pieces) <= capacity
    for piece in pieces[1:]:
        around = text[piece.start - 1 : piece.start + 1]
        assert len(around.encode("utf-16", "surrogatepass").decode("utf-16", "replace")) == 2


@given(strategies.cases.filter(lambda case: len(case[0]) <= 700))
@settings(deadline=None)
def test_greedy_filling_is_minimal(case: tuple[str, dict[str, Any]]) -> None:
    """No division, in no allowed pair of tables, takes fewer segments than the greedy one."""
    text, options = case
    options = {**options, "languages": tuple(options.get("languages", ()))[:2]}
    if options.get("encoding") == "gsm7":
        options["encoding"] = None
    assert oracle.count(text, **options) == oracle.fewest_segments(text, **options)


@given(strategies.cases)
@settings(deadline=None)
def test_non_gsm_characters_are_what_gsm7_lacks(case: tuple[str, dict[str, Any]]) -> None:
    """Without the non-GSM characters, the same tables carry the text; GSM 7-bit texts have none."""
    text, options = case
    free = {**options, "encoding": None}
    non_gsm_characters = oracle.non_gsm_characters(text, **free)
    assert bool(non_gsm_characters) == (oracle.analyze(text, **free).encoding == "ucs2")
    assert [text[index] for _, index in non_gsm_characters] == [
        char for char, _ in non_gsm_characters
    ]
    blocked = {index for _, index in non_gsm_characters}
    rest = "".join(char for index, char in enumerate(text) if index not in blocked)
    assert oracle.analyze(rest, **free).encoding == "gsm7"
    assert oracle.non_gsm_characters(text, **{**options, "encoding": "ucs2"}) == []


@given(strategies.gsm7_texts, st.sampled_from([8, 16]))
@settings(deadline=None)
def test_languages_never_cost_segments(text: str, reference_bits: int) -> None:
    """Enabling national tables never takes more segments than leaving them out."""
    plain = oracle.count(text, reference_bits=reference_bits)
    assert oracle.count(text, reference_bits=reference_bits, languages=(1, 2, 3)) <= plain
