"""Stores and outboxes for tests, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from septet.bandwidth import Client, Outbox, open_store
from septet.bandwidth.outbox.tuning import Tuning


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


@pytest.fixture
def outbox(store):
    """Make outboxes that send to a service, with very short pauses."""
    clients = []

    def make(service, **options):
        client = Client("9900000", username="ann", password="hush", url=service.url, timeout=10.0)
        clients.append(client)
        options = {"first_pause": 1e-3, "max_pause": 1e-3, "write_delays": (0, 0)} | options
        return Outbox(store, client, tuning=Tuning(**options))

    make.clients = clients
    yield make
    for client in clients:
        client.close()
