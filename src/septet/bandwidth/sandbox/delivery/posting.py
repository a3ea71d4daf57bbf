"""POST requests over connections that are kept, as lean as callbacks need them: extra `serve`.

A general HTTP client takes ten times the processor time of the rest of the sandbox, and whoever
measures a receiver or a sender would measure it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import quote, urlsplit

from ....exceptions import MissingExtraError

try:
    import httptools
except ImportError as error:
    raise MissingExtraError("httptools", "serve", "septet.bandwidth.sandbox") from error

__all__ = ["Poster", "Target", "target_of"]

_PORTS = {"http": 80, "https": 443}
_ALLOWED = "%/:=&?~#+!$,;'@()*[]-._"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads.

    Attributes:
        host: The name or address to connect to.
        port: The TCP port.
        is_secret: Whether by TLS.
        head: The first two lines of a request.
    """

    host: str
    port: int
    is_secret: bool
    head: bytes

    @property
    def place(self) -> tuple[str, int, bool]:
        """What two targets of one connection have in common."""
        return self.host, self.port, self.is_secret


@lru_cache(maxsize=16)
def target_of(url: str) -> Target:
    """Return where a URL leads.

    Raises:
        ValueError: It is not an absolute http or https URL.
    """
    reason = f"{url!r} is not an http or https URL"
    if not url.isprintable():
        raise ValueError(reason)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        host_line = parts.netloc.rpartition("@")[2].encode("idna")
    except ValueError:
        raise ValueError(reason) from None
    if parts.scheme not in _PORTS or not host:
        raise ValueError(reason)
    path = quote(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", safe=_ALLOWED)
    head = b"POST %b HTTP/1.1\r\nHost: %b\r\n" % (path.encode(), host_line)
    return Target(host, port or _PORTS[parts.scheme], parts.scheme == "https", head)


class Poster:
    """Posts bodies."""

    def __init__(self, headers: dict[str, str], connections: int) -> None:
        """Keep up to so many connections, and add the headers to each request."""
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        self._headers = "".join(lines).encode("latin-1")
        self._slots = asyncio.Semaphore(connections)
        self._place: tuple[str, int, bool] | None = None
        self._idle: list[_Connection] = []

    async def post(self, target: Target, body: bytes, seconds: float) -> int:
        """Post a body and return the status of the answer.

        Args:
            target: Where to.
            body: The octets.
            seconds: How long it may take, once it is its turn.

        Raises:
            OSError: There was no answer; TimeoutError if not in time.
        """
        length = b"Content-Length: %d\r\n\r\n" % len(body)
        request = b"".join((target.head, self._headers, length, body))
        async with self._slots, asyncio.timeout(seconds):
            while connection := self._take(target):
                try:
                    return await self._exchange(connection, request)
                except ConnectionError:
                    # It may have been closed while it was not used; a new one tells.
                    continue
            return await self._exchange(await self._connect(target), request)

    def close(self) -> None:
        """Close the connections that are not in use."""
        while self._idle:
            self._idle.pop().close()

    def _take(self, target: Target) -> _Connection | None:
        if self._place != target.place:
            self.close()
            self._place = target.place
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    async def _connect(self, target: Target) -> _Connection:
        loop = asyncio.get_running_loop()
        tls = True if target.is_secret else None
        _, connection = await loop.create_connection(
            lambda: _Connection(target.place), target.host, target.port, ssl=tls
        )
        return connection

    async def _exchange(self, connection: _Connection, request: bytes) -> int:
        try:
            status = await connection.exchange(request)
        except BaseException:
            connection.close()
            raise
        if connection.is_open and connection.place == self._place:
            self._idle.append(connection)
        else:
            connection.close()
        return status


class _Connection(asyncio.Protocol):
    """A connection; one request at a time."""

    def __init__(self, place: tuple[str, int, bool]) -> None:
        self.place = place
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
        """Take the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        """End the answer; one without a length ends so."""
        self.is_open = False
        if self._status:
            self._finish()
        else:
            self._fail(ConnectionResetError("the connection was closed without an answer"))

    def data_received(self, octets: bytes) -> None:
        """Read on; octets that nobody asked for close the connection."""
        if self._answer is None:
            self.close()
            return
        try:
            self._parser.feed_data(octets)
        except httptools.HttpParserError:
            self.close()
            self._fail(OSError("the answer is not HTTP"))

    def on_headers_complete(self) -> None:
        """Note the status; called by the parser."""
        self._status = self._parser.get_status_code()
        if not self._parser.should_keep_alive():
            self.is_open = False

    def on_message_complete(self) -> None:
        """Give the status, unless the answer proper is still to come; called by the parser."""
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
