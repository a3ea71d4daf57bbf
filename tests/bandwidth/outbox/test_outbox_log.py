"""The log of the outbox: pauses and their ends, and no data of any message."""

from __future__ import annotations

import errno
import logging
import os
from contextlib import ExitStack

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")
from sqlalchemy import update

from septet.bandwidth import Client, Message, Outbox, UnauthorizedError, open_store
from septet.bandwidth.outbox.tuning import Tuning
from septet.bandwidth.storing.outbox_table import OUTBOX

SECRETS = ["+12025550100", "+13125550140", "hello", "hush", "YW5uOmh1c2g="]
ECHO = {"type": "t", "description": "hello hush YW5uOmh1c2g= +12025550100 +13125550140"}


@pytest.fixture
def make_outbox(tmp_path):
    """Make an outbox with four messages that sends to a service, with short pauses."""
    with open_store(tmp_path / "events.db") as store, ExitStack() as clients:

        def make(service: Service, first_pause: float = 0.001) -> Outbox:
            client = Client("9900000", username="ann", password="hush", url=service.url)
            tuning = Tuning(first_pause=first_pause)
            outbox = Outbox(store, clients.enter_context(client), tuning=tuning)
            outbox.add([Message("app", "+12025550100", "+13125550140", "hello")] * 4)
            return outbox

        make.store = store
        yield make


def lines(caplog) -> list[str]:
    """Return the logged lines, and check that they have no secrets."""
    records = [record for record in caplog.records if record.name == "septet.outbox"]
    assert {record.levelno for record in records} <= {logging.WARNING}
    logged = [record.getMessage() for record in records]
    assert not any(secret in line for line in logged for secret in SECRETS)
    return logged


def test_pauses(make_outbox, caplog) -> None:
    """The log has each pause with its seconds and reason, and the end of pauses."""
    replies = [
        answer(429, ECHO),
        answer(500, ECHO),
        answer(),
        raw(b""),
        answer(400, ECHO),
        answer(),
    ]
    with Service(*replies) as service:
        make_outbox(service).run(1e6, workers=1)
    assert lines(caplog) == [
        "sending pauses for 0.0 seconds: QueueFullError, HTTP 429",
        "sending pauses for 0.0 seconds: RefusedError, HTTP 500",
        "sending continues",
        "sending pauses for 0.0 seconds: DeliveryUnknownError",
        "sending continues",
    ]


def test_seconds(make_outbox, caplog) -> None:
    """The pause is as long as the provider asks for."""
    with Service(answer(429, ECHO, Retry_After="7")) as service:
        outbox = make_outbox(service)
        outbox.run(1e6, workers=1, on_entry=lambda entry: outbox.stop())
    assert lines(caplog) == ["sending pauses for 7.0 seconds: QueueFullError, HTTP 429"]


def test_nobody_is_there(make_outbox, caplog) -> None:
    """One line with the operating system's message, however many requests failed."""
    with Service(answer()) as service:
        pass
    outbox = make_outbox(service)
    outbox.run(1e6, workers=4, on_entry=lambda entry: outbox.stop())
    reason = os.strerror(errno.ECONNREFUSED)
    assert lines(caplog) == [f"sending pauses for 0.0 seconds: UnreachableError, {reason}"]


def test_all_is_well(make_outbox, caplog) -> None:
    """Without an error nothing is logged."""
    with Service(answer(202, ECHO)) as service:
        make_outbox(service).run(1e6)
    assert lines(caplog) == []


def test_end(make_outbox, caplog) -> None:
    """The error that ends the run is raised, not logged."""
    with Service(answer(401, ECHO)) as service, pytest.raises(UnauthorizedError):
        make_outbox(service).run(1e6, workers=1)
    assert lines(caplog) == []


def damage(store, number: int) -> None:
    """Replace a stored message by an unusable text."""
    statement = update(OUTBOX).where(OUTBOX.c.id == number).values(message='{"text": "hello')
    store.database.write(lambda connection: connection.execute(statement)).result()


def test_stored_text_that_cannot_be_used(make_outbox, caplog) -> None:
    """The log has the id of the message, without its text."""
    with Service(answer()) as service:
        outbox = make_outbox(service)
        damage(make_outbox.store, 2)
        outbox.run(1e6)
    assert lines(caplog) == ["message 2 is refused: its stored text cannot be used"]


def test_stored_text_in_an_outage(make_outbox, caplog) -> None:
    """It proves nothing about the provider, so the pauses keep growing."""
    with Service(answer(429), answer(429), answer()) as service:
        outbox = make_outbox(service, first_pause=0.1)
        damage(make_outbox.store, 2)
        outbox.run(1e6, workers=1)
    assert lines(caplog) == [
        "sending pauses for 0.1 seconds: QueueFullError, HTTP 429",
        "message 2 is refused: its stored text cannot be used",
        "sending pauses for 0.2 seconds: QueueFullError, HTTP 429",
        "sending continues",
    ]
