"""Closes a connection before or within an answer, which ASGI itself cannot do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["BrokenAnswer", "Receive", "Scope", "Send", "transport_of"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]


def transport_of(send: Send) -> asyncio.Transport:
    """Return the transport of the connection that uvicorn's `send` writes to.

    `send` is a method of uvicorn's object for a request, which has the transport as an attribute.
    This is not part of uvicorn's documented interface; a test fails if it changes.
    """
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    return transport


class BrokenAnswer:
    """An answer that closes the connection, after half of the answer or before it."""

    def __init__(self, transport: asyncio.Transport, status: int = 0, body: bytes = b"") -> None:
        """Prepare to close a connection.

        Args:
            transport: The connection.
            status: The status of an answer to send half of; 0 sends nothing.
            body: The body of that answer.
        """
        self._transport = transport
        self._start = b""
        if status:
            head = f"HTTP/1.1 {status} \r\nContent-Type: application/json\r\n"
            self._start = head.encode() + b"Content-Length: %d\r\n\r\n" % len(body)
            self._start += body[: len(body) // 2]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the connection, and wait until the server has noticed it."""
        self._transport.write(self._start)
        self._transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
