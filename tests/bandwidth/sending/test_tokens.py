"""OAuth tokens over real sockets: when a client asks for one, and what it does when refused."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")


from bandwidth_clients import MESSAGE
from septet.bandwidth import (
    BandwidthError,
    Client,
    QueueFullError,
    UnansweredError,
    UnauthorizedError,
)
from septet.bandwidth.sending.exchanges import Backoff


class TestTokens:
    @pytest.fixture
    def now(self):
        """The time of the client's clock, in a list."""
        return [1000.0]

    @pytest.fixture
    def both(self, client, now):
        """A client, a token service whose tokens are numbered, and a service for messages."""

        def number(service, connection):
            token = f"token-{len(service.received)}"
            body = {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}
            return answer(200, body)(service, connection)

        with Service(number) as tokens, Service(answer()) as service:
            options = {
                "client_id": "id",
                "client_secret": "hush-hush",
                "backoff": Backoff(first_delay=1e-4, clock=lambda: now[0]),
            }
            yield client(service, token_url=f"{tokens.url}/token", **options), tokens, service

    def test_request(self, both):
        """The token request has the credentials, and the message has the token."""
        calls, tokens, service = both
        calls.send(MESSAGE)
        (asked,) = tokens.received
        assert (asked.method, asked.target) == ("POST", "/token")
        assert asked.body == b"grant_type=client_credentials"
        assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
        assert asked.headers["authorization"] == "Basic " + b64encode(b"id:hush-hush").decode()
        assert service.received[0].headers["authorization"] == "Bearer token-1"

    def test_cached_until_a_minute_before_it_expires(self, both, now):
        """One token serves many messages."""
        calls, tokens, service = both
        for now[0] in (1000.0, 4539.9, 4540.0, 4541.0):
            calls.send(MESSAGE)
        sent = [received.headers["authorization"] for received in service.received]
        assert sent == ["Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2"]
        assert len(tokens.received) == 2

    def test_cached_token_is_refused(self, both):
        """The client gets a new token and sends the message, which was refused, once more."""
        calls, tokens, service = both
        calls.send(MESSAGE)
        service.replies.extendleft([answer(202), answer(401)])
        calls.send(MESSAGE)
        sent = [received.headers["authorization"] for received in service.received]
        assert sent == ["Bearer token-1", "Bearer token-1", "Bearer token-2"]
        assert len(tokens.received) == 2

    def test_new_token_is_refused(self, both):
        """The token is not the reason, so the error is raised."""
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
        """Without a token no message is sent, and the error says so."""
        calls, tokens, service = both
        tokens.replies[0] = reply
        with pytest.raises(error):
            calls.send(MESSAGE)
        assert service.connections == 0

    @pytest.mark.parametrize("status", [400, 401, 429, 503])
    def test_retry_after(self, both, status):
        """The error has the seconds that the token service asks for."""
        calls, tokens, service = both
        tokens.replies[0] = answer(status, Retry_After="3600")
        with pytest.raises(BandwidthError) as caught:
            calls.send(MESSAGE)
        assert (caught.value.status, caught.value.retry_after) == (status, 3600)
        assert (len(tokens.received), service.connections) == (1, 0)

    def test_token_service_stumbles(self, both):
        """A token request is safe to repeat."""
        calls, tokens, service = both
        tokens.replies.extendleft([answer(503), raw(b""), answer(429)])
        calls.send(MESSAGE)
        assert (len(tokens.received), len(service.received)) == (4, 1)

    def test_many_at_once(self, both):
        """Twenty threads or tasks without a token make one token request."""
        calls, tokens, service = both
        if calls.kind is Client:
            with ThreadPoolExecutor(20) as pool:
                list(pool.map(calls.client.send, [MESSAGE] * 20))
        else:

            async def send_all():
                await asyncio.gather(*(calls.client.send(MESSAGE) for _ in range(20)))

            calls.runner.run(send_all())
        assert (len(tokens.received), len(service.received)) == (1, 20)
