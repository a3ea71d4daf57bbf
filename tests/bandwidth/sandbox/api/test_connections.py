"""Connections that are closed before or within an answer, with uvicorn as the server."""

import http.client
import urllib.parse

import pytest

from septet.bandwidth.sandbox.api.connections import BrokenAnswer, transport_of
from septet.serving import Server

BODY = b'{"id": "1793783400500"}'


def post_to(app):
    """Post a body of 64 KiB to an application, and read its answer."""
    with Server(app) as server:
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
            await BrokenAnswer(transport_of(send), *answer)(scope, receive, send)

    return app


def test_transport_of_uvicorn():
    """The transport is that of the connection; uvicorn does not document where it is."""
    peers = []

    async def app(scope, receive, send):
        if scope["type"] == "http":
            peers.append((transport_of(send).get_extra_info("peername"), scope["client"]))
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
