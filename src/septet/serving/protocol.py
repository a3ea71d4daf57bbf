"""HTTP/1.1 connections with limits: uvicorn's protocol for httptools, and what it lacks.

uvicorn limits neither the size of a head nor the time that a request may take to arrive. Its
protocol with h11 limits the size of a head, but takes three times the time for each request and
accepts a length beside chunks. The methods that are overridden here are callbacks of asyncio and of
httptools, except `send_400_response`; the tests run with the lowest and the newest uvicorn.

httptools takes what follows a head with `Upgrade` for another protocol, the body too. No other
protocol is served here, and clients such as Java's offer HTTP/2 with each request: such a head is
parsed again without the offer (RFC 9110, 7.8).
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import math
from itertools import chain
from typing import TYPE_CHECKING, Any

from httptools import HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .connections import Connections

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

__all__ = ["BoundedProtocol"]

_REFUSAL_SECONDS = 1.0
"""How long a client may take to read a refusal. Closing at once would discard it."""

_LAST_SECONDS = 2.0
"""How long a client may still take for a request when the server ends."""

_REFUSAL = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain\r\ncontent-length: 29\r\nconnection: close\r\n\r\n"
    b"the request head is too large"
)


_FIELD_BYTES = len(": \r\n")


class _State(enum.Enum):
    IDLE = enum.auto()
    READING = enum.auto()
    ANSWERING = enum.auto()
    REFUSED = enum.auto()


class _HeadTooLargeError(Exception):
    """Ends the parser; httptools reports it as an error of a callback."""


class _Parser(HttpRequestParser):
    """A parser that keeps what follows the head of a request with `Upgrade`."""

    def __init__(self, protocol: HttpToolsProtocol) -> None:
        super().__init__(protocol)
        self.rest: bytes | None = None
        with contextlib.suppress(AttributeError):  # httptools before 0.6.3
            # As uvicorn has it: what follows the last request of a connection is no error.
            self.set_dangerous_leniencies(lenient_data_after_close=True)

    def feed_data(self, data: bytes) -> None:  # type: ignore[override]
        """Parse what has arrived, up to the end of a head that offers another protocol."""
        try:
            super().feed_data(data)
        except HttpParserUpgrade as upgrade:
            if self.offers_upgrade():
                self.rest = data[upgrade.args[0] :]

    def offers_upgrade(self) -> bool:
        """Return whether the request offers another protocol, which may be ignored."""
        return self.should_upgrade() and self.get_method() != b"CONNECT"


class BoundedProtocol(HttpToolsProtocol):
    """One connection, with the limits of `Connections`."""

    def __init__(
        self,
        bounds: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Prepare a connection.

        Args:
            bounds: The open connections and their limits.
            config: As uvicorn passes it, like the other arguments.
            server_state: What uvicorn's connections share.
            app_state: The state of the application.
        """
        super().__init__(config, server_state, app_state, _loop)
        self.parser: _Parser = _Parser(self)
        self._bounds = bounds
        self._state = _State.READING
        self._is_reading = True
        self._is_stalled = False
        self._unanswered = 0  # complete requests
        self._unparsed_bytes = 0  # since the last part of a body, or the end of a head or a request

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._bounds.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._bounds.closed(self)
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End when the current request is answered, and do not wait long for the rest of one."""
        super().shutdown()
        if self._state is _State.READING:
            self._bounds.wait(self, _LAST_SECONDS)

    def abort(self) -> None:
        """Close the connection at once."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Parse what has arrived, in pieces that cannot exceed the limit of a head unnoticed."""
        limits = self._bounds.limits
        self._is_reading = True
        while data and not (self._state is _State.REFUSED or self.transport.is_closing()):
            room = limits.head_bytes - self._unparsed_bytes
            piece, data = data[:room], data[room:]
            self._unparsed_bytes += len(piece)
            super().data_received(piece)
            if self._unparsed_bytes >= limits.head_bytes or (
                self.headers is not None and len(self.headers) > limits.header_lines
            ):
                self._refuse()
            elif self.parser.rest is not None:
                data = self._head_without_upgrade() + self.parser.rest + data
                self.parser = _Parser(self)
        self._update()

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head is too large."""
        self._unparsed_bytes = 0
        self._is_reading = True
        if self._is_head_too_large():
            raise _HeadTooLargeError
        if not self.parser.offers_upgrade():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass on a part of the body."""
        self._unparsed_bytes = 0
        super().on_body(body)
        # What arrives after the answer is discarded.
        if not self.cycle.response_complete:
            self._bounds.add_body(self, len(body))

    def on_message_complete(self) -> None:
        """Let the request wait for its answer as long as that takes."""
        if self.parser.offers_upgrade():
            return  # only the head is complete
        self._unparsed_bytes = 0
        self._is_reading = False
        self._unanswered += 1
        self._bounds.release_body(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the rest of the request, or for the next one."""
        self._unanswered -= 1
        self._bounds.release_body(self)
        super().on_response_complete()
        self._update()

    def pause_writing(self) -> None:
        """Note that the client does not read its answers: others may need the connection."""
        super().pause_writing()
        self._is_stalled = True
        self._update()

    def resume_writing(self) -> None:
        """Note that the client reads again."""
        super().resume_writing()
        self._is_stalled = False
        self._update()

    def send_400_response(self, msg: str) -> None:
        """Answer a request that is not valid."""
        if self.headers is not None and self._is_head_too_large():
            self._refuse()
        else:
            self._log_refusal("it is not valid HTTP")
            super().send_400_response(msg)

    def _head_without_upgrade(self) -> bytes:
        """Return the head that has been parsed, as if it offered no other protocol."""
        version = self.parser.get_http_version().encode()
        lines = [b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, version)]
        lines += [b"%b:%b" % field for field in self.headers if field[0] != b"upgrade"]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _is_head_too_large(self) -> bool:
        """Return whether the head, or what has been parsed of it, is beyond the limits."""
        limits = self._bounds.limits
        fields = len(self.headers)
        if fields > limits.header_lines:
            return True
        octets = sum(map(len, chain.from_iterable(self.headers)))
        return len(self.url) + octets + _FIELD_BYTES * fields > limits.head_bytes

    def _refuse(self) -> None:
        """End the connection because of a head or trailer that is too large."""
        if self._state is _State.REFUSED:
            return
        self._log_refusal("its head is too large")
        self._state = _State.REFUSED
        cycle = self.cycle
        is_answering = cycle is not None and cycle.response_started and not cycle.response_complete
        if self._unanswered or is_answering:
            self.abort()  # the refusal would be taken for the answer to an earlier request
            return
        if cycle is not None:
            cycle.disconnected = True  # the application must not answer the same request too
            cycle.message_event.set()
        self.transport.write(_REFUSAL)
        self._bounds.wait(self, _REFUSAL_SECONDS)

    def _log_refusal(self, reason: str) -> None:
        self._bounds.log_refusal(self.client[0] if self.client else "an unknown address", reason)

    def _update(self) -> None:
        """Tell `Connections` what the connection does now."""
        if self._state is _State.REFUSED:
            return
        previous = self._state
        if self._unanswered > 0 and not self._is_stalled:
            self._state = _State.ANSWERING
        else:
            self._state = _State.READING if self._is_reading else _State.IDLE
        if self._state is previous:
            return
        if self._state is _State.ANSWERING:
            self._bounds.answer(self)
        else:
            is_reading = self._state is _State.READING
            seconds = self._bounds.limits.request_seconds if is_reading else math.inf
            self._bounds.wait(self, seconds)
