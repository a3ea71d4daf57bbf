"""The requests of the outbox; a message is marked only while its request is under way."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest

from bandwidth_service import Service, answer, silence

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")
from sqlalchemy import update

from septet.bandwidth import Client, Message, Outbox, OutboxState, UnauthorizedError, open_store
from septet.bandwidth.outbox.tuning import Tuning
from septet.bandwidth.storing.outbox_rows import OUTBOX

FAST = 1e6  # segments per second
MESSAGES = [Message("app", "+12025550100", "+13125550140", f"message {n}") for n in range(6)]
TOKEN = answer(200, {"access_token": "t", "expires_in": 3600})


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


@pytest.fixture
def outbox(store):
    """Make an outbox with six messages for a service, and perhaps a token service."""
    with ExitStack() as clients:

        def make(service: Service, tokens: Service | None = None, **options: float) -> Outbox:
            secrets = {"username": "ann", "password": "hush"}
            if tokens is not None:
                secrets = {"client_id": "i", "client_secret": "s", "token_url": tokens.url}
            client = Client("9900000", url=service.url, max_attempts=5, timeout=1.0, **secrets)
            ours = Outbox(store, clients.enter_context(client), tuning=Tuning(**options))
            ours.add(MESSAGES)
            return ours

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


def test_as_it_is_stored(outbox, store) -> None:
    """Byte for byte, with fields that this version does not know."""
    stored = json.dumps({**MESSAGES[0].payload(), "text": "café", "colour": "red"}, indent=1)
    with Service(answer()) as service:
        ours = outbox(service)
        change = update(OUTBOX).where(OUTBOX.c.id == 1).values(message=stored)
        store.database.write(lambda connection: connection.execute(change)).result()
        ours.run(FAST, workers=1)
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
def test_one_request_per_attempt(outbox, service) -> None:
    """During a pause all messages are queued, and `stop` ends the pause."""
    ours = outbox(service())
    running = threading.Thread(target=ours.run, args=[FAST])
    running.start()
    wait_for(lambda: states(ours) == {(OutboxState.QUEUED, 1)})
    stopped = time.monotonic()
    ours.stop()
    running.join(30)
    assert time.monotonic() - stopped < 1
    assert states(ours) == {(OutboxState.QUEUED, 1)}


def test_no_token_no_mark(outbox) -> None:
    """Messages stay queued during a token request, and after it failed."""
    with Service(silence()) as tokens, Service(answer()) as service:
        ours = outbox(service, tokens)
        running = threading.Thread(target=ours.run, args=[FAST])
        running.start()
        wait_for(lambda: tokens.received)
        assert states(ours) == {(OutboxState.QUEUED, 0)}
        ours.stop()
        running.join(30)
        assert states(ours) == {(OutboxState.QUEUED, 0)}
        assert (len(tokens.received), service.connections) == (1, 0)


def test_token_that_is_late(outbox) -> None:
    """While the token service fails all messages wait, and then all are sent."""
    with Service(answer(503), answer(429), TOKEN) as tokens, Service(answer()) as service:
        ours = outbox(service, tokens, first_pause=1e-3)
        ours.run(FAST, workers=2)
    assert (len(tokens.received), len(service.received)) == (3, 6)
    assert states(ours) == {(OutboxState.ACCEPTED, 1)}


def test_token_that_is_refused(outbox) -> None:
    """The run ends, and all messages stay queued."""
    with Service(answer(401)) as tokens, Service(answer()) as service:
        ours = outbox(service, tokens)
        with pytest.raises(UnauthorizedError, match="no token was issued"):
            ours.run(FAST)
    assert states(ours) == {(OutboxState.QUEUED, 0)}


def test_expired_token(outbox) -> None:
    """The outbox asks for a new token each time one expires."""
    names = iter("abcdefgh")

    def give(service: Service, connection) -> bool:
        return answer(200, {"access_token": next(names), "expires_in": 3600})(service, connection)

    replies = [answer(), answer(401), answer(), answer(), answer(401), answer()]
    with Service(give) as tokens, Service(*replies) as service:
        ours = outbox(service, tokens)
        ours.run(FAST, workers=1)
    assert ours.counts()[OutboxState.ACCEPTED] == 6
    sent = [
        received.headers["authorization"].removeprefix("Bearer ") for received in service.received
    ]
    assert "".join(sent) == "aabbbccc"
    assert len(tokens.received) == 3


def test_new_token_is_refused(outbox) -> None:
    """A refused token that was just issued has not expired, so the run ends."""
    with Service(TOKEN) as tokens, Service(answer(), answer(401)) as service:
        ours = outbox(service, tokens)
        with pytest.raises(UnauthorizedError, match="HTTP 401"):
            ours.run(FAST, workers=1)
    assert (len(tokens.received), len(service.received)) == (2, 3)
    assert ours.counts()[OutboxState.QUEUED] == 5


@pytest.mark.parametrize("signal", ["terminate", "kill"])
def test_ended_in_an_outage(outbox, url, signal) -> None:
    """A message for which no connection was made is never unknown."""
    away = closed()
    ours = outbox(away)
    with subprocess.Popen([sys.executable, "-c", RUNNING, url, away.url]) as process:
        wait_for(lambda: states(ours) == {(OutboxState.QUEUED, 1)})
        getattr(process, signal)()
    assert states(ours) == {(OutboxState.QUEUED, 1)}
    told = []
    ours.run(FAST, on_entry=lambda entry: told.append(entry) or ours.stop())
    assert {entry.state for entry in told} == {OutboxState.QUEUED}
    assert ours.counts()[OutboxState.QUEUED] == 6


RUNNING = """
import sys
from septet.bandwidth import Client, Outbox, open_store
with (
    open_store(sys.argv[1]) as store,
    Client("9900000", username="ann", password="hush", url=sys.argv[2]) as client,
):
    Outbox(store, client).run(1e6)
"""
