"""The requests of an account, each an exchange without I/O (see `exchanges`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, BinaryIO, Generic, TypeVar
from urllib.parse import quote, unquote, urlsplit

from ...display.wording import without_credentials
from ..exceptions import TooManySegmentsError, UnansweredError
from ..messages import Accepted, Message
from ..reading import integer_of, object_of, read_json, text_of
from .credentials import Basic, Tokens
from .exchanges import (
    ONCE,
    Answer,
    Authorization,
    Credentials,
    Exchange,
    Request,
    RetryPolicy,
    ask,
    authorize,
    post_once,
)
from .search import MessageRecord, encode_filters

__all__ = ["TOKEN_URL", "URL", "Account", "Media", "Page", "credentials_of"]

URL = "https://messaging.bandwidth.com/api/v2"
TOKEN_URL = "https://api.bandwidth.com/api/v1/oauth2/token"  # noqa: S105 - an address

# Compressed answers are not requested, because a download is passed on as it arrives.
_HEADERS = {"user-agent": "septet", "accept-encoding": "identity"}
_FIELD = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Media:
    """A file that the provider keeps for 48 hours.

    Attributes:
        media_id: Its name, which may have slashes.
        url: Its address, which can be read with the account's credentials only.
        byte_count: Its size in bytes; None if the answer does not have it.
        payload: Every field of the answer.
    """

    media_id: str
    url: str
    byte_count: int | None
    payload: dict[str, Any] = field(repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list, and the token of the next page; None after the last."""

    items: list[T]
    token: str | None


class Account:
    """The requests of an account, and the results that their answers mean.

    Attributes:
        segment_differences: The number of accepted messages whose segments the provider counted
            differently.
    """

    def __init__(
        self, account_id: str, url: str, credentials: Credentials, policy: RetryPolicy
    ) -> None:
        self._base = f"{checked_url(url)}/users/{_quoted_segment(account_id)}"
        self._credentials = credentials
        self._policy = policy
        self._counting = Lock()
        self.segment_differences = 0

    def send(self, message: Message, max_segments: int | None = None) -> Exchange[Accepted]:
        """Send a message; see `Client.send`."""
        if max_segments is not None and (segment_count := message.segment_count) > max_segments:
            raise TooManySegmentsError(segment_count, max_segments)
        content = json.dumps(message.payload(), ensure_ascii=False).encode()
        answer = yield from ask(self._post(content, len(content)), self._credentials, self._policy)
        return self._accepted(message, answer)

    def authorize(self, refused: str | None) -> Exchange[Authorization]:
        """Return the authorization of a request; this asks once for a token if none is cached."""
        return authorize(self._credentials, refused, ONCE)

    def send_once(
        self,
        message: Message,
        content: bytes,
        authorization: Authorization,
        on_body: Callable[[], object],
    ) -> Exchange[Accepted]:
        """Send a message by exactly one request.

        Args:
            message: The message.
            content: The message as JSON.
            authorization: The authorization of the request.
            on_body: Called just before the body is written: a connection is open then. Until it
                has returned, the message cannot have been accepted.
        """

        def body() -> Iterator[bytes]:
            on_body()
            yield content

        request = self._post(body(), len(content))
        answer = yield from post_once(request, authorization)
        return self._accepted(message, answer)

    def upload(
        self, media_id: str, data: bytes | BinaryIO, content_type: str, cache_control: str | None
    ) -> Exchange[str]:
        """Store a file and return its URL; see `Client.upload_media`."""
        path = f"/media/{_quoted_path(media_id)}"
        headers = {"content-type": _field("a content type such as image/png", content_type)}
        if cache_control is not None:
            headers["cache-control"] = _field("directives such as no-cache", cache_control)
        content = data.read() if hasattr(data, "read") else data
        if not isinstance(content, bytes):
            raise TypeError(f"expected bytes or a binary file, got {type(data).__name__}")
        yield from self._ask("PUT", path, headers, content)
        return self._base + path

    def download(self, media: str) -> Exchange[Answer]:
        """Return the answer whose stream is a file, given by its id or URL."""
        return self._ask("GET", f"/media/{self._path_of(media)}", is_streamed=True)

    def delete(self, media: str) -> Exchange[None]:
        """Delete a file, given by its id or URL."""
        yield from self._ask("DELETE", f"/media/{self._path_of(media)}")

    def list_media(self, token: str | None) -> Exchange[Page[Media]]:
        """Return a page of the list of files."""
        headers = {} if token is None else {"continuation-token": token}
        answer = yield from self._ask("GET", "/media", headers)
        entries = [entry for entry in _entries(answer, None) if text_of(entry.get("mediaName"))]
        files = [self._media(entry) for entry in entries]
        return Page(files, _next(answer.headers.get("continuation-token"), token))

    def search(
        self, filters: Mapping[str, Any], token: str | None
    ) -> Exchange[Page[MessageRecord]]:
        """Return a page of the messages that match filters."""
        answer = yield from self._ask("GET", f"/messages?{encode_filters(filters, token)}")
        records = [MessageRecord.from_payload(entry) for entry in _entries(answer, "messages")]
        info = object_of(object_of(_payload(answer)).get("pageInfo"))
        return Page(records, _next(text_of(info.get("nextPageToken")), token))

    def count_messages(self, filters: Mapping[str, Any]) -> Exchange[int]:
        """Return the number of the messages that match filters."""
        query = encode_filters({**filters, "limit": 1})
        answer = yield from self._ask("GET", f"/messages?{query}")
        total = integer_of(object_of(_payload(answer)).get("totalCount"))
        if total is None:
            raise UnansweredError("the answer has no totalCount", answer.status, answer.body)
        return total

    def _post(self, content: bytes | Iterator[bytes], byte_count: int) -> Request:
        headers = {
            **_HEADERS,
            "content-type": "application/json; charset=utf-8",
            "content-length": str(byte_count),
        }
        return Request("POST", f"{self._base}/messages", headers, content, is_repeatable=False)

    def _accepted(self, message: Message, answer: Answer) -> Accepted:
        accepted = Accepted.from_body(message, answer.body)
        counted = accepted.segment_count
        if counted is not None and counted != message.segment_count:
            with self._counting:
                self.segment_differences += 1
        return accepted

    def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] = _HEADERS,
        content: bytes = b"",
        *,
        is_streamed: bool = False,
    ) -> Exchange[Answer]:
        url = self._base + path
        request = Request(method, url, {**_HEADERS, **headers}, content, is_streamed=is_streamed)
        return ask(request, self._credentials, self._policy)

    def _path_of(self, media: str) -> str:
        """Return the quoted path of a file; a URL must be one of this account's files."""
        if "://" in media:
            ours = f"{self._base}/media/"
            if not media.startswith(ours):
                raise ValueError(
                    f"{without_credentials(media)!r} is not a file of this account: its URL must "
                    f"begin with {ours}"
                )
            media = unquote(media.removeprefix(ours))
        return _quoted_path(media)

    def _media(self, entry: dict[str, Any]) -> Media:
        media_id = entry["mediaName"]
        url = f"{self._base}/media/{quote(media_id, safe='/')}"
        return Media(media_id, url, integer_of(entry.get("contentLength")), entry)


def credentials_of(
    username: str | None,
    password: str | None,
    client_id: str | None,
    client_secret: str | None,
    token_url: str,
    clock: Callable[[], float],
) -> Credentials:
    """Return the credentials of the pair that is given.

    Raises:
        ValueError: Not exactly one complete pair is given.
    """
    if username and password and not (client_id or client_secret):
        return Basic(username, password)
    if client_id and client_secret and not (username or password):
        return Tokens(checked_url(token_url), client_id, client_secret, clock)
    raise ValueError("give either username and password or client_id and client_secret")


def checked_url(url: str) -> str:
    """Return a URL without slashes at its end, so that paths can be appended.

    Raises:
        ValueError: It is not an http or https URL, or has a user, a query or a fragment.
    """
    reason = f"expected an http or https URL, got {without_credentials(url)!r}"
    try:
        parts = urlsplit(url)
        is_usable = url.isprintable() and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")
    except ValueError:  # its message may have the password
        raise ValueError(reason) from None
    if parts.scheme not in ("http", "https") or not is_usable or " " in parts.netloc:
        raise ValueError(reason)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("a URL must not have a user, a query or a fragment")
    return url.rstrip("/")


def _quoted_segment(account_id: str) -> str:
    if not account_id or account_id in (".", ".."):
        raise ValueError(f"expected an account id, got {account_id!r}")
    return quote(account_id, safe="")


def _quoted_path(media_id: str) -> str:
    segments = media_id.split("/")
    if not all(segments) or {".", ".."} & set(segments):
        raise ValueError(f"{media_id!r} is not a media id: no part may be empty, '.' or '..'")
    return quote(media_id, safe="/")


def _field(expected: str, value: str) -> str:
    """Return the value of a header field, after checking that it is one."""
    if not _FIELD.fullmatch(value):
        raise ValueError(f"expected {expected}, got {value!r}")
    return value


def _payload(answer: Answer) -> Any:
    try:
        return read_json(answer.body)
    except ValueError as error:
        raise UnansweredError(
            f"the answer is not JSON: {error}", answer.status, answer.body
        ) from None


def _entries(answer: Answer, name: str | None) -> list[dict[str, Any]]:
    """Return the objects of the array that an answer consists of, or has under a name."""
    payload = _payload(answer)
    entries = payload if name is None else object_of(payload).get(name)
    if not isinstance(entries, list):
        raise UnansweredError("the answer is not a list", answer.status, answer.body)
    return [entry for entry in entries if isinstance(entry, dict)]


def _next(token: str | None, current: str | None) -> str | None:
    """Return the token of the next page; the same token again would never end, so it is None."""
    return token if token and token != current else None
