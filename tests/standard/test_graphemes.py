"""Boundaries of grapheme clusters."""

from __future__ import annotations

import pytest

pytest.importorskip("regex")
from septet.standard.graphemes import cluster_breaks


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("", None),
        ("plain\nlines\r", None),
        ("a\r\nb", "1101"),
        ("e\u0301e", "101"),
        ("👨\u200d👩\u200d👧!", "100001"),
        ("🇩🇪🇫🇷", "1010"),
        ("👍🏽👍", "101"),
        ("\ud83d\ude00", "10"),
        ("\ud83d\ude00\u0301x", "1001"),
        ("\ude00\ud83d", "11"),
    ],
)
def test_breaks(text, breaks) -> None:
    """A byte for each character; None if every character begins a cluster."""
    expected = breaks and bytes(map(int, breaks))
    assert cluster_breaks(text) == expected
