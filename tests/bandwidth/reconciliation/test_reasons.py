"""ReasonFinder: for each a text that really takes the reported figure in that way of counting."""

from __future__ import annotations

import sys

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from septet import Segmenter
from septet.bandwidth.reconciliation.reasons import Reason, ReasonFinder

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
CASES = [
    # reason, text, our count, the reported count
    (Reason.UCS2, "a" * 71, 1, 2),
    (Reason.UCS2, "é" * 200, 2, 3),
    (Reason.REFERENCE_16, "a" * 306, 2, 3),
    (Reason.REFERENCE_16, "ж" * 134, 2, 3),
    (Reason.SPLIT_CHARACTERS, "]" * 153, 3, 2),
    (Reason.SPLIT_CHARACTERS, "ж" * 66 + "😀" + "ж" * 66, 3, 2),
    (Reason.CHARACTERS, "]" * 100, 2, 1),
    (Reason.CHARACTERS, "😀" * 36, 2, 1),
    (Reason.NO_HEADERS, "a" * 320, 3, 2),
    (Reason.NO_HEADERS, "ж" * 210, 4, 3),
    (Reason.EIGHT_BIT, "a" * 150, 1, 2),
    (Reason.EIGHT_BIT, "ç" * 140, 3, 1),
    (Reason.LINE_ENDS, "a" * 159 + "\r\n", 2, 1),
    (Reason.PUNCTUATION, "Don’t " * 13, 2, 1),
    (Reason.LETTERS, "ş" * 80, 2, 1),
    (Reason.ALL_REPLACED, "ж" * 71, 2, 1),
    (Reason.GRAPHEMES, "ж" * 60 + FAMILY + "ж" * 60, 2, 3),
    (Reason.LANGUAGES, "ख" * 100, 2, 1),
    (Reason.UNKNOWN, "Your code is 123456", 1, 9),
    (Reason.UNKNOWN, "", 1, 0),
]
NEED_ANYASCII = (Reason.LETTERS, Reason.ALL_REPLACED)


@pytest.mark.parametrize(("reason", "text", "ours", "theirs"), CASES, ids=ascii)
def test_sms(reason, text, ours, theirs) -> None:
    """The reason is the way of counting that gives the reported count."""
    if reason in NEED_ANYASCII:
        pytest.importorskip("anyascii")
    analysis = Segmenter().analyze(text)
    assert analysis.segment_count == ours
    assert ReasonFinder(Segmenter()).find_for_sms(analysis, theirs) is reason


@pytest.mark.parametrize(
    ("options", "text", "theirs", "reason"),
    [
        ({"reference_bits": 16}, "a" * 306, 2, Reason.REFERENCE_8),
        ({"reference_bits": 16}, "a" * 141, 2, Reason.EIGHT_BIT),
        ({"reference_bits": 16}, "é" * 267, 3, Reason.EIGHT_BIT),
        ({"languages": ["hindi"]}, "ख" * 100, 2, Reason.UCS2),
        ({"encoding": "ucs2"}, "[" * 71, 1, Reason.EIGHT_BIT),
        ({"encoding": "ucs2"}, "ख" * 100, 1, Reason.UNKNOWN),
    ],
    ids=ascii,
)
def test_other_rules(options, text, theirs, reason) -> None:
    """The ways of counting start from the rules of our own count."""
    rules = Segmenter(**options)
    analysis = rules.analyze(text)
    assert analysis.segment_count != theirs
    assert ReasonFinder(rules).find_for_sms(analysis, theirs) is reason


@pytest.mark.parametrize(
    ("text", "recipients", "theirs", "reason"),
    [
        ("hi", 3, 3, Reason.RECIPIENTS),
        ("a" * 161, 1, 2, Reason.MMS_TEXT),
        ("hi", 3, 2, Reason.UNKNOWN),
        (None, 1, 2, Reason.UNKNOWN),
    ],
)
def test_mms(text, recipients, theirs, reason) -> None:
    """An MMS is one segment, unless its recipients or its text are counted."""
    assert ReasonFinder(Segmenter()).find_for_mms(text, recipients, theirs) is reason


@pytest.mark.parametrize("text", ["\ud83d" * 80, "\0" * 2048, "😀" * 2048, "’\ud83d\0" * 600])
@pytest.mark.parametrize("theirs", [0, 1, 2, 17, 2**31 - 1])
def test_any_text(text, theirs) -> None:
    """No text raises an error."""
    analysis = Segmenter().analyze(text)
    assert ReasonFinder(Segmenter()).find_for_sms(analysis, theirs) in Reason


def test_without_the_extra(monkeypatch) -> None:
    """Ways of counting that need it are skipped."""
    monkeypatch.setitem(sys.modules, "anyascii", None)
    instead = {Reason.ALL_REPLACED: Reason.UNKNOWN, Reason.LETTERS: Reason.LANGUAGES}
    for reason, text, _, theirs in CASES:
        analysis = Segmenter().analyze(text)
        assert ReasonFinder(Segmenter()).find_for_sms(analysis, theirs) is instead.get(
            reason, reason
        )
