"""What a row is found by."""

from __future__ import annotations

import pytest

pytest.importorskip("sqlalchemy")
from septet.bandwidth.storing.tables import _key


@pytest.mark.parametrize(
    "text", ["a\0", "\ud83d", "é", "a\n", "+" * 513, "sha256:" + "0" * 64, "x" * 10_000]
)
def test_what_a_column_may_not_hold(text) -> None:
    """It stands there by its hash, and nothing else stands for the same."""
    assert _key(text) != text
    assert _key(text).startswith("sha256:")
    assert len({_key(text), _key(_key(text)), _key(text + "a")}) == 3


@pytest.mark.parametrize(
    "text", ["", "+12025550100", "1793782800000iyvq", "message-sent", "+" * 512]
)
def test_what_it_may(text) -> None:
    """It stands there as it is."""
    assert _key(text) == text
