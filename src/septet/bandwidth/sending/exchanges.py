"""Requests and answers without I/O: what is sent, what an answer means, and what comes next.

An exchange is a generator. It yields what is to be done (`Request`, `Wait`, `Renew`), gets what
came of it, and returns its result or raises an error of `exceptions`. `Client` and `AsyncClient`
only do what they are told, so they cannot differ.

What matters is one question: may the message have been taken? Bandwidth knows no key by which it
would recognise a message that it already has, so a request is repeated only if the answer is no.

* No connection was made: it was not.
* Any 4xx, and 500: it was not, by Bandwidth's page on errors ("not sent and not billed").
* 202: it was, whatever the rest of the answer looks like.
* Anything else (a gateway's 502, 503 or 504, a redirect: undocumented), or no answer: unknown.

What changes nothing, or changes it to the same, may be repeated freely.
"""

from __future__ import annotations

import math
import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Protocol, TypeAlias, TypeVar

from ..exceptions import (
    BandwidthError,
    DeliveryUnknownError,
    QueueFullError,
    RefusedError,
    UnansweredError,
    UnauthorizedError,
    UnreachableError,
    ValidationRefusedError,
)

__all__ = [
    "ONCE",
    "Answer",
    "Authorization",
    "Body",
    "Credentials",
    "Exchange",
    "Failure",
    "Patience",
    "Renew",
    "Request",
    "Wait",
    "ask",
    "authorize",
    "judge",
    "post_once",
]

_FIRST_DELAY = 0.5  # seconds; twice as long after each try
_LONGEST_DELAY = 30.0

_MOST_OCTETS = 2**24
_MOST_OCTETS_OF_ERRORS = 2**16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """To be sent; the reply is an `Answer` or a `Failure`.

    Attributes:
        is_repeatable: Whether doing it twice does no harm.
        is_streamed: Whether the body of a good answer is left for the caller to read.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # credentials among them
    content: bytes = field(default=b"", repr=False)
    is_repeatable: bool = True
    is_streamed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        headers: By their names in small letters.
        is_whole: Whether the body is all there.
        stream: What a streamed body is read from.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = True
    stream: Any = None


class Body:
    """The body of an answer as it arrives: of what is larger or slower than fair, the beginning.

    Attributes:
        octets: What has arrived.
        is_whole: Whether that is all; for the one who reads to say.
    """

    def __init__(self, is_good: bool, seconds: float) -> None:
        self.octets = bytearray()
        self.is_whole = False
        self._most = _MOST_OCTETS if is_good else _MOST_OCTETS_OF_ERRORS
        self._deadline = monotonic() + seconds

    def add(self, octets: bytes) -> bool:
        """Take some octets, and tell whether more are wanted."""
        self.octets += octets
        return len(self.octets) < self._most and monotonic() < self._deadline


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer.

    Attributes:
        is_unsent: Whether it is known that no octet of the request was written.
    """

    error: Exception
    is_unsent: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """To be waited for; the reply is whether the client was closed meanwhile."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Renew:
    """An exchange to be made while nobody else makes one like it; the reply is its result."""

    exchange: Exchange[str]


Exchange: TypeAlias = Generator[Request | Wait | Renew, Any, T]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long something is tried.

    Attributes:
        tries: How often at most.
        seconds: After how long no other try is begun.
    """

    tries: int
    seconds: float

    def __post_init__(self) -> None:
        """Refuse what would be no limit."""
        if not self.tries >= 1:
            raise ValueError(f"tries must be 1 or more, not {self.tries}")
        if not 0 <= self.seconds < math.inf:
            raise ValueError(f"patience must be a number of seconds, not {self.seconds}")


ONCE = Patience(tries=1, seconds=0)


class Credentials(Protocol):
    """What a request is authorised by.

    Attributes:
        is_renewable: Whether others can be had in place of those that were refused.
    """

    is_renewable: bool

    def current(self, refused: str | None) -> str | None:
        """Return the header `Authorization`; None if it has to be renewed, as one refused has."""

    def renew(self, refused: str | None, patience: Patience) -> Exchange[str]:
        """Return the header, from an exchange unless somebody else has renewed it by now."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """What one request is authorised by.

    Attributes:
        header: The value of the header `Authorization`.
        is_kept: Whether it is a token of an earlier request, so that a 401 may only mean that the
            token has ended.
    """

    header: str = field(repr=False)
    is_kept: bool


def authorize(
    credentials: Credentials, refused: str | None, patience: Patience
) -> Exchange[Authorization]:
    """Return what a request is authorised by; a token is asked for if none is kept.

    Args:
        credentials: Where it comes from.
        refused: A header that was answered 401, and is not to be used again.
        patience: How long a token is asked for.

    Raises:
        BandwidthError: No token was given.
    """
    header = credentials.current(refused)
    if header is not None:
        return Authorization(header, is_kept=credentials.is_renewable and refused is None)
    header = yield Renew(credentials.renew(refused, patience))
    return Authorization(header, is_kept=False)


def post_once(request: Request, authorization: Authorization) -> Exchange[Answer]:
    """Make one request and no other: nothing is tried again, and no token is renewed.

    Raises:
        BandwidthError: It was not answered as it should be; the error says what became of it.
    """
    reply: Answer | Failure = yield _authorized(request, authorization)
    result = judge(reply, request)
    if isinstance(result, Answer):
        return result
    raise result from (reply.error if isinstance(reply, Failure) else None)


def ask(request: Request, credentials: Credentials, patience: Patience) -> Exchange[Answer]:
    """Have a request answered as it should be: 202 to a message, and 2xx to anything else.

    A 401 to a token that was had before renews it and asks once more. What is transient is tried
    again after a delay: twice as long after each try, at random below that (full jitter), and at
    least as long as the provider asks for.

    Raises:
        BandwidthError: It was not, after all tries; the error says what became of it.
    """
    deadline = monotonic() + patience.seconds
    tries, refused = 0, None
    while True:
        authorization = yield from authorize(credentials, refused, patience)
        reply: Answer | Failure = yield _authorized(request, authorization)
        error = judge(reply, request)
        if isinstance(error, Answer):
            return error
        if error.status == 401 and authorization.is_kept:
            refused = authorization.header
            continue
        tries += 1
        delay = _delay(tries, reply)
        is_over = tries >= patience.tries or monotonic() + delay > deadline
        if not error.is_transient or is_over or (yield Wait(delay)):
            raise error from (reply.error if isinstance(reply, Failure) else None)


def judge(reply: Answer | Failure, request: Request) -> Answer | BandwidthError:
    """Return the answer if the request was done, and else what became of it."""
    if isinstance(reply, Failure):
        reason = f"{type(reply.error).__name__}: {reply.error}".removesuffix(": ")
        if reply.is_unsent:
            return UnreachableError(reason)
        return UnansweredError(reason) if request.is_repeatable else DeliveryUnknownError(reason)
    status, body = reply.status, reply.body
    if status == 429:
        return QueueFullError("", status, body, _retry_after(reply))
    if 400 <= status < 500:
        return _REFUSALS.get(status, RefusedError)("", status, body)
    if not request.is_repeatable:
        if status == 202:  # that alone says it, even if the rest broke off
            return reply
        return (RefusedError if status == 500 else DeliveryUnknownError)("", status, body)
    if 300 <= status < 400:
        return RefusedError("redirects are not followed", status, body)
    if status >= 500:
        return UnansweredError("", status, body)
    return reply if reply.is_whole else UnansweredError("the answer broke off", status, body)


_REFUSALS: dict[int, type[RefusedError]] = {
    400: ValidationRefusedError,
    401: UnauthorizedError,
    403: UnauthorizedError,
}


def _authorized(request: Request, authorization: Authorization) -> Request:
    return replace(request, headers={**request.headers, "authorization": authorization.header})


def _delay(tries: int, reply: Answer | Failure) -> float:
    # Two to the power of a large number of tries is no float any more.
    longest = min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(tries - 1, 16))
    delay = random.uniform(0, longest)  # noqa: S311 - spreads load, keeps no secret
    return delay + ((_retry_after(reply) or 0) if isinstance(reply, Answer) else 0)


def _retry_after(answer: Answer) -> float | None:
    """Return the seconds of the header Retry-After, which is a number or a date (RFC 9110)."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    try:
        time = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (time.replace(tzinfo=time.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
