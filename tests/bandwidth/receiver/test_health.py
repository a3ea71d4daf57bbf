"""`/healthz` with stores that cannot be used, for real: locked, full, read-only, away."""

from __future__ import annotations

import sqlite3
import threading
import time

import pytest

pytest.importorskip("starlette")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from disks import run_on_disk
from septet.bandwidth import Receiver, StoreError, open_store

SENT = b'[{"type": "message-sent", "message": {"id": "%d"}}]'


def check(client, status=503):
    """Check that the health is answered within a second, and says nothing about the store."""
    start = time.monotonic()
    answer = client.get("/healthz")
    seconds = time.monotonic() - start
    text = "ok\n" if status == 200 else "the store cannot be used\n"
    assert (answer.status_code, answer.text, seconds < 1) == (status, text, True), seconds


def becomes_well(client, seconds=30.0):
    """Return whether the health is good again within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if client.get("/healthz").status_code == 200:
            return True
        time.sleep(0.1)
    return False


def test_it_writes(store, serve):
    """Each check changes a row."""

    def checked():
        with sqlite3.connect(store.database.name) as connection:
            return connection.execute("SELECT id, checked_at FROM health").fetchall()

    client = serve(Receiver(store))
    assert checked() == []
    check(client, 200)
    ((id_, first),) = checked()
    check(client, 200)
    ((again, second),) = checked()
    assert (id_, again, second > first) == (1, 1, True)


def test_locked(store, serve, caplog):
    """A lock of somebody else; the reason is in the log only."""
    client = serve(Receiver(store))
    check(client, 200)
    other = sqlite3.connect(store.database.name, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        check(client)
    other.execute("ROLLBACK")
    other.close()
    assert becomes_well(client)
    assert "the store did not answer a check within 0.8 seconds" in caplog.text


def test_locked_table(postgresql, serve):
    """A lock on the events, on PostgreSQL."""
    pytest.importorskip("psycopg")
    from sqlalchemy import text

    with open_store(postgresql.create_database()) as store:
        client = serve(Receiver(store))
        check(client, 200)
        with store.database.engine.begin() as connection:
            connection.execute(text("LOCK TABLE events"))
            check(client)
        assert becomes_well(client)


def test_postgresql_that_is_away(postgresql, serve):
    """A server that does not run."""
    pytest.importorskip("psycopg")
    with open_store(postgresql.create_database()) as store:
        client = serve(Receiver(store))
        check(client, 200)
        postgresql.stop()
        check(client)
        assert client.post("/", content=SENT % 1).status_code == 503
        check(client)
        postgresql.start()
        assert becomes_well(client)


DISK = """
import json, time
import httpx2
from septet.bandwidth import Receiver, open_store
from septet.serving import Server

BODY = '[{"type": "message-sent", "text": "%s", "message": {"id": "%d"}}]'
with open_store("events.db") as store, Server(Receiver(store)) as server:
    client = httpx2.Client(base_url=server.url, timeout=20)
    number = 0

    def post(size):
        global number
        number += 1
        return client.post("/", content=BODY % ("x" * size, number)).status_code

    def health():
        start = time.monotonic()
        answer = client.get("/healthz")
        print(answer.status_code, answer.text.strip(), time.monotonic() - start < 1)

    def wait_until_well():
        while client.get("/healthz").status_code != 200:
            time.sleep(0.1)

    health()
"""
FULL = """
    while post(15_000) == 204:
        pass
    health()
    os.truncate("filler", 0)
    wait_until_well()
    print(post(15_000))
"""
READ_ONLY = """
    from sqlalchemy import event
    def forbid(connection, _):
        connection.execute("PRAGMA query_only=ON")
    event.listen(store.database.engine, "connect", forbid)
    store.database.engine.dispose()
    health()
    event.remove(store.database.engine, "connect", forbid)
    store.database.engine.dispose()
    wait_until_well()
    print(post(15_000))
"""


@pytest.mark.parametrize("trouble", [FULL, READ_ONLY], ids=["full", "read-only"])
def test_disks(tmp_path, trouble):
    """A full disk of 2 MB, and a database that refuses to be written to."""
    filler = 'open("filler", "wb").write(bytes(1_000_000))\n'
    printed = run_on_disk(tmp_path, filler + DISK + trouble).splitlines()
    assert printed == ["200 ok True", "503 the store cannot be used True", "204"]


class Failing:
    """A store whose commits fail, while its checks are fine."""

    def __init__(self):
        self.pings = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def submit(self, body):
        raise StoreError("the disk is full")

    def ping(self):
        self.pings += 1
        assert self.go_on.wait(20)


def test_after_a_failed_commit(serve, monkeypatch):
    """A small write may fit where a callback does not: unwell for some seconds, then well."""
    monkeypatch.setattr("septet.bandwidth.receiver.health._UNWELL_SECONDS", 1.0)
    client = serve(Receiver(Failing()))
    check(client, 200)
    assert client.post("/", content=SENT % 1).status_code == 503
    check(client)
    assert becomes_well(client, 5)


def test_one_check_at_a_time(serve):
    """Requests for the health, which need no password, cannot pile up checks of the store."""
    store = Failing()
    store.go_on.clear()
    client = serve(Receiver(store))
    threads = [threading.Thread(target=client.get, args=["/healthz"]) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(client)
    assert store.pings == 1
    store.go_on.set()
    assert becomes_well(client)
