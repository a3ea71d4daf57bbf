"""A real HTTP server on a socket, which can also break what it answers in every way."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Reply = Callable[["Service", socket.socket], bool]


@dataclass
class Received:
    """A request, as it was read."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Service:
    """Answers requests by a script, one reply each, and by its last one from then on.

    A reply is what `answer` returns, or a function that is given the connection and tells whether
    it is kept; one with the attribute `at_once` does not wait for a request.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies = deque(replies)
        self.received: list[Received] = []
        self.connections = 0
        self.closed = threading.Event()  # a connection was, by us
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in list(self._open):
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(connection)
            threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while self._reply(connection):
                pass
        except OSError:
            pass
        connection.close()
        self._open.discard(connection)
        self.closed.set()

    def _reply(self, connection: socket.socket) -> bool:
        if getattr(self.replies[0], "at_once", False):
            return self._next()(self, connection)
        received = read_request(connection)
        if received is None:
            return False
        with self._lock:
            self.received.append(received)
            reply = self._next()
        return reply(self, connection)

    def _next(self) -> Reply:
        return self.replies.popleft() if len(self.replies) > 1 else self.replies[0]


def read_request(connection: socket.socket) -> Received | None:
    """Read one request, None at the end of the connection."""
    octets = b""
    while b"\r\n\r\n" not in octets:
        if not (more := connection.recv(65536)):
            return None
        octets += more
    head, _, body = octets.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return Received(method, target, headers, body)


def answer(status: int = 202, body: Any = b"{}", **headers: str) -> Reply:
    """Answer as HTTP wants it; what is not octets is written as JSON."""
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(octets)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if status == 204:
        del lines[1]
    return raw("\r\n".join([*lines, "", ""]).encode() + octets, keep=True)


def raw(octets: bytes, *, keep: bool = False) -> Reply:
    """Write octets, and keep or close the connection."""

    def reply(_: Service, connection: socket.socket) -> bool:
        connection.sendall(octets)
        return keep

    return reply


def reset(octets: bytes = b"", *, at_once: bool = False) -> Reply:
    """Write octets and break the connection off, at once after one octet of the request."""

    def reply(_: Service, connection: socket.socket) -> bool:
        if at_once:
            connection.recv(1)
        connection.sendall(octets)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    reply.at_once = at_once  # type: ignore[attr-defined]
    return reply


def silence(octets: bytes = b"") -> Reply:
    """Write octets and then nothing, until the other side has had enough."""

    def reply(_: Service, connection: socket.socket) -> bool:
        connection.sendall(octets)
        connection.recv(1)
        return False

    return reply


def endless(octets: bytes, more: bytes, most: int) -> Reply:
    """Write octets and then more of them, as long as the other side takes them."""

    def reply(service: Service, connection: socket.socket) -> bool:
        connection.sendall(octets)
        for _ in range(most):
            connection.sendall(more)
        raise AssertionError("all of it was taken")

    return reply
