"""`septet bandwidth prune`: old messages are deleted, or only counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")

from sqlalchemy import update

from kept_messages import event, keep_events
from septet.bandwidth import open_store
from septet.bandwidth.storing.handling import begin_handling
from septet.bandwidth.storing.tables import EVENTS


def test_prune(run, tmp_path):
    """The day itself stays."""
    path = tmp_path / "events.db"
    with open_store(path) as store:
        keep_events(store, event("1"), event("2"))
        for number, time in enumerate(
            ["2026-09-30T23:59:59+00:00", "2026-10-01T00:00:00+00:00"], 1
        ):
            statement = update(EVENTS).where(EVENTS.c.id == number)
            values = statement.values(received_at=datetime.fromisoformat(time).astimezone(UTC))
            store.database.write(lambda c, values=values: c.execute(values)).result()
    command = ("bandwidth", "prune", "--store", path, "--before", "2026-10-01")
    expected = "1 event and 0 messages of the outbox\n"
    assert run(*command, "--dry-run") == (0, f"{path}: would delete {expected}", "")
    assert run(*command) == (0, f"{path}: deleted {expected}", "")
    with open_store(path) as store:
        assert [stored.message_id for stored in store.messages()] == ["2"]


def test_unhandled(run, tmp_path):
    """What is kept for `on_event` is counted, and can be deleted all the same."""
    path = tmp_path / "events.db"
    with open_store(path) as store:
        store.database.write(begin_handling).result()
        keep_events(store, event("1"), event("2"))
    command = ("bandwidth", "prune", "--store", path, "--before", "2999-01-01")
    status, output, _ = run(*command)
    first, second = output.splitlines()
    assert (status, first) == (0, f"{path}: deleted 0 events and 0 messages of the outbox")
    assert second.startswith("kept 2 older events that `on_event` has not handled; ")
    assert "--unhandled" in second
    assert run(*command, "--dry-run")[1].splitlines()[1].startswith("would keep 2 older events ")
    expected = f"{path}: deleted 2 events and 0 messages of the outbox\n"
    assert run(*command, "--unhandled") == (0, expected, "")


def test_wrong_date(run, tmp_path):
    """It is refused, and no store is created."""
    with pytest.raises(SystemExit, match="2"):
        run("bandwidth", "prune", "--store", tmp_path / "e.db", "--before", "soon")
    assert run("bandwidth", "prune", "--store", tmp_path / "e.db", "--before", "2026-10-01")[0] == 1
    assert list(tmp_path.iterdir()) == []
