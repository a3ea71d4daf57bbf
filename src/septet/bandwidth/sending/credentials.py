"""Credentials of requests: Basic, or OAuth tokens for client credentials; without I/O."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from time import monotonic

from ..exceptions import QueueFullError, RefusedError, UnauthorizedError
from ..reading import integer_of, object_of, read_json, text_of
from .exchanges import Exchange, Request, RetryPolicy, ask

__all__ = ["Basic", "Tokens"]

_SECONDS_EARLY = 60
_TOKEN = re.compile(r"[\x21-\x7e]+")


class Basic:
    """A username and a password with every request (RFC 7617)."""

    is_renewable = False

    def __init__(self, name: str, secret: str) -> None:
        if not name or not secret:
            raise ValueError("neither username nor password may be empty")
        if ":" in name:
            # It is not shown, because what follows the colon may be a password.
            raise ValueError("a username must not contain a colon (RFC 7617)")
        self._header = f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"

    def current(self, refused: str | None) -> str:
        """Return the header."""
        return self._header

    def renew(self, refused: str | None, policy: RetryPolicy) -> Exchange[str]:
        """Return the same header; it cannot be renewed."""
        yield from ()
        return self._header


class Tokens:
    """Tokens for client credentials (RFC 6749, 4.4).

    A token is cached until 60 seconds before it expires.
    """

    is_renewable = True

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._clock = clock
        self._client = Basic(client_id, client_secret)
        self._request = Request(
            "POST",
            url,
            {"content-type": "application/x-www-form-urlencoded"},
            b"grant_type=client_credentials",
        )
        self._cached: tuple[str, float] | None = None  # replaced as a whole, so it needs no lock

    def current(self, refused: str | None) -> str | None:
        """Return the header if its token is valid for another 60 seconds and was not refused."""
        if self._cached is None:
            return None
        header, end = self._cached
        return header if header != refused and self._clock() < end - _SECONDS_EARLY else None

    def renew(self, refused: str | None, policy: RetryPolicy) -> Exchange[str]:
        """Ask for a token, unless another caller has renewed it already.

        Raises:
            UnauthorizedError: No token was issued.
            BandwidthError: There was no answer.
        """
        if header := self.current(refused):
            return header
        asked_at = self._clock()
        try:
            answer = yield from ask(self._request, self._client, policy)
        except QueueFullError:
            raise
        except RefusedError as error:
            details = error.status, error.body, error.retry_after
            raise UnauthorizedError("no token was issued", *details) from None
        try:
            payload = object_of(read_json(answer.body))
        except ValueError:
            payload = {}
        token = text_of(payload.get("access_token")) or ""
        if not _TOKEN.fullmatch(token):
            # The error gets no body, because any part of it may be secret.
            raise UnauthorizedError("the answer has no usable token", answer.status)
        header = f"Bearer {token}"
        self._cached = header, asked_at + (integer_of(payload.get("expires_in")) or 0)
        return header
