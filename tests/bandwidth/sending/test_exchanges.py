"""Exchanges without I/O: the tests play the transport."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.bandwidth.exceptions import (
    DeliveryUnknownError,
    QueueFullError,
    RefusedError,
    UnansweredError,
    UnauthorizedError,
    UnreachableError,
    ValidationRefusedError,
)
from septet.bandwidth.sending.credentials import Basic
from septet.bandwidth.sending.exchanges import (
    Answer,
    Backoff,
    Body,
    Failure,
    Request,
    RetryPolicy,
    Wait,
    ask,
    judge,
)

MESSAGE = Request("POST", "http://h/messages", is_repeatable=False)
QUESTION = Request("GET", "http://h/messages")


def begin(request=MESSAGE, max_attempts=10, deadline=60.0, **backoff):
    """Return an exchange that has made its first request."""
    policy = RetryPolicy(max_attempts, deadline, Backoff(**backoff))
    exchange = ask(request, Basic("ann", "hush"), policy)
    assert next(exchange).headers["authorization"].startswith("Basic ")
    return exchange


@pytest.mark.parametrize(
    ("reply", "for_message", "for_question"),
    [
        (Failure(OSError(), is_unsent=True), UnreachableError, UnreachableError),
        (Failure(OSError(), is_unsent=False), DeliveryUnknownError, UnansweredError),
        (Answer(200), DeliveryUnknownError, Answer),
        (Answer(202), Answer, Answer),
        (Answer(202, is_whole=False), Answer, UnansweredError),
        (Answer(204), DeliveryUnknownError, Answer),
        (Answer(301), DeliveryUnknownError, RefusedError),
        (Answer(400), ValidationRefusedError, ValidationRefusedError),
        (Answer(401), UnauthorizedError, UnauthorizedError),
        (Answer(403), UnauthorizedError, UnauthorizedError),
        (Answer(404), RefusedError, RefusedError),
        (Answer(429), QueueFullError, QueueFullError),
        (Answer(429, is_whole=False), QueueFullError, QueueFullError),
        (Answer(500), RefusedError, UnansweredError),
        (Answer(502), DeliveryUnknownError, UnansweredError),
        (Answer(503), DeliveryUnknownError, UnansweredError),
        (Answer(999), DeliveryUnknownError, UnansweredError),
    ],
)
def test_judge(reply, for_message, for_question) -> None:
    """The decision, for a message and for a request that is safe to repeat."""
    assert type(judge(reply, MESSAGE)) is for_message
    assert type(judge(reply, QUESTION)) is for_question


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Failure(OSError("no"), is_unsent=True), "no connection to http://h:8 (OSError: no)"),
        (Failure(OSError("no"), is_unsent=False), "no answer from http://h:8 (OSError: no)"),
        (Answer(301), "http://h:8 redirects, and redirects are not followed"),
        (Answer(404), "http://h:8/api/v2/users/1/messages was not found"),
        (Answer(400), ""),
    ],
)
def test_address(reply, reason) -> None:
    """An error that may be due to a wrong address has it, without the query."""
    request = Request("GET", "http://h:8/api/v2/users/1/messages?sourceTn=%2B12025550100")
    assert judge(reply, request).reason == reason


def test_address_without_the_path() -> None:
    """The most likely mistake in the address of an API is named."""
    error = judge(Answer(404), Request("POST", "http://h/users/1/messages", is_repeatable=False))
    assert error.reason == (
        "http://h/users/1/messages was not found; the URL of the API usually ends in /api/v2"
    )


def test_delays_grow() -> None:
    """The bound of the random delay doubles up to a limit."""
    bounds = []
    exchange = begin(max_attempts=20, draw=lambda low, high: bounds.append(high) or low)
    for _ in range(9):
        assert exchange.send(Answer(429)) == Wait(0.0)
        assert isinstance(exchange.send(False), Request)
    assert bounds == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize("request_", [MESSAGE, QUESTION])
def test_the_last_attempt(request_) -> None:
    """There is no wait after the last attempt."""
    exchange = begin(request_, max_attempts=3)
    for _ in range(2):
        assert isinstance(exchange.send(Failure(OSError("no"), is_unsent=True)), Wait)
        exchange.send(False)
    with pytest.raises(UnreachableError, match="OSError: no") as caught:
        exchange.send(Failure(OSError("no"), is_unsent=True))
    assert isinstance(caught.value.__cause__, OSError)


def test_deadline() -> None:
    """No attempt starts after the deadline."""
    now = [100.0]
    exchange = begin(deadline=10.0, draw=lambda low, high: 0.25, clock=lambda: now[0])
    now[0] = 109.7
    assert exchange.send(Answer(429)) == Wait(0.25)
    exchange.send(False)
    now[0] = 109.8
    with pytest.raises(QueueFullError):
        exchange.send(Answer(429))


def test_closed_while_waiting() -> None:
    """The error of the last attempt is raised, and no other attempt is made."""
    exchange = begin()
    exchange.send(Answer(429))
    with pytest.raises(QueueFullError):
        exchange.send(True)


@pytest.mark.parametrize("value", ["7", " 7 ", "in 7 seconds"])
def test_retry_after(value) -> None:
    """The wait is at least as long as the provider asks for, by a number or a date."""
    if value == "in 7 seconds":
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    wait = begin(draw=lambda low, high: high).send(Answer(429, {"retry-after": value}))
    assert 7 < wait.seconds < 9


@pytest.mark.parametrize("request_", [MESSAGE, QUESTION])
@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
@pytest.mark.parametrize("value", ["7", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_retry_after_of_every_error(request_, status, value) -> None:
    """Whatever the error is, it has the seconds; only what may be repeated waits for them."""
    reply = Answer(status, {"retry-after": value})
    error = judge(reply, request_)
    assert error.retry_after == (7 if value == "7" else 0)
    exchange = begin(request_, draw=lambda low, high: 0.25)
    if error.is_transient:
        assert exchange.send(reply) == Wait(0.25 + error.retry_after)
    else:
        with pytest.raises(type(error)) as caught:
            exchange.send(reply)
        assert caught.value.retry_after == error.retry_after


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-5",
        "1.5",
        "٣",
        "Mon, 30 Feb 2026 00:00:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 GMT",
        "Wed, 21 Oct 2015 07:28:00 +9999999999999999999",
        "Wed, 21 Oct 2015 07:28:00",
    ],
)
def test_unusable_retry_after(value) -> None:
    """A time in the past, or no time, leaves the delay as it is."""
    assert begin().send(Answer(429, {"retry-after": value})).seconds <= 0.5


@given(st.text() | st.text("0123456789").map(lambda digits: digits * 99))
def test_any_retry_after(value) -> None:
    """No value of the header raises another error."""
    reply = Answer(429, {"retry-after": value})
    seconds = judge(reply, MESSAGE).retry_after or 0
    exchange = begin()
    if seconds > 60:
        with pytest.raises(QueueFullError):
            exchange.send(reply)
    elif seconds < 59:
        assert exchange.send(reply).seconds >= seconds


def test_secrets_are_not_shown() -> None:
    """The repr of a request has no credentials."""
    request = next(ask(MESSAGE, Basic("ann", "hush"), RetryPolicy(1, 1)))
    assert request.headers["authorization"].startswith("Basic ")
    assert "Basic" not in repr(request)


def test_body() -> None:
    """The body of a success may be large, that of an error may not; neither may be slow."""
    assert Body(is_success=True, seconds=60).add(b"x" * 65536)
    assert not Body(is_success=False, seconds=60).add(b"x" * 65536)
    assert not Body(is_success=True, seconds=60).add(b"x" * 2**24)
    assert not Body(is_success=True, seconds=-1).add(b"x")
