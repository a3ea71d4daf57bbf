"""ASGI applications served by uvicorn: until a signal, or in a thread beside a program."""

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

_SECONDS_TO_END = 5
_LOOPBACK = re.compile(r"(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]+)?", re.IGNORECASE)


async def read_body(chunks: AsyncIterable[bytes], max_bytes: int) -> bytes | None:
    """Return the body of a request, read no further than a limit.

    Args:
        chunks: The parts of the body as they arrive, such as Starlette's `Request.stream()`.
        max_bytes: The largest body.

    Returns:
        The body; None if it has more bytes.
    """
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            return None
    return bytes(body)


class Server:
    """An application that is served while a `with` block runs.

    Attributes:
        url: Where it is reached, without a slash at the end.
    """

    def __init__(self, app: Any, *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Take the port; connections wait from here on.

        Args:
            app: The ASGI application.
            host: The address to listen on.
            port: The TCP port; 0 takes one that is free.

        Raises:
            MissingExtraError: uvicorn is not installed.
            OSError: The port cannot be had; the error says which.
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
    """Serve an application until SIGINT or SIGTERM, and let what has begun end.

    Args:
        app: The ASGI application.
        host: The address to listen on.
        port: The TCP port; 0 takes one that is free.
        announce: What is printed before the address.

    Raises:
        MissingExtraError: uvicorn is not installed.
        OSError: The port cannot be had; the error says which.
    """
    server = _uvicorn_server(app)
    with _listen(host, port) as listening:
        print(f"{announce} {_url(listening)}", flush=True)
        # What is loaded by now stays; to look through it again and again would delay answers.
        gc.freeze()
        server.run(sockets=[listening])


def guarded(app: Any, host: str) -> Any:
    """Return an application that only this machine's own pages and programs can ask.

    A page from anywhere can let its name point to 127.0.0.1 (DNS rebinding), and a browser then
    takes what listens there for the page's own server. But it sends that name as `Host`: a request
    under any other name than this machine's own is answered with 421. An application that listens
    where others reach it has names that are not known here, and is returned as it is.

    Args:
        app: The ASGI application.
        host: The address that it will listen on.
    """
    if not _LOOPBACK.fullmatch(f"[{host}]" if ":" in host else host):
        return app

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            names = [value.decode("latin-1") for key, value in scope["headers"] if key == b"host"]
            if len(names) != 1 or not _LOOPBACK.fullmatch(names[0]):
                headers = [(b"content-type", b"text/plain")]
                await send({"type": "http.response.start", "status": 421, "headers": headers})
                await send({"type": "http.response.body", "body": b"not the name of this server\n"})
                return
        await app(scope, receive, send)

    return guard


def _uvicorn_server(app: Any) -> uvicorn.Server:
    try:
        import uvicorn
    except ImportError:
        raise MissingExtraError("uvicorn", "serve", "an HTTP server") from None
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=_SECONDS_TO_END
    )
    return uvicorn.Server(config)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        # The text of Python has the address in it; the resolver has numbers of its own.
        is_unknown = isinstance(error, socket.gaierror)
        reason = error.strerror if is_unknown else os.strerror(error.errno or 0)
        raise OSError(error.errno, reason, f"{host}:{port}") from None


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
