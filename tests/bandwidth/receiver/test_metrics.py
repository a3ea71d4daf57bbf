"""The counters of a receiver, as Prometheus reads them."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")


from septet.bandwidth import Receiver

SENT = b'[{"type": "message-sent", "message": {"id": "1", "direction": "out"}}]'


def test_counts(store, serve):
    """Prometheus gets requests by status, events by class, and repetitions."""
    client = serve(Receiver(store))
    for content in (SENT, SENT, b"{}", b"null"):
        client.post("/", content=content)
    metrics = client.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    lines = metrics.text.splitlines()
    for line in (
        'septet_callback_requests_total{status="204"} 4.0',
        "septet_callback_seconds_count 4.0",
        'septet_events_total{event="MessageSent"} 1.0',
        'septet_events_total{event="Undecodable"} 2.0',
        "septet_events_repeated_total 1.0",
    ):
        assert line in lines
