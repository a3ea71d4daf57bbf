"""A real HTTP server on a socket that can also break its answers in many ways."""

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
    """A request that the server has read."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Service:
    """Answers requests with a list of replies, one each, then repeats the last one.

    A reply comes from `answer` or a similar function. It gets the connection and returns whether to
    keep it open; a reply with the attribute `at_once` does not wait for a request.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies = deque(replies)
        self.received: list[Received] = []
        self.connections = 0
        self.closed = threading.Event()  # set when the server has closed a connection
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
    """Read one request; None at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return Received(method, target, headers, body)


def answer(status: int = 202, body: Any = b"{}", **headers: str) -> Reply:
    """Return a reply in correct HTTP; a body that is not bytes is written as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if status == 204:
        del lines[1]
    return raw("\r\n".join([*lines, "", ""]).encode() + data, keep=True)


def raw(data: bytes, *, keep: bool = False) -> Reply:
    """Return a reply that writes bytes, and keeps or closes the connection."""

    def reply(_: Service, connection: socket.socket) -> bool:
        connection.sendall(data)
        return keep

    return reply


def reset(data: bytes = b"", *, at_once: bool = False) -> Reply:
    """Return a reply that writes bytes and resets the connection, perhaps before the request."""

    def reply(_: Service, connection: socket.socket) -> bool:
        if at_once:
            connection.recv(1)
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    reply.at_once = at_once  # type: ignore[attr-defined]
    return reply


def silence(data: bytes = b"") -> Reply:
    """Return a reply that writes bytes and then waits until the client closes the connection."""

    def reply(_: Service, connection: socket.socket) -> bool:
        connection.sendall(data)
        connection.recv(1)
        return False

    return reply


def endless(data: bytes, more: bytes, repetitions: int) -> Reply:
    """Return a reply that writes bytes and then more, until the client closes the connection."""

    def reply(service: Service, connection: socket.socket) -> bool:
        connection.sendall(data)
        for _ in range(repetitions):
            connection.sendall(more)
        raise AssertionError("the client has read everything")

    return reply
