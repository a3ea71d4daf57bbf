"""The limits that a text exceeds."""

import pytest

from septet import Segmenter
from septet.rules.limits import find_exceeded


@pytest.mark.parametrize(
    ("text", "limits", "expected"),
    [
        ("a" * 160, {"max_segments": 1, "max_units": 160, "only_gsm7": True}, []),
        ("a" * 161, {}, []),
        ("a" * 161, {"max_segments": 1}, [("max_segments", 2, 1)]),
        ("a" * 161, {"max_units": 160}, [("max_units", 161, 160)]),
        ("’", {"max_segments": 1, "only_gsm7": True}, [("encoding", "ucs2", "gsm7")]),
        ("a" * 153 * 256, {}, [("max_segments", 256, 255)]),
        (
            "’" * 71,
            {"max_segments": 1, "max_units": 70, "only_gsm7": True},
            [("encoding", "ucs2", "gsm7"), ("max_segments", 2, 1), ("max_units", 71, 70)],
        ),
    ],
)
def test_limits(text, limits, expected) -> None:
    assert find_exceeded(Segmenter().analyze(text), **limits) == expected


def test_limits_of_a_provider() -> None:
    """They come after the given ones, and a given one replaces that of the same name."""
    analysis = Segmenter(provider="twilio").analyze("a" * 153 * 256)
    assert find_exceeded(analysis, max_segments=2) == [
        ("max_segments", 256, 2),
        ("max_characters", 153 * 256, 1600),
    ]
