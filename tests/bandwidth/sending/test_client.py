"""Both clients over real sockets: what is written, what is made of answers, what is sent twice."""

from __future__ import annotations

import asyncio
import inspect
import socket
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from bandwidth_service import Service, answer, endless, raw, reset, silence
from septet.exceptions import SeptetError

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")

import httpx2

from septet.bandwidth import (
    AsyncClient,
    Client,
    DeliveryUnknownError,
    Message,
    QueueFullError,
    RefusedError,
    TooManySegmentsError,
    UnansweredError,
    UnauthorizedError,
    UnreachableError,
    ValidationRefusedError,
)
from septet.bandwidth.sending import client as client_module
from septet.bandwidth.sending import credentials, exchanges

MESSAGE = Message("5d1b7c0e", "+12025550100", "+13125550140", "Zwölf ’til 2", tag="t")
PATIENT = {"timeout": 10.0}


class Calls:
    """A client whose methods give values and lists, whether it is for threads or for asyncio."""

    def __init__(self, kind, options, stack):
        self.kind = kind
        self.runner = stack.enter_context(asyncio.Runner())
        self.client = kind("9900000", **options)
        stack.callback(self.close)

    def __getattr__(self, name):
        method = getattr(self.client, name)
        if not callable(method):
            return method

        def call(*args, **kwargs):
            return self.result(method(*args, **kwargs))

        return call

    def result(self, value):
        if inspect.isasyncgen(value):
            return self.runner.run(self.listed(value))
        if inspect.isgenerator(value):
            return list(value)
        return self.runner.run(value) if inspect.iscoroutine(value) else value

    @staticmethod
    async def listed(values):
        return [value async for value in values]


@pytest.fixture(params=[Client, AsyncClient])
def client(request, monkeypatch):
    """Make a client for an address: of either kind, and with delays of no length to speak of."""
    monkeypatch.setattr(exchanges, "_FIRST_DELAY", 1e-4)
    basic = {"username": "ann", "password": "hush-hush"}

    with ExitStack() as stack:

        def make(service, **options):
            options = {"url": service if isinstance(service, str) else service.url, **options}
            if "client_id" not in options:
                options = basic | options
            return Calls(request.param, options, stack)

        yield make


class TestSend:
    def test_request(self, client):
        """One request, as documented."""
        with Service(answer(202, {"id": "17", "segmentCount": 1, "colour": "red"})) as service:
            accepted = client(service).send(MESSAGE)
            (received,) = service.received
        assert (received.method, received.target) == ("POST", "/users/9900000/messages")
        assert received.json == MESSAGE.payload()
        assert "Zwölf ’til 2".encode() in received.body
        expected = {
            "authorization": "Basic " + b64encode(b"ann:hush-hush").decode(),
            "content-type": "application/json; charset=utf-8",
            "accept-encoding": "identity",
            "user-agent": "septet",
        }
        assert {name: received.headers[name] for name in expected} == expected
        assert (accepted.id, accepted.payload["colour"]) == ("17", "red")
        assert accepted.message is MESSAGE

    def test_connection_is_kept(self, client):
        """Several messages, one connection."""
        with Service(answer()) as service:
            calls = client(service)
            for _ in range(3):
                calls.send(MESSAGE)
            assert (len(service.received), service.connections) == (3, 1)

    def test_too_many_segments(self, client):
        """Nothing is sent beyond what the caller allows."""
        long = Message("5d1b7c0e", "+12025550100", "+13125550140", "x" * 161)
        with Service(answer()) as service:
            calls = client(service)
            with pytest.raises(
                TooManySegmentsError, match="2 segments are more than the 1"
            ) as caught:
                calls.send(long, max_segments=1)
            assert (caught.value.segment_count, caught.value.max_segments) == (2, 1)
            assert service.connections == 0
            calls.send(long, max_segments=2)
            assert len(service.received) == 1

    def test_segment_differences(self, client):
        """What is counted otherwise is kept as both, and counted; what is not told is none."""
        replies = [answer(202, {"segmentCount": count}) for count in (1, 2, "2", None)]
        with Service(*replies) as service:
            calls = client(service)
            counts = [calls.send(MESSAGE).segment_count for _ in replies]
            assert counts == [1, 2, 2, None]
            assert calls.segment_differences == 2

    @pytest.mark.parametrize(
        "reply",
        [
            answer(202, b""),
            answer(202, b"\xff<html>"),
            answer(202, {"time": "soon", "segmentCount": "many"}),
            raw(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{"),
            raw(b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            reset(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n"),
            answer(202, b"{}", Content_Encoding="gzip"),
            endless(b"HTTP/1.1 202 Accepted\r\n\r\n", b"x" * 2**20, 100),
        ],
        ids=["empty", "html", "odd", "half", "no chunks", "reset", "no gzip", "endless"],
    )
    def test_odd_answers(self, client, reply):
        """Once the status says so a message is accepted, whatever else there is."""
        with Service(reply) as service:
            assert client(service, **PATIENT).send(MESSAGE).message is MESSAGE
            assert len(service.received) == 1

    @pytest.mark.parametrize(
        "reply",
        [
            silence(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{"),
            endless(b"HTTP/1.1 202 Accepted\r\n\r\n", b" ", 10**6),
        ],
        ids=["silent", "slow"],
    )
    def test_slow_answers(self, client, reply):
        """The rest of an answer is waited for no longer than the timeout, also in small pieces."""
        with Service(reply) as service:
            assert client(service, timeout=0.5).send(MESSAGE).id is None
            assert len(service.received) == 1


class TestRefused:
    @pytest.mark.parametrize(
        ("status", "error"),
        [
            (400, ValidationRefusedError),
            (401, UnauthorizedError),
            (402, RefusedError),
            (403, UnauthorizedError),
            (404, RefusedError),
            (408, RefusedError),
            (415, RefusedError),
            (500, RefusedError),
        ],
    )
    def test_is_not_repeated(self, client, status, error):
        """What is refused is not asked again, and keeps what was answered."""
        body = {
            "type": "request-validation",
            "description": "no",
            "fieldErrors": [{"fieldName": "from", "description": "not yours"}],
        }
        with Service(answer(status, body)) as service:
            with pytest.raises(error) as caught:
                client(service).send(MESSAGE)
            assert len(service.received) == 1
        assert type(caught.value) is error
        assert (caught.value.status, caught.value.type) == (status, "request-validation")
        assert caught.value.field_errors == (("from", "not yours"),)

    def test_queue_is_full_for_a_while(self, client):
        """What was not taken is sent again."""
        with Service(answer(429), answer(429, Retry_After="0"), answer()) as service:
            client(service).send(MESSAGE)
            assert len(service.received) == 3

    def test_queue_stays_full(self, client):
        """After all tries the last answer is told."""
        with Service(answer(429, b"full")) as service:
            with pytest.raises(QueueFullError) as caught:
                client(service, tries=3).send(MESSAGE)
            assert len(service.received) == 3
        assert (caught.value.body, caught.value.retry_after) == (b"full", None)

    def test_wait_is_longer_than_patience(self, client):
        """Nobody sleeps through what cannot help."""
        with Service(answer(429, Retry_After="3600")) as service:
            with pytest.raises(QueueFullError) as caught:
                client(service).send(MESSAGE)
            assert len(service.received) == 1
        assert caught.value.retry_after == 3600

    def test_large_body(self, client):
        """Of an error's body the beginning is read."""
        head = b"HTTP/1.1 400 Bad\r\nContent-Length: 104857600\r\n\r\n"
        reply = endless(head, b"x" * 2**20, 100)
        with Service(reply) as service, pytest.raises(ValidationRefusedError) as caught:
            client(service, **PATIENT).send(MESSAGE)
        assert caught.value.body == b"x" * 65536


class TestUnreachable:
    def test_refused_connections(self, client):
        """Nobody listens, all tries long."""
        with Service(answer()) as service:
            pass
        with pytest.raises(UnreachableError, match="ConnectError") as caught:
            client(service, tries=3).send(MESSAGE)
        assert isinstance(caught.value.__cause__, httpx2.ConnectError)
        assert isinstance(caught.value, SeptetError)

    def test_comes_up(self, client, monkeypatch):
        """A server that is there by the second try has the message once."""
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

        monkeypatch.setattr(exchanges.random, "uniform", start)
        client(f"http://127.0.0.1:{port}", tries=2).send(MESSAGE)
        with services[0] as service:
            assert len(service.received) == 1

    def test_no_tls(self, client):
        """Who does not speak TLS is told no secret and no message."""
        with Service(reset(b"HTTP/1.1 400 Bad\r\n\r\n", at_once=True)) as service:
            with pytest.raises(UnreachableError):
                client(service.url.replace("http", "https"), tries=1).send(MESSAGE)
            assert (service.connections, service.received) == (1, [])

    def test_name_failure(self, client):
        """A name that does not exist (RFC 6761)."""
        with pytest.raises(UnreachableError):
            client("http://septet.invalid", tries=2).send(MESSAGE)


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
        """What may have been taken is written once."""
        with Service(reply) as service:
            with pytest.raises(DeliveryUnknownError, match="do not simply send it again"):
                client(service, **PATIENT).send(MESSAGE)
            assert service.connections == 1

    def test_no_answer_in_time(self, client):
        """A timeout after the request was written."""
        with Service(silence()) as service:
            with pytest.raises(DeliveryUnknownError, match="ReadTimeout"):
                client(service, timeout=0.5).send(MESSAGE)
            assert len(service.received) == 1

    def test_kept_connection_is_closed_as_it_is_used(self, client):
        """Whether it was before or after the request was read cannot be seen from here."""
        with Service(answer(), raw(b"")) as service:
            calls = client(service)
            calls.send(MESSAGE)
            with pytest.raises(DeliveryUnknownError):
                calls.send(MESSAGE)
            assert (len(service.received), service.connections) == (2, 1)

    def test_kept_connection_was_closed_before(self, client):
        """This can be seen: another one is made, and the message is taken once."""
        closing = raw(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")
        with Service(closing, answer()) as service:
            calls = client(service)
            calls.send(MESSAGE)
            assert service.closed.wait(10)
            calls.send(MESSAGE)
            assert (len(service.received), service.connections) == (2, 2)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_redirect(self, client, status):
        """Nothing goes to another place, credentials above all."""
        with Service(answer()) as other, Service(answer(status, Location=other.url)) as service:
            with pytest.raises(DeliveryUnknownError):
                client(service).send(MESSAGE)
            assert (len(service.received), other.connections) == (1, 0)


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
    """Those that no server can bring about at will."""

    @pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
    def test_send(self, client, error):
        """Only what comes before the first octet is tried again."""
        calls, tried = self.failing(client, error)
        is_unsent = type(error).__name__ in UNSENT
        with pytest.raises(UnreachableError if is_unsent else DeliveryUnknownError):
            calls.send(MESSAGE)
        assert len(tried) == (3 if is_unsent else 1)

    @pytest.mark.parametrize("error", RAISED, ids=lambda error: type(error).__name__)
    def test_what_does_no_harm(self, client, error):
        """All is tried again."""
        calls, tried = self.failing(client, error)
        with pytest.raises((UnreachableError, UnansweredError)):
            calls.delete_media("a.png")
        assert len(tried) == 3

    def failing(self, client, error):
        tried = []

        def handle(request):
            tried.append(request)
            raise error

        calls = client("http://127.0.0.1:1", tries=3)
        http = type(calls.client._http)
        calls.client._http = http(transport=httpx2.MockTransport(handle))
        return calls, tried


class TestTokens:
    @pytest.fixture
    def both(self, client):
        """A token service whose tokens are numbered, and a service that takes messages."""

        def number(service, connection):
            token = f"token-{len(service.received)}"
            body = {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}
            return answer(200, body)(service, connection)

        with Service(number) as tokens, Service(answer()) as service:
            options = {"client_id": "id", "client_secret": "hush-hush"}
            yield client(service, token_url=f"{tokens.url}/token", **options), tokens, service

    def test_request(self, both):
        """Client credentials as Basic, and the token with the message."""
        calls, tokens, service = both
        calls.send(MESSAGE)
        (asked,) = tokens.received
        assert (asked.method, asked.target) == ("POST", "/token")
        assert asked.body == b"grant_type=client_credentials"
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        assert asked.headers["authorization"] == "Basic " + b64encode(b"id:hush-hush").decode()
        assert service.received[0].headers["authorization"] == "Bearer token-1"

    def test_kept_until_a_minute_before_the_end(self, both, monkeypatch):
        """One token for many messages."""
        calls, tokens, service = both
        now = [1000.0]
        monkeypatch.setattr(credentials, "monotonic", lambda: now[0])
        for now[0] in (1000.0, 4539.9, 4540.0, 4541.0):
            calls.send(MESSAGE)
        sent = [received.headers["authorization"] for received in service.received]
        assert sent == ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]
        assert len(tokens.received) == 2

    def test_kept_token_is_refused(self, both):
        """Another one is had, and the message, which was not taken, sent once more."""
        calls, tokens, service = both
        calls.send(MESSAGE)
        service.replies.extendleft([answer(202), answer(401)])
        calls.send(MESSAGE)
        sent = [received.headers["authorization"] for received in service.received]
        assert sent == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]
        assert len(tokens.received) == 2

    def test_new_token_is_refused(self, both):
        """Then it is not the token."""
        calls, tokens, service = both
        service.replies[0] = answer(401)
        with pytest.raises(UnauthorizedError):
            calls.send(MESSAGE)
        assert (len(tokens.received), len(service.received)) == (1, 1)
        with pytest.raises(UnauthorizedError):
            calls.send(MESSAGE)
        assert (len(tokens.received), len(service.received)) == (2, 3)

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (answer(400, {"error": "invalid_client"}), UnauthorizedError),
            (answer(401), UnauthorizedError),
            (answer(404), UnauthorizedError),
            (answer(200, b"<html>"), UnauthorizedError),
            (answer(200, {"access_token": "one\r\ntwo"}), UnauthorizedError),
            (answer(200, {"access_token": 17}), UnauthorizedError),
            (answer(302, Location="http://127.0.0.1:1/"), UnauthorizedError),
            (answer(429), QueueFullError),
            (answer(500), UnansweredError),
            (raw(b""), UnansweredError),
        ],
    )
    def test_no_token(self, both, reply, error):
        """No message is sent, and its fate is known."""
        calls, tokens, service = both
        tokens.replies[0] = reply
        with pytest.raises(error):
            calls.send(MESSAGE)
        assert service.connections == 0

    def test_token_service_stumbles(self, both):
        """Asking for a token twice does no harm."""
        calls, tokens, service = both
        tokens.replies.extendleft([answer(503), raw(b""), answer(429)])
        calls.send(MESSAGE)
        assert (len(tokens.received), len(service.received)) == (4, 1)

    def test_many_at_once(self, both):
        """Twenty threads or tasks without a token ask for one."""
        calls, tokens, service = both
        if calls.kind is Client:
            with ThreadPoolExecutor(20) as pool:
                list(pool.map(calls.client.send, [MESSAGE] * 20))
        else:

            async def send_all():
                await asyncio.gather(*(calls.client.send(MESSAGE) for _ in range(20)))

            calls.runner.run(send_all())
        assert (len(tokens.received), len(service.received)) == (1, 20)


class TestMedia:
    def test_upload(self, client):
        """What is stored, under which name, and the URL to send."""
        with Service(answer(204)) as service:
            calls = client(service)
            url = calls.upload_media("logos/a b?#%é.png", b"\x89PNG", content_type="image/png")
            (received,) = service.received
        target = "/users/9900000/media/logos/a%20b%3F%23%25%C3%A9.png"
        assert (received.method, received.target) == ("PUT", target)
        assert (received.body, received.headers["content-type"]) == (b"\x89PNG", "image/png")
        assert url == service.url + target

    def test_upload_of_a_file(self, client, tmp_path):
        """A file is read once, and sent again in full if need be."""
        path = tmp_path / "a.txt"
        path.write_bytes(b"hello")
        with Service(raw(b""), answer(503), answer(204)) as service, path.open("rb") as file:
            client(service).upload_media("a.txt", file, content_type="text/plain")
            assert [received.body for received in service.received] == [b"hello"] * 3

    def test_list(self, client):
        """All pages, by the header that goes both ways; odd entries are left out."""
        first = [
            {"mediaName": "a/b c.png", "contentLength": 5, "content": "http://x/"},
            {"contentLength": 7},
            None,
        ]
        replies = answer(200, first, Continuation_Token="1/2"), answer(200, [{"mediaName": "c"}])
        with Service(*replies) as service:
            files = client(service).list_media()
            tokens = [received.headers.get("continuation-token") for received in service.received]
        assert tokens == [None, "1/2"]
        assert [file.media_id for file in files] == ["a/b c.png", "c"]
        assert [file.octet_count for file in files] == [5, None]
        assert files[0].url == f"{service.url}/users/9900000/media/a/b%20c.png"
        assert files[0].payload == first[0]

    def test_list_that_goes_round(self, client):
        """The token that was just used leads to no other page."""
        with Service(answer(200, [{"mediaName": "a"}], Continuation_Token="1")) as service:
            assert len(client(service).list_media()) == 2

    @pytest.mark.parametrize("name", ["m17/0/b w.png", "{url}/users/9900000/media/m17/0/b%20w.png"])
    def test_download(self, client, name):
        """By the id, or the URL that an event has."""
        octets = bytes(range(256)) * 1000
        with Service(answer(200, octets)) as service:
            chunks = client(service).download_media(name.format(url=service.url))
            assert b"".join(chunks) == octets
            assert service.received[0].target == "/users/9900000/media/m17/0/b%20w.png"

    @pytest.mark.parametrize(
        "media",
        [
            "https://elsewhere.example/users/9900000/media/a.png",
            "{url}.elsewhere.example/users/9900000/media/a.png",
            "{url}@elsewhere.example/users/9900000/media/a.png",
            "{url}/users/9900001/media/a.png",
            "{url}/users/9900000/media/../messages",
            "{url}/users/9900000/media/%2e%2e/messages",
            "ftp://127.0.0.1/a.png",
            "../messages",
            "a/./b",
            "a//b",
            "/a",
            "",
        ],
    )
    def test_elsewhere(self, client, media):
        """Credentials go to this account's files only."""
        with Service(answer(200)) as service:
            calls = client(service)
            for call in (calls.download_media, calls.delete_media):
                with pytest.raises(ValueError, match="is not"):
                    call(media.format(url=service.url))
            assert service.connections == 0

    def test_save(self, client, tmp_path):
        """A file takes its place whole."""
        path = tmp_path / "a.png"
        path.write_bytes(b"older")
        with Service(answer(503), answer(200, b"newer one")) as service:
            assert client(service).save_media("a.png", path) == 9
        assert path.read_bytes() == b"newer one"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize(
        "reply",
        [
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            silence(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            answer(404, {"status": 404, "error": "Not Found"}),
        ],
    )
    def test_save_of_a_part(self, client, tmp_path, reply):
        """A part is an error, and no file."""
        path = tmp_path / "a.png"
        path.write_bytes(b"older")
        with Service(reply) as service, pytest.raises((UnansweredError, RefusedError)):
            client(service, timeout=0.2).save_media("a.png", path)
        assert path.read_bytes() == b"older"
        assert list(tmp_path.iterdir()) == [path]

    def test_delete(self, client):
        """Asked again where that does no harm."""
        with Service(reset(), answer(502), answer(204)) as service:
            assert client(service).delete_media("a/b.png") is None
            assert {(r.method, r.target) for r in service.received} == {
                ("DELETE", "/users/9900000/media/a/b.png")
            }
            assert len(service.received) == 3

    def test_redirect(self, client):
        """It is not followed, and not asked for again."""
        with Service(answer()) as other, Service(answer(302, Location=other.url)) as service:
            with pytest.raises(RefusedError, match="redirects are not followed"):
                client(service).download_media("a.png")
            assert (len(service.received), other.connections) == (1, 0)


class TestSearch:
    def test_pages(self, client):
        """All pages, with the filters on each."""
        pages = [
            {"messages": [{"messageId": "1"}, None], "pageInfo": {"nextPageToken": "a+b"}},
            {"messages": [{"messageId": "2"}], "pageInfo": {"nextPageToken": None}},
        ]
        with Service(*(answer(200, page) for page in pages)) as service:
            records = client(service).search(source_tn="+12025550100", limit=2)
            targets = [received.target for received in service.received]
        first = "/users/9900000/messages?sourceTn=%2B12025550100&limit=2"
        assert targets == [first, f"{first}&pageToken=a%2Bb"]
        assert [record.message_id for record in records] == ["1", "2"]

    def test_asked_again(self, client):
        """Too many requests, a gateway, half a page: a search does no harm."""
        replies = (
            answer(429, Retry_After="0"),
            answer(503),
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
            answer(200, {"messages": []}),
        )
        with Service(*replies) as service:
            assert client(service).search(message_id="1") == []
            assert len(service.received) == 4

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"messages": 1}'])
    def test_no_page(self, client, body):
        """An answer that is none is no empty list."""
        with Service(answer(200, body)) as service, pytest.raises(UnansweredError) as caught:
            client(service).search(message_id="1")
        assert caught.value.body == body

    def test_unknown_filter(self, client):
        """It is told before the first page is taken."""
        with Service(answer()) as service:
            with pytest.raises(TypeError, match="'sourceTn'"):
                client(service).client.search(sourceTn="1")
            assert service.connections == 0


class TestTheClientItself:
    @pytest.mark.parametrize(
        "options",
        [
            {"username": None},
            {"password": ""},
            {"client_id": "id"},
            {"username": None, "password": None, "client_id": "id"},
            {"username": "ann:lee"},
            {"url": "ftp://127.0.0.1"},
            {"url": "127.0.0.1"},
            {"url": "http://ann:hush-hush@127.0.0.1"},
            {"url": "http://127.0.0.1?a=1"},
            {"timeout": 0},
            {"timeout": float("inf")},
            {"timeout": float("nan")},
            {"tries": 0},
            {"patience": float("inf")},
            {"patience": -1},
        ],
    )
    @pytest.mark.parametrize("kind", [Client, AsyncClient])
    def test_what_it_needs(self, kind, options):
        """Wrong options are told at once, and without a secret."""
        given = {"username": "ann", "password": "hush-hush"} | options
        with pytest.raises(ValueError, match=r".") as caught:
            kind("9900000", **given)
        assert "hush-hush" not in str(caught.value)

    @pytest.mark.parametrize("account_id", ["", ".", ".."])
    def test_account(self, account_id):
        """An account that would change the path."""
        with pytest.raises(ValueError, match="account id"):
            Client(account_id, username="ann", password="hush-hush")

    def test_none_is_no_timeout(self):
        """There is always one."""
        with pytest.raises(TypeError):
            Client("9900000", username="ann", password="hush-hush", timeout=None)

    def test_the_environment_has_no_say(self, client, monkeypatch, tmp_path):
        """Neither its proxies nor its credentials are taken."""
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login eve password other\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        with Service(answer()) as proxy, Service(answer()) as service:
            for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.url)
            client(service).send(MESSAGE)
            assert proxy.connections == 0
            assert service.received[0].headers["authorization"].startswith("Basic YW5uOm")

    def test_proxy(self, client):
        """One that was asked for is gone through."""
        with Service(answer()) as proxy:
            client("http://septet.invalid", proxy=proxy.url).send(MESSAGE)
            assert proxy.received[0].target == "http://septet.invalid/users/9900000/messages"

    def test_close_ends_waiting(self, client, monkeypatch):
        """A thread or task that waits for another try gives up when the client is closed."""
        waits = threading.Event()
        monkeypatch.setattr(exchanges.random, "uniform", lambda *_: waits.set() or 0.0)
        with Service(answer(429, Retry_After="50")) as service:
            calls = client(service)
            if calls.kind is Client:
                with ThreadPoolExecutor(1) as pool:
                    sending = pool.submit(calls.client.send, MESSAGE)
                    assert waits.wait(10)
                    calls.client.close()
                    assert isinstance(sending.exception(timeout=20), QueueFullError)
            else:

                async def send_and_close():
                    sending = asyncio.create_task(calls.client.send(MESSAGE))
                    while not waits.is_set():
                        await asyncio.sleep(0)
                    await calls.client.close()
                    return await sending

                with pytest.raises(QueueFullError):
                    calls.runner.run(send_and_close())
            assert len(service.received) == 1

    def test_cancelled(self):
        """A cancelled task does not send again."""

        async def cancel(service):
            async with AsyncClient(
                "9900000", username="ann", password="hush-hush", url=service.url
            ) as client:
                sending = asyncio.create_task(client.send(MESSAGE))
                while not service.received:
                    await asyncio.sleep(0)
                sending.cancel()
                await sending

        with Service(silence()) as service:
            with pytest.raises(asyncio.CancelledError):
                asyncio.run(cancel(service))
            assert service.connections == 1

    def test_context(self):
        """`with` closes it."""
        with Service(answer()) as service:
            with Client(
                "9900000", username="ann", password="hush-hush", url=f"{service.url}/"
            ) as client:
                client.send(MESSAGE)
            with pytest.raises(RuntimeError, match="closed"):
                client.send(MESSAGE)
            assert service.received[0].target == "/users/9900000/messages"

    def test_secrets_are_not_shown(self, client):
        """Neither in what is printed of a client nor in an error."""
        with Service(answer(401)) as service:
            calls = client(service)
            with pytest.raises(UnauthorizedError) as caught:
                calls.send(MESSAGE)
        secret = b64encode(b"ann:hush-hush").decode()
        for shown in (repr(calls.client), repr(vars(calls.client)), repr(caught.value)):
            assert "hush-hush" not in shown
            assert secret not in shown

    def test_without_httpx2(self, monkeypatch):
        """The error names the extra."""
        import importlib
        import sys

        from septet.exceptions import MissingExtraError

        monkeypatch.setitem(sys.modules, "httpx2", None)
        monkeypatch.delitem(sys.modules, client_module.__name__)
        with pytest.raises(MissingExtraError, match=r"septet\[bandwidth\]"):
            importlib.import_module(client_module.__name__)


def test_threads_share_a_client():
    """Many threads, each message once."""
    with (
        Service(answer()) as service,
        Client("9900000", username="ann", password="hush-hush", url=service.url) as client,
    ):
        barrier = threading.Barrier(20)

        def send(number):
            barrier.wait()
            for part in range(5):
                client.send(Message("5d1b7c0e", "+12025550100", "+13125550140", f"{number}/{part}"))

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(send, range(20)))
        texts = [received.json["text"] for received in service.received]
        assert sorted(texts) == sorted(f"{n}/{part}" for n in range(20) for part in range(5))
