"""Deleting old messages: whole ones only, and nothing that somebody still needs."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from sqlalchemy import update
from sqlalchemy.event import listen

from kept_messages import event, keep_events, keep_sent, message
from septet.bandwidth import Outbox, OutboxState, Pruned, open_store
from septet.bandwidth.storing import pruning
from septet.bandwidth.storing.handling import (
    begin_handling,
    count_left,
    find_last_event,
    finish,
    take_new,
)
from septet.bandwidth.storing.outbox_table import OUTBOX
from septet.bandwidth.storing.tables import EVENTS

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=100)
DATE = NOW - timedelta(days=30)


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


def write(store, statement):
    store.database.write(lambda connection: connection.execute(statement)).result()


def age(store):
    """Make everything in the store old."""
    write(store, update(EVENTS).values(received_at=OLD))
    write(store, update(OUTBOX).values(changed_at=OLD))


def handle(store):
    """Return the events that `on_event` is called with now, all of which it handles."""
    last = store.database.query(find_last_event)
    taken = store.database.write(lambda c: take_new(c, last, 100)).result()
    store.database.write(lambda c: finish(c, [one.number for one in taken])).result()
    return taken


def ids(store):
    return [stored.message_id for stored in store.messages()]


def prune(store):
    """Prune, after a dry run that must announce the same and change nothing."""
    before = ids(store), store.event_count(), store.undecodable_count()
    expected = store.prune(DATE, dry_run=True)
    assert (ids(store), store.event_count(), store.undecodable_count()) == before
    assert store.prune(DATE) == expected
    assert store.prune(DATE) == Pruned(unhandled_count=expected.unhandled_count)
    return expected


def test_old_messages(store, monkeypatch) -> None:
    """Events and the row in the outbox go together, in several transactions; others stay."""
    monkeypatch.setattr(pruning, "_PAGE_ROWS", 3)
    keep_sent(store, {f"old{number}": message("hi") for number in range(5)})
    for kind in ("sent", "delivered"):
        keep_events(store, *(event(f"old{number}", kind) for number in range(5)))
    store.append(b"no event")
    age(store)
    keep_sent(store, {"new": message("hi")})
    keep_events(store, event("new"))
    store.append(b"no event either")
    assert prune(store) == Pruned(event_count=11, outbox_count=5)
    assert ids(store) == ["new"]
    assert store.undecodable_count() == 1


def test_whole_messages(store, monkeypatch) -> None:
    """A message with a newer event keeps all of its events, and its outcome."""
    monkeypatch.setattr(pruning, "_PAGE_ROWS", 1)
    keep_events(store, event("a", "sent"), event("b", "sent"), event("a", "failed", errorCode=4720))
    age(store)
    keep_events(store, event("a", "delivered"))
    before = store.outcomes("a")
    assert prune(store) == Pruned(event_count=1)
    assert store.outcomes("a") == before
    assert store.event_count() == 3


def test_a_message_across_pages(store, monkeypatch) -> None:
    """Its events and its row in the outbox are counted once, also by a dry run."""
    monkeypatch.setattr(pruning, "_PAGE_ROWS", 2)
    keep_sent(store, {"a": message("hi"), "b": message("hi")})
    for kind in ("sent", "sending", "delivered"):
        keep_events(store, event("a", kind), event("b", kind))
    write(store, update(EVENTS).where(EVENTS.c.id > 2).values(received_at=OLD - timedelta(1)))
    write(store, update(EVENTS).where(EVENTS.c.id <= 2).values(received_at=OLD))
    write(store, update(OUTBOX).values(changed_at=OLD))
    assert prune(store) == Pruned(event_count=6, outbox_count=2)


def test_old_events_behind_newer_ones(store, monkeypatch) -> None:
    """Old events are found wherever they are, such as after the clock was put back."""
    monkeypatch.setattr(pruning, "_PAGE_ROWS", 1)
    keep_events(store, *(event(f"new{number}") for number in range(5)), event("old"))
    write(store, update(EVENTS).where(EVENTS.c.message_id == "old").values(received_at=OLD))
    assert prune(store) == Pruned(event_count=1)
    assert "old" not in ids(store)


def test_newer_row_in_the_outbox(store) -> None:
    """A message that was decided about lately is kept with its old events."""
    keep_events(store, event("a"))
    age(store)
    keep_sent(store, {"a": message("hi")})
    assert prune(store) == Pruned()


def test_unresolved_messages(store) -> None:
    """What is queued, being sent or unknown is kept; all else goes."""
    outbox = Outbox(store, None)
    outbox.add([message("hi")] * len(OutboxState))
    for number, state in enumerate(OutboxState, 1):
        write(store, update(OUTBOX).where(OUTBOX.c.id == number).values(state=state))
    age(store)
    assert prune(store) == Pruned(outbox_count=5)
    assert {entry.state for entry in outbox.entries()} == {
        OutboxState.QUEUED,
        OutboxState.SENDING,
        OutboxState.UNKNOWN,
    }


def test_batches(store) -> None:
    """A batch stays as a whole, with the events of its messages, while a message of it stays."""
    outbox = Outbox(store, None)
    numbers = outbox.add([message("hi"), message("ho")], batch="a")
    accepted = update(OUTBOX).where(OUTBOX.c.id == numbers[0])
    write(store, accepted.values(state=OutboxState.ACCEPTED, message_id="1"))
    keep_events(store, event("1"))
    age(store)
    assert prune(store) == Pruned()
    assert outbox.add([message("hi"), message("ho")], batch="a") == numbers
    outbox.cancel(batch="a")
    age(store)
    assert prune(store) == Pruned(event_count=1, outbox_count=2)


def test_unhandled_events(store) -> None:
    """Events for which `on_event` was not called, or failed, are kept with their messages."""
    store.database.write(begin_handling).result()
    keep_events(store, event("failed", "sent"), event("handled"), event("failed"))
    last = store.database.query(find_last_event)
    taken = store.database.write(lambda c: take_new(c, last, 100)).result()
    done = [one.number for one in taken if one.message_id == "handled"]
    store.database.write(lambda c: finish(c, done)).result()
    keep_events(store, event("later"))
    store.append(b"no event")
    age(store)
    assert prune(store) == Pruned(event_count=1, unhandled_count=4)
    assert ids(store) == ["failed", "later"]
    assert store.undecodable_count() == 1
    assert store.prune(DATE, unhandled=True, dry_run=True) == Pruned(event_count=4)
    assert store.database.query(count_left) == 2
    assert store.prune(DATE, unhandled=True) == Pruned(event_count=4)
    assert store.database.query(count_left) == 0
    keep_events(store, event("new"))
    assert [taken.message_id for taken in handle(store)] == ["new"]


def test_ids_grow(store) -> None:
    """Ids of deleted rows are not given again: `on_event` would miss such events."""
    store.database.write(begin_handling).result()
    outbox = Outbox(store, None)
    numbers = outbox.add([message("hi")] * 3)
    outbox.cancel(numbers)
    keep_events(store, *(event(str(number)) for number in range(3)))
    last = max(record.number for record in store.records())
    handle(store)
    age(store)
    assert prune(store) == Pruned(event_count=3, outbox_count=3)
    keep_events(store, event("new"))
    (record,) = store.records()
    assert record.number > last
    assert [taken.number for taken in handle(store)] == [record.number]
    assert min(outbox.add([message("hi")])) > max(numbers)


@pytest.mark.parametrize("statement", ["events", "outbox"])
def test_what_happens_meanwhile(postgresql, statement) -> None:
    """An event that is stored, or a message that is queued, after the look at them is kept."""
    url = postgresql.create_database()
    with open_store(url) as store, open_store(url) as other:
        refused = {"a": message("hi"), "b": message("hi")}
        keep_sent(store, refused)
        keep_events(store, event("a", "sent"))
        write(store, update(OUTBOX).values(state=OutboxState.REFUSED))
        age(store)

        def interfere(connection, cursor, sql, *_):
            if sql.startswith(f"DELETE FROM {statement}") and not happened:
                happened.append(sql)
                keep_events(other, event("a", "failed"))
                write(other, update(OUTBOX).values(state=OutboxState.QUEUED))

        happened = []
        listen(store.database.engine, "before_cursor_execute", interfere)
        store.prune(DATE)
        assert happened
        kept = {stored.message_id: len(stored.events) for stored in store.messages()}
        assert kept == {"a": 2 if statement == "events" else 1, "b": 0}
        assert {entry.state for entry in Outbox(store, None).entries()} == {OutboxState.QUEUED}


def test_wrong_time(store) -> None:
    """A time without a zone is refused."""
    with pytest.raises(ValueError, match="with a zone, not 2026-01-01"):
        store.prune(datetime(2026, 1, 1))


PRUNING = """
import sys
from datetime import datetime
from septet.bandwidth import open_store
from septet.bandwidth.storing import pruning
pruning._PAGE_ROWS = 5
with open_store(sys.argv[1]) as store:
    print("begins", flush=True)
    store.prune(datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.slow
def test_killed(store, url) -> None:
    """Messages are deleted as a whole, whenever the process is killed."""
    keep_sent(store, {str(number): message("hi") for number in range(500)})
    for kind in ("sent", "delivered"):
        keep_events(store, *(event(str(number), kind) for number in range(500)))
    age(store)
    command = [sys.executable, "-c", PRUNING, url, DATE.isoformat()]
    for _ in range(4):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            time.sleep(random.uniform(0, 0.2))
            process.kill()
        kept = list(store.messages())
        assert {len(stored.events) for stored in kept} <= {2}
        assert all(stored.accepted for stored in kept)
    store.prune(DATE)
    assert ids(store) == []
