"""The counters of a receiver, in the format of Prometheus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...exceptions import MissingExtraError

try:
    from prometheus_client import (
        CONTENT_TYPE_LATEST,
        CollectorRegistry,
        Counter,
        Gauge,
        Histogram,
        generate_latest,
    )
except ImportError as error:
    raise MissingExtraError("prometheus_client", "bandwidth", "Receiver") from error

if TYPE_CHECKING:
    from ..storing.store import Appended

__all__ = ["Metrics"]

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds


class Metrics:
    """The counters of one receiver."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter(
            "callback_requests", "Requests with callbacks, by the status of the answer.", ["status"]
        )
        self._seconds = Histogram(
            "septet_callback_seconds",
            "Seconds from the head of a request with callbacks to its answer.",
            registry=self._registry,
            buckets=_BUCKETS,
        )
        self._events = self._counter("events", "New events, by their class.", ["event"])
        self._repeated = self._counter("events_repeated", "Events that were stored already.")
        self._failed = self._counter("on_event_failures", "Calls of on_event that raised.")
        self._left = Gauge(
            "septet_on_event_left",
            "Events for which on_event is called again.",
            registry=self._registry,
        )

    def _counter(self, name: str, text: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(f"septet_{name}", text, labels, registry=self._registry)

    def count_answer(self, status: int, seconds: float) -> None:
        """Count a request with callbacks that was answered after a number of seconds."""
        self._requests.labels(str(status)).inc()
        self._seconds.observe(seconds)

    def count_entries(self, appended: Appended) -> None:
        """Count the entries of a callback that was stored."""
        for entry in appended.new:
            self._events.labels(type(entry).__name__).inc()
        self._repeated.inc(len(appended.entries) - len(appended.new))

    def count_failure(self) -> None:
        """Count a call of `on_event` that raised."""
        self._failed.inc()

    def set_left(self, count: int) -> None:
        """Set the number of events for which `on_event` is called again."""
        self._left.set(count)

    def exposition(self) -> bytes:
        """Return all counters as the body of an answer of type `content_type`."""
        return generate_latest(self._registry)
