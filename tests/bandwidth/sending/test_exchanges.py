"""What comes next, told without any I/O: the exchanges are led by hand."""

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
from septet.bandwidth.sending import exchanges
from septet.bandwidth.sending.credentials import Basic
from septet.bandwidth.sending.exchanges import (
    Answer,
    Body,
    Failure,
    Patience,
    Request,
    Wait,
    ask,
    judge,
)

MESSAGE = Request("POST", "http://h/messages", is_repeatable=False)
QUESTION = Request("GET", "http://h/messages")


def begin(request=MESSAGE, tries=10, seconds=60.0):
    """Return an exchange that has asked once."""
    exchange = ask(request, Basic("ann", "hush"), Patience(tries, seconds))
    assert next(exchange).headers["authorization"].startswith("Basic ")
    return exchange


@pytest.mark.parametrize(
    ("reply", "of_message", "of_question"),
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
def test_judge(reply, of_message, of_question) -> None:
    """The one decision, for what may be done once only and for what does no harm."""
    assert type(judge(reply, MESSAGE)) is of_message
    assert type(judge(reply, QUESTION)) is of_question


def test_delays_grow(monkeypatch) -> None:
    """The longest delay doubles up to a limit, and any below it may be drawn."""
    drawn = []
    monkeypatch.setattr(exchanges.random, "uniform", lambda low, high: drawn.append(high) or low)
    exchange = begin(tries=20)
    for _ in range(9):
        assert exchange.send(Answer(429)) == Wait(0.0)
        assert isinstance(exchange.send(False), Request)
    assert drawn == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize("request_", [MESSAGE, QUESTION])
def test_the_last_try(request_) -> None:
    """So many tries, and no waiting after the last."""
    exchange = begin(request_, tries=3)
    for _ in range(2):
        assert isinstance(exchange.send(Failure(OSError("no"), is_unsent=True)), Wait)
        exchange.send(False)
    with pytest.raises(UnreachableError, match="OSError: no") as caught:
        exchange.send(Failure(OSError("no"), is_unsent=True))
    assert isinstance(caught.value.__cause__, OSError)


def test_patience(monkeypatch) -> None:
    """No try begins after the patience is over."""
    now = [100.0]
    monkeypatch.setattr(exchanges, "monotonic", lambda: now[0])
    monkeypatch.setattr(exchanges.random, "uniform", lambda low, high: 0.25)
    exchange = begin(seconds=10.0)
    now[0] = 109.7
    assert exchange.send(Answer(429)) == Wait(0.25)
    exchange.send(False)
    now[0] = 109.8
    with pytest.raises(QueueFullError):
        exchange.send(Answer(429))


def test_closed_while_waiting() -> None:
    """No other try, and the error that it was waited for."""
    exchange = begin()
    exchange.send(Answer(429))
    with pytest.raises(QueueFullError):
        exchange.send(True)


@pytest.mark.parametrize("value", ["7", " 7 ", "in 7 seconds"])
def test_retry_after(monkeypatch, value) -> None:
    """At least as long as was asked for, as a number or as a date."""
    monkeypatch.setattr(exchanges.random, "uniform", lambda low, high: high)
    if value == "in 7 seconds":
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=8), usegmt=True)
    wait = begin().send(Answer(429, {"retry-after": value}))
    assert 7 < wait.seconds < 9


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
def test_retry_after_that_says_nothing(value) -> None:
    """What is past or no time leaves the delay as it is."""
    assert begin().send(Answer(429, {"retry-after": value})).seconds <= 0.5


@given(st.text() | st.text("0123456789").map(lambda digits: digits * 99))
def test_any_retry_after(value) -> None:
    """No header raises anything but the error itself."""
    reply = Answer(429, {"retry-after": value})
    seconds = judge(reply, MESSAGE).retry_after or 0
    exchange = begin()
    if seconds > 60:
        with pytest.raises(QueueFullError):
            exchange.send(reply)
    elif seconds < 59:
        assert exchange.send(reply).seconds >= seconds


def test_secrets_are_not_shown() -> None:
    """A request may be printed."""
    request = next(ask(MESSAGE, Basic("ann", "hush"), Patience(1, 1)))
    assert request.headers["authorization"].startswith("Basic ")
    assert "Basic" not in repr(request)


def test_body() -> None:
    """A good body may be large, an error's not; and none is slow."""
    assert Body(is_good=True, seconds=60).add(b"x" * 65536)
    assert not Body(is_good=False, seconds=60).add(b"x" * 65536)
    assert not Body(is_good=True, seconds=60).add(b"x" * 2**24)
    assert not Body(is_good=True, seconds=-1).add(b"x")
