"""`Violation`: what it says about a text, and the messages of docs/reference/integrations.md."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from septet.integrations import MaxSegments

TAKES_TWO = "This text takes 2 SMS segments; at most 1 is allowed."


@pytest.mark.parametrize(
    ("limit", "text", "message"),
    [
        (MaxSegments(1), "a" * 161, TAKES_TWO),
        (
            MaxSegments(1),
            "It’s" + "a" * 70,
            f"{TAKES_TWO} ’ (U+2019) at position 3 forces UCS-2. This would help: ’ to '",
        ),
        (
            MaxSegments(1),
            "‘It’s’ …" * 10,
            f"{TAKES_TWO} ‘ (U+2018) at position 1, ’ (U+2019) at position 4, … (U+2026) at "
            "position 8 force UCS-2. This would help: ‘ to ', ’ to ', … to ...",
        ),
        (
            MaxSegments(1),
            "世’" * 36,
            f"{TAKES_TWO} 世 (U+4E16) at position 1, ’ (U+2019) at position 2 force UCS-2.",
        ),
        # With the replacement, it would take two segments still.
        (
            MaxSegments(1),
            "’" + "a" * 130 + "€" * 20,
            "This text takes 3 SMS segments; at most 1 is allowed. ’ (U+2019) at position 1 forces "
            "UCS-2.",
        ),
        (
            MaxSegments(1),
            "αβγδεζηθικ" * 8,
            f"{TAKES_TWO} α (U+03B1) at position 1, β (U+03B2) at position 2, γ (U+03B3) at "
            "position 3, δ (U+03B4) at position 4, ε (U+03B5) at position 5, … force UCS-2.",
        ),
        (
            MaxSegments(1),
            "\u200b" + "a" * 100,
            f"{TAKES_TWO} \\u200b (U+200B) at position 1 forces "
            "UCS-2. This would help: \\u200b to nothing",
        ),
        (
            MaxSegments(1),
            "e\u0301" * 40,
            f"{TAKES_TWO} ◌́ (U+0301) at position 2 forces UCS-2. This would help: e◌́ to é",
        ),
        (
            MaxSegments(1),
            "\ud800" * 71,
            f"{TAKES_TWO} \\ud800 (U+D800) at position 1 forces UCS-2.",
        ),
        (MaxSegments(1, encoding="ucs2"), "’" * 71, TAKES_TWO),
        (MaxSegments(2), "a" * 307, "This text takes 3 SMS segments; at most 2 are allowed."),
        (
            MaxSegments(2, encoding="gsm7"),
            "’",
            "This text has characters that are not in GSM-7. ’ (U+2019) at position 1 forces UCS-2."
            " This would help: ’ to '",
        ),
        (
            MaxSegments(1, max_units=1),
            "{",
            "This text takes 2 units; at most 1 is allowed.",
        ),
        (
            MaxSegments(20, provider="twilio"),
            "a" * 1601,
            "This text has 1601 characters; at most 1600 are allowed.",
        ),
        (
            MaxSegments(1, line_ends="lf"),
            "\r\n’" + "世" * 70,
            f"{TAKES_TWO} ’ (U+2019) at position 2, 世 (U+4E16) at position 3 force UCS-2.",
        ),
    ],
)
def test_messages(limit, text, message) -> None:
    """What the text takes, what is allowed, the characters, and replacements that help."""
    assert str(limit.check(text)) == message


def test_parameters() -> None:
    """JSON can hold them; the character is the first that forces UCS-2."""
    violation = MaxSegments(1).check("a \N{NO-BREAK SPACE}’" * 18)
    assert json.loads(json.dumps(violation.params)) == {
        "actual": 2,
        "allowed": 1,
        "encoding": "ucs2",
        "unit_count": 72,
        "segment_count": 2,
        "character": "\\xa0",
        "position": 3,
        "replacement": " ",
    }
    assert violation.code == "max_segments"
    assert MaxSegments(1, encoding="gsm7").check("世").params == {
        "actual": "ucs2",
        "allowed": "gsm7",
        "encoding": "ucs2",
        "unit_count": 1,
        "segment_count": 1,
        "character": "世",
        "position": 1,
        "replacement": None,
    }


def test_translations() -> None:
    """Every message is translated before it gets its values; the page of the reference has all."""
    page = Path(__file__).parents[2] / "docs/reference/integrations.md"
    (block,) = re.findall(r"^```po\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    listed = re.findall(r'^msgid "(.*)"(?:\nmsgid_plural "(.*)")?$', block, re.MULTILINE)
    asked = set()

    def gettext(message: str) -> str:
        asked.add((message, ""))
        return f"<{message}>"

    def ngettext(singular: str, plural: str, number: int) -> str:
        asked.add((singular, plural))
        return f"<{singular if number == 1 else plural}>"

    limit = MaxSegments(1, encoding="gsm7", max_units=200)
    assert limit.describe(gettext, ngettext) == (
        "<At most 1 SMS segment.> <At most 200 units.> <Only characters of GSM-7.>"
    )
    assert limit.check("a\u200b").message(gettext, ngettext) == (
        "<This text has characters that are not in GSM-7.> <<\\u200b (U+200B) at position 2> "
        "forces UCS-2.> <This would help: <\\u200b to <nothing>>>"
    )
    for limit in (MaxSegments(1), MaxSegments(9, max_units=1), MaxSegments(99, provider="twilio")):
        limit.check("a" * (limit.max_length + 1)).message(gettext, ngettext)
    assert asked == set(listed)


@pytest.mark.parametrize("char", ["世", "’", "é’"])
def test_a_huge_text(char) -> None:
    """No replacements are looked for, which would take long."""
    text = char * (100_000 // len(char))
    violation = MaxSegments(1).check(text)
    assert "forces UCS-2" in str(violation)
    assert violation.replacements == ()
