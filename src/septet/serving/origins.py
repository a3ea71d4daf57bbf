"""CORS: which pages of other sites may use a server.

Starlette's middleware is not used: its versions differ in `Vary` and in requests to private
networks, and the errors of its outermost layer lack the fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["ANY", "is_allowed", "read_origins", "shared"]

ANY = "*"
_ORIGIN = re.compile(r"([a-z][a-z0-9+.-]*)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?")
_PORTS = {"http": "80", "https": "443"}
_MAX_PORT = 65_535
_MAX_AGE_SECONDS = 600
_METHODS = b"GET, POST"
_HEADERS = b"Content-Type"


def read_origins(origins: Iterable[str]) -> frozenset[str]:
    """Return origins as browsers send them, in lower case and without the usual port.

    Args:
        origins: Each is a scheme, a host and perhaps a port, as in "https://example.com:8443"; or
            "*" for any.

    Raises:
        ValueError: One is not an origin.
    """
    return frozenset(map(_read_origin, origins))


def _read_origin(origin: str) -> str:
    if origin == ANY:
        return origin
    if origin == "null":
        raise ValueError(
            "null is the origin of files, and of any page that hides its own: serve the page by "
            "http, or allow *"
        )
    match = _ORIGIN.fullmatch(origin.lower())
    if match is None or (match[3] and not 0 < int(match[3]) <= _MAX_PORT):
        raise ValueError(
            f"{origin!r} is not an origin such as https://example.com or http://localhost:3000 "
            "(no path, no slash at the end), and not *"
        )
    scheme, host, port = match.groups()
    is_usual = port is None or str(int(port)) == _PORTS.get(scheme)
    return f"{scheme}://{host}" if is_usual else f"{scheme}://{host}:{int(port)}"


def is_allowed(origin: str | None, origins: frozenset[str]) -> bool:
    """Return whether a page may use the server.

    Args:
        origin: The value of the field `Origin`; None if there is not exactly one.
        origins: The origins that may.
    """
    return origin is not None and (ANY in origins or origin in origins)


def shared(app: Any, origins: frozenset[str]) -> Any:
    """Return an application that browsers let pages of other origins use.

    Every answer to an allowed origin says so, errors too. Cookies and passwords are never allowed.

    Args:
        app: The ASGI application.
        origins: The origins, as `read_origins` returns them.

    Returns:
        An ASGI application.
    """

    async def share(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        fields: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            fields.setdefault(name, []).append(value)
        values = fields.get(b"origin", [])
        origin = values[0] if len(values) == 1 else None
        own = [] if ANY in origins else [(b"vary", b"Origin")]
        if origin is not None and is_allowed(origin.decode("latin-1"), origins):
            own.append((b"access-control-allow-origin", b"*" if ANY in origins else origin))
            if scope["method"] == "OPTIONS" and b"access-control-request-method" in fields:
                await _answer_preflight(send, own, fields)
                return

        async def send_shared(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        await app(scope, receive, send_shared)

    return share


async def _answer_preflight(
    send: Any, own: list[tuple[bytes, bytes]], fields: dict[bytes, list[bytes]]
) -> None:
    """Answer the question of a browser whether it may send a request."""
    headers = [
        *own,
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", _HEADERS),
        (b"access-control-max-age", b"%d" % _MAX_AGE_SECONDS),
    ]
    if b"access-control-request-private-network" in fields:
        headers.append((b"access-control-allow-private-network", b"true"))
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body"})
