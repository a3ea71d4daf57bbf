"""Places of an index in a file."""

import pytest

from septet.checking.entries import Places


@pytest.mark.parametrize(
    ("text", "index", "place"),
    [
        ("", 0, (1, 1)),
        ("ab\ncd", 3, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("é’x", 2, (1, 3)),
    ],
)
def test_places(text, index, place) -> None:
    """CR LF, LF and CR end a line; columns are characters."""
    assert Places(text).find(index) == place
    assert Places(text).describe(index) == f"line {place[0]}, column {place[1]}"
