"""Outboxes with an `AsyncClient`: the same runner, with requests on the event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from outbox_messages import FAST, messages, only, texts
from septet.bandwidth import (
    AsyncClient,
    DeliveryUnknownError,
    Outbox,
    OutboxState,
    Tuning,
    ValidationRefusedError,
)

QUICK = Tuning(first_pause=1e-3, max_pause=1e-3, write_delays=(0, 0))


def with_outbox(store, service, function):
    """Return what a coroutine function returns for an outbox with a client."""

    async def main():
        options = {"username": "ann", "password": "hush", "url": service.url}
        async with AsyncClient("9900000", **options) as client:
            return await function(Outbox(store, client, tuning=QUICK))

    return asyncio.run(main())


@pytest.mark.parametrize("is_coroutine", [False, True])
def test_run(store, is_coroutine) -> None:
    """Each message is sent once; `on_entry` is called on the event loop, and awaited."""
    changed = []

    async def run(outbox):
        loop = asyncio.get_running_loop()

        def note(entry):
            assert asyncio.get_running_loop() is loop
            changed.append(entry)

        async def note_later(entry):
            await asyncio.sleep(0)
            note(entry)

        outbox.add(messages(50))
        await outbox.run(FAST, on_entry=note_later if is_coroutine else note)
        return outbox

    with Service(answer(202, {"id": "17"})) as service:
        outbox = with_outbox(store, service, run)
        assert texts(service) == dict.fromkeys((f"message {n}" for n in range(50)), 1)
    assert only(outbox) == {"accepted": 50}
    assert sorted(changed, key=lambda entry: entry.id) == list(outbox.entries())


def test_marked_before_the_body(store) -> None:
    """A message is durably being sent before the body of its request arrives."""
    seen = []

    def reply(service, connection):
        seen.extend(entry.state for entry in Outbox(store, None).entries())
        return answer()(service, connection)

    async def run(outbox):
        outbox.add(messages(1))
        await outbox.run(FAST)

    with Service(reply) as service:
        with_outbox(store, service, run)
    assert seen == [OutboxState.SENDING]


def test_failures(store) -> None:
    """They have the same consequences as with a `Client`."""

    async def run(outbox):
        outbox.add(messages(4))
        await outbox.run(FAST, workers=1)
        return outbox

    with Service(answer(429), answer(400), raw(b""), answer()) as service:
        outbox = with_outbox(store, service, run)
    assert only(outbox) == {"accepted": 2, "refused": 1, "unknown": 1}


def test_cancelled(store) -> None:
    """The current request is finished and its answer kept; the other messages stay queued."""
    arrived, go_on = threading.Event(), threading.Event()

    def reply(service, connection):
        arrived.set()
        assert go_on.wait(10)
        return answer(202, {"id": "17"})(service, connection)

    async def run(outbox):
        outbox.add(messages(5))
        running = asyncio.create_task(outbox.run(FAST, workers=1))
        await asyncio.to_thread(arrived.wait, 10)
        running.cancel()
        asyncio.get_running_loop().call_later(0.05, go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await running
        assert only(outbox) == {"accepted": 1, "queued": 4}
        await outbox.run(FAST)
        return outbox

    with Service(reply) as service:
        outbox = with_outbox(store, service, run)
        assert set(texts(service).values()) == {1}
    assert only(outbox) == {"accepted": 5}


def test_wrong_options(store) -> None:
    """They are refused when the coroutine is awaited."""

    async def run(outbox):
        with pytest.raises(ValueError, match="must be above 0"):
            await outbox.run(0)

    with Service(answer()) as service:
        with_outbox(store, service, run)


@pytest.mark.parametrize(
    ("reply", "error", "state"),
    [
        (answer(202, {"id": "17"}), None, "accepted"),
        (answer(400), ValidationRefusedError, "refused"),
        (raw(b""), DeliveryUnknownError, "unknown"),
    ],
)
def test_send(store, reply, error, state) -> None:
    """One message is kept with the answer, or with the error."""

    async def send(outbox):
        (message,) = messages(1)
        if error is None:
            assert (await outbox.send(message)).id == "17"
        else:
            with pytest.raises(error):
                await outbox.send(message)
        return only(outbox)

    with Service(reply) as service:
        assert with_outbox(store, service, send) == {state: 1}


def test_send_cancelled(store) -> None:
    """The message may have been accepted."""
    arrived, go_on = threading.Event(), threading.Event()

    def reply(service, connection):
        arrived.set()
        assert go_on.wait(10)
        return answer()(service, connection)

    async def send(outbox):
        sending = asyncio.create_task(outbox.send(*messages(1)))
        await asyncio.to_thread(arrived.wait, 10)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        return only(outbox)

    with Service(reply) as service:
        assert with_outbox(store, service, send) == {"unknown": 1}
        go_on.set()
