"""Clients of Bandwidth's messaging API, one for threads and one for asyncio.

`account` has the requests, `exchanges` decides about retries, and `transport` does the I/O.
"""

from __future__ import annotations

import math
import os
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import BinaryIO, Self, TypeVar, Unpack

from ...files.whole_files import whole_file
from ..messages import Accepted, Message
from .account import TOKEN_URL, URL, Account, Media, credentials_of
from .exchanges import Backoff, Exchange, RetryPolicy
from .search import Filters, MessageRecord, encode_filters
from .transport import AsyncTransport, Transport

__all__ = ["AsyncClient", "Client"]

T = TypeVar("T")


class _Base:
    """The options of both clients.

    Attributes:
        account: The requests of the account, for code that builds on the client.
    """

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
        max_attempts: int = 5,
        deadline: float = 60.0,
        backoff: Backoff = Backoff(),  # noqa: B008 - it is immutable
    ) -> None:
        """Check the options; connections are made later.

        Credentials go to `url` and `token_url` only: redirects are not followed, and neither
        proxies nor credentials are taken from the environment.

        Args:
            account_id: The account.
            username: The name of an API user, together with `password`.
            password: The password of the API user.
            client_id: The id of an OAuth 2 client, together with `client_secret`.
            client_secret: The secret of the OAuth 2 client.
            url: The address of the API.
            token_url: The address that issues tokens.
            proxy: The URL of a proxy.
            timeout: The longest wait in seconds for a connection, for data to be written, for the
                next data of an answer, and for its whole body.
            max_attempts: How often to make a request that the provider has not accepted.
            deadline: Seconds after the first attempt after which no further one starts.
            backoff: The delays between attempts.

        Raises:
            ValueError: Not exactly one pair of credentials is given, a URL cannot be used, or a
                number is out of range.
        """
        if not 0 < timeout < math.inf:
            raise ValueError(f"timeout must be a number of seconds above 0, not {timeout}")
        policy = RetryPolicy(max_attempts, deadline, backoff)
        credentials = credentials_of(
            username, password, client_id, client_secret, token_url, backoff.clock
        )
        self.account = Account(account_id, url, credentials, policy)
        self._connect(timeout, proxy)

    @property
    def segment_differences(self) -> int:
        """The number of accepted messages whose segments the provider counted differently."""
        return self.account.segment_differences

    def _connect(self, timeout: float, proxy: str | None) -> None:
        raise NotImplementedError


class Client(_Base):
    """A client for any number of threads; the end of a `with` block closes it.

    Example:
        >>> with Client("9900000", username="ann", password="secret") as client:
        ...     accepted = client.send(Message("app", "+12025550100", "+13125550140", "Hi"))
    """

    def _connect(self, timeout: float, proxy: str | None) -> None:
        self._transport = Transport(timeout, proxy)

    def send(self, message: Message, max_segments: int | None = None) -> Accepted:
        """Send a message: the provider accepts it into its queue.

        A message that may have been accepted is never sent again.

        Args:
            message: The message.
            max_segments: Refuse a message that takes more segments.

        Returns:
            The provider's answer.

        Raises:
            TooManySegmentsError: The message takes more segments; nothing was sent.
            DeliveryUnknownError: The message may or may not have been accepted.
            BandwidthError: It was not accepted; see `septet.bandwidth.exceptions`.
        """
        return self._transport.run(self.account.send(message, max_segments))

    def upload_media(
        self,
        media_id: str,
        data: bytes | BinaryIO,
        *,
        content_type: str,
        cache_control: str | None = None,
    ) -> str:
        """Store a file for 48 hours and return its URL, for `Message.media`.

        Args:
            media_id: A name, which may have slashes; an existing file of this name is replaced.
            data: The contents, or a binary file to read them from.
            content_type: The media type, such as "image/png".
            cache_control: How long others may cache the file, such as "no-cache"; carriers and
                the provider get it in the answer to a download.

        Raises:
            TypeError: The data are not bytes.
            ValueError: The name, or the value of a header, cannot be used.
            BandwidthError: The file was not stored.
        """
        exchange = self.account.upload(media_id, data, content_type, cache_control)
        return self._transport.run(exchange)

    def list_media(self) -> Iterator[Media]:
        """Return an iterator over the files that the provider keeps; it asks page by page.

        Raises:
            BandwidthError: While iterating: the provider did not return a page.
        """
        return self._transport.items(self.account.list_media)

    def download_media(self, media: str) -> Iterator[bytes]:
        """Return an iterator over the contents of a file, in chunks as they arrive.

        Args:
            media: The id of the file, or its URL as events have it.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: While iterating: the download failed or was interrupted.
        """
        return self._transport.chunks(self.account.download(media))

    def save_media(self, media: str, path: str | os.PathLike[str]) -> int:
        """Download a file to a path, completely or not at all, and return its size in bytes.

        Args:
            media: The id of the file, or its URL as events have it.
            path: The path to write; an existing file is replaced when the download is complete.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: The download failed or was interrupted.
            OSError: The path cannot be written.
        """
        with whole_file(path) as file:
            return sum(map(file.write, self.download_media(media)))

    def delete_media(self, media: str) -> None:
        """Delete a file.

        Args:
            media: The id of the file, or its URL as events have it.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: The file was not deleted.
        """
        self._transport.run(self.account.delete(media))

    def search(self, **filters: Unpack[Filters]) -> Iterator[MessageRecord]:
        """Return an iterator over the provider's records of messages; it asks page by page.

        Args:
            filters: Values that the messages must have; `Filters` in `sending.search` names them.

        Raises:
            TypeError: A filter is unknown, or its value has a wrong type.
            ValueError: A time has no zone.
            BandwidthError: While iterating: the provider did not return a page.
        """
        encode_filters(filters)
        return self._transport.items(lambda token: self.account.search(filters, token))

    def count_messages(self, **filters: Unpack[Filters]) -> int:
        """Return how many of the provider's records of messages match, by one request.

        Args:
            filters: Values as for `search`; with `limit_total_count=True` the result is at most
                10,000, and the provider answers sooner.

        Raises:
            TypeError: A filter is unknown, or its value has a wrong type.
            ValueError: A time has no zone.
            BandwidthError: The provider did not return a number.
        """
        return self._transport.run(self.account.count_messages(filters))

    def perform(self, exchange: Exchange[T]) -> T:
        """Carry out a request of `account`, for code that builds on the client, as the outbox does.

        Args:
            exchange: The result of a method of `account`.

        Raises:
            BandwidthError: The request failed.
        """
        return self._transport.run(exchange)

    def close(self) -> None:
        """Close all connections, and end the waits of other threads for their next attempt."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(_Base):
    """A client for any number of asyncio tasks; the end of an `async with` block closes it.

    After a task is cancelled while it sends, it is unknown whether its message was accepted.
    """

    def _connect(self, timeout: float, proxy: str | None) -> None:
        self._transport = AsyncTransport(timeout, proxy)

    async def send(self, message: Message, max_segments: int | None = None) -> Accepted:
        """Send a message: the provider accepts it into its queue.

        A message that may have been accepted is never sent again.

        Args:
            message: The message.
            max_segments: Refuse a message that takes more segments.

        Returns:
            The provider's answer.

        Raises:
            TooManySegmentsError: The message takes more segments; nothing was sent.
            DeliveryUnknownError: The message may or may not have been accepted.
            BandwidthError: It was not accepted; see `septet.bandwidth.exceptions`.
        """
        return await self._transport.run(self.account.send(message, max_segments))

    async def upload_media(
        self,
        media_id: str,
        data: bytes | BinaryIO,
        *,
        content_type: str,
        cache_control: str | None = None,
    ) -> str:
        """Store a file for 48 hours and return its URL, for `Message.media`.

        Args:
            media_id: A name, which may have slashes; an existing file of this name is replaced.
            data: The contents, or a binary file to read them from.
            content_type: The media type, such as "image/png".
            cache_control: How long others may cache the file, such as "no-cache"; carriers and
                the provider get it in the answer to a download.

        Raises:
            TypeError: The data are not bytes.
            ValueError: The name, or the value of a header, cannot be used.
            BandwidthError: The file was not stored.
        """
        exchange = self.account.upload(media_id, data, content_type, cache_control)
        return await self._transport.run(exchange)

    def list_media(self) -> AsyncIterator[Media]:
        """Return an iterator over the files that the provider keeps; it asks page by page.

        Raises:
            BandwidthError: While iterating: the provider did not return a page.
        """
        return self._transport.items(self.account.list_media)

    def download_media(self, media: str) -> AsyncGenerator[bytes, None]:
        """Return an iterator over the contents of a file, in chunks as they arrive.

        Args:
            media: The id of the file, or its URL as events have it.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: While iterating: the download failed or was interrupted.
        """
        return self._transport.chunks(self.account.download(media))

    async def save_media(self, media: str, path: str | os.PathLike[str]) -> int:
        """Download a file to a path, completely or not at all, and return its size in bytes.

        Args:
            media: The id of the file, or its URL as events have it.
            path: The path to write; an existing file is replaced when the download is complete.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: The download failed or was interrupted.
            OSError: The path cannot be written.
        """
        with whole_file(path) as file:
            async with aclosing(self.download_media(media)) as chunks:
                return sum([file.write(chunk) async for chunk in chunks])

    async def delete_media(self, media: str) -> None:
        """Delete a file.

        Args:
            media: The id of the file, or its URL as events have it.

        Raises:
            ValueError: The URL is not one of this account's files.
            BandwidthError: The file was not deleted.
        """
        await self._transport.run(self.account.delete(media))

    def search(self, **filters: Unpack[Filters]) -> AsyncIterator[MessageRecord]:
        """Return an iterator over the provider's records of messages; it asks page by page.

        Args:
            filters: Values that the messages must have; `Filters` in `sending.search` names them.

        Raises:
            TypeError: A filter is unknown, or its value has a wrong type.
            ValueError: A time has no zone.
            BandwidthError: While iterating: the provider did not return a page.
        """
        encode_filters(filters)
        return self._transport.items(lambda token: self.account.search(filters, token))

    async def count_messages(self, **filters: Unpack[Filters]) -> int:
        """Return how many of the provider's records of messages match, by one request.

        Args:
            filters: Values as for `search`; with `limit_total_count=True` the result is at most
                10,000, and the provider answers sooner.

        Raises:
            TypeError: A filter is unknown, or its value has a wrong type.
            ValueError: A time has no zone.
            BandwidthError: The provider did not return a number.
        """
        return await self._transport.run(self.account.count_messages(filters))

    async def perform(self, exchange: Exchange[T]) -> T:
        """Carry out a request of `account`, for code that builds on the client, as the outbox does.

        Args:
            exchange: The result of a method of `account`.

        Raises:
            BandwidthError: The request failed.
        """
        return await self._transport.run(exchange)

    async def close(self) -> None:
        """Close all connections, and end the waits of other tasks for their next attempt."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
