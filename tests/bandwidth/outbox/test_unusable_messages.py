"""Stored messages that cannot be sent: they are set aside, and hold up nobody."""

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

FAST = 1e6  # segments a second
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
    """A store that is closed afterwards."""
    with open_store(url) as store:
        yield store


@pytest.fixture
def service():
    """A provider that takes everything."""
    with Service(answer(202, {"id": "17"})) as service:
        yield service


@pytest.fixture
def outbox(store, service):
    """An outbox before the service."""
    with Client("9900000", username="ann", password="hush", url=service.url) as client:
        yield Outbox(store, client)


def execute(store, statement: str, *rows: dict) -> None:
    """Write to the database behind the back of septet."""
    with store.database.engine.begin() as connection:
        connection.execute(text(statement), list(rows) or None)


def damage(store, texts: dict[int, str]) -> None:
    """Store other texts in place of messages, by their ids."""
    rows = [{"id": number, "message": stored} for number, stored in texts.items()]
    execute(store, "UPDATE outbox SET message = :message WHERE id = :id", *rows)


def test_set_aside(outbox, store, service) -> None:
    """Each with its reason; all others are sent, and the counts are right."""
    ids = outbox.add([GOOD] * (2 * len(UNUSABLE)))
    unusable = dict(zip(ids[::2], UNUSABLE, strict=True))
    damage(store, unusable)
    told = []
    outbox.run(FAST, workers=4, on_entry=told.append)
    assert [received.json for received in service.received] == [WHOLE] * len(UNUSABLE)
    counts = outbox.counts()
    assert counts[OutboxState.REFUSED] == counts[OutboxState.ACCEPTED] == len(UNUSABLE)
    assert sum(counts.values()) == len(ids)
    entries = list(outbox.entries())
    assert sorted(told, key=lambda entry: entry.id) == entries
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
    """It names the field, what it has and what was expected."""
    (number,) = outbox.add([GOOD])
    damage(store, {number: json.dumps(WHOLE | {"to": ["3125550140"]})})
    outbox.run(FAST)
    (entry,) = outbox.entries()
    assert entry.reason == (
        "not sent, because the stored message cannot be used: to='3125550140': not an E.164 number"
    )


def test_listed_in_any_state(outbox, store) -> None:
    """Entries that wait, and unknown ones."""
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
def test_settled(outbox, store, state, message_id) -> None:
    """Somebody decides of it as of any other that was refused."""
    (number,) = outbox.add([GOOD])
    damage(store, {number: "{"})
    outbox.run(FAST)
    settled = outbox.settle(number, state, message_id)
    assert (settled.state, settled.message_id, settled.message) == (state, message_id, None)
    assert [stored.message_id for stored in store.messages()] == [message_id] * bool(message_id)


def test_corrected(outbox, store, service) -> None:
    """It is sent when its row is mended and it waits again; else it is refused again."""
    (number,) = outbox.add([GOOD])
    damage(store, {number: "{"})
    for _ in range(2):
        outbox.run(FAST)
        assert outbox.counts()[OutboxState.REFUSED] == 1
        outbox.settle(number, OutboxState.QUEUED)
    damage(store, {number: json.dumps(WHOLE)})
    outbox.run(FAST)
    assert outbox.counts()[OutboxState.ACCEPTED] == len(service.received) == 1


def test_a_batch(outbox, store) -> None:
    """One of which a message is damaged is another batch."""
    number, _ = outbox.add([GOOD, GOOD], batch="a")
    damage(store, {number: "{"})
    with pytest.raises(ValueError, match="'a' is there with other messages"):
        outbox.add([GOOD, GOOD], batch="a")


def test_null(outbox, store, service) -> None:
    """It is an empty text."""
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
    outbox.settle(number, OutboxState.ACCEPTED, "16")
    assert [stored.message_id for stored in store.messages()] == ["16", "17"]


def allow_null(path: str) -> None:
    """Take NOT NULL from the column of an SQLite file, which has no statement for that."""
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA schema_version").fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'message TEXT NOT NULL', 'message TEXT')"
        )
        connection.execute(f"PRAGMA schema_version = {version + 1}")
        connection.commit()


@pytest.mark.parametrize("octets", ["CAST(x'7bff' AS TEXT)", "x'7bff'", "17", "0.5"])
def test_not_utf_8(tmp_path, service, octets) -> None:
    """SQLite holds any value in any column."""
    with (
        open_store(tmp_path / "events.db") as store,
        Client("9900000", username="ann", password="hush", url=service.url) as client,
    ):
        outbox = Outbox(store, client)
        number, _ = outbox.add([GOOD, GOOD], batch="a")
        execute(store, f"UPDATE outbox SET message = {octets} WHERE id = {number}")
        assert [entry.message for entry in outbox.entries()] == [None, GOOD]
        outbox.run(FAST)
        (refused,) = outbox.entries(OutboxState.REFUSED)
        assert (refused.id, len(service.received)) == (number, 1)
        outbox.settle(number, OutboxState.ACCEPTED, "16")
        assert [stored.message_id for stored in store.messages()] == ["16", "17"]
        with pytest.raises(ValueError, match="'a' is there with other messages"):
            outbox.add([GOOD, GOOD], batch="a")


def test_killed(outbox, store, service, url) -> None:
    """It waits or is refused, at whatever moment a process is killed: never unknown."""
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
