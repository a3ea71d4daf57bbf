"""The HTTP side of exchanges, for threads and for asyncio; only this module imports httpx2.

`exchanges` decides about requests and retries; a transport only sends, waits, and lets one exchange
at a time renew a token.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing, contextmanager, suppress
from typing import Any, TypeAlias, TypeVar

from ...display.wording import without_credentials
from ...exceptions import MissingExtraError
from ...serving import gunzip
from ..exceptions import UnansweredError
from .account import Page
from .exchanges import Answer, Body, Exchange, Failure, Renew, Request, Wait

try:
    import httpx2
except ImportError as error:
    raise MissingExtraError("httpx2", "bandwidth", "septet.bandwidth.Client") from error

__all__ = ["AsyncTransport", "Transport"]

# The provider may close an idle connection just as a message is written to it, and then it is
# unknown whether the message was accepted. A short idle time makes that rare.
_IDLE_SECONDS = 2.0
_MAX_CONNECTIONS = 100

# These are raised before the first byte of a request is written.
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)

H = TypeVar("H")
T = TypeVar("T")
Ask: TypeAlias = Callable[[str | None], Exchange[Page[T]]]


class Transport:
    """Carries out exchanges for any number of threads."""

    def __init__(self, timeout: float, proxy: str | None) -> None:
        """Prepare; connections are made later.

        Args:
            timeout: Seconds, for each of the waits that `Client` lists.
            proxy: The URL of a proxy.
        """
        self._http = _open(httpx2.Client, timeout, proxy)
        self._timeout = timeout
        self._renewing = threading.Lock()
        self._closed = threading.Event()

    def run(self, exchange: Exchange[T]) -> T:
        """Carry out an exchange and return its result."""
        try:
            step = next(exchange)
            while True:
                step = exchange.send(self._do(step))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def items(self, ask: Ask[T]) -> Iterator[T]:
        """Yield the items of all pages; `ask` gets the token of a page, None for the first."""
        token = None
        while True:
            page = self.run(ask(token))
            yield from page.items
            if (token := page.token) is None:
                return

    def chunks(self, exchange: Exchange[Answer]) -> Iterator[bytes]:
        """Yield the body of a streamed answer as it arrives."""
        with closing(self.run(exchange).stream) as response, _interrupted():
            _check_encoding(response)
            yield from response.iter_raw()

    def close(self) -> None:
        """Close all connections, and end the waits of other threads."""
        self._closed.set()
        self._http.close()

    def _do(self, step: Request | Wait | Renew) -> Answer | Failure | bool | str:
        if isinstance(step, Wait):
            return self._closed.wait(step.seconds)
        if isinstance(step, Renew):
            with self._renewing:
                return self.run(step.exchange)
        request = _request(self._http, step, step.content)
        try:
            response = self._http.send(request, stream=True)
        except Exception as error:
            return _failure(error)
        if step.is_streamed and response.is_success:
            return _answer(response, stream=response)
        body = Body(response.is_success, self._timeout)
        with suppress(Exception), closing(response):
            body.is_whole = all(map(body.add, response.iter_raw()))
        return _read_answer(response, body)


class AsyncTransport:
    """Carries out exchanges for any number of asyncio tasks; otherwise like `Transport`."""

    def __init__(self, timeout: float, proxy: str | None) -> None:
        """Prepare; connections are made later. The arguments are those of `Transport`."""
        self._http = _open(httpx2.AsyncClient, timeout, proxy)
        self._timeout = timeout
        self._renewing = asyncio.Lock()
        self._closed = asyncio.Event()

    async def run(self, exchange: Exchange[T]) -> T:
        """Carry out an exchange and return its result."""
        try:
            step = next(exchange)
            while True:
                step = exchange.send(await self._do(step))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    async def items(self, ask: Ask[T]) -> AsyncIterator[T]:
        """Yield the items of all pages; `ask` gets the token of a page, None for the first."""
        token = None
        while True:
            page = await self.run(ask(token))
            for item in page.items:
                yield item
            if (token := page.token) is None:
                return

    async def chunks(self, exchange: Exchange[Answer]) -> AsyncGenerator[bytes, None]:
        """Yield the body of a streamed answer as it arrives."""
        async with aclosing((await self.run(exchange)).stream) as response:
            with _interrupted():
                _check_encoding(response)
                async for chunk in response.aiter_raw():
                    yield chunk

    async def close(self) -> None:
        """Close all connections, and end the waits of other tasks."""
        self._closed.set()
        await self._http.aclose()

    async def _do(self, step: Request | Wait | Renew) -> Answer | Failure | bool | str:
        if isinstance(step, Wait):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), step.seconds)
            return self._closed.is_set()
        if isinstance(step, Renew):
            async with self._renewing:
                return await self.run(step.exchange)
        content = step.content if isinstance(step.content, bytes) else _in_threads(step.content)
        request = _request(self._http, step, content)
        try:
            response = await self._http.send(request, stream=True)
        except Exception as error:
            return _failure(error)
        if step.is_streamed and response.is_success:
            return _answer(response, stream=response)
        body = Body(response.is_success, self._timeout)
        with suppress(Exception):
            async with aclosing(response):
                async for chunk in response.aiter_raw():
                    if not body.add(chunk):
                        break
                else:
                    body.is_whole = True
        return _read_answer(response, body)


def _open(kind: Callable[..., H], timeout: float, proxy: str | None) -> H:
    """Return a client of the HTTP library.

    Raises:
        ValueError: The URL of the proxy cannot be used; the message has no credentials.
    """
    limits = httpx2.Limits(max_connections=_MAX_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS)
    try:
        return kind(
            timeout=timeout, trust_env=False, follow_redirects=False, proxy=proxy, limits=limits
        )
    except (ValueError, httpx2.InvalidURL):
        raise ValueError(
            "expected the URL of a proxy, such as http://127.0.0.1:3128, "
            f"got {without_credentials(proxy or '')!r}"
        ) from None


async def _in_threads(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield chunks of a body, each from a thread, because they may take long."""
    while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
        yield chunk


def _request(
    http: httpx2.Client | httpx2.AsyncClient,
    step: Request,
    content: bytes | Iterator[bytes] | AsyncIterator[bytes],
) -> httpx2.Request:
    if http.is_closed:
        raise RuntimeError("the client is closed")
    return http.build_request(step.method, step.url, headers=step.headers, content=content)


def _answer(
    response: httpx2.Response, body: bytes = b"", is_whole: bool = True, stream: Any = None
) -> Answer:
    return Answer(response.status_code, response.headers, body, is_whole, stream)


def _read_answer(response: httpx2.Response, body: Body) -> Answer:
    """Return an answer with its body, which some gateways compress though nobody asked for it."""
    arrived = bytes(body.data)
    data: bytes | None = arrived
    if _encoding(response) in ("gzip", "x-gzip") and body.is_whole:
        with suppress(ValueError):
            data = gunzip(arrived, body.max_bytes)
    return _answer(response, data or b"", body.is_whole and data is not None)


def _check_encoding(response: httpx2.Response) -> None:
    """Raise an error if the contents of a file are not the bytes that arrive."""
    if (encoding := _encoding(response)) not in ("", "identity"):
        reason = f"the file was answered with Content-Encoding {encoding!r}, unasked"
        raise UnansweredError(reason, response.status_code)


def _encoding(response: httpx2.Response) -> str:
    encoding: str = response.headers.get("content-encoding", "")
    return encoding.strip().lower()


def _failure(error: Exception) -> Failure:
    return Failure(error, is_unsent=isinstance(error, _UNSENT))


@contextmanager
def _interrupted() -> Iterator[None]:
    try:
        yield
    except httpx2.TransportError as error:
        reason = f"the download was interrupted: {type(error).__name__}: {error}"
        raise UnansweredError(reason) from error
