"""Stored messages that cannot be sent: they are refused, and do not block others."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")
from sqlalchemy import text

from septet.bandwidth import Client, Message, Outbox, OutboxState, open_store

FAST = 1e6  # segments per second
GOOD = Message("app", "+12025550100", "+13125550140", "hi")
WHOLE = GOOD.payload()
WITHOUT = [{k: v for k, v in WHOLE.items() if k != name} for name in WHOLE]
UNUSABLE = [
    "",
    " ",
    json.dumps(WHOLE)[:40],
    json.dumps([WHOLE]),
    "null",
    "17",
    "[" * 100_000,
    *map(json.dumps, WITHOUT),
    json.dumps(WHOLE | {"to": "+13125550140"}),
    json.dumps(WHOLE | {"to": [17]}),
    json.dumps(WHOLE | {"text": {}}),
    json.dumps(WHOLE | {"media": 17}),
    json.dumps(WHOLE | {"to": ["3125550140"]}),
    json.dumps(WHOLE | {"from": ""}),
    json.dumps(WHOLE | {"text": "x" * 2049}),
    json.dumps(WHOLE | {"text": "\ud83d"}),
    json.dumps(WHOLE | {"expiration": "tomorrow"}),
]


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


@pytest.fixture
def service():
    """A provider that accepts everything."""
    with Service(answer(202, {"id": "17"})) as service:
        yield service


@pytest.fixture
def outbox(store, service):
    """An outbox that sends to the service."""
    with Client("9900000", username="ann", password="hush", url=service.url) as client:
        yield Outbox(store, client)


def execute(store, statement: str, *rows: dict) -> None:
    """Write to the database directly."""
    with store.database.engine.begin() as connection:
        connection.execute(text(statement), list(rows) or None)


def damage(store, texts: dict[int, str]) -> None:
    """Replace stored messages by other texts, by their ids."""
    rows = [{"id": number, "message": stored} for number, stored in texts.items()]
    execute(store, "UPDATE outbox SET message = :message WHERE id = :id", *rows)


def test_refused(outbox, store, service) -> None:
    """Each has its reason; all others are sent, and the counts are right."""
    ids = outbox.add([GOOD] * (2 * len(UNUSABLE)))
    unusable = dict(zip(ids[::2], UNUSABLE, strict=True))
    damage(store, unusable)
    changed = []
    outbox.run(FAST, workers=4, on_entry=changed.append)
    assert [received.json for received in service.received] == [WHOLE] * len(UNUSABLE)
    counts = outbox.counts()
    assert counts[OutboxState.REFUSED] == counts[OutboxState.ACCEPTED] == len(UNUSABLE)
    assert sum(counts.values()) == len(ids)
    entries = list(outbox.entries())
    assert sorted(changed, key=lambda entry: entry.id) == entries
    refused = list(outbox.entries(OutboxState.REFUSED))
    assert {entry.id: entry.stored.decode() for entry in refused} == unusable
    assert {entry.message for entry in refused} == {None}
    assert {(entry.attempt_count, entry.status, entry.answer) for entry in refused} == {
        (0, None, None)
    }
    assert all("the stored message cannot be used: " in entry.reason for entry in refused)
    assert {entry.message for entry in entries} == {None, GOOD}
    outbox.run(FAST)
    assert len(service.received) == len(UNUSABLE)


def test_the_reason(outbox, store) -> None:
    """It names the field, its value and the expected form."""
    (number,) = outbox.add([GOOD])
    damage(store, {number: json.dumps(WHOLE | {"to": ["3125550140"]})})
    outbox.run(FAST)
    (entry,) = outbox.entries()
    assert entry.reason == (
        "not sent, because the stored message cannot be used: to='3125550140': not an E.164 number"
    )


def test_listed_in_any_state(outbox, store) -> None:
    """Queued and unknown entries are listed."""
    first, second = outbox.add([GOOD, GOOD])
    damage(store, {first: "{"})
    execute(
        store, "UPDATE outbox SET state = :state WHERE id = :id", {"state": "unknown", "id": first}
    )
    assert [entry.message for entry in outbox.entries()] == [None, GOOD]
    (unknown,) = outbox.unknown()
    assert (unknown.id, unknown.message, unknown.stored) == (first, None, b"{")
    assert [entry.id for entry in outbox.entries(OutboxState.QUEUED)] == [second]


@pytest.mark.parametrize(
    ("state", "message_id"), [(OutboxState.ACCEPTED, "17"), (OutboxState.ABANDONED, None)]
)
def test_resolved(outbox, store, state, message_id) -> None:
    """A person can decide about it as about any refused message."""
    (number,) = outbox.add([GOOD])
    damage(store, {number: "{"})
    outbox.run(FAST)
    resolved = outbox.resolve(number, state, message_id)
    assert (resolved.state, resolved.message_id, resolved.message) == (state, message_id, None)
    assert [stored.message_id for stored in store.messages()] == [message_id] * bool(message_id)


def test_corrected(outbox, store, service) -> None:
    """It is sent after its row is corrected, and refused again before that."""
    (number,) = outbox.add([GOOD])
    damage(store, {number: "{"})
    for _ in range(2):
        outbox.run(FAST)
        assert outbox.counts()[OutboxState.REFUSED] == 1
        outbox.resolve(number, OutboxState.QUEUED)
    damage(store, {number: json.dumps(WHOLE)})
    outbox.run(FAST)
    assert outbox.counts()[OutboxState.ACCEPTED] == len(service.received) == 1


def test_a_batch(outbox, store) -> None:
    """A batch with a damaged message is not the same batch."""
    number, _ = outbox.add([GOOD, GOOD], batch="a")
    damage(store, {number: "{"})
    with pytest.raises(ValueError, match="'a' already exists with other messages"):
        outbox.add([GOOD, GOOD], batch="a")


def test_null(outbox, store, service) -> None:
    """NULL counts as an empty text."""
    number, _ = outbox.add([GOOD, GOOD])
    if store.database.engine.dialect.name == "postgresql":
        execute(store, "ALTER TABLE outbox ALTER COLUMN message DROP NOT NULL")
    else:
        allow_null(store.database.name)
    execute(store, "UPDATE outbox SET message = NULL WHERE id = :id", {"id": number})
    outbox.run(FAST)
    (entry,) = outbox.entries(OutboxState.REFUSED)
    assert (entry.id, entry.message, entry.stored) == (number, None, b"")
    assert len(service.received) == 1
    outbox.resolve(number, OutboxState.ACCEPTED, "16")
    assert [stored.message_id for stored in store.messages()] == ["16", "17"]


def allow_null(path: str) -> None:
    """Remove NOT NULL from the column of an SQLite file; SQLite has no statement for it."""
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA schema_version").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'message TEXT NOT NULL', 'message TEXT')"
        )
        connection.execute(f"PRAGMA schema_version = {version + 1}")
        connection.commit()


@pytest.mark.parametrize("value", ["CAST(x'7bff' AS TEXT)", "x'7bff'", "17", "0.5"])
def test_not_utf_8(tmp_path, service, value) -> None:
    """SQLite may hold any value in any column."""
    with (
        open_store(tmp_path / "events.db") as store,
        Client("9900000", username="ann", password="hush", url=service.url) as client,
    ):
        outbox = Outbox(store, client)
        number, _ = outbox.add([GOOD, GOOD], batch="a")
        execute(store, f"UPDATE outbox SET message = {value} WHERE id = {number}")
        assert [entry.message for entry in outbox.entries()] == [None, GOOD]
        outbox.run(FAST)
        (refused,) = outbox.entries(OutboxState.REFUSED)
        assert (refused.id, len(service.received)) == (number, 1)
        outbox.resolve(number, OutboxState.ACCEPTED, "16")
        assert [stored.message_id for stored in store.messages()] == ["16", "17"]
        with pytest.raises(ValueError, match="'a' already exists with other messages"):
            outbox.add([GOOD, GOOD], batch="a")


def test_killed(outbox, store, service, url) -> None:
    """It is queued or refused, never unknown, whenever a process is killed."""
    ids = outbox.add([GOOD] * 200)
    damage(store, dict.fromkeys(ids[::2], "{"))
    command = [sys.executable, "-c", RUNNING, url, service.url]
    for _ in range(2):
        seen = len(service.received)
        with subprocess.Popen(command) as process:
            while len(service.received) == seen and process.poll() is None:
                time.sleep(1e-3)
            time.sleep(random.uniform(0, 0.05))
            process.kill()
        states = {entry.state for entry in outbox.entries() if entry.message is None}
        assert states <= {OutboxState.QUEUED, OutboxState.REFUSED}
    outbox.run(FAST)
    counts = outbox.counts()
    assert counts[OutboxState.REFUSED] == 100
    assert counts[OutboxState.ACCEPTED] + counts[OutboxState.UNKNOWN] == 100
    assert len(service.received) <= 100


RUNNING = """
import sys
from septet.bandwidth import Client, Outbox, open_store
with (
    open_store(sys.argv[1]) as store,
    Client("9900000", username="ann", password="hush", url=sys.argv[2]) as client,
):
    Outbox(store, client).run(1000, workers=8)
"""
