"""Plurals, shortened texts, and lists of many items."""

import pytest

from septet.display.wording import duration, listed, plural, shorten, without_credentials


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 segments"), (1, "1 segment"), (2, "2 segments"), (1_234, "1,234 segments")],
)
def test_plural(count, expected):
    """Only 1 takes the singular."""
    assert plural(count, "segment") == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_600, "1 h"),
        (11_520, "3 h 12 min"),
        (86_400, "1 day"),
        (2 * 86_400 + 3_661, "2 days 1 h 1 min 1 s"),
    ],
)
def test_duration(seconds, expected):
    """Every unit of which there is one."""
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("abc", "abc"), ("abcd", "abc…"), ("日本語テスト", "日本語…")],
)
def test_shorten(text, expected):
    """A longer text ends in an ellipsis."""
    assert shorten(text, 3) == expected


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], ""),
        (["a"], "a"),
        ([1, 2, 3, 4, 5], "1, 2, 3, 4, 5"),
        ([1, 2, 3, 4, 5, 6], "1, 2, 3, 4, 5 and 1 more"),
        (range(2_005), "0, 1, 2, 3, 4 and 2,000 more"),
    ],
)
def test_listed(items, expected):
    """Five items and the number of the others."""
    assert listed(items) == expected


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a/b", "http://a/b"),
        ("http://u:p@a/b", "http://…@a/b"),
        ("htp://u:p@w@a/b", "htp://…@a/b"),
        ("u:p@a", "…@a"),
        ("u:p/x@a", "…@a"),
        ("", ""),
    ],
)
def test_without_credentials(url, shown):
    """Everything that may be a password is left out."""
    assert without_credentials(url) == shown
