"""What requests are authorised by: Basic, or tokens for client credentials; without I/O."""

from __future__ import annotations

import re
from base64 import b64encode
from time import monotonic

from ..exceptions import QueueFullError, RefusedError, UnauthorizedError
from ..reading import integer_of, object_of, read_json, text_of
from .exchanges import Exchange, Patience, Request, ask

__all__ = ["Basic", "Tokens"]

_SECONDS_EARLY = 60
_TOKEN = re.compile(r"[\x21-\x7e]+")


class Basic:
    """A name and a secret with every request (RFC 7617)."""

    is_renewable = False

    def __init__(self, name: str, secret: str) -> None:
        if not name or not secret or ":" in name:
            raise ValueError("a name without a colon and a secret are needed, neither empty")
        self._header = f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"

    def current(self, refused: str | None) -> str:
        """Return the header."""
        return self._header

    def renew(self, refused: str | None, patience: Patience) -> Exchange[str]:
        """Return the same header, for there is no other."""
        yield from ()
        return self._header


class Tokens:
    """Tokens for client credentials (RFC 6749, 4.4), each kept until 60 seconds before its end."""

    is_renewable = True

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        self._client = Basic(client_id, client_secret)
        self._request = Request(
            "POST",
            url,
            {"content-type": "application/x-www-form-urlencoded"},
            b"grant_type=client_credentials",
        )
        self._kept: tuple[str, float] | None = None  # one reference, so read and replaced whole

    def current(self, refused: str | None) -> str | None:
        """Return the header while its token is good for another 60 seconds and was not refused."""
        if self._kept is None:
            return None
        header, end = self._kept
        return header if header != refused and monotonic() < end - _SECONDS_EARLY else None

    def renew(self, refused: str | None, patience: Patience) -> Exchange[str]:
        """Ask for a token, unless somebody else has by now.

        Raises:
            UnauthorizedError: None was given.
            BandwidthError: There was no answer.
        """
        if header := self.current(refused):
            return header
        asked = monotonic()
        try:
            answer = yield from ask(self._request, self._client, patience)
        except QueueFullError:
            raise
        except RefusedError as error:
            raise UnauthorizedError("no token was given", error.status, error.body) from None
        try:
            payload = object_of(read_json(answer.body))
        except ValueError:
            payload = {}
        token = text_of(payload.get("access_token")) or ""
        if not _TOKEN.fullmatch(token):
            # Without the body, for what is secret in it is not known.
            raise UnauthorizedError("the answer has no token that can be used", answer.status)
        header = f"Bearer {token}"
        self._kept = header, asked + (integer_of(payload.get("expires_in")) or 0)
        return header
