"""The protocol without I/O: which requests are made, what an answer means, and when to try again.

An exchange is a generator. It yields an instruction, gets the reply to it, and returns its result
or raises an error of `exceptions`. The transports only carry out the instructions, so that `Client`
and `AsyncClient` cannot differ.

    exchange                        transport
       │── Request ───────────────────▶│  sends it, without following redirects
       │◀── Answer, or Failure ────────│  an answer, or the error and whether anything was sent
       │── Wait(seconds) ─────────────▶│  sleeps
       │◀── whether closed ────────────│  True makes the exchange give up
       │── Renew(exchange) ───────────▶│  runs another exchange, one at a time, for a new token
       │◀── its result ────────────────│  the header "Authorization"
       ▼
    result, or BandwidthError

One question decides about trying again: may the provider have accepted the message? It does not
recognise a message that it already has, so a request is repeated only if the answer is no.

* No connection was made: no.
* Any 4xx, and 500: no, by Bandwidth's page on errors ("not sent and not billed").
* 202: yes, whatever the rest of the answer looks like.
* Anything else (a gateway's 502, 503 or 504, a redirect: undocumented), or no answer: unknown.

A request that changes nothing, or has the same effect when it is made twice, is always safe to
repeat.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, Protocol, TypeAlias, TypeVar
from urllib.parse import urlsplit

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
    "Backoff",
    "Body",
    "Credentials",
    "Exchange",
    "Failure",
    "Renew",
    "Request",
    "RetryPolicy",
    "Wait",
    "ask",
    "authorize",
    "judge",
    "post_once",
]

_MAX_BODY_BYTES = 2**24
_MAX_ERROR_BODY_BYTES = 2**16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """An instruction to send a request; the reply is an `Answer` or a `Failure`.

    Attributes:
        method: The HTTP method.
        url: The address.
        headers: The header fields, credentials among them.
        content: The body; an iterator is started once a connection is open and the header fields
            are written. Its length must then be in `headers`.
        is_repeatable: Whether it is safe to make the request twice.
        is_streamed: Whether the caller reads the body of a successful answer.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | Iterator[bytes] = field(default=b"", repr=False)
    is_repeatable: bool = True
    is_streamed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request.

    Attributes:
        status: The HTTP status.
        headers: The header fields by their names in lower case.
        body: The body, or its beginning.
        is_whole: Whether the body is complete.
        stream: The transport's response, from which a streamed body is read.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_whole: bool = True
    stream: Any = None


class Body:
    """The body of an answer as it arrives, up to a limit of size and of time.

    Attributes:
        data: The bytes that have arrived.
        is_whole: Whether the body is complete; set by the reader.
        max_bytes: The limit of size.
    """

    def __init__(self, is_success: bool, seconds: float) -> None:
        """Start the time limit.

        Args:
            is_success: Whether the status is 2xx; of other answers less is read.
            seconds: The time limit.
        """
        self.data = bytearray()
        self.is_whole = False
        self.max_bytes = _MAX_BODY_BYTES if is_success else _MAX_ERROR_BODY_BYTES
        self._deadline = monotonic() + seconds

    def add(self, chunk: bytes) -> bool:
        """Append a chunk, and return whether to read on."""
        self.data += chunk
        return len(self.data) < self.max_bytes and monotonic() < self._deadline


@dataclass(frozen=True, slots=True)
class Failure:
    """A request without an answer.

    Attributes:
        error: The error of the HTTP library.
        is_unsent: Whether it is certain that no byte of the request was written.
    """

    error: Exception
    is_unsent: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """An instruction to wait; the reply is whether the client was closed meanwhile."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Renew:
    """An instruction to run another exchange, only one at a time; the reply is its result."""

    exchange: Exchange[str]


Exchange: TypeAlias = Generator[Request | Wait | Renew, Any, T]


@dataclass(frozen=True, slots=True)
class Backoff:
    """The delays between attempts, and the clock; tests shorten them.

    Attributes:
        first_delay: Seconds of the longest delay after the first attempt; it doubles with each
            further attempt.
        max_delay: Seconds that the doubling does not exceed.
        draw: Returns a random delay between two bounds.
        clock: Returns seconds that never go back.
    """

    first_delay: float = 0.5
    max_delay: float = 30.0
    draw: Callable[[float, float], float] = random.uniform
    clock: Callable[[], float] = monotonic


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long an exchange tries again.

    Attributes:
        max_attempts: The largest number of attempts.
        deadline: Seconds after the start of the exchange after which no attempt starts.
        backoff: The delays between attempts.
    """

    max_attempts: int
    deadline: float
    backoff: Backoff = field(default_factory=Backoff)

    def __post_init__(self) -> None:
        """Check the limits."""
        if not self.max_attempts >= 1:
            raise ValueError(f"max_attempts must be 1 or more, not {self.max_attempts}")
        if not 0 <= self.deadline < math.inf:
            raise ValueError(f"deadline must be 0 or more seconds, not {self.deadline}")


ONCE = RetryPolicy(max_attempts=1, deadline=0)


class Credentials(Protocol):
    """The source of the header `Authorization`.

    Attributes:
        is_renewable: Whether refused credentials can be replaced by new ones.
    """

    is_renewable: bool

    def current(self, refused: str | None) -> str | None:
        """Return the header; None if it has to be renewed, for example because it was refused."""

    def renew(self, refused: str | None, policy: RetryPolicy) -> Exchange[str]:
        """Return a new header; no request is made if another caller has renewed it already."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """The authorization of one request.

    Attributes:
        header: The value of the header `Authorization`.
        is_reused: Whether it is a token of an earlier request, so that a 401 may only mean that the
            token has expired.
    """

    header: str = field(repr=False)
    is_reused: bool


def authorize(
    credentials: Credentials, refused: str | None, policy: RetryPolicy
) -> Exchange[Authorization]:
    """Return the authorization of a request; this asks for a token if none is cached.

    Args:
        credentials: The source of the authorization.
        refused: A header that was answered 401, and must not be used again.
        policy: How often and how long to ask for a token.

    Raises:
        BandwidthError: No token was issued.
    """
    header = credentials.current(refused)
    if header is not None:
        return Authorization(header, is_reused=credentials.is_renewable and refused is None)
    header = yield Renew(credentials.renew(refused, policy))
    return Authorization(header, is_reused=False)


def post_once(request: Request, authorization: Authorization) -> Exchange[Answer]:
    """Make exactly one request: do not try again, and do not renew a token.

    Raises:
        BandwidthError: The request failed; the class says whether the message was accepted.
    """
    reply: Answer | Failure = yield _authorized(request, authorization)
    result = judge(reply, request)
    if isinstance(result, Answer):
        return result
    raise result from (reply.error if isinstance(reply, Failure) else None)


def ask(request: Request, credentials: Credentials, policy: RetryPolicy) -> Exchange[Answer]:
    """Make a request until it succeeds: 202 for a message, any 2xx for other requests.

    If a cached token is answered 401, it is renewed, and the request made once more. After a
    transient error the request is repeated after a delay. The delay is random, up to a bound that
    doubles with each attempt (full jitter), plus the seconds that the provider asks for.

    Raises:
        BandwidthError: No attempt succeeded; the class says whether the message was accepted.
    """
    clock = policy.backoff.clock
    end = clock() + policy.deadline
    attempts, refused = 0, None
    while True:
        authorization = yield from authorize(credentials, refused, policy)
        reply: Answer | Failure = yield _authorized(request, authorization)
        error = judge(reply, request)
        if isinstance(error, Answer):
            return error
        if error.status == 401 and authorization.is_reused:
            refused = authorization.header
            continue
        attempts += 1
        delay = _delay(attempts, policy.backoff) + (error.retry_after or 0)
        is_last = attempts >= policy.max_attempts or clock() + delay > end
        if not error.is_transient or is_last or (yield Wait(delay)):
            raise error from (reply.error if isinstance(reply, Failure) else None)


def judge(reply: Answer | Failure, request: Request) -> Answer | BandwidthError:
    """Return the answer to a request that succeeded, and otherwise the error that it means."""
    if isinstance(reply, Failure):
        cause = f"{type(reply.error).__name__}: {reply.error}".removesuffix(": ")
        if reply.is_unsent:
            return UnreachableError(f"no connection to {_origin(request)} ({cause})")
        reason = f"no answer from {_origin(request)} ({cause})"
        return UnansweredError(reason) if request.is_repeatable else DeliveryUnknownError(reason)
    status = reply.status
    details = status, reply.body, _retry_after(reply)
    if status == 404:
        return RefusedError(_not_found(request), *details)
    if 400 <= status < 500:
        return _REFUSALS.get(status, RefusedError)("", *details)
    if not request.is_repeatable:
        if status == 202:  # the status is enough, even if the rest is missing
            return reply
        return (RefusedError if status == 500 else DeliveryUnknownError)("", *details)
    if 300 <= status < 400:
        reason = f"{_origin(request)} redirects, and redirects are not followed"
        return RefusedError(reason, *details)
    if status >= 500:
        return UnansweredError("", *details)
    return reply if reply.is_whole else UnansweredError("the answer is incomplete", *details)


_REFUSALS: dict[int, type[RefusedError]] = {
    400: ValidationRefusedError,
    401: UnauthorizedError,
    403: UnauthorizedError,
    429: QueueFullError,
}


def _origin(request: Request) -> str:
    """Return the scheme, the host and the port that a request goes to."""
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc}"


def _not_found(request: Request) -> str:
    path = urlsplit(request.url).path
    hint = "" if "/api/" in path else "; the URL of the API usually ends in /api/v2"
    return f"{_origin(request)}{path} was not found{hint}"


def _authorized(request: Request, authorization: Authorization) -> Request:
    return replace(request, headers={**request.headers, "authorization": authorization.header})


def _delay(attempts: int, backoff: Backoff) -> float:
    # The exponent is bounded, because a float cannot hold two to the power of a large number.
    bound = min(backoff.max_delay, backoff.first_delay * 2 ** min(attempts - 1, 16))
    return backoff.draw(0, bound)


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
