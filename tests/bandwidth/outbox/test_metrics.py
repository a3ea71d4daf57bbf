"""The metrics of an outbox, as Prometheus reads them from a run."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
pytest.importorskip("prometheus_client")
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from outbox_messages import FAST, messages
from septet.bandwidth import OutboxMetrics
from septet.bandwidth.outbox.metrics import metrics_app
from septet.serving import Server


def read(url: str) -> dict[str, float]:
    """Return the samples of a page, with the label in the name."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as page:
        assert page.headers["content-type"].startswith("text/plain")
        families = text_string_to_metric_families(page.read().decode())
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
    }


def test_run(make_outbox) -> None:
    """The page has the figures of each moment."""
    pages = []
    with Service(answer(), answer(400), answer(429), answer()) as service:
        outbox = make_outbox(service)
        outbox.add(messages(4))
        with Server(metrics_app(outbox), guard=True) as server:
            outbox.run(FAST, workers=1, on_entry=lambda entry: pages.append(read(server.url)))
    keys = ["messages queued", "messages accepted", "results_total accepted"]
    keys += ["results_total refused", "results_total queued", "accepted_segments_total"]
    assert [[page[f"septet_outbox_{key}"] for key in keys] for page in pages] == [
        [3, 1, 1, 0, 0, 1],
        [2, 1, 1, 1, 0, 1],
        [2, 1, 1, 1, 1, 1],
        [1, 2, 2, 1, 1, 2],
        [0, 3, 3, 1, 1, 3],
    ]
    assert pages[1]["septet_outbox_paused_seconds_total"] == 0
    assert pages[-1]["septet_outbox_paused_seconds_total"] > 0
    assert pages[-1]["septet_outbox_messages unknown"] == 0


def test_own_registry(make_outbox) -> None:
    """A program that has metrics already adds those of an outbox."""
    with Service(answer()) as service:
        outbox = make_outbox(service)
    registry = CollectorRegistry(auto_describe=True)
    registry.register(OutboxMetrics(outbox))
    assert registry.get_sample_value("septet_outbox_messages", {"state": "queued"}) == 0
    outbox.add(messages(2))
    assert registry.get_sample_value("septet_outbox_messages", {"state": "queued"}) == 2


@pytest.mark.parametrize(("path", "status"), [("/metrics", 503), ("/", 404)])
def test_database_is_away(tmp_path, path, status) -> None:
    """The page says so, and there is no other one."""
    from septet.bandwidth import Outbox, open_store

    with open_store(tmp_path / "events.db") as store:
        app = metrics_app(Outbox(store, None))
    (tmp_path / "events.db").write_bytes(b"no database" * 99)
    with Server(app) as server, pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(server.url + path, timeout=10)
    caught.value.close()
    assert caught.value.code == status
