"""Both clients over real sockets: requests, answers and options."""

from __future__ import annotations

import asyncio
import inspect
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest

from bandwidth_service import Service, answer, endless, raw, reset, silence

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")


from bandwidth_clients import MESSAGE, SLOW
from septet.bandwidth import (
    AsyncClient,
    Client,
    Message,
    QueueFullError,
    RefusedError,
    TooManySegmentsError,
    UnauthorizedError,
    ValidationRefusedError,
)
from septet.bandwidth.sending import transport
from septet.bandwidth.sending.exchanges import Backoff


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
                TooManySegmentsError, match="takes 2 segments; allowed are 1"
            ) as caught:
                calls.send(long, max_segments=1)
            assert (caught.value.segment_count, caught.value.max_segments) == (2, 1)
            assert service.connections == 0
            calls.send(long, max_segments=2)
            assert len(service.received) == 1

    def test_segment_differences(self, client):
        """The client has both counts, and counts the messages for which they differ."""
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
        """The status 202 alone means that a message is accepted."""
        with Service(reply) as service:
            assert client(service, **SLOW).send(MESSAGE).message is MESSAGE
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
        """The client waits for the rest of an answer no longer than the timeout, in total."""
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
        """A refused message is not sent again, and the error has the answer."""
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
        """A message that was not accepted is sent again."""
        with Service(answer(429), answer(429, Retry_After="0"), answer()) as service:
            client(service).send(MESSAGE)
            assert len(service.received) == 3

    def test_queue_stays_full(self, client):
        """After the last attempt, the error has the last answer."""
        with Service(answer(429, b"full")) as service:
            with pytest.raises(QueueFullError) as caught:
                client(service, max_attempts=3).send(MESSAGE)
            assert len(service.received) == 3
        assert (caught.value.body, caught.value.retry_after) == (b"full", None)

    def test_wait_beyond_the_deadline(self, client):
        """The client does not wait if no attempt can follow."""
        with Service(answer(429, Retry_After="3600")) as service:
            with pytest.raises(QueueFullError) as caught:
                client(service).send(MESSAGE)
            assert len(service.received) == 1
        assert caught.value.retry_after == 3600

    def test_large_body(self, client):
        """The client reads only the beginning of an error's body."""
        head = b"HTTP/1.1 400 Bad\r\nContent-Length: 104857600\r\n\r\n"
        reply = endless(head, b"x" * 2**20, 100)
        with Service(reply) as service, pytest.raises(ValidationRefusedError) as caught:
            client(service, **SLOW).send(MESSAGE)
        assert caught.value.body == b"x" * 65536


def methods_of(kind):
    """Return the parameters and the documentation of each method."""
    return {
        name: (
            list(inspect.signature(method).parameters.values()),
            (method.__doc__ or "").replace("tasks", "threads"),
        )
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") or name == "__init__"
    }


def test_both_clients_have_the_same_methods():
    """They take the same parameters, with the same documentation."""
    assert methods_of(AsyncClient) == methods_of(Client)
    assert {"send", "upload_media", "count_messages", "close"} < set(methods_of(Client))


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
            {"max_attempts": 0},
            {"deadline": float("inf")},
            {"deadline": -1},
        ],
    )
    @pytest.mark.parametrize("kind", [Client, AsyncClient])
    def test_wrong_options(self, kind, options):
        """They are refused at once, and the message shows no secret."""
        given = {"username": "ann", "password": "hush-hush"} | options
        with pytest.raises(ValueError, match=r".") as caught:
            kind("9900000", **given)
        assert "hush-hush" not in str(caught.value)

    @pytest.mark.parametrize("account_id", ["", ".", ".."])
    def test_account(self, account_id):
        """An account id must not change the path."""
        with pytest.raises(ValueError, match="expected an account id"):
            Client(account_id, username="ann", password="hush-hush")

    def test_timeout_of_none(self):
        """There is always a timeout."""
        with pytest.raises(TypeError):
            Client("9900000", username="ann", password="hush-hush", timeout=None)

    def test_the_environment_is_ignored(self, client, monkeypatch, tmp_path):
        """Neither its proxies nor its credentials are used."""
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
        """Requests go through a proxy that is given."""
        with Service(answer()) as proxy:
            client("http://septet.invalid", proxy=proxy.url).send(MESSAGE)
            assert proxy.received[0].target == "http://septet.invalid/users/9900000/messages"

    def test_close_ends_waiting(self, client):
        """A thread or task that waits for its next attempt gives up when the client is closed."""
        waits = threading.Event()
        backoff = Backoff(draw=lambda *_: waits.set() or 0.0)
        with Service(answer(429, Retry_After="50")) as service:
            calls = client(service, backoff=backoff)
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
        """A cancelled task does not send its message again."""

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
        """The end of the `with` block closes the client."""
        with Service(answer()) as service:
            with Client(
                "9900000", username="ann", password="hush-hush", url=f"{service.url}/"
            ) as client:
                client.send(MESSAGE)
            with pytest.raises(RuntimeError, match="closed"):
                client.send(MESSAGE)
            assert service.received[0].target == "/users/9900000/messages"

    def test_secrets_are_not_shown(self, client):
        """Neither a client nor an error shows them."""
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
        monkeypatch.delitem(sys.modules, transport.__name__)
        with pytest.raises(MissingExtraError, match=r"septet\[bandwidth\]"):
            importlib.import_module(transport.__name__)


def test_threads_share_a_client():
    """Each message of many threads is sent once."""
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
