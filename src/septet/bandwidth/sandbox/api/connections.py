"""What ASGI itself cannot do: names of fields in Bandwidth's spelling, and broken connections.

Both use attributes of uvicorn's object for a request, whose method `send` is. They are not part of
uvicorn's documented interface; tests fail if they change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["BrokenAnswer", "FieldName", "Receive", "Scope", "Send", "spelled", "transport_of"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

_TRANSPORT = "septet.transport"
_SPELLINGS = {b"www-authenticate": b"WWW-Authenticate"}


def spelled(app: Any) -> Any:
    """Return an application whose answers name their fields as Bandwidth does: `Content-Type`.

    Names are not case-sensitive in HTTP, but Bandwidth's SDKs put them into plain dictionaries.
    """

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        cycle = send.__self__  # type: ignore[attr-defined]
        scope[_TRANSPORT] = cycle.transport
        cycle.default_headers = _spelled_fields(cycle.default_headers)

        async def spelling_send(message: Scope) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _spelled_fields(message.get("headers", ()))
            await send(message)

        await app(scope, receive, spelling_send)

    return application


def _spelled_fields(fields: Any) -> list[tuple[bytes, bytes]]:
    return [(FieldName(name), value) for name, value in fields]


class FieldName(bytes):
    """The name of a field that keeps its spelling, although uvicorn makes names lower-case.

    uvicorn compares names with those that it treats specially, so they are equal in any case.
    """

    def __new__(cls, name: bytes) -> FieldName:
        """Return the name in Bandwidth's spelling, whatever its case was."""
        name = name.lower()
        spelling = b"-".join(word.capitalize() for word in name.split(b"-"))
        return super().__new__(cls, _SPELLINGS.get(name, spelling))

    def lower(self) -> FieldName:
        """Return the name as it is."""
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, bytes) and bytes(self).lower() == bytes(other).lower()

    def __hash__(self) -> int:
        return hash(bytes(self).lower())


def transport_of(scope: Scope) -> asyncio.Transport:
    """Return the transport of the connection of a request; `spelled` has put it there."""
    transport: asyncio.Transport = scope[_TRANSPORT]
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
        if not self._transport.is_closing():  # uvloop raises if the client has gone
            self._transport.write(self._start)
            self._transport.close()
        while (await receive())["type"] != "http.disconnect":
            pass
