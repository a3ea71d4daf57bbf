"""The figures of an outbox as metrics of Prometheus, and a page with them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...exceptions import MissingExtraError
from ..exceptions import StoreError

try:
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
    from prometheus_client.registry import Collector
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route
except ImportError as error:
    raise MissingExtraError("prometheus_client", "bandwidth", "OutboxMetrics") from error

if TYPE_CHECKING:
    from .outbox import Outbox

__all__ = ["OutboxMetrics", "metrics_app"]


class OutboxMetrics(Collector):
    """The figures of an outbox, for a registry of `prometheus_client`.

    They are read from the database each time that the registry is collected.

    Example:
        >>> prometheus_client.REGISTRY.register(OutboxMetrics(outbox))
    """

    def __init__(self, outbox: Outbox[Any]) -> None:
        """Read nothing yet.

        Args:
            outbox: The outbox whose `run` sends the messages.
        """
        self._outbox = outbox

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics.

        Raises:
            StoreError: The database cannot be read.
        """
        figures = self._outbox.figures()
        text = "Messages in the outbox, by their state."
        messages = GaugeMetricFamily("septet_outbox_messages", text, labels=["state"])
        for state, count in figures.counts.items():
            messages.add_metric([state], count)
        yield messages
        text = "Results of sending, by the new state of the message."
        results = CounterMetricFamily("septet_outbox_results", text, labels=["state"])
        for state, count in figures.results.items():
            results.add_metric([state], count)
        yield results
        yield CounterMetricFamily(
            "septet_outbox_accepted_segments",
            "Segments of accepted messages.",
            figures.segment_count,
        )
        yield CounterMetricFamily(
            "septet_outbox_paused_seconds",
            "Seconds during which nothing was sent because an attempt had failed.",
            figures.paused_seconds,
        )


def metrics_app(outbox: Outbox[Any]) -> Starlette:
    """Return an ASGI application that answers GET /metrics with the metrics of an outbox.

    The status is 503 while the database cannot be read.
    """
    registry = CollectorRegistry()
    registry.register(OutboxMetrics(outbox))

    async def answer(_: Request) -> Response:
        try:
            body = await asyncio.to_thread(generate_latest, registry)
        except StoreError as error:
            return PlainTextResponse(f"{error}\n", 503)
        return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Starlette(routes=[Route("/metrics", answer)])
