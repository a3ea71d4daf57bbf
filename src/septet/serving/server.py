"""Run an ASGI application with uvicorn: in a thread, or until a signal."""

from __future__ import annotations

import gc
import ipaddress
import socket
import threading
import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from ..exceptions import MissingExtraError
from .connections import Connections
from .guard import guarded
from .limits import Limits
from .origins import read_origins

if TYPE_CHECKING:
    import uvicorn

__all__ = ["Server", "serve"]

_SHUTDOWN_SECONDS = 5
_POLL_SECONDS = 0.01


class Server:
    """Serves an application in a thread while a `with` block runs.

    Attributes:
        url: The address of the server, without a slash at the end.
    """

    def __init__(
        self,
        app: Any,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        guard: bool = False,
        allow_origins: Iterable[str] = (),
        limits: Limits | None = None,
    ) -> None:
        """Bind the port; connections are accepted once the `with` block begins.

        Args:
            app: The ASGI application.
            host: The address to listen on.
            port: The TCP port; 0 picks a free one.
            guard: Do not answer requests of pages of other sites. For servers without a password.
            allow_origins: Origins of pages that are answered all the same, such as
                "https://example.com"; "*" for all. The application itself must allow them, too.
            limits: Limits of requests and connections; None for those of `Limits()`.

        Raises:
            MissingExtraError: uvicorn or httptools is not installed.
            ValueError: One of `allow_origins` is not an origin.
            OSError: The port cannot be bound; the error names the address.
        """
        limits = limits or Limits()
        self._server, self._socket = _bind(app, host, port, guard, allow_origins, limits)
        self.url = _url(self._socket)
        self._thread = threading.Thread(target=self._run, name="septet server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # uvicorn 0.34 hangs if it is told to end while it starts.
        while self._thread.is_alive() and not self._server.started:
            time.sleep(_POLL_SECONDS)
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def serve(
    app: Any,
    *,
    host: str,
    port: int,
    announce: str,
    guard: bool = False,
    allow_origins: Iterable[str] = (),
) -> None:
    """Serve an application until SIGINT or SIGTERM; requests in progress may finish.

    Args:
        app: The ASGI application.
        host: The address to listen on.
        port: The TCP port; 0 picks a free one.
        announce: The text to print when the port is bound; `{url}` stands for the address.
        guard: Do not answer requests of pages of other sites. For servers without a password.
        allow_origins: Origins of pages that are answered all the same, as for `Server`.

    Raises:
        ValueError: One of `allow_origins` is not an origin.
        MissingExtraError: uvicorn or httptools is not installed.
        OSError: The port cannot be bound; the error names the address.
    """
    server, listening = _bind(app, host, port, guard, allow_origins, Limits())
    with listening:
        print(announce.format(url=_url(listening)), flush=True)
        # Objects that exist now live on; scanning them again would only delay answers.
        gc.freeze()
        server.run(sockets=[listening])


def _bind(
    app: Any,
    host: str,
    port: int,
    guard: bool,
    allow_origins: Iterable[str],
    limits: Limits,
) -> tuple[uvicorn.Server, socket.socket]:
    """Return a server that is not running yet, and the socket that it will listen on."""
    try:
        import uvicorn

        from .protocol import BoundedProtocol
    except ImportError as error:
        package = (error.name or "uvicorn").partition(".")[0]
        raise MissingExtraError(package, "serve", "an HTTP server") from None
    origins = read_origins(allow_origins)
    listening = _listen(host, port, limits.backlog)
    # Only the socket knows what address it is: 127.1 and 2130706433 are loopback addresses too.
    app = guarded(app, listening.getsockname()[0], origins) if guard else app
    config = uvicorn.Config(
        app,
        http=partial(BoundedProtocol, Connections(limits)),  # type: ignore[arg-type]
        ws="none",
        backlog=limits.backlog,
        log_level="error",  # `Connections` logs refused requests, and not without limit
        access_log=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
    )
    return uvicorn.Server(config), listening


def _listen(host: str, port: int, backlog: int) -> socket.socket:
    host = _plain(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=backlog)
    except OSError as error:
        # Python's own text repeats the address; the numbers of the resolver's errors have no text.
        reason = (error.strerror or str(error)).partition(" (while ")[0]
        raise OSError(error.errno, reason, f"{host}:{port}") from None


def _plain(host: str) -> str:
    """Return an address with an IPv4 address in the place of an IPv6 address that maps it."""
    try:
        mapped = ipaddress.IPv6Address(host).ipv4_mapped
    except ValueError:
        return host
    return host if mapped is None else str(mapped)


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
