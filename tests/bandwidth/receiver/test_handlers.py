"""`on_event`: it gets each new event, and never delays an answer."""

from __future__ import annotations

import asyncio
import json
import re
import threading

import pytest

pytest.importorskip("starlette")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

import httpx2

from septet.bandwidth import Receiver
from septet.serving import Server


def raws(store):
    return [event.raw for event in store.events()]


def numbered(number):
    return json.dumps({"type": "message-sent", "message": {"id": str(number)}}).encode()


@pytest.mark.parametrize("kind", ["function", "coroutine function", "object"])
def test_on_event(store, serve, kind, caplog):
    """It gets new events in order, once; an exception does not stop it."""
    seen, done = [], threading.Event()

    def note(entry):
        seen.append(entry.raw)
        if len(seen) == 4:
            done.set()
        if len(seen) == 2:
            raise RuntimeError("no more paper")

    async def note_later(entry):
        await asyncio.sleep(0)
        note(entry)

    class Notes:
        async def __call__(self, entry):
            note(entry)

    on_event = {"function": note, "coroutine function": note_later, "object": Notes()}[kind]
    client = serve(Receiver(store, on_event=on_event))
    body = b"[" + b",".join(map(numbered, range(3))) + b"]"
    for content in (body, body, b"no event"):
        assert client.post("/", content=content).status_code == 204
    assert done.wait(20)
    assert seen == [numbered(0), numbered(1), numbered(2), b"no event"]
    assert raws(store) == seen[:3]
    assert "no more paper" in caplog.text
    assert "septet_on_event_failures_total 1.0" in client.get("/metrics").text


def test_on_event_that_is_too_slow(store, serve):
    """Answers do not wait for it; missed events are counted, and in the store."""
    go_on = threading.Event()
    client = serve(
        Receiver(
            store,
            on_event=lambda _: go_on.wait(20),
            max_queued_events=1,
            shutdown_timeout=0.1,
        )
    )
    for number in range(5):
        assert client.post("/", content=numbered(number)).status_code == 204
    metrics = client.get("/metrics").text
    go_on.set()
    assert len(raws(store)) == 5
    assert re.search(r"septet_on_event_missed_total [34]\.0", metrics)


def test_end_waits_for_on_event(store):
    """Events that arrived before the end are still handled."""
    seen = []
    with Server(Receiver(store, on_event=lambda entry: seen.append(entry.raw))) as server:
        for number in range(20):
            httpx2.post(server.url, content=numbered(number))
    assert seen == raws(store)


def test_end_does_not_wait_forever(store, caplog):
    """Events that are not handled within a few seconds are logged, and in the store."""
    begun = threading.Event()

    async def never_end(entry):
        begun.set()
        await asyncio.Event().wait()

    with Server(Receiver(store, on_event=never_end, shutdown_timeout=0.1)) as server:
        for number in range(3):
            httpx2.post(server.url, content=numbered(number))
        assert begun.wait(20)
    assert "on_event misses 2 events" in caplog.text
    assert len(raws(store)) == 3


def test_end_without_any_event(store, caplog):
    """There is nothing to wait for, and nothing is logged."""
    with Server(Receiver(store, on_event=raws)) as server:
        assert httpx2.get(f"{server.url}/healthz").status_code == 200
    assert caplog.text == ""
