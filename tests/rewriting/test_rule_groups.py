"""The groups of rules: what their data says, and that it can be carried out."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

import oracle
from septet.rewriting.rule_groups import RuleGroup, code_points
from septet.rewriting.transliteration_data import RULE_GROUPS

GSM7 = oracle.TABLES["default"] | oracle.TABLES["extension"]
LEVELS = ["punctuation", "letters", "all"]
PAGE = Path(__file__).parents[2] / "docs/explanation/replacements.md"


def test_ranges_and_runs() -> None:
    """Ranges include both ends; a run goes through its text."""
    assert list(code_points("41 0061-0063")) == ["A", "a", "b", "c"]
    group = RuleGroup("name", "all", "reason", {"": "41-42"}, {"xyz": "61 1D400"})
    replaced = {"A": "", "B": "", "a": "x", "b": "y", "c": "z"}
    styled = {"\U0001d400": "x", "\U0001d401": "y", "\U0001d402": "z"}
    assert group.rules() == replaced | styled


def test_no_character_has_two_rules() -> None:
    """Except where a level replaces a mark otherwise than the level before it."""
    seen: dict[str, str] = {}
    for group in RULE_GROUPS:
        points = [*group.replaced.values(), *group.runs.values()]
        assert sum(len(list(code_points(text))) for text in group.replaced.values()) == len(
            {char for text in group.replaced.values() for char in code_points(text)}
        )
        assert all(re.fullmatch(r"[0-9A-F-]+( [0-9A-F-]+)*", text) for text in points)
        for char in group.rules():
            if char in seen:
                assert (seen[char], group.name) == ("marks that look like a sign", "marks")
            seen[char] = group.name
    assert not GSM7 & seen.keys()


def test_levels_come_in_order() -> None:
    """A later group may replace what an earlier one does, so the order is that of the levels."""
    levels = [LEVELS.index(group.level) for group in RULE_GROUPS]
    assert all(first <= second for first, second in pairwise(levels))


def test_every_rule_ends_in_gsm7() -> None:
    """With the rules of its level alone, but for two controls that are letters of Windows-1252."""
    for level in LEVELS:
        rules: dict[str, str] = {}
        for group in RULE_GROUPS[
            : 1 + max(i for i, g in enumerate(RULE_GROUPS) if g.level == level)
        ]:
            rules.update(group.rules())

        def end(char, rules=rules) -> str:
            return char if char in GSM7 else "".join(map(end, rules[char]))

        letters = "\x8a\x8c\x8e\x9a\x9c\x9e\x9f"
        for char in rules.keys() - set(letters):
            assert set(end(char)) <= GSM7


def test_the_reference() -> None:
    """Some of Twilio's Smart Encoding, with its known faults corrected."""
    rules: dict[str, str] = {}
    for group in RULE_GROUPS[: [g.level for g in RULE_GROUPS].index("letters")]:
        rules.update(group.rules())
    expected = (
        (" ", "\t\xa0\u2000\u2009\u3000"),
        ("", "\x00\u200b\u2060\ufeff"),
        ('"', "«»“”„〝＂"),
        ("'", "`´‘’‛❛＇"),
        ("-", "‐–—―•⁃－"),
        ("/", "÷⁄∕⧸／"),
        (",", "‚、﹐，､"),
        ("...", "…"),
        ("!!", "‼"),
        ("1/4", "¼"),
        ("A", "ᴀＡ"),
        ("S", "ꜱＳ"),
        ("<", "‹﹤＜"),
        (">", "›﹥＞"),
        ("^", "ˆ\u0302＾"),
        ("{", "❴﹛｛"),
    )
    for replacement, chars in expected:
        assert {rules[char] for char in chars} == {replacement}


@pytest.mark.parametrize("group", RULE_GROUPS, ids=lambda group: group.name)
def test_the_page_lists_each_group(group) -> None:
    """With its level and its reason, and examples that are true."""
    rows = re.findall(r"^\| (.*?) \| \"(\w+)\" \| (.*?) \| (.*) \|$", PAGE.read_text("utf-8"), re.M)
    ((_, level, reason, examples),) = [row for row in rows if row[0] == group.name]
    assert (level, reason) == (group.level, group.reason)
    rules = group.rules()
    for point, text in re.findall(r"U\+(\w+) → (nothing|line feed|space|`.*?`)", examples):
        words = {"nothing": "", "line feed": "\n", "space": " "}
        assert rules[chr(int(point, 16))] == words.get(text, text.strip("`"))
    assert re.search(r"U\+(\w+) → ", examples)
