"""HTTP Basic authentication of requests (RFC 7617)."""

from __future__ import annotations

import base64
import hashlib
import hmac

__all__ = ["BasicAuthentication"]


class BasicAuthentication:
    """The username and password that every request must give."""

    def __init__(self, username: str, password: str) -> None:
        """Require credentials.

        Args:
            username: The username.
            password: The password.

        Raises:
            ValueError: One of them is empty, or the username has a colon.
        """
        if not username or not password:
            raise ValueError("neither username nor password may be empty")
        if ":" in username:
            raise ValueError(f"username={username!r}: a username must not have a colon (RFC 7617)")
        self._digest = _digest(f"{username}:{password}".encode())

    def problem_with(self, authorization: str | None) -> str | None:
        """Return why a request is not allowed, without anything from the header; None if it is.

        Args:
            authorization: The `Authorization` header of the request; None without one.
        """
        if authorization is None:
            return "no credentials"
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() != "basic":
            return "not HTTP Basic authentication"
        try:
            sent = base64.b64decode(value.strip(), validate=True)
        except ValueError:
            return "malformed credentials"
        # Hashed, because the time of the comparison depends on the lengths.
        if not hmac.compare_digest(_digest(sent), self._digest):
            return "wrong username or password"
        return None


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
