"""The requests of the outbox; a message is marked only while its request is under way."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager

import pytest

from bandwidth_service import Service, answer, silence

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")
from sqlalchemy import update

from septet.bandwidth import (
    Client,
    Message,
    Outbox,
    OutboxState,
    StoreError,
    UnauthorizedError,
    open_store,
)
from septet.bandwidth.outbox.tuning import Tuning
from septet.bandwidth.storing.outbox_rows import claim
from septet.bandwidth.storing.outbox_table import OUTBOX

FAST = 1e6  # segments per second
MESSAGES = [Message("app", "+12025550100", "+13125550140", f"message {n}") for n in range(6)]
TOKEN = answer(200, {"access_token": "t", "expires_in": 3600})


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


@pytest.fixture
def make_outbox(store):
    """Make an outbox with six messages for a service, and perhaps a token service."""
    with ExitStack() as clients:

        def make(service: Service, tokens: Service | None = None, **options: float) -> Outbox:
            secrets = {"username": "ann", "password": "hush"}
            if tokens is not None:
                secrets = {"client_id": "i", "client_secret": "s", "token_url": tokens.url}
            client = Client("9900000", url=service.url, max_attempts=5, timeout=1.0, **secrets)
            outbox = Outbox(store, clients.enter_context(client), tuning=Tuning(**options))
            outbox.add(MESSAGES)
            return outbox

        yield make


def states(outbox: Outbox) -> set[tuple[OutboxState, int]]:
    """Return the states of the messages with the numbers of attempts."""
    return {(entry.state, entry.attempt_count) for entry in outbox.entries()}


def wait_for(condition) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(5e-3)


def closed() -> Service:
    """Return a service that is closed already."""
    with Service(answer()) as service:
        return service


def test_as_it_is_stored(make_outbox, store) -> None:
    """Byte for byte, with fields that this version does not know."""
    stored = json.dumps({**MESSAGES[0].payload(), "text": "café", "colour": "red"}, indent=1)
    with Service(answer()) as service:
        outbox = make_outbox(service)
        change = update(OUTBOX).where(OUTBOX.c.id == 1).values(message=stored)
        store.database.write(lambda connection: connection.execute(change)).result()
        outbox.run(FAST, workers=1)
    assert [received.body for received in service.received] == [
        stored.encode(),
        *(json.dumps(message.payload()).encode() for message in MESSAGES[1:]),
    ]
    assert {received.headers["content-type"] for received in service.received} == {
        "application/json; charset=utf-8"
    }


@pytest.mark.parametrize(
    "service", [closed, lambda: Service(answer(429)), lambda: Service(answer(429, Retry_After="9"))]
)
def test_one_request_per_attempt(make_outbox, service) -> None:
    """During a pause all messages are queued, and `stop` ends the pause."""
    outbox = make_outbox(service())
    running = threading.Thread(target=outbox.run, args=[FAST])
    running.start()
    wait_for(lambda: states(outbox) == {(OutboxState.QUEUED, 1)})
    stopped = time.monotonic()
    outbox.stop()
    running.join(30)
    assert time.monotonic() - stopped < 1
    assert states(outbox) == {(OutboxState.QUEUED, 1)}


def test_no_token_no_mark(make_outbox) -> None:
    """Messages stay queued during a token request, and after it failed."""
    with Service(silence()) as tokens, Service(answer()) as service:
        outbox = make_outbox(service, tokens)
        running = threading.Thread(target=outbox.run, args=[FAST])
        running.start()
        wait_for(lambda: tokens.received)
        assert states(outbox) == {(OutboxState.QUEUED, 0)}
        outbox.stop()
        running.join(30)
        assert states(outbox) == {(OutboxState.QUEUED, 0)}
        assert (len(tokens.received), service.connections) == (1, 0)


def test_token_that_is_late(make_outbox) -> None:
    """While the token service fails all messages wait, and then all are sent."""
    with Service(answer(503), answer(429), TOKEN) as tokens, Service(answer()) as service:
        outbox = make_outbox(service, tokens, first_pause=1e-3)
        outbox.run(FAST, workers=2)
    assert (len(tokens.received), len(service.received)) == (3, 6)
    assert states(outbox) == {(OutboxState.ACCEPTED, 1)}


def test_token_that_is_refused(make_outbox) -> None:
    """The run ends, and all messages stay queued."""
    with Service(answer(401)) as tokens, Service(answer()) as service:
        outbox = make_outbox(service, tokens)
        with pytest.raises(UnauthorizedError, match="no token was issued"):
            outbox.run(FAST)
    assert states(outbox) == {(OutboxState.QUEUED, 0)}


def test_expired_token(make_outbox) -> None:
    """The outbox asks for a new token each time one expires."""
    names = iter("abcdefgh")

    def give(service: Service, connection) -> bool:
        return answer(200, {"access_token": next(names), "expires_in": 3600})(service, connection)

    replies = [answer(), answer(401), answer(), answer(), answer(401), answer()]
    with Service(give) as tokens, Service(*replies) as service:
        outbox = make_outbox(service, tokens)
        outbox.run(FAST, workers=1)
    assert outbox.counts()[OutboxState.ACCEPTED] == 6
    sent = [
        received.headers["authorization"].removeprefix("Bearer ") for received in service.received
    ]
    assert "".join(sent) == "aabbbccc"
    assert len(tokens.received) == 3


def test_new_token_is_refused(make_outbox) -> None:
    """A refused token that was just issued has not expired, so the run ends."""
    with Service(TOKEN) as tokens, Service(answer(), answer(401)) as service:
        outbox = make_outbox(service, tokens)
        with pytest.raises(UnauthorizedError, match="HTTP 401"):
            outbox.run(FAST, workers=1)
    assert (len(tokens.received), len(service.received)) == (2, 3)
    assert outbox.counts()[OutboxState.QUEUED] == 5


@pytest.mark.parametrize("signal", ["terminate", "kill"])
def test_ended_in_an_outage(make_outbox, url, signal) -> None:
    """A message for which no connection was made is never unknown."""
    away = closed()
    outbox = make_outbox(away)
    with subprocess.Popen([sys.executable, "-c", RUNNING, url, away.url]) as process:
        wait_for(lambda: states(outbox) == {(OutboxState.QUEUED, 1)})
        getattr(process, signal)()
    assert states(outbox) == {(OutboxState.QUEUED, 1)}
    changed = []
    outbox.run(FAST, on_entry=lambda entry: changed.append(entry) or outbox.stop())
    assert {entry.state for entry in changed} == {OutboxState.QUEUED}
    assert outbox.counts()[OutboxState.QUEUED] == 6


@contextmanager
def full_backlog():
    """Yield the address of a server that answers no attempt to connect to it."""
    with socket.socket() as listening, ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        for _ in range(4):
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(address)
        yield f"http://{address[0]}:{address[1]}"


@pytest.mark.parametrize("signal", ["terminate", "kill"])
def test_ended_while_connecting(make_outbox, url, signal) -> None:
    """A message is not marked while its connection is made, however long that takes."""
    outbox = make_outbox(closed())
    with full_backlog() as address:
        command = [sys.executable, "-c", RUNNING, url, address, "announce"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"connecting\n"
            time.sleep(0.2)
            assert states(outbox) == {(OutboxState.QUEUED, 0)}
            getattr(process, signal)()
    assert states(outbox) == {(OutboxState.QUEUED, 0)}


def test_marked_before_the_body(make_outbox) -> None:
    """When the body of its request has arrived, the message is marked."""
    seen = []

    def reply(service, connection) -> bool:
        seen.append([entry.state for entry in outbox.entries()][len(seen)])
        return answer()(service, connection)

    with Service(reply) as service:
        outbox = make_outbox(service)
        outbox.run(FAST, workers=1)
    assert seen == [OutboxState.SENDING] * 6


def test_database_fails_while_connecting(make_outbox, store, monkeypatch) -> None:
    """A message that cannot be marked is not sent: its body is not written."""
    write = store.database.write

    def fail(job):
        if getattr(job, "func", None) is claim:
            failed = Future()
            failed.set_exception(StoreError("away"))
            return failed
        return write(job)

    with Service(answer()) as service:
        outbox = make_outbox(service)
        monkeypatch.setattr(store.database, "write", fail)
        with pytest.raises(StoreError, match="away"):
            outbox.run(FAST, workers=1)
        assert service.received == []
    assert states(outbox) == {(OutboxState.QUEUED, 0)}


def test_answer_before_the_body(make_outbox, monkeypatch) -> None:
    """An answer counts, even if it comes before the message is marked."""
    with Service(answer(202, {"id": "17"}), answer(400), answer()) as service:
        outbox = make_outbox(service)
        account = outbox._client.account
        send_once = account.send_once
        monkeypatch.setattr(account, "send_once", lambda *values: send_once(*values[:3], bool))
        outbox.run(FAST, workers=1)
    first, second, *others = outbox.entries()
    assert (first.state, first.message_id) == (OutboxState.ACCEPTED, "17")
    assert (second.state, second.status) == (OutboxState.REFUSED, 400)
    assert {entry.state for entry in others} == {OutboxState.ACCEPTED}


def test_changed_while_connecting(make_outbox, store, monkeypatch) -> None:
    """A message that somebody changes meanwhile is sent as it is stored then."""
    write = store.database.write
    stored = json.dumps(MESSAGES[0].payload() | {"text": "changed"})
    changes = [update(OUTBOX).where(OUTBOX.c.id == 1).values(message=stored)]

    def change(job):
        if getattr(job, "func", None) is claim and changes:
            statement = changes.pop()
            write(lambda connection: connection.execute(statement)).result()
        return write(job)

    monkeypatch.setattr(store.database, "write", change)
    with Service(answer()) as service:
        outbox = make_outbox(service)
        outbox.run(FAST, workers=1)
    sent = sorted(received.json["text"] for received in service.received)
    assert sent == ["changed", *(message.text for message in MESSAGES[1:])]
    assert states(outbox) == {(OutboxState.ACCEPTED, 1)}


RUNNING = """
import sys
from septet.bandwidth import Client, Outbox, open_store
with (
    open_store(sys.argv[1]) as store,
    Client("9900000", username="ann", password="hush", url=sys.argv[2]) as client,
):
    outbox = Outbox(store, client)
    if sys.argv[3:]:
        authorize = client.account.authorize
        def announce(refused):
            print("connecting", flush=True)
            return authorize(refused)
        client.account.authorize = announce
    outbox.run(1e6)
"""
