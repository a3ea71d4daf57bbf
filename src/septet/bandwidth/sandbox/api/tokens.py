"""Tokens of pages: Base64, as Bandwidth documents them, so that clients take them as they are."""

from __future__ import annotations

import base64

__all__ = ["read_token", "token_of"]


def token_of(text: str) -> str:
    """Return the token that stands for a text."""
    return base64.b64encode(text.encode()).decode()


def read_token(token: str) -> str:
    """Return the text that a token stands for.

    Raises:
        ValueError: It is not a token.
    """
    return base64.b64decode(token, validate=True).decode()
