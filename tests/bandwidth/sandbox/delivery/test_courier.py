"""Callbacks over real sockets: which answers accept them, and which are retried."""

import asyncio
import base64
import socket

import pytest

from callback_receiver import Receiver
from septet.bandwidth.sandbox.clock import Clock
from septet.bandwidth.sandbox.delivery.courier import Callback, Courier
from septet.bandwidth.sandbox.log import CallbackDrop, Log

CALLBACK = Callback(b"[{}]", "message-sent", "1793", "+13125550140")


class SkippingClock(Clock):
    """A clock that only advances in sleeps, by a second more than was asked for."""

    seconds = 0.0

    def now(self):
        return self.seconds

    async def sleep(self, seconds):
        self.seconds += seconds + 1


def post(url, *, retry=False, credentials=None, answer_seconds=5.0):
    """Post a callback; return whether no further attempt is needed, and the log."""

    async def work():
        clock = SkippingClock()
        log = Log(clock, 1000)
        courier = Courier(clock, log, url, credentials, answer_seconds)
        try:
            is_done = await courier.attempt(CALLBACK)
            if retry and not is_done:
                await courier.retry(CALLBACK)
        finally:
            courier.close()
        return is_done, log.entries()

    return asyncio.run(work())


@pytest.mark.parametrize("status", [200, 202, 204, 299])
def test_accepted(status):
    """Any 2xx accepts a callback."""
    with Receiver(status) as receiver:
        is_done, (attempt,) = post(receiver.url)
    assert is_done
    assert (attempt.status, attempt.error, attempt.attempt) == (status, "", 1)
    assert receiver.bodies == [b"[{}]"]


@pytest.mark.parametrize("status", [302, 304, 400, 401, 500, 503])
def test_refused(status):
    """All other answers are refusals, redirections too."""
    with Receiver(status) as receiver:
        is_done, (attempt,) = post(receiver.url)
    assert not is_done
    assert attempt.status == status


def test_connection_refused():
    """A refused connection is logged as an attempt without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    is_done, (attempt,) = post(f"http://127.0.0.1:{port}")
    assert not is_done
    assert attempt.status is None
    assert attempt.error


def test_invalid_address():
    """An invalid address is an error at once."""
    clock = Clock()
    courier = Courier(clock, Log(clock, 9), None, None, 1.0)
    with pytest.raises(ValueError, match="got 'nowhere'"):
        courier.url = "nowhere"
    assert courier.url is None


def test_no_answer():
    """An attempt without an answer ends after the timeout."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        is_done, (attempt,) = post(f"http://127.0.0.1:{mute.getsockname()[1]}", answer_seconds=0.1)
    assert not is_done
    assert attempt.error == "no answer within 0.1 s"


def test_credentials():
    """They are sent with the first attempt."""
    with Receiver() as receiver:
        post(receiver.url, credentials=("ann", "sesame"))
    scheme, _, token = receiver.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(token)) == ("Basic", b"ann:sesame")


def test_intervals():
    """Intervals double up to an hour; the last attempt is after 24 hours, then a drop."""
    with Receiver(500) as receiver:
        _, entries = post(receiver.url, retry=True)
    *attempts, drop = entries
    assert isinstance(drop, CallbackDrop)
    assert drop.attempts == len(attempts) > 20
    assert [attempt.attempt for attempt in attempts] == list(range(1, len(attempts) + 1))
    assert attempts[-1].time - attempts[0].time >= 24 * 3600
    assert attempts[-2].time - attempts[-3].time >= 0.8 * 3600
