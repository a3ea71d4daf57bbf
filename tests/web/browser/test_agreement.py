"""The module in JavaScript and Python agree on every text."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from break_cases import break_cases
from browser_cases import Case, make_case, random_cases
from known_answers import known_answers

VECTORS = Path(__file__).parents[2] / "vectors"
BATCH = 10_000


def vector_cases() -> Iterator[Case]:
    """Yield the texts of all vectors with their options."""
    for _, text, options, _ in known_answers():
        names = {**options}
        if "languages" in options:
            names["languages"] = [language_name(number) for number in options["languages"]]
        yield make_case(text, names)
    with (VECTORS / "alphabets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["code_point"]:
            char = chr(int(row["code_point"].removeprefix("U+"), 16))
            yield make_case(char, {})
            yield make_case(char, {"languages": list(LANGUAGES)})
    for text, _ in break_cases():
        for before in (65, 66):
            yield make_case("ж" * before + text + "ж" * 9, {"keep_graphemes": True})
    for row in json.loads((VECTORS / "twilio.json").read_text(encoding="utf-8"))["texts"]:
        yield make_case(row["text"], {"provider": "twilio"})


LANGUAGES = (
    *("turkish", "spanish", "portuguese", "bengali", "gujarati", "hindi", "kannada"),
    *("malayalam", "oriya", "punjabi", "tamil", "telugu", "urdu"),
)


def language_name(number: int) -> str:
    return LANGUAGES[number - 1]


def all_characters() -> Iterator[Case]:
    """Yield texts with all characters, but not those of planes that have nothing special."""
    planes = (range(0x20000), range(0x2F800, 0x2FA20), range(0xE0000, 0xE1000))
    chars = (chr(c) for plane in planes for c in plane)
    while batch := list(islice(chars, 64)):
        for level in ("punctuation", "letters"):
            # Each by itself, and behind a letter with which marks make a piece.
            yield make_case("\n".join(batch), {}, level)
            yield make_case("o".join(batch), {"languages": ["hindi", "urdu"]}, level)


def test_vectors(differences) -> None:
    assert differences(list(vector_cases())) == []


def test_random_texts(differences) -> None:
    assert differences(list(random_cases(1_000, seed=0))) == []


@pytest.mark.slow
def test_many_random_texts(differences, differences_in_a_browser) -> None:
    for seed in range(10):
        cases = list(random_cases(BATCH, seed))
        assert differences(cases) == []
        page, found = differences_in_a_browser(cases)
        assert found == []
        assert page.problems == []


@pytest.mark.slow
def test_all_characters(differences) -> None:
    assert differences(list(all_characters())) == []


def test_vectors_in_a_browser(differences_in_a_browser) -> None:
    page, found = differences_in_a_browser(list(vector_cases()))
    assert found == []
    assert page.problems == []


def test_a_difference_is_found(differences) -> None:
    """The comparison itself can fail, in each part of an answer."""
    cases = list(random_cases(20, seed=3))
    for number, case in enumerate(cases):
        key = sorted({*case} - {"text", "options", "level", "when"})[number % 3]
        case[key] = None
    assert len(differences(cases)) == 3
