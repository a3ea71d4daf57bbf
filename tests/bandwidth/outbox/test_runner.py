"""The runner, apart from what the other modules test: a message that another runner claims."""

from __future__ import annotations

from functools import partial

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from septet.bandwidth import Client, Message, Outbox, open_store
from septet.bandwidth.storing.outbox_rows import claim, read_queued
from septet.bandwidth.storing.outbox_table import OutboxState


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
