"""Reads requests to send a message, as strictly as the provider documents."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from ... import Message, MessageError
from ...reading import read_json
from ..senders import has_groups

__all__ = ["InvalidMessageError", "read_message"]

_NAMES = {"applicationId": "application_id", "from": "from_"}
_FIELDS = {name: field for field, name in _NAMES.items()}
_TEXTS = ("applicationId", "from", "text", "tag", "priority", "expiration")
_LISTS = ("to", "media")
_TIME = re.compile(r"[0-9-]{10}[Tt][0-9:]{8}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})")
_URI = re.compile(r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+", re.ASCII)


class InvalidMessageError(ValueError):
    """The body of a request is not a valid message.

    Attributes:
        field: The name of the invalid field; None for the body as a whole.
        reason: The reason.
    """

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def read_message(body: bytes, now: float) -> Message:
    """Return the message that a request asks to send.

    Args:
        body: The body of the request.
        now: The time in seconds since 1970; an expiration must be later.

    Raises:
        InvalidMessageError: The message is incomplete, or breaks a documented limit.
    """
    try:
        values = read_json(body)
    except ValueError as error:
        raise InvalidMessageError(None, f"the body is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise InvalidMessageError(None, "the body is not a JSON object")
    options = {
        _NAMES.get(name, name): _checked(name, values[name])
        for name in (*_TEXTS, *_LISTS)
        if values.get(name) is not None
    }
    for name in ("applicationId", "from", "to"):
        if _NAMES.get(name, name) not in options:
            raise InvalidMessageError(name, "required")
    try:
        message = Message(**options)
    except MessageError as error:
        raise InvalidMessageError(_FIELDS.get(error.field, error.field), error.reason) from None
    if len(message.to) > 1 and not has_groups(message.from_):
        raise InvalidMessageError("to", "a toll-free number or a name cannot send to a group")
    if message.expiration is not None and message.expiration.timestamp() <= now:
        raise InvalidMessageError("expiration", "must be in the future")
    return message


def _checked(name: str, value: Any) -> Any:
    """Return a value after checking that it has the documented type."""
    if name in _LISTS:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise InvalidMessageError(name, "must be an array of strings")
        if name == "media" and not all(map(_URI.fullmatch, texts)):
            raise InvalidMessageError(name, "must be URIs; other characters must be encoded")
        return texts
    if not isinstance(value, str):
        raise InvalidMessageError(name, "must be a string")
    if name == "expiration":
        try:
            if _TIME.fullmatch(value):
                return datetime.fromisoformat(value.upper())
        except ValueError:
            pass
        raise InvalidMessageError(name, "must be a time as in RFC 3339")
    return value
