"""The open connections of a server: which of them may be closed, and when."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from typing import Protocol

from .limits import Limits

__all__ = ["Connection", "Connections"]

_LOG = logging.getLogger("septet.serving")
_LOG_SECONDS = 10.0
_MAX_REFUSALS = 50  # that are logged within a minute


class Connection(Protocol):
    """A connection, as far as `Connections` uses it."""

    def abort(self) -> None:
        """Close at once, without sending what is still to be sent."""

    def __hash__(self) -> int: ...


class Connections:
    """The open connections of one server.

    A connection *waits* while none of its requests is being answered. Connections that wait for too
    long are aborted. If more are open than allowed, the one that has waited longest is aborted:
    strangers who never complete a request cannot keep others out. The same goes for the bytes of
    bodies that are not complete: the connection that gives way has some of them.

    All methods must be called in the event loop.
    """

    def __init__(self, limits: Limits) -> None:
        """Begin without connections.

        Args:
            limits: The limits of each connection, and of their number.
        """
        self.limits = limits
        self._open: set[Connection] = set()
        self._waiting: dict[Connection, float] = {}  # with their deadlines, longest wait first
        self._bodies: dict[Connection, int] = {}  # bytes of bodies that are not complete
        self._body_bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = math.inf
        self._evicted = 0
        self._next_log = 0.0
        self._refusals = 0
        self._end_of_minute = 0.0

    def opened(self, connection: Connection) -> None:
        """Note a connection, which waits from now on for its first request."""
        self._open.add(connection)
        self.wait(connection, self.limits.request_seconds)
        if len(self._open) > self.limits.connections:
            self._evict(next(iter(self._waiting)))

    def closed(self, connection: Connection) -> None:
        """Forget a connection."""
        self._open.discard(connection)
        self._waiting.pop(connection, None)
        self.release_body(connection)

    def add_body(self, connection: Connection, byte_count: int) -> None:
        """Note that a part of a body has arrived, which is held until the body is complete."""
        self._bodies[connection] = self._bodies.get(connection, 0) + byte_count
        self._body_bytes += byte_count
        while self._body_bytes > self.limits.body_bytes:
            oldest = next(filter(self._bodies.__contains__, self._waiting), None)
            if oldest is None:
                return
            self._evict(oldest)

    def release_body(self, connection: Connection) -> None:
        """Note that a body is complete, or is not held any more."""
        self._body_bytes -= self._bodies.pop(connection, 0)

    def wait(self, connection: Connection, seconds: float = math.inf) -> None:
        """Note that a connection waits from now on, and abort it if it waits too long.

        Args:
            connection: The connection.
            seconds: The longest wait. A connection without one waits until it has to give way.
        """
        if connection not in self._open:
            return
        self._waiting.pop(connection, None)
        deadline = self._waiting[connection] = asyncio.get_running_loop().time() + seconds
        self._schedule(deadline)

    def answer(self, connection: Connection) -> None:
        """Note that a request is being answered: the connection does not wait any more."""
        self._waiting.pop(connection, None)

    def log_refusal(self, address: str, reason: str) -> None:
        """Log that a request was refused, unless strangers would fill the log.

        Args:
            address: The address of the client.
            reason: What is wrong with the request, without anything from it.
        """
        if (now := time.monotonic()) >= self._end_of_minute:
            if (missing := self._refusals - _MAX_REFUSALS) > 0:
                _LOG.warning("refused %d more requests, which were not logged", missing)
            self._refusals, self._end_of_minute = 0, now + 60
        self._refusals += 1
        if self._refusals <= _MAX_REFUSALS:
            _LOG.warning("refused a request from %s: %s", address, reason)

    def _abort(self, connection: Connection) -> None:
        self.closed(connection)
        connection.abort()

    def _evict(self, connection: Connection) -> None:
        """Abort a connection to make room for others."""
        self._abort(connection)
        self._evicted += 1
        self._log_evictions()

    def _abort_late(self) -> None:
        self._timer, self._timer_at = None, math.inf
        now = asyncio.get_running_loop().time()
        for connection, deadline in list(self._waiting.items()):
            if deadline <= now:
                self._abort(connection)
        self._schedule(min(self._waiting.values(), default=math.inf))

    def _schedule(self, deadline: float) -> None:
        """Have one timer, for the earliest deadline."""
        if deadline >= self._timer_at:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        self._timer = asyncio.get_running_loop().call_at(deadline, self._abort_late)

    def _log_evictions(self) -> None:
        """Log how many connections had to give way, at most once in a while."""
        if (now := time.monotonic()) < self._next_log:
            return
        _LOG.warning(
            "more than %d connections, or %d bytes of bodies: "
            "closed %d without a complete request, the oldest first",
            self.limits.connections,
            self.limits.body_bytes,
            self._evicted,
        )
        self._evicted, self._next_log = 0, now + _LOG_SECONDS
