"""Authentication of requests: HTTP Basic, or an OAuth token for the same credentials.

Source: Bandwidth, "Credentials"; RFC 6749, 4.4 (client credentials) and 5 (answers).
"""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any
from urllib.parse import parse_qs

from ..receiver.authentication import BasicAuthentication

__all__ = ["Access", "basic"]


class Access:
    """The credentials of the API, and the tokens that were issued for them."""

    def __init__(self, credentials: tuple[str, str] | None, token_seconds: float) -> None:
        """Require credentials.

        Args:
            credentials: Username and password; None admits every request.
            token_seconds: The lifetime of a token, in real seconds.
        """
        self._basic = None if credentials is None else BasicAuthentication(*credentials)
        self._token_seconds = token_seconds
        self._tokens: dict[str, float] = {}

    def is_allowed(self, authorization: str) -> bool:
        """Return whether an `Authorization` header allows the use of the API."""
        if self._is_basic_allowed(authorization):
            return True
        scheme, _, token = authorization.partition(" ")
        end = self._tokens.get(token.strip(), 0.0)
        return scheme.lower() == "bearer" and end > time.monotonic()

    def grant(self, authorization: str, form: bytes) -> tuple[int, dict[str, Any]]:
        """Issue a token.

        Args:
            authorization: The `Authorization` header of the request.
            form: The body of the request.

        Returns:
            The status and the JSON body of the answer.
        """
        if not self._is_basic_allowed(authorization):
            return 401, {"error": "invalid_client"}
        if parse_qs(form.decode("latin-1")).get("grant_type") != ["client_credentials"]:
            return 400, {"error": "unsupported_grant_type"}
        now = time.monotonic()
        self._tokens = {token: end for token, end in self._tokens.items() if end > now}
        token = secrets.token_urlsafe(32)
        self._tokens[token] = now + self._token_seconds
        return 200, {
            "access_token": token,
            "expires_in": int(self._token_seconds),
            "token_type": "bearer",
        }

    def _is_basic_allowed(self, authorization: str) -> bool:
        return self._basic is None or self._basic.problem_with(authorization) is None


def basic(username: str, password: str) -> str:
    """Return the `Authorization` header for credentials (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
