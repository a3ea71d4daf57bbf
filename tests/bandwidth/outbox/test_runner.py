"""What follows from an error, for the message and for the others."""

from __future__ import annotations

from functools import partial

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from septet.bandwidth import Client, Message, Outbox, open_store
from septet.bandwidth.exceptions import (
    DeliveryUnknownError,
    QueueFullError,
    RefusedError,
    UnansweredError,
    UnauthorizedError,
    UnreachableError,
    ValidationRefusedError,
)
from septet.bandwidth.outbox.runner import Fate, fate_of
from septet.bandwidth.storing.outbox_rows import claim, read_queued
from septet.bandwidth.storing.outbox_table import OutboxState


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (ValidationRefusedError("", 400), Fate(OutboxState.REFUSED)),
        (DeliveryUnknownError("ReadTimeout"), Fate(OutboxState.UNKNOWN, pause=0)),
        (QueueFullError("", 429), Fate(OutboxState.QUEUED, pause=0)),
        (QueueFullError("", 429, b"", 30.0), Fate(OutboxState.QUEUED, pause=30.0)),
        (UnreachableError("ConnectError"), Fate(OutboxState.QUEUED, pause=0)),
        (UnansweredError("no token"), Fate(OutboxState.QUEUED, pause=0)),
        (RefusedError("", 500), Fate(OutboxState.QUEUED, pause=0)),
        (UnauthorizedError("", 401), Fate(OutboxState.QUEUED, ends=True)),
        (RefusedError("", 404), Fate(OutboxState.QUEUED, ends=True)),
        (ValueError("?"), Fate(OutboxState.UNKNOWN, ends=True)),
        (KeyboardInterrupt(), Fate(OutboxState.UNKNOWN, ends=True)),
    ],
)
def test_fate(error, fate) -> None:
    """A message stays queued only if it was certainly not accepted."""
    assert fate_of(error, 1) == fate


def test_repeated_server_errors() -> None:
    """After five answers 500 the message is refused, so that it does not block the others."""
    states = [fate_of(RefusedError("", 500), number).state for number in range(1, 6)]
    assert states == [OutboxState.QUEUED] * 4 + [OutboxState.REFUSED]


def test_message_claimed_by_another_runner(url) -> None:
    """It is left to the other runner, and the run ends."""
    with (
        open_store(url) as store,
        Service(answer()) as service,
        Client("9900000", username="ann", password="hush", url=service.url) as client,
    ):
        outbox = Outbox(store, client)
        message = Message("app", "+12025550100", "+13125550140", "hi")
        _, second = outbox.add([message, message])

        def take(_) -> None:
            ((entry, _),) = store.database.query(read_queued, 9)
            assert entry.id == second
            assert store.database.write(partial(claim, entry=entry, runner="another")).result()

        outbox.run(1e6, workers=1, on_entry=take)
        assert len(service.received) == 1
        assert [entry.state for entry in outbox.entries()] == [
            OutboxState.ACCEPTED,
            OutboxState.SENDING,
        ]
