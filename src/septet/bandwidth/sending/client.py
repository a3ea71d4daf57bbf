"""Clients of Bandwidth's messaging API, one for threads and one for asyncio.

What is asked and what an answer means is in `account` and `exchanges`; here is only what they
cannot do: send, wait and take turns. This is the only place that imports httpx2.
"""

from __future__ import annotations

import asyncio
import math
import os
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, closing, contextmanager, suppress
from typing import Any, BinaryIO, Self, TypeAlias, TypeVar, Unpack

from ...exceptions import MissingExtraError
from ...files.whole_files import whole_file
from ..exceptions import UnansweredError
from ..messages import Accepted, Message
from .account import TOKEN_URL, URL, Account, Media, Page, credentials_of
from .exchanges import (
    Answer,
    Authorization,
    Body,
    Exchange,
    Failure,
    Patience,
    Renew,
    Request,
    Wait,
)
from .search import Filters, MessageRecord, encode_filters

try:
    import httpx2
except ImportError as error:
    raise MissingExtraError("httpx2", "bandwidth", "septet.bandwidth.Client") from error

__all__ = ["AsyncClient", "Client"]

# The provider may close an idle connection just as a message is written to it, and then nobody
# knows whether it was taken. The shorter it is kept, the rarer that is.
_SECONDS_KEPT = 2.0
_MOST_CONNECTIONS = 100

# These come before the first octet of a request is written.
_UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)

T = TypeVar("T")
Ask: TypeAlias = Callable[[str | None], Exchange[Page[T]]]


class _Base:
    """What both clients are made of."""

    def __init__(
        self,
        account_id: str,
        *,
        username: str | None = None,
        password: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        url: str = URL,
        token_url: str = TOKEN_URL,
        proxy: str | None = None,
        timeout: float = 30.0,
        tries: int = 5,
        patience: float = 60.0,
    ) -> None:
        """Take what is needed; nothing is connected to yet.

        Credentials go to `url` and `token_url` only: redirects are not followed, and neither
        proxies nor credentials are taken from the environment.

        Args:
            account_id: The account.
            username: An API user's name, with `password`.
            password: Its password.
            client_id: A client's id (OAuth 2), with `client_secret`.
            client_secret: Its secret.
            url: Where the API is.
            token_url: Where tokens are had.
            proxy: The URL of a proxy to go through.
            timeout: The longest wait in seconds for a connection, for octets to be written, for
                the next octets of an answer, and for all of its body.
            tries: How often a request is tried that is known not to have been taken.
            patience: The seconds after which none is tried again.

        Raises:
            ValueError: There is not exactly one pair of credentials, a URL cannot be used, or a
                number is no limit.
        """
        if not 0 < timeout < math.inf:
            raise ValueError(f"timeout must be a number of seconds above 0, not {timeout}")
        limit = Patience(tries, patience)
        credentials = credentials_of(username, password, client_id, client_secret, token_url)
        self._account = Account(account_id, url, credentials, limit)
        self._timeout = timeout
        self._connect(
            {
                "timeout": timeout,
                "trust_env": False,
                "follow_redirects": False,
                "proxy": proxy,
                "limits": httpx2.Limits(
                    max_connections=_MOST_CONNECTIONS, keepalive_expiry=_SECONDS_KEPT
                ),
            }
        )

    @property
    def segment_differences(self) -> int:
        """Of the messages accepted so far, how many the provider counted otherwise than we do."""
        return self._account.segment_differences

    def _connect(self, settings: dict[str, Any]) -> None:
        raise NotImplementedError


class Client(_Base):
    """A client for any number of threads; `with Client(…) as client` closes it."""

    def _connect(self, settings: dict[str, Any]) -> None:
        self._http = httpx2.Client(**settings)
        self._renewing = threading.Lock()
        self._closed = threading.Event()

    def send(self, message: Message, max_segments: int | None = None) -> Accepted:
        """Have a message taken into the provider's queue.

        A message that may have been taken is not sent again, come what may.

        Args:
            message: What to send.
            max_segments: The most segments that it may take.

        Raises:
            TooManySegmentsError: It takes more; nothing was sent.
            DeliveryUnknownError: It may have been taken, and may not.
            BandwidthError: It was not taken; see `septet.bandwidth.exceptions`.
        """
        return self._run(self._account.send(message, max_segments))

    def _authorize(self, refused: str | None) -> Authorization:
        """Return what `_send_once` is authorised by: the outbox asks before it marks a message."""
        return self._run(self._account.authorize(refused))

    def _send_once(
        self, message: Message, content: bytes, authorization: Authorization
    ) -> Accepted:
        """Send a message, which is given as JSON too, by one request and no other."""
        return self._run(self._account.send_once(message, content, authorization))

    def upload_media(self, media_id: str, data: bytes | BinaryIO, *, content_type: str) -> str:
        """Store a file for 48 hours and return its URL, for `Message.media`.

        Args:
            media_id: Its name, with slashes if wanted; one that is there already is replaced.
            data: The octets, or a file of them.
            content_type: As in "image/png".

        Raises:
            ValueError: The name or the type cannot be used.
            BandwidthError: The file was not stored.
        """
        return self._run(self._account.upload(media_id, data, content_type))

    def list_media(self) -> Iterator[Media]:
        """Return the files that the provider keeps, however many pages they fill.

        Raises:
            BandwidthError: While they are taken: a page was not had.
        """
        return self._items(self._account.list_media)

    def download_media(self, media: str) -> Iterator[bytes]:
        """Return the octets of a file as they come.

        Args:
            media: The id of a file, or its URL as events have it.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: The file was not had, or broke off.
        """
        return self._chunks(self._account.download(media))

    def save_media(self, media: str, path: str | os.PathLike[str]) -> int:
        """Download a file to a path, whole or not at all, and return how many octets it has.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: The file was not had, or broke off.
            OSError: It cannot be written.
        """
        with whole_file(path) as unfinished, unfinished.open("wb") as file:
            return sum(map(file.write, self.download_media(media)))

    def delete_media(self, media: str) -> None:
        """Delete a file, given by its id or URL.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: It was not deleted.
        """
        self._run(self._account.delete(media))

    def search(self, **filters: Unpack[Filters]) -> Iterator[MessageRecord]:
        """Return what the provider knows of messages, however many pages that fills.

        Args:
            filters: What the messages have in common (see `Filters` in `sending.search`).

        Raises:
            TypeError: There is no such filter.
            ValueError: A time names no zone.
            BandwidthError: While they are taken: a page was not had.
        """
        encode_filters(filters)
        return self._items(lambda token: self._account.search(filters, token))

    def close(self) -> None:
        """End all connections, and the waiting of other threads for another try."""
        self._closed.set()
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _items(self, ask: Ask[T]) -> Iterator[T]:
        token = None
        while True:
            page = self._run(ask(token))
            yield from page.items
            if (token := page.token) is None:
                return

    def _chunks(self, exchange: Exchange[Answer]) -> Iterator[bytes]:
        with closing(self._run(exchange).stream) as response, _broken_off():
            yield from response.iter_raw()

    def _run(self, exchange: Exchange[T]) -> T:
        try:
            step = next(exchange)
            while True:
                step = exchange.send(self._do(step))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _do(self, step: Request | Wait | Renew) -> Answer | Failure | bool | str:
        if isinstance(step, Wait):
            return self._closed.wait(step.seconds)
        if isinstance(step, Renew):
            with self._renewing:
                return self._run(step.exchange)
        request = _request(self._http, step)
        try:
            response = self._http.send(request, stream=True)
        except Exception as error:
            return _failure(error)
        if step.is_streamed and response.is_success:
            return _answer(response, stream=response)
        body = Body(response.is_success, self._timeout)
        with suppress(Exception), closing(response):
            body.is_whole = all(map(body.add, response.iter_raw()))
        return _answer(response, bytes(body.octets), body.is_whole)


class AsyncClient(_Base):
    """A client for any number of asyncio tasks; `async with AsyncClient(…) as client` closes it.

    A task that is cancelled while it sends leaves unknown whether its message was taken.
    """

    def _connect(self, settings: dict[str, Any]) -> None:
        self._http = httpx2.AsyncClient(**settings)
        self._renewing = asyncio.Lock()
        self._closed = asyncio.Event()

    async def send(self, message: Message, max_segments: int | None = None) -> Accepted:
        """Do what `Client.send` does."""
        return await self._run(self._account.send(message, max_segments))

    async def upload_media(
        self, media_id: str, data: bytes | BinaryIO, *, content_type: str
    ) -> str:
        """Do what `Client.upload_media` does."""
        return await self._run(self._account.upload(media_id, data, content_type))

    def list_media(self) -> AsyncIterator[Media]:
        """Do what `Client.list_media` does."""
        return self._items(self._account.list_media)

    def download_media(self, media: str) -> AsyncGenerator[bytes, None]:
        """Do what `Client.download_media` does."""
        return self._chunks(self._account.download(media))

    async def save_media(self, media: str, path: str | os.PathLike[str]) -> int:
        """Do what `Client.save_media` does."""
        with whole_file(path) as unfinished, unfinished.open("wb") as file:
            async with aclosing(self.download_media(media)) as chunks:
                return sum([file.write(chunk) async for chunk in chunks])

    async def delete_media(self, media: str) -> None:
        """Do what `Client.delete_media` does."""
        await self._run(self._account.delete(media))

    def search(self, **filters: Unpack[Filters]) -> AsyncIterator[MessageRecord]:
        """Do what `Client.search` does."""
        encode_filters(filters)
        return self._items(lambda token: self._account.search(filters, token))

    async def close(self) -> None:
        """End all connections, and the waiting of other tasks for another try."""
        self._closed.set()
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _items(self, ask: Ask[T]) -> AsyncIterator[T]:
        token = None
        while True:
            page = await self._run(ask(token))
            for item in page.items:
                yield item
            if (token := page.token) is None:
                return

    async def _chunks(self, exchange: Exchange[Answer]) -> AsyncGenerator[bytes, None]:
        async with aclosing((await self._run(exchange)).stream) as response:
            with _broken_off():
                async for chunk in response.aiter_raw():
                    yield chunk

    async def _run(self, exchange: Exchange[T]) -> T:
        try:
            step = next(exchange)
            while True:
                step = exchange.send(await self._do(step))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    async def _do(self, step: Request | Wait | Renew) -> Answer | Failure | bool | str:
        if isinstance(step, Wait):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), step.seconds)
            return self._closed.is_set()
        if isinstance(step, Renew):
            async with self._renewing:
                return await self._run(step.exchange)
        request = _request(self._http, step)
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
        return _answer(response, bytes(body.octets), body.is_whole)


def _request(http: httpx2.Client | httpx2.AsyncClient, step: Request) -> httpx2.Request:
    if http.is_closed:
        raise RuntimeError("the client is closed")
    return http.build_request(step.method, step.url, headers=step.headers, content=step.content)


def _answer(
    response: httpx2.Response, body: bytes = b"", is_whole: bool = True, stream: Any = None
) -> Answer:
    return Answer(response.status_code, response.headers, body, is_whole, stream)


def _failure(error: Exception) -> Failure:
    return Failure(error, is_unsent=isinstance(error, _UNSENT))


@contextmanager
def _broken_off() -> Iterator[None]:
    try:
        yield
    except httpx2.TransportError as error:
        reason = f"the download broke off: {type(error).__name__}: {error}"
        raise UnansweredError(reason) from error
