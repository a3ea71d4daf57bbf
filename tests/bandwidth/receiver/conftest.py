"""Stores and served receivers."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

import httpx2

from septet.bandwidth import open_store
from septet.serving import Server


@pytest.fixture
def store(tmp_path):
    """An empty store, closed after the test."""
    with open_store(f"sqlite:///{tmp_path}/events.db") as store:
        yield store


@pytest.fixture
def serve():
    """Serve receivers until the test ends; return clients for them."""
    open_ones = []

    def serve(app):
        server = Server(app)
        open_ones.append(server)
        client = httpx2.Client(base_url=server.__enter__().url, timeout=20)
        open_ones.append(client)
        return client

    yield serve
    for one in reversed(open_ones):
        one.__exit__(None, None, None)
