"""Findings: what a text exceeds, and what would help."""

import pytest

from septet import Segmenter
from septet.checking import Entry, Exceeded, Limits
from septet.checking.findings import find_exceeded_limits, make_finding


def finding(text, limits):
    segmenter = Segmenter()
    analysis = segmenter.analyze(text)
    limits = find_exceeded_limits(analysis, limits)
    return make_finding("a.po", Entry("k", text, 1, 1), "fr", analysis, limits, segmenter)


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        ("a" * 160, Limits(1, 160, "gsm7"), ()),
        ("a" * 161, Limits(1), (Exceeded("max_segments", 2, 1),)),
        ("a" * 161, Limits(None, 160), (Exceeded("max_units", 161, 160),)),
        ("’", Limits(1, None, "gsm7"), (Exceeded("encoding", "ucs2", "gsm7"),)),
        ("a" * 153 * 256, Limits(), (Exceeded("max_segments", 256, 255),)),
        ("a" * 153 * 256, Limits(2), (Exceeded("max_segments", 256, 2),)),
    ],
)
def test_exceeded(text, limits, expected) -> None:
    """Each limit once, the given one before the standard's."""
    assert find_exceeded_limits(Segmenter().analyze(text), limits) == expected


def test_limits_of_a_provider() -> None:
    analysis = Segmenter(provider="twilio").analyze("a" * 1601)
    assert find_exceeded_limits(analysis, Limits())[0] == Exceeded("max_characters", 1601, 1600)


def test_message() -> None:
    """What is wrong, why, and what helps."""
    assert finding("It’s " * 20, Limits(1)).message == (
        "2 segments, limit 1: ’ (U+2019) forces UCS-2; ’ to ' would give 1 segment"
    )
    assert finding("a" * 161, Limits(1)).message == "2 segments, limit 1"


def test_letters_with_marks() -> None:
    """A letter is replaced with its marks, and invisible characters by nothing."""
    found = finding("e\u0301\u200b" + "a" * 70, Limits(1))
    assert found.message == (
        "2 segments, limit 1: ◌\u0301 (U+0301), \\u200b (U+200B) force UCS-2; "
        "e\u0301 to é, \\u200b to nothing would give 1 segment"
    )


def test_replacements() -> None:
    """Each once, and the segments with all of them."""
    found = finding("“It’s” – “" + "a" * 160, Limits(1))
    assert found.non_gsm_characters == ("“", "’", "”", "–")
    assert found.replacements == (("“", '"'), ("’", "'"), ("”", '"'), ("–", "-"))
    assert (found.segment_count, found.segments_after) == (3, 2)


def test_no_replacement() -> None:
    """One character without a replacement keeps the text in UCS-2."""
    found = finding("’\ue000" * 60, Limits(1))
    assert (found.segment_count, found.replacements, found.segments_after) == (2, (), None)
    assert found.message == ("2 segments, limit 1: ’ (U+2019), \\ue000 (U+E000) force UCS-2")
