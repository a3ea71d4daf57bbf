"""Every event once, durable, and read back as it arrived."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from callback_bodies import BODIES
from septet.bandwidth import open_store, parse_callbacks


@pytest.fixture
def store(tmp_path):
    """A new store."""
    with open_store(f"sqlite:///{tmp_path}/events.db") as store:
        yield store


def test_new_once(store) -> None:
    """What came before is told again as an entry, and is not new."""
    for body in dict.fromkeys(BODIES):
        entries = tuple(parse_callbacks(body))
        appended = store.append(body)
        assert (appended.entries, appended.new) == (entries, entries)
        assert store.append(body).new == ()


def test_new_once_among_those_that_wait(store) -> None:
    """Also where the same body is in one batch several times, and twice in itself."""
    body = b'[{"type": "a"}, {"type": "b"}, {"type": "a"}]'
    futures = [store.submit(body) for _ in range(9)]
    new = [entry.type for future in futures for entry in future.result().new]
    assert new == ["a", "b"]


def test_nothing_in_it(store) -> None:
    """An empty array has nothing to keep."""
    assert store.append(b"[]").entries == ()
