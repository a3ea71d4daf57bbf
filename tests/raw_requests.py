"""Requests over bare sockets, whole or in parts, and an application to send them to."""

import asyncio
import contextlib
import re
import socket
import time
import urllib.parse

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"


async def echo(scope, receive, send):
    """Answer with the size of the body, after a second if the path is /slow."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message["body"])
        more = message["more_body"]
    if scope["path"] == "/slow":
        await asyncio.sleep(1.5)
    body = b"[%b %d]" % (scope["path"].encode(), size)
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def address_of(server):
    url = urllib.parse.urlsplit(server.url)
    return url.hostname, url.port


def read_all(connection):
    """Return what arrives until the end of a connection, and whether the end was regular."""
    data = b""
    with contextlib.suppress(ConnectionError):
        while chunk := connection.recv(65_536):
            data += chunk
    return data


def ask(address, *parts, pause=0.0):
    """Send a request in parts, and return everything that is answered until the end."""
    with socket.create_connection(address, timeout=20) as connection:
        with contextlib.suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
        return read_all(connection)


def is_served(address):
    """Return whether another client gets an answer, and soon."""
    request = b"POST /ok HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    start = time.monotonic()
    return b"[/ok 0]" in ask(address, request) and time.monotonic() - start < 2


def statuses(answer):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


@contextlib.contextmanager
def half_open(address, count, data=b"POST / HTTP/1.1\r\nHo"):
    """Keep connections open that have sent a part of a request."""
    with contextlib.ExitStack() as stack:
        connections = []
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection(address, timeout=20))
            with contextlib.suppress(ConnectionError):
                connection.sendall(data)
            connections.append(connection)
        yield connections


async def hasty(scope, receive, send):
    """Answer without reading the body."""
    if scope["type"] == "http":
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
