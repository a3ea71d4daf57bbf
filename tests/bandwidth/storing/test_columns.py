"""Keys, plain texts and escapes: every text fits into a column of either database."""

from __future__ import annotations

import pytest

pytest.importorskip("sqlalchemy")
from septet.bandwidth.storing.columns import ascii_escaped, is_plain, key_of


@pytest.mark.parametrize(
    "text", ["a\0", "\ud83d", "é", "a\n", "+" * 513, "sha256:" + "0" * 64, "x" * 10_000]
)
def test_key_of_a_text_that_does_not_fit(text) -> None:
    """Its hash is the key, and no other text has the same key."""
    assert key_of(text) != text
    assert key_of(text).startswith("sha256:")
    assert len({key_of(text), key_of(key_of(text)), key_of(text + "a")}) == 3


@pytest.mark.parametrize(
    "text", ["", "+12025550100", "1793782800000iyvq", "message-sent", "+" * 512]
)
def test_key_of_a_plain_text(text) -> None:
    """The text itself is the key."""
    assert is_plain(text)
    assert key_of(text) == text


def test_key_of_nothing() -> None:
    """A missing value has the empty key."""
    assert key_of(None) == ""


@pytest.mark.parametrize("text", ["a\0", "\ud83d", "é", "a\n", "+" * 513])
def test_texts_that_are_not_plain(text) -> None:
    """Some databases refuse them, or cannot index them."""
    assert not is_plain(text)


def test_escapes() -> None:
    """ASCII without a null character, which every database accepts."""
    assert ascii_escaped("a\0 é \ud83d") == "a\\0 \\xe9 \\ud83d"
