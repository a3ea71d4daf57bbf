"""The ASGI application that answers a callback with 2xx after its events are durable.

The provider takes 2xx to mean "stored" and forgets the event. After any other answer, and without
an answer in time, it tries again for 24 hours. So the receiver never reports success before the
store has committed, and answers every obstacle (the store is down, the body is too large) with an
error. A body that is not events is stored as it is, because refusing it would only make it return.
"""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from ...exceptions import MissingExtraError
from ...serving import gunzip, read_body
from ..callbacks import Undecodable
from ..exceptions import StoreError
from .authentication import BasicAuthentication
from .handlers import EventHandler, OnEvent
from .health import Health
from .metrics import Metrics

try:
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import PlainTextResponse, Response
except ImportError as error:
    raise MissingExtraError("starlette", "bandwidth", "Receiver") from error

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from ..storing.database import Database
    from ..storing.store import Appended

__all__ = ["Receiver"]

_LOG = logging.getLogger("septet.receiver")


class _Store(Protocol):
    """The methods of `EventStore` that a receiver uses."""

    @property
    def database(self) -> Database: ...

    def submit(self, body: bytes) -> Future[Appended]: ...

    def ping(self) -> None: ...


class Receiver:
    """An ASGI application that stores every callback.

    `POST` to any path accepts callbacks, so that a wrong path in the provider's settings loses no
    event. A body with `Content-Encoding: gzip` is decompressed. `GET /healthz` writes to the store
    and says within a second whether it can be used, and `GET /metrics` has counters for Prometheus.
    The application can be mounted anywhere in another one; it then has the limits of the server
    that runs that one.

    | status | when |
    | --- | --- |
    | 204 | every event of the body is committed, now or earlier |
    | 401 | the credentials are missing or wrong; nothing is stored |
    | 405 | neither POST nor one of the two addresses above |
    | 413 | the body is too large, also after decompression |
    | 503 | the store is down, or does not commit in time; the provider tries again |

    Args:
        store: An `EventStore`; it stays open when the application ends.
        username: The name that HTTP Basic authentication requires; None for no authentication.
        password: The password that HTTP Basic authentication requires.
        on_event: Called with every event, or entry that is not an event, after it is committed,
            at least once: one at a time, those of a message in their order, and without delaying
            the answer. A coroutine function runs on the event loop, any other function in a thread.
            If it raises, the exception is logged, and it is called again after 1, 2, 4 … up to 300
            seconds, also after a restart; until it succeeds, later events of the same message
            wait, and those of other messages do not. If several processes use the same store, one
            of them calls it. Events that were in the store before a receiver with `on_event` first
            used it are left out.
        max_body_bytes: The largest body that is accepted, in bytes, as it is sent and decompressed.
        store_timeout: Seconds that the store may take to commit; the provider waits for 10.
        shutdown_timeout: Seconds that the end of the server waits for `on_event`.

    Raises:
        ValueError: Only one of username and password is given, one is empty, or the username has a
            colon.

    Example:
        >>> with open_store("events.db") as store:
        ...     serve(Receiver(store), host="127.0.0.1", port=8000, announce="listening on {url}")
    """

    def __init__(
        self,
        store: _Store,
        *,
        username: str | None = None,
        password: str | None = None,
        on_event: OnEvent | None = None,
        max_body_bytes: int = 1 << 20,
        store_timeout: float = 8.0,
        shutdown_timeout: float = 5.0,
    ) -> None:
        if (username is None) != (password is None):
            raise ValueError("username and password must be given together")
        self._authentication = (
            None
            if username is None or password is None
            else BasicAuthentication(username, password)
        )
        self._store = store
        self._health = Health(store.ping)
        self._max_body_bytes = max_body_bytes
        self._store_timeout = store_timeout
        self._metrics = Metrics()
        self._handler = (
            None
            if on_event is None
            else EventHandler(store.database, on_event, self._metrics, shutdown_timeout)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the start and end of the server."""
        if scope["type"] == "lifespan":
            await self._run_lifespan(receive, send)
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
            self._metrics.count_answer(response.status_code, time.perf_counter() - start)

    async def _answer(self, request: Request) -> Response:
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        if request.method in ("GET", "HEAD") and path == "/healthz":
            return await self._answer_health()
        if problem := self._problem_with(request):
            address = "an unknown address" if request.client is None else request.client.host
            _LOG.warning("401 for %s: %s", address, problem)
            headers = {"WWW-Authenticate": 'Basic realm="septet"'}
            return _error(401, "credentials are missing or wrong", headers)
        if request.method in ("GET", "HEAD") and path == "/metrics":
            content_type = {"Content-Type": self._metrics.content_type}
            return Response(self._metrics.exposition(), headers=content_type)
        if request.method != "POST":
            return _error(405, "callbacks must be sent with POST", {"Allow": "POST"})
        return await self._store_callback(request)

    async def _store_callback(self, request: Request) -> Response:
        body = await read_body(request.stream(), self._max_body_bytes)
        if body is None:
            _LOG.error("refused a body of more than %d bytes", self._max_body_bytes)
            return _error(413, f"the body has more than {self._max_body_bytes} bytes")
        if request.headers.get("content-encoding", "").strip().lower() in ("gzip", "x-gzip"):
            body = self._decompressed(body)
            if body is None:
                _LOG.error("refused a body of more than %d bytes, compressed", self._max_body_bytes)
                reason = f"the body has more than {self._max_body_bytes} bytes when decompressed"
                return _error(413, reason)
        try:
            async with asyncio.timeout(self._store_timeout):
                if self._handler is not None:
                    # Not earlier: a mounted application does not see the start of the server.
                    await self._handler.begin()
                committing = asyncio.wrap_future(self._store.submit(body))
                committing.add_done_callback(self._after_commit)
                # Shielded, because the write cannot be undone when the answer takes too long.
                await asyncio.shield(committing)
        except (StoreError, TimeoutError) as error:
            reason = str(error) or "the store did not commit in time"
            self._health.note_failure()
            _LOG.error("not stored, the provider will try again: %s", reason)
            return _error(503, "the events cannot be stored now", {"Retry-After": "5"})
        return Response(status_code=204)

    def _after_commit(self, committing: asyncio.Future[Appended]) -> None:
        if committing.cancelled() or committing.exception() is not None:
            return
        appended = committing.result()
        self._metrics.count_entries(appended)
        for entry in appended.new:
            if isinstance(entry, Undecodable):
                size = len(entry.raw)
                _LOG.warning("stored %d bytes that are not an event: %s", size, entry.reason)
        if self._handler is not None:
            self._handler.wake()

    def _decompressed(self, body: bytes) -> bytes | None:
        """Return a body of gzip data, or None if it is too large.

        What is not gzip data is returned as it is: it is stored like any body that is not events.
        """
        try:
            return gunzip(body, self._max_body_bytes)
        except ValueError:
            return body

    async def _answer_health(self) -> Response:
        # Strangers may ask, so the reason is only in the log: it names the database.
        if await self._health.is_well():
            return PlainTextResponse("ok\n")
        return _error(503, "the store cannot be used")

    def _problem_with(self, request: Request) -> str | None:
        if self._authentication is None:
            return None
        return self._authentication.problem_with(request.headers.get("authorization"))

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                if self._handler is not None:
                    self._handler.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._handler is not None:
                    await self._handler.finish()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _error(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{reason}\n", status, headers)
