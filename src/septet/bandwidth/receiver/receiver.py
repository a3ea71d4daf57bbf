"""The ASGI application that answers a callback with 2xx after its events are durable.

The provider takes 2xx to mean "stored" and forgets the event. After any other answer, and without
an answer in time, it tries again for 24 hours. So the receiver never reports success before the
store has committed, and answers every obstacle (the store is down, the body is too large) with an
error. A body that is not events is stored as it is, because refusing it would only make it return.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from ...exceptions import MissingExtraError
from ...serving import read_body
from ..callbacks import Undecodable
from ..exceptions import StoreError
from .handlers import EventHandler, OnEvent
from .metrics import Metrics

try:
    from starlette.requests import ClientDisconnect, Request
    from starlette.responses import PlainTextResponse, Response
except ImportError as error:
    raise MissingExtraError("starlette", "bandwidth", "Receiver") from error

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

    from ..storing.store import Appended

__all__ = ["Receiver"]

_LOG = logging.getLogger("septet.receiver")


class _Store(Protocol):
    """The methods of `EventStore` that a receiver uses."""

    def submit(self, body: bytes) -> Future[Appended]: ...

    def ping(self) -> None: ...


class Receiver:
    """An ASGI application that stores every callback.

    `POST` to any path accepts callbacks, so that a wrong path in the provider's settings loses no
    event. `GET /healthz` says whether the store can be used, and `GET /metrics` has counters for
    Prometheus. The application can be mounted anywhere in another one.

    | status | when |
    | --- | --- |
    | 204 | every event of the body is committed, now or earlier |
    | 401 | the credentials are missing or wrong; nothing is stored |
    | 405 | neither POST nor one of the two addresses above |
    | 413 | the body is too large |
    | 503 | the store is down, or does not commit in time; the provider tries again |

    Args:
        store: An `EventStore`; it stays open when the application ends.
        username: The name that HTTP Basic authentication requires; None for no authentication.
        password: The password that HTTP Basic authentication requires.
        on_event: Called with each new event, or entry that is not an event, after it is committed:
            one at a time, in their order, and without delaying the answer. A coroutine function
            runs on the event loop, any other function in a thread. An exception is logged. It is
            not called again after a crash, and misses events when too many wait; they are all in
            the store.
        max_body_bytes: The largest body that is accepted, in bytes.
        store_timeout: Seconds that the store may take to commit; the provider waits for 10.
        max_queued_events: How many events may wait for `on_event`.
        shutdown_timeout: Seconds that the end of the server waits for `on_event`.

    Raises:
        ValueError: Only one of username and password is given, or the username has a colon.

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
        max_queued_events: int = 10_000,
        shutdown_timeout: float = 5.0,
    ) -> None:
        if (username is None) != (password is None):
            raise ValueError("username and password must be given together")
        if username is not None and ":" in username:
            raise ValueError(f"username={username!r}: a username must not have a colon (RFC 7617)")
        self._store = store
        self._credentials = None if username is None else _digest(f"{username}:{password}".encode())
        self._max_body_bytes = max_body_bytes
        self._store_timeout = store_timeout
        self._metrics = Metrics()
        self._handler = (
            None
            if on_event is None
            else EventHandler(on_event, self._metrics, max_queued_events, shutdown_timeout)
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
            return await self._health()
        if not self._is_allowed(request.headers.get("authorization", "")):
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
        try:
            committing = asyncio.wrap_future(self._store.submit(body))
            # Shielded, because the write cannot be undone when the answer takes too long.
            committing.add_done_callback(self._after_commit)
            await asyncio.wait_for(asyncio.shield(committing), self._store_timeout)
        except (StoreError, TimeoutError) as error:
            reason = str(error) or "the store did not commit in time"
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
                self._handler.add(entry)

    async def _health(self) -> Response:
        try:
            await asyncio.wait_for(asyncio.to_thread(self._store.ping), self._store_timeout)
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
        # Digests have equal lengths, so the time of the comparison reveals nothing.
        is_same = hmac.compare_digest(_digest(given), self._credentials)
        return is_same and scheme.lower() == "basic"

    async def _run_lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message: Message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._handler is not None:
                    await self._handler.finish()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def _error(status: int, reason: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{reason}\n", status, headers)
