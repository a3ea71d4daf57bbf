"""`on_event`: it gets every event, at least once, and never delays an answer."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from datetime import timedelta

import pytest

pytest.importorskip("starlette")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

import httpx2
from sqlalchemy import select, text

from postgresql_server import END_LOCKING_SESSION
from septet.bandwidth import Receiver, StoreError, open_store
from septet.bandwidth.receiver import handlers
from septet.bandwidth.storing import handling
from septet.bandwidth.storing.handling import UNHANDLED, begin_handling, count_left
from septet.bandwidth.storing.turns import take_turn
from septet.serving import Server


def raws(store):
    return [event.raw for event in store.events()]


def numbered(number):
    return json.dumps({"type": "message-sent", "message": {"id": str(number)}}).encode()


class Calls:
    """A function that notes its calls, and fails for some of them."""

    def __init__(self, fails=lambda entry, number: False):
        self.raws = []
        self.fails = fails
        self._changed = threading.Condition()

    def __call__(self, entry):
        with self._changed:
            self.raws.append(entry.raw)
            self._changed.notify_all()
        if self.fails(entry, self.raws.count(entry.raw)):
            raise RuntimeError("no more paper")

    def wait_for(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.raws) >= count, 30)

    def wait_for_different(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: len(set(self.raws)) >= count, 30)


@pytest.fixture
def quick(monkeypatch):
    """Make the delays before further calls short."""
    monkeypatch.setattr(handling, "_FIRST_DELAY", timedelta(milliseconds=1))
    monkeypatch.setattr(handlers, "_POLL_SECONDS", 0.01)


def left(store):
    return store.database.query(count_left)


def wait_until_left(store, count):
    deadline = time.monotonic() + 30
    while left(store) != count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("kind", ["function", "coroutine function", "object"])
def test_on_event(store, serve, quick, kind, caplog):
    """It gets new events in order; after an exception it is called again."""
    calls = Calls(lambda entry, number: entry.raw == numbered(1) and number == 1)

    async def call_later(entry):
        await asyncio.sleep(0)
        calls(entry)

    class Calling:
        async def __call__(self, entry):
            calls(entry)

    on_event = {"function": calls, "coroutine function": call_later, "object": Calling()}[kind]
    client = serve(Receiver(store, on_event=on_event))
    body = b"[" + b",".join(map(numbered, range(3))) + b"]"
    for content in (body, body, b"no event"):
        assert client.post("/", content=content).status_code == 204
    calls.wait_for(5)
    assert sorted(calls.raws) == sorted([*map(numbered, [0, 1, 1, 2]), b"no event"])
    first_calls = list(dict.fromkeys(calls.raws))
    assert first_calls == [numbered(0), numbered(1), numbered(2), b"no event"]
    assert "no more paper" in caplog.text
    assert "septet_on_event_failures_total 1.0" in client.get("/metrics").text


def test_order_of_a_message(store, serve, quick):
    """A later event waits until the function succeeds for the earlier one; others do not wait."""
    bodies = [
        json.dumps({"type": kind, "message": {"id": name}}).encode()
        for name, kind in [("a", "message-sent"), ("b", "message-sent"), ("a", "message-read")]
    ]
    calls = Calls(lambda entry, number: entry.raw == bodies[0] and number < 4)
    client = serve(Receiver(store, on_event=calls))
    for body in bodies:
        client.post("/", content=body)
    calls.wait_for(6)
    assert calls.raws.count(bodies[0]) == 4
    assert calls.raws[-1] == bodies[2]
    assert calls.raws.count(bodies[1]) == calls.raws.count(bodies[2]) == 1


def test_an_event_that_always_fails(store, serve):
    """It does not keep the function from events of other messages, and waits longer each time."""
    bad = numbered(0)
    calls = Calls(lambda entry, number: entry.raw == bad)
    client = serve(Receiver(store, on_event=calls))
    for number in range(30):
        client.post("/", content=numbered(number))
    calls.wait_for_different(30)
    wait_until_left(store, 1)
    assert set(calls.raws) == {numbered(number) for number in range(30)}
    with store.database.read() as connection:
        (row,) = connection.execute(select(UNHANDLED)).all()
    assert row.message_id == "0"


def test_answers_do_not_wait(store, serve):
    """The function is called with all events later."""
    go_on = threading.Event()
    calls = Calls(lambda *_: not go_on.wait(20))
    client = serve(Receiver(store, on_event=calls, shutdown_timeout=20))
    for number in range(5):
        assert client.post("/", content=numbered(number)).status_code == 204
    assert len(raws(store)) == 5
    assert len(calls.raws) <= 1
    go_on.set()
    calls.wait_for(5)


def test_end_waits_for_on_event(store):
    """Events that arrived before the end are still handled."""
    calls = Calls()
    with Server(Receiver(store, on_event=calls, shutdown_timeout=20)) as server:
        for number in range(20):
            httpx2.post(server.url, content=numbered(number))
    assert calls.raws == raws(store)
    assert left(store) == 0


def test_end_does_not_wait_forever(store, quick, caplog):
    """Events that were not handled are handled after the next start."""
    begun = threading.Event()

    async def never_end(entry):
        begun.set()
        await asyncio.Event().wait()

    with Server(Receiver(store, on_event=never_end, shutdown_timeout=0.1)) as server:
        for number in range(3):
            httpx2.post(server.url, content=numbered(number))
        assert begun.wait(20)
    assert "on_event takes too long" in caplog.text
    calls = Calls()
    with Server(Receiver(store, on_event=calls)):
        calls.wait_for(3)
    assert sorted(calls.raws) == raws(store)


def test_retries_survive_a_restart(store, quick):
    """An event for which the function has failed is handled after the next start."""
    failing, calls = Calls(lambda *_: True), Calls()
    with Server(Receiver(store, on_event=failing)) as server:
        httpx2.post(server.url, content=numbered(1))
        failing.wait_for(2)
    with Server(Receiver(store, on_event=calls)):
        calls.wait_for(1)
    assert calls.raws == [numbered(1)]
    assert left(store) == 0


def test_events_of_others(store):
    """Events that another process stores are handled too; those before the first start are not."""
    store.append(numbered(1))
    calls = Calls()
    with Server(Receiver(store, on_event=calls)) as server:
        httpx2.post(server.url, content=numbered(2))
        calls.wait_for(1)
        with open_store(store.database.engine.url.database) as other:
            other.append(numbered(3))
        calls.wait_for(2)
    store.append(numbered(4))
    with Server(Receiver(store, on_event=calls)):
        calls.wait_for(3)
    assert calls.raws == [numbered(2), numbered(3), numbered(4)]


def test_one_receiver_calls(store):
    """Of two receivers one calls its function, and the other one after it ends."""
    first, second = Calls(), Calls()
    with Server(Receiver(store, on_event=second)) as later:
        httpx2.post(later.url, content=numbered(0))
        second.wait_for(1)
        with Server(Receiver(store, on_event=first)) as server:
            httpx2.post(server.url, content=numbered(1))
            second.wait_for(2)
        assert first.raws == []


def test_mounted_without_lifespan(store):
    """The first callback starts the calls, and is handled."""
    calls = Calls()
    receiver = Receiver(store, on_event=calls)

    async def app(scope, receive, send):
        if scope["type"] == "http":
            await receiver(scope, receive, send)

    with Server(app) as server:
        httpx2.post(server.url, content=numbered(1))
        calls.wait_for(1)


def test_end_without_any_event(store, caplog):
    """There is nothing to wait for, and nothing is logged."""
    with Server(Receiver(store, on_event=raws)) as server:
        assert httpx2.get(f"{server.url}/healthz").status_code == 200
    assert caplog.text == ""


def test_the_first_start_fails(store, serve, monkeypatch):
    """No event is stored before it is sure that it will be handled."""
    is_broken = True

    def begin(connection):
        if is_broken:
            raise StoreError("the disk is full")
        begin_handling(connection)

    monkeypatch.setattr(handlers, "begin_handling", begin)
    calls = Calls()
    client = serve(Receiver(store, on_event=calls))
    assert client.post("/", content=numbered(1)).status_code == 503
    assert raws(store) == []
    is_broken = False
    assert client.post("/", content=numbered(1)).status_code == 204
    calls.wait_for(1)


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, asyncio.CancelledError])
def test_exceptions_that_end_threads(store, serve, quick, kind):
    """The function is called again, as after any other exception."""
    calls = Calls()

    def end_once(entry):
        calls(entry)
        if len(calls.raws) == 1:
            raise kind

    client = serve(Receiver(store, on_event=end_once))
    client.post("/", content=numbered(1))
    calls.wait_for(2)
    assert "septet_on_event_failures_total 1.0" in client.get("/metrics").text


def test_a_coroutine_that_is_cancelled(store, serve, quick, caplog):
    """That is a failure too, if the server does not end."""
    calls = Calls()

    async def cancel_once(entry):
        calls(entry)
        if len(calls.raws) == 1:
            raise asyncio.CancelledError

    client = serve(Receiver(store, on_event=cancel_once))
    client.post("/", content=numbered(1))
    calls.wait_for(2)
    assert "on_event failed for event 1" in caplog.text


def test_an_error_of_ours(store, serve, quick, monkeypatch, caplog):
    """Whatever is raised is logged, and the calls go on."""
    errors = [ValueError("a surprise")]

    def count(connection):
        if errors:
            raise errors.pop()
        return count_left(connection)

    monkeypatch.setattr(handlers, "count_left", count)
    calls = Calls()
    client = serve(Receiver(store, on_event=calls))
    for number in range(3):
        client.post("/", content=numbered(number))
    calls.wait_for(3)
    assert "on_event has to wait: a surprise" in caplog.text


def test_handled_events_are_noted_at_once(store, serve):
    """While the function is called with an event, those before it are no longer left."""
    go_on = threading.Event()
    calls = Calls(lambda entry, _: entry.raw == numbered(3) and not go_on.wait(20))
    client = serve(Receiver(store, on_event=calls))
    body = b"[" + b",".join(map(numbered, range(5))) + b"]"
    client.post("/", content=body)
    calls.wait_for(4)
    wait_until_left(store, 2)
    go_on.set()


def test_a_turn_that_is_lost(postgresql):
    """A receiver whose session has ended calls its function no more until it is its turn again."""
    with open_store(postgresql.create_database()) as store:
        calls = Calls()
        with Server(Receiver(store, on_event=calls)) as server:
            httpx2.post(server.url, content=numbered(1))
            calls.wait_for(1)
            with store.database.engine.connect() as connection:
                connection.execute(text(END_LOCKING_SESSION))
            with take_turn(store.database, "events", lambda _: False) as turn:
                httpx2.post(server.url, content=numbered(2))
                time.sleep(1.5)
                assert turn.is_ours
                assert len(calls.raws) == 1
            calls.wait_for(2)
