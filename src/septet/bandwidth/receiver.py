"""Callbacks received over HTTP: an ASGI application that answers 2xx once an event is durable.

The provider takes 2xx for "kept" and forgets the event; anything else, and no answer in time, makes
it try again for 24 hours. So there is no answer of success before the store has committed, and
whatever stands in the way (a store that is down, a body that is too large) is answered with an
error that makes the provider come back. A body that cannot be read as events is kept as it is: to
refuse it would only bring it again.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from ..exceptions import MissingExtraError
from ..serving import read_body
from .callbacks import Event, Undecodable
from .exceptions import StoreError

try:
    from prometheus_client import (
        CONTENT_TYPE_LATEST,
        CollectorRegistry,
        Counter,
        Histogram,
        generate_latest,
    )
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import PlainTextResponse, Response
except ImportError as error:
    raise MissingExtraError(error.name or "starlette", "bandwidth", "Receiver") from error

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from .storing.store import Appended

__all__ = ["Receiver"]

_LOG = logging.getLogger("septet.receiver")

_SECONDS_FOR_STORE = 8.0  # the provider waits for 10
_WAITING_EVENTS = 10_000
_SECONDS_TO_END = 5.0

OnEvent = Callable[[Event | Undecodable], Awaitable[object] | object]


class _Store(Protocol):
    """What is needed of an `EventStore`."""

    def submit(self, body: bytes) -> Future[Appended]: ...

    def ping(self) -> None: ...


class Receiver:
    """An ASGI application that keeps every callback in a store.

    `POST` to any path takes callbacks, so that no event is lost to a slash in a configured
    address; `GET /healthz` tells whether the store can be used, `GET /metrics` counts for
    Prometheus. The application may be mounted anywhere in another one.

    | status | when |
    | --- | --- |
    | 204 | every event of the body is committed, now or earlier |
    | 401 | the credentials are missing or wrong; nothing is kept |
    | 405 | neither POST nor one of the two addresses above |
    | 413 | the body is too large |
    | 503 | the store is down or does not commit in time: the provider is to try again |

    Args:
        store: Where events are kept, an `EventStore`; it stays open when the application ends.
        username: What HTTP Basic authentication has to give; None asks for none.
        password: The same.
        on_event: Called with each event, or body that is none, that is new, after it is committed
            and without keeping the answer waiting: one at a time, in order; a coroutine function
            on the event loop, any other in a thread. If it raises, that is logged. It is not
            called again after a crash, and misses events when 10,000 of them wait: the store has
            them all.
        most_octets: The largest body that is taken.

    Raises:
        ValueError: Only one of username and password is given, or the username has a colon.
    """

    def __init__(
        self,
        store: _Store,
        *,
        username: str | None = None,
        password: str | None = None,
        on_event: OnEvent | None = None,
        most_octets: int = 1 << 20,
    ) -> None:
        if (username is None) != (password is None):
            raise ValueError("username and password: one without the other")
        if username is not None and ":" in username:
            raise ValueError(f"username={username!r}: a colon cannot be sent (RFC 7617)")
        self._store = store
        self._credentials = None if username is None else _digest(f"{username}:{password}".encode())
        self._most_octets = most_octets
        self._counts = _Counts()
        self._handler = None if on_event is None else _Handler(on_event, self._counts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the start and end of the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        start = time.perf_counter()
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)
        if request.method == "POST":
            self._counts.answered(response.status_code, time.perf_counter() - start)

    async def _answer(self, request: Request) -> Response:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        if request.method in ("GET", "HEAD") and path == "/healthz":
            return await self._health()
        if not self._is_allowed(request.headers.get("authorization", "")):
            return _error(401, "credentials", {"WWW-Authenticate": 'Basic realm="septet"'})
        if request.method in ("GET", "HEAD") and path == "/metrics":
            text = generate_latest(self._counts.registry)
            return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})
        if request.method != "POST":
            return _error(405, "POST callbacks here", {"Allow": "POST"})
        return await self._take(request)

    async def _take(self, request: Request) -> Response:
        body = await read_body(request.stream(), self._most_octets)
        if body is None:
            _LOG.error("a body of more than %d octets was refused", self._most_octets)
            return _error(413, f"more than {self._most_octets} octets")
        try:
            committing = asyncio.wrap_future(self._store.submit(body))
            # What is being written is written, also when nobody waits any more.
            committing.add_done_callback(self._committed)
            await asyncio.wait_for(asyncio.shield(committing), _SECONDS_FOR_STORE)
        except (StoreError, TimeoutError) as error:
            _LOG.error("not kept, to be sent again: %s", str(error) or "no commit in time")
            return _error(503, "the events cannot be kept now", {"Retry-After": "5"})
        return Response(status_code=204)

    def _committed(self, committing: asyncio.Future[Appended]) -> None:
        if committing.cancelled() or committing.exception() is not None:
            return
        appended = committing.result()
        self._counts.kept(appended)
        for entry in appended.new:
            if isinstance(entry, Undecodable):
                _LOG.warning("kept %d octets that are no event: %s", len(entry.raw), entry.reason)
            if self._handler is not None:
                self._handler.take(entry)

    async def _health(self) -> Response:
        try:
            await asyncio.wait_for(asyncio.to_thread(self._store.ping), _SECONDS_FOR_STORE)
        except (StoreError, TimeoutError) as error:
            return _error(503, str(error) or "the store does not answer")
        return PlainTextResponse("ok\n")

    def _is_allowed(self, authorization: str) -> bool:
        if self._credentials is None:
            return True
        scheme, _, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            given = b""
        # Digests, so that not even the lengths can be told apart by the time it takes.
        same = hmac.compare_digest(_digest(given), self._credentials)
        return same and scheme.lower() == "basic"

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._handler is not None:
                    await self._handler.finish()
                await send({"type": "lifespan.shutdown.complete"})
                return


class _Handler:
    """Hands new events to a function, one after the other, while answers go on."""

    def __init__(self, on_event: OnEvent, counts: _Counts) -> None:
        self._on_event = on_event
        self._counts = counts
        self._is_coroutine = inspect.iscoroutinefunction(on_event)
        self._waiting: asyncio.Queue[Event | Undecodable] = asyncio.Queue(_WAITING_EVENTS)
        self._task: asyncio.Task[None] | None = None

    def take(self, entry: Event | Undecodable) -> None:
        # At the first event, not at the start: an application that is mounted is not told of it.
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        try:
            self._waiting.put_nowait(entry)
        except asyncio.QueueFull:
            self._counts.missed.inc()
            _LOG.error("on_event is too slow and misses an event; it is in the store")

    async def finish(self) -> None:
        """Let what waits be handled, if it can be within a few seconds."""
        if self._task is None:
            return
        try:
            await asyncio.wait_for(self._waiting.join(), _SECONDS_TO_END)
        except TimeoutError:
            _LOG.error("on_event misses %d events; they are in the store", self._waiting.qsize())
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            entry = await self._waiting.get()
            try:
                if self._is_coroutine:
                    result = self._on_event(entry)
                else:
                    result = await asyncio.to_thread(self._on_event, entry)
                if inspect.isawaitable(result):
                    await result
            except Exception:
                self._counts.failed.inc()
                _LOG.exception("on_event failed; the event is in the store")
            finally:
                self._waiting.task_done()


class _Counts:
    """What a receiver counts, for Prometheus; the names are those of the metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self._counter(
            "callback_requests", "Requests that brought callbacks, by their answer.", ["status"]
        )
        self.seconds = Histogram(
            "septet_callback_seconds",
            "From the head of such a request to its answer.",
            registry=self.registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
        )
        self.events = self._counter("events", "Events that were new, by their class.", ["event"])
        self.repeated = self._counter("events_repeated", "Events that were there already.")
        self.failed = self._counter("on_event_failures", "Events for which on_event raised.")
        self.missed = self._counter("on_event_missed", "Events that on_event was too slow for.")

    def _counter(self, name: str, text: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(f"septet_{name}", text, labels, registry=self.registry)

    def answered(self, status: int, seconds: float) -> None:
        self.requests.labels(str(status)).inc()
        self.seconds.observe(seconds)

    def kept(self, appended: Appended) -> None:
        for entry in appended.new:
            self.events.labels(type(entry).__name__).inc()
        self.repeated.inc(len(appended.entries) - len(appended.new))


def _digest(octets: bytes) -> bytes:
    return hashlib.sha256(octets).digest()


def _error(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{reason}\n", status, headers)
