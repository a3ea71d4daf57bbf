"""Callbacks over real sockets: what counts as taken, and what is tried again."""

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
    """A clock that stands still, except that it skips what somebody sleeps, and a second more."""

    seconds = 0.0

    def now(self):
        return self.seconds

    async def sleep(self, seconds):
        self.seconds += seconds + 1


def post(url, *, retry=False, credentials=None, answer_seconds=5.0):
    """Post a callback; return whether it is done with, and the log."""

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
def test_taken(status):
    """Any 2xx."""
    with Receiver(status) as receiver:
        is_done, (attempt,) = post(receiver.url)
    assert is_done
    assert (attempt.status, attempt.error, attempt.attempt) == (status, "", 1)
    assert receiver.bodies == [b"[{}]"]


@pytest.mark.parametrize("status", [302, 304, 400, 401, 500, 503])
def test_not_taken(status):
    """Everything else, redirections too."""
    with Receiver(status) as receiver:
        is_done, (attempt,) = post(receiver.url)
    assert not is_done
    assert attempt.status == status


def test_nobody_there():
    """A refused connection is an attempt without an answer."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    is_done, (attempt,) = post(f"http://127.0.0.1:{port}")
    assert not is_done
    assert attempt.status is None
    assert attempt.error


def test_no_address():
    """An address that is none is refused before anything is posted to it."""
    clock = Clock()
    courier = Courier(clock, Log(clock, 9), None, None, 1.0)
    with pytest.raises(ValueError, match="got 'nowhere'"):
        courier.url = "nowhere"
    assert courier.url is None


def test_no_answer():
    """A receiver that says nothing is given up on after the time-out."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        is_done, (attempt,) = post(f"http://127.0.0.1:{mute.getsockname()[1]}", answer_seconds=0.1)
    assert not is_done
    assert attempt.error == "no answer within 0.1 s"


def test_credentials():
    """They are given with the first attempt."""
    with Receiver() as receiver:
        post(receiver.url, credentials=("ann", "sesame"))
    scheme, _, token = receiver.headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(token)) == ("Basic", b"ann:sesame")


def test_intervals():
    """They double up to an hour, and end with an attempt after 24 hours and a drop."""
    with Receiver(500) as receiver:
        _, entries = post(receiver.url, retry=True)
    *attempts, drop = entries
    assert isinstance(drop, CallbackDrop)
    assert drop.attempts == len(attempts) > 20
    assert [attempt.attempt for attempt in attempts] == list(range(1, len(attempts) + 1))
    assert attempts[-1].time - attempts[0].time >= 24 * 3600
    assert attempts[-2].time - attempts[-3].time >= 0.8 * 3600
