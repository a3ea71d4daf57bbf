"""Connections that are closed before or within an answer, with uvicorn as the server."""

import http.client
import socket
import threading
import urllib.parse

import httpx2
import pytest
import uvicorn

from septet.bandwidth.sandbox import Sandbox
from septet.bandwidth.sandbox.api.connections import (
    BrokenAnswer,
    FieldName,
    spelled,
    transport_of,
)
from septet.serving import Server

BODY = b'{"id": "1793783400500"}'


def post_to(app):
    """Post a body of 64 KiB to an application, and read its answer."""
    with Server(spelled(app)) as server:
        address = urllib.parse.urlsplit(server.url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        try:
            connection.request("POST", "/", b"x" * 65536)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def breaking(*answer):
    """Return an application that closes each connection, after half of an answer if it has one."""

    async def app(scope, receive, send):
        if scope["type"] == "http":
            await BrokenAnswer(transport_of(scope), *answer)(scope, receive, send)

    return app


def test_transport_of_uvicorn():
    """The transport is that of the connection; uvicorn does not document where it is."""
    peers = []

    async def app(scope, receive, send):
        if scope["type"] == "http":
            peers.append((transport_of(scope).get_extra_info("peername"), scope["client"]))
            await send({"type": "http.response.start", "status": 202, "headers": []})
            await send({"type": "http.response.body", "body": BODY})

    assert post_to(app) == (202, BODY)
    ((peer, client),) = peers
    assert peer == client


def test_without_an_answer():
    """The client sees a connection that ends without a status line."""
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        post_to(breaking())


def test_half_an_answer():
    """The client gets the head and half of the body."""
    with pytest.raises(http.client.IncompleteRead) as caught:
        post_to(breaking(202, BODY))
    assert caught.value.partial == BODY[: len(BODY) // 2]


def fields_of(url, request):
    """Return the names of the fields of an answer, as they were sent."""
    address = urllib.parse.urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return int(head[0].split()[1]), {line.partition(":")[0] for line in head[1:]}


@pytest.mark.parametrize(
    ("line", "status", "names"),
    [
        ("GET /api/v2/users/1/media", 200, {"Content-Type", "Content-Length", "Date"}),
        ("GET /api/v2/users/1/media/a", 200, {"Content-Type", "Content-Length", "Cache-Control"}),
        ("HEAD /api/v2/users/1/media/a", 200, {"Content-Type", "Content-Length"}),
        ("GET /api/v2/users/1/media/b", 404, {"Content-Type", "Content-Length"}),
        ("GET /api/v2/nowhere", 404, {"Content-Type", "Content-Length"}),
        ("PATCH /api/v2/users/1/media", 405, {"Allow", "Content-Type"}),
        ("POST /api/v2/users/1/messages", 415, {"Content-Type", "Content-Length"}),
        ("GET /api/v2/users/1/messages", 400, {"Content-Type", "Content-Length"}),
        ("GET /", 200, {"Content-Type", "Content-Security-Policy"}),
        ("DELETE /api/v2/users/1/media/b", 204, {"Date"}),
    ],
)
def test_spelling(line, status, names):
    """Each name of a field is spelled as Bandwidth spells it."""
    with Sandbox() as sandbox:
        medium = f"{sandbox.url}/users/1/media/a"
        httpx2.put(medium, content=b"a", headers={"Cache-Control": "no-cache"})
        received = fields_of(sandbox.url, f"{line} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert received[0] == status
    assert names <= received[1]
    assert all(name == name.title() for name in received[1])


@pytest.mark.parametrize("protocol", ["httptools", "h11"])
def test_spelling_by_either_protocol(protocol):
    """uvicorn has two HTTP protocols; lengths and connections are handled as before."""

    async def app(scope, receive, send):
        fields = [(b"content-length", b"%d" % len(BODY)), (b"continuation-token", b"x")]
        await send({"type": "http.response.start", "status": 200, "headers": fields})
        await send({"type": "http.response.body", "body": BODY})

    config = uvicorn.Config(spelled(app), http=protocol, lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        status, names = fields_of(url, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.should_exit = True
        thread.join()
    assert (status, "transfer-encoding" in names) == (200, False)
    assert {"Content-Length", "Continuation-Token", "Date"} <= names


def test_field_names():
    """A name keeps its spelling, and equals a name in any case."""
    name = FieldName(b"continuation-token")
    assert bytes(name.lower()) == b"Continuation-Token"
    assert name == b"continuation-token"
    assert name == b"CONTINUATION-TOKEN"
    assert {name} == {b"continuation-token"}
    assert name not in ("Continuation-Token", b"Content-Type")
    assert bytes(FieldName(b"www-authenticate")) == b"WWW-Authenticate"
