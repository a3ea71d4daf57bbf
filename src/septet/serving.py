"""Run ASGI applications with uvicorn, and bound what they accept.

`serve` runs one until a signal, `Server` runs one in a thread. `read_body` limits request bodies,
`guarded` rejects requests from foreign web pages. This is the only place that imports uvicorn.
"""

from __future__ import annotations

import gc
import os
import re
import socket
import threading
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, Self

from .exceptions import MissingExtraError

if TYPE_CHECKING:
    import uvicorn

__all__ = ["Server", "guarded", "read_body", "serve"]

_SHUTDOWN_SECONDS = 5
_LOOPBACK = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]+)?", re.IGNORECASE)


class Server:
    """Serves an application in a thread while a `with` block runs.

    Attributes:
        url: The address of the server, without a slash at the end.
    """

    def __init__(self, app: Any, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind the port; connections are accepted once the `with` block begins.

        Args:
            app: The ASGI application.
            host: The address to listen on.
            port: The TCP port; 0 picks a free one.

        Raises:
            MissingExtraError: uvicorn is not installed.
            OSError: The port cannot be bound; the error names the address.
        """
        self._server = _uvicorn_server(app)
        self._socket = _listen(host, port)
        self.url = _url(self._socket)
        self._thread = threading.Thread(target=self._run, name="septet server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def serve(app: Any, *, host: str, port: int, announce: str) -> None:
    """Serve an application until SIGINT or SIGTERM; requests in progress may finish.

    Args:
        app: The ASGI application.
        host: The address to listen on.
        port: The TCP port; 0 picks a free one.
        announce: The text to print when the port is bound; `{url}` stands for the address.

    Raises:
        MissingExtraError: uvicorn is not installed.
        OSError: The port cannot be bound; the error names the address.
    """
    server = _uvicorn_server(app)
    with _listen(host, port) as listening:
        print(announce.format(url=_url(listening)), flush=True)
        # Objects that exist now live on; scanning them again would only delay answers.
        gc.freeze()
        server.run(sockets=[listening])


def guarded(app: Any, host: str) -> Any:
    """Return an application that answers only requests for a loopback `Host`.

    A foreign web page can point its own host name to 127.0.0.1 (DNS rebinding); a browser then
    treats a server on this machine as the server of that page. It still sends the foreign name as
    `Host`, so requests whose `Host` is not `localhost`, `127.*` or `[::1]` are answered with 421.

    Args:
        app: The ASGI application.
        host: The address that it will listen on. For an address that other machines can reach, the
            valid names are unknown, and the application is returned unchanged.

    Returns:
        An ASGI application.
    """
    if not _LOOPBACK.fullmatch(f"[{host}]" if ":" in host else host):
        return app

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            names = [value.decode("latin-1") for key, value in scope["headers"] if key == b"host"]
            if len(names) != 1 or not _LOOPBACK.fullmatch(names[0]):
                headers = [(b"content-type", b"text/plain")]
                body = b"this server does not answer for this Host\n"
                await send({"type": "http.response.start", "status": 421, "headers": headers})
                await send({"type": "http.response.body", "body": body})
                return
        await app(scope, receive, send)

    return guard


async def read_body(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes | None:
    """Return the body of a request, or None as soon as it is longer than allowed.

    Args:
        chunks: The parts of the body, such as the `stream()` of a Starlette request.
        max_bytes: The size of the largest body that is accepted.
    """
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            return None
    return bytes(body)


def _uvicorn_server(app: Any) -> uvicorn.Server:
    try:
        import uvicorn
    except ImportError:
        raise MissingExtraError("uvicorn", "serve", "an HTTP server") from None
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=_SHUTDOWN_SECONDS
    )
    return uvicorn.Server(config)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        # Python's own text repeats the address; errors of the resolver have their own numbers.
        is_unknown = isinstance(error, socket.gaierror)
        reason = error.strerror if is_unknown else os.strerror(error.errno or 0)
        raise OSError(error.errno, reason, f"{host}:{port}") from None


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
