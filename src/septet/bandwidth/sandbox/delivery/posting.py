"""Posts callbacks over persistent connections, as cheaply as possible. Extra `serve`.

One POST takes 27 µs of processor time here and 593 µs with httpx2 (benchmarks/posting.py, CPython
3.11). With a general client, a benchmark of a receiver would mostly measure that client.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast
from urllib.parse import quote, unquote, urlsplit

from ....display.wording import without_credentials
from ....exceptions import MissingExtraError
from ..access import basic

try:
    import httptools
except ImportError as error:
    raise MissingExtraError("httptools", "serve", "septet.bandwidth.sandbox") from error

__all__ = ["Poster", "Target", "parse_target"]

_PORTS = {"http": 80, "https": 443}
_ALLOWED = "%/:=&?~#+!$,;'@()*[]-._"


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a URL that a request needs.

    Attributes:
        host: The name or address to connect to.
        port: The TCP port.
        uses_tls: Whether the connection uses TLS.
        shown: The URL without credentials.
        has_credentials: Whether the URL has credentials.
        head: The request line and the `Host` header; `Authorization` if the URL has credentials.
    """

    host: str
    port: int
    uses_tls: bool
    shown: str
    has_credentials: bool
    head: bytes = field(repr=False)

    @property
    def endpoint(self) -> tuple[str, int, bool]:
        """Host, port and TLS: targets with the same endpoint share connections."""
        return self.host, self.port, self.uses_tls


@lru_cache(maxsize=16)
def parse_target(url: str) -> Target:
    """Return the target of a URL.

    Raises:
        ValueError: The URL is not an absolute http or https URL, or its username has a colon. The
            message has no credentials.
    """
    reason = f"expected an http or https URL, got {without_credentials(url)!r}"
    if not url.isprintable():
        raise ValueError(reason)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        user, _, address = parts.netloc.rpartition("@")
        host_line = address.encode("idna")
    except ValueError:
        raise ValueError(reason) from None
    if parts.scheme not in _PORTS or not host or " " in address or port == 0:
        raise ValueError(reason)
    path = quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe=_ALLOWED)
    head = b"POST %b HTTP/1.1\r\nHost: %b\r\n" % (path.encode(), host_line)
    if has_credentials := bool(user.strip(":")):
        username, _, password = user.partition(":")
        if ":" in (username := unquote(username)):
            raise ValueError(f"the username in {without_credentials(url)!r} must not have a colon")
        head += f"Authorization: {basic(username, unquote(password))}\r\n".encode()
    return Target(
        host=host,
        port=port or _PORTS[parts.scheme],
        uses_tls=parts.scheme == "https",
        shown=parts._replace(netloc=address).geturl(),
        has_credentials=has_credentials,
        head=head,
    )


class Poster:
    """Posts bodies over a pool of connections to one endpoint."""

    def __init__(self, headers: dict[str, str], max_connections: int) -> None:
        """Prepare the pool.

        Args:
            headers: Headers to add to each request.
            max_connections: The maximum number of connections, and of requests at a time.
        """
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        self._headers = "".join(lines).encode("latin-1")
        self._slots = asyncio.Semaphore(max_connections)
        self._endpoint: tuple[str, int, bool] | None = None
        self._idle: list[_Connection] = []

    @property
    def idle_count(self) -> int:
        """The number of open connections that are not in use."""
        return sum(connection.is_open for connection in self._idle)

    async def post(self, target: Target, body: bytes, seconds: float) -> int:
        """Post a body and return the status of the answer.

        Args:
            target: The target.
            body: The body.
            seconds: The maximum time, without the wait for a free connection.

        Raises:
            OSError: There was no answer; `TimeoutError` if it did not come in time.
        """
        length = b"Content-Length: %d\r\n\r\n" % len(body)
        request = b"".join((target.head, self._headers, length, body))
        async with self._slots, asyncio.timeout(seconds):
            while connection := self._take(target):
                try:
                    return await self._exchange(connection, request)
                except ConnectionError:
                    # The server may have closed it while it was idle, so try another one.
                    continue
            return await self._exchange(await self._connect(target), request)

    def close(self) -> None:
        """Close the connections that are not in use."""
        while self._idle:
            self._idle.pop().close()

    def _take(self, target: Target) -> _Connection | None:
        if self._endpoint != target.endpoint:
            self.close()
            self._endpoint = target.endpoint
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connect(self, target: Target) -> _Connection:
        loop = asyncio.get_running_loop()
        tls = True if target.uses_tls else None
        _, connection = await loop.create_connection(
            lambda: _Connection(target.endpoint), target.host, target.port, ssl=tls
        )
        return connection

    async def _exchange(self, connection: _Connection, request: bytes) -> int:
        try:
            status = await connection.exchange(request)
        except BaseException:
            connection.close()
            raise
        if connection.is_open and connection.endpoint == self._endpoint:
            self._idle.append(connection)
        else:
            connection.close()
        return status


class _Connection(asyncio.Protocol):
    """One connection, for one request at a time."""

    def __init__(self, endpoint: tuple[str, int, bool]) -> None:
        self.endpoint = endpoint
        self.is_open = True
        self._transport: asyncio.Transport
        self._parser: httptools.HttpResponseParser
        self._answer: asyncio.Future[int] | None = None
        self._status = 0

    async def exchange(self, request: bytes) -> int:
        """Send a request and return the status of the answer."""
        self._parser = httptools.HttpResponseParser(self)
        self._answer = asyncio.get_running_loop().create_future()
        self._status = 0
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Close the connection."""
        self.is_open = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End the answer: an answer without a length ends with the connection."""
        self.is_open = False
        if self._status:
            self._finish()
        else:
            self._fail(ConnectionResetError("the connection was closed without an answer"))

    def data_received(self, data: bytes) -> None:
        """Parse more of the answer; data without a request closes the connection."""
        if self._answer is None:
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()
            self._fail(OSError("the answer is not HTTP"))

    def on_headers_complete(self) -> None:
        """Keep the status; called by the parser."""
        self._status = self._parser.get_status_code()
        if not self._parser.should_keep_alive():
            self.is_open = False

    def on_message_complete(self) -> None:
        """Return the status of a final answer (not 1xx); called by the parser."""
        if self._status >= 200:
            self._finish()

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._status)
        self._answer = None

    def _fail(self, error: OSError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self._answer = None
