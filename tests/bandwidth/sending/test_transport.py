"""Both transports over real sockets: connections, interrupted answers, errors of the library."""

from __future__ import annotations

import gzip
import socket

import pytest

from bandwidth_service import Service, answer, raw, reset, silence
from septet.exceptions import SeptetError

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")

import httpx2

from bandwidth_clients import MESSAGE, SLOW
from septet.bandwidth import (
    AsyncClient,
    Client,
    DeliveryUnknownError,
    UnansweredError,
    UnreachableError,
    ValidationRefusedError,
)
from septet.bandwidth.sending.exchanges import Backoff


class TestUnreachable:
    def test_refused_connections(self, client):
        """The error names the cause after all attempts."""
        with Service(answer()) as service:
            pass
        with pytest.raises(UnreachableError, match="ConnectError") as caught:
            client(service, max_attempts=3).send(MESSAGE)
        assert isinstance(caught.value.__cause__, httpx2.ConnectError)
        assert isinstance(caught.value, SeptetError)

    def test_comes_up(self, client, monkeypatch):
        """A server that starts before the second attempt gets the message once."""
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        services = []

        def start(*_):
            with monkeypatch.context() as patch:
                patch.setattr(socket, "create_server", lambda *_, **__: listening)
                listening.listen()
                services.append(Service(answer()))
            return 0.0

        backoff = Backoff(draw=start)
        client(f"http://127.0.0.1:{port}", max_attempts=2, backoff=backoff).send(MESSAGE)
        with services[0] as service:
            assert len(service.received) == 1

    def test_no_tls(self, client):
        """A server without TLS gets neither credentials nor message."""
        with Service(reset(b"HTTP/1.1 400 Bad\r\n\r\n", at_once=True)) as service:
            with pytest.raises(UnreachableError):
                client(service.url.replace("http", "https"), max_attempts=1).send(MESSAGE)
            assert (service.connections, service.received) == (1, [])

    def test_name_failure(self, client):
        """A name that does not exist (RFC 6761)."""
        with pytest.raises(UnreachableError):
            client("http://septet.invalid", max_attempts=2).send(MESSAGE)


class TestUnknown:
    @pytest.mark.parametrize(
        "reply",
        [
            raw(b""),
            reset(),
            reset(at_once=True),
            raw(b"HTTP/1.1 20"),
            raw(b"HTTP/1.1 202 Accepted\r\nContent-Le"),
            raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
            raw(b"\x00\xff" * 1000 + b"\r\n\r\n"),
            raw(b"HTTP/1.1 202 Accepted\r\nContent-Length: x\r\n\r\n"),
            raw(b"HTTP/1.1 102 Processing\r\n\r\n"),
            answer(200, {"id": "17"}),
            answer(204),
            answer(304),
            answer(502, b"<html>"),
            answer(503, Retry_After="0"),
            answer(504),
            answer(599),
        ],
    )
    def test_is_not_repeated(self, client, reply):
        """A message that may have been accepted is sent once."""
        with Service(reply) as service:
            with pytest.raises(DeliveryUnknownError, match="may or may not have been accepted"):
                client(service, **SLOW).send(MESSAGE)
            assert service.connections == 1

    def test_no_answer_in_time(self, client):
        """A timeout after the request was written."""
        with Service(silence()) as service:
            with pytest.raises(DeliveryUnknownError, match="ReadTimeout"):
                client(service, timeout=0.5).send(MESSAGE)
            assert len(service.received) == 1

    def test_kept_connection_is_closed_as_it_is_used(self, client):
        """The client cannot know whether the server had read the request."""
        with Service(answer(), raw(b"")) as service:
            calls = client(service)
            calls.send(MESSAGE)
            with pytest.raises(DeliveryUnknownError):
                calls.send(MESSAGE)
            assert (len(service.received), service.connections) == (2, 1)

    def test_kept_connection_was_closed_before(self, client):
        """The client notices, opens another connection, and the message is accepted once."""
        closing = raw(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")
        with Service(closing, answer()) as service:
            calls = client(service)
            calls.send(MESSAGE)
            assert service.closed.wait(10)
            calls.send(MESSAGE)
            assert (len(service.received), service.connections) == (2, 2)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_redirect(self, client, status):
        """Neither the message nor the credentials go to another address."""
        with Service(answer()) as other, Service(answer(status, Location=other.url)) as service:
            with pytest.raises(DeliveryUnknownError):
                client(service).send(MESSAGE)
            assert (len(service.received), other.connections) == (1, 0)


class TestCompressedAnswers:
    """Some gateways compress answers though the client does not ask for it."""

    @pytest.mark.parametrize("name", ["gzip", "X-GZIP "])
    def test_gzip(self, client, name):
        """The body is decompressed, also that of an error."""
        accepted, refused = (gzip.compress(data) for data in (b'{"id": "17"}', b'{"type": "no"}'))
        replies = (
            answer(202, accepted, Content_Encoding=name),
            answer(400, refused, Content_Encoding=name),
        )
        with Service(*replies) as service:
            calls = client(service)
            assert calls.send(MESSAGE).id == "17"
            with pytest.raises(ValidationRefusedError) as caught:
                calls.send(MESSAGE)
        assert (caught.value.type, caught.value.body) == ("no", b'{"type": "no"}')

    def test_bomb(self, client):
        """A body beyond the limit is incomplete."""
        bomb = gzip.compress(b"[" + bytes(2**24))
        with (
            Service(answer(200, bomb, Content_Encoding="gzip")) as service,
            pytest.raises(UnansweredError, match="incomplete"),
        ):
            client(service, max_attempts=1).list_media()

    @pytest.mark.parametrize("name", ["gzip", "br"])
    def test_download(self, client, tmp_path, name):
        """A file is not saved in another form than its own."""
        reply = answer(200, gzip.compress(b"hello"), Content_Encoding=name)
        with (
            Service(reply) as service,
            pytest.raises(UnansweredError, match=f"Content-Encoding '{name}'"),
        ):
            client(service).save_media("a.txt", tmp_path / "a.txt")
        assert list(tmp_path.iterdir()) == []

    def test_identity(self, client):
        """This encoding changes nothing."""
        with Service(answer(200, b"hello", Content_Encoding="identity")) as service:
            assert client(service).download_media("a.txt") == [b"hello"]


UNSENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError"}


RAISED = [
    *(getattr(httpx2, name)("broken") for name in sorted(UNSENT)),
    *(
        getattr(httpx2, name)("broken")
        for name in (
            "ReadTimeout",
            "WriteTimeout",
            "ReadError",
            "WriteError",
            "CloseError",
            "LocalProtocolError",
            "RemoteProtocolError",
            "DecodingError",
        )
    ),
    ValueError("Read on closed or unwrapped SSL socket."),
]


class TestFaultsOfTheLibrary:
    """Errors that a test server cannot cause reliably."""

    @pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
    def test_send(self, client, monkeypatch, error):
        """Only an error before the first byte of the request is tried again."""
        calls, requests = self.failing(client, monkeypatch, error)
        is_unsent = type(error).__name__ in UNSENT
        with pytest.raises(UnreachableError if is_unsent else DeliveryUnknownError):
            calls.send(MESSAGE)
        assert len(requests) == (3 if is_unsent else 1)

    @pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
    def test_safe_to_repeat(self, client, monkeypatch, error):
        """Every error is tried again."""
        calls, requests = self.failing(client, monkeypatch, error)
        with pytest.raises((UnreachableError, UnansweredError)):
            calls.delete_media("a.png")
        assert len(requests) == 3

    def failing(self, client, monkeypatch, error):
        """Return a client whose requests raise an error, and a list of those requests."""
        requests = []

        def handle(_, request):
            requests.append(request)
            raise error

        async def handle_async(_, request):
            handle(_, request)

        monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", handle)
        monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", handle_async)
        return client("http://127.0.0.1:1", max_attempts=3), requests


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("proxy", ["htp://ann:hush@h", "ann:hush@h", "http://ann:hush@h:x", ""])
def test_invalid_proxy(kind, proxy) -> None:
    """The error says what is expected, and shows no credentials."""
    with pytest.raises(ValueError, match="expected the URL of a proxy") as caught:
        kind("9900000", username="ann", password="b", proxy=proxy)
    assert "hush" not in str(caught.value)
