"""The body of a request to send a message, read as strictly as the provider documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ... import Message, MessageError
from ...reading import read_json

__all__ = ["RefusedError", "read_message"]

_NAMES = {"applicationId": "application_id", "from": "from_"}
_FIELDS = {name: field for field, name in _NAMES.items()}
_TEXTS = ("applicationId", "from", "text", "tag", "priority", "expiration")
_LISTS = ("to", "media")


class RefusedError(ValueError):
    """A body that makes no message.

    Attributes:
        field: The field that is at fault; None if it is the body as a whole.
        reason: What is wrong with it.
    """

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


def read_message(body: bytes, now: float) -> Message:
    """Return the message that a body asks to send.

    Args:
        body: The octets.
        now: Seconds since 1970; an expiration has to be later.

    Raises:
        RefusedError: It breaks a documented limit.
    """
    try:
        values = read_json(body)
    except ValueError as error:
        raise RefusedError(None, f"the body is not JSON: {error}") from None
    if not isinstance(values, dict):
        raise RefusedError(None, "the body is not a JSON object")
    options = {
        _NAMES.get(name, name): _checked(name, values[name])
        for name in (*_TEXTS, *_LISTS)
        if values.get(name) is not None
    }
    for name in ("applicationId", "from", "to"):
        if _NAMES.get(name, name) not in options:
            raise RefusedError(name, "needed")
    try:
        message = Message(**options)
    except MessageError as error:
        raise RefusedError(_FIELDS.get(error.field, error.field), error.reason) from None
    if message.expiration is not None and message.expiration.timestamp() <= now:
        raise RefusedError("expiration", "in the past")
    return message


def _checked(name: str, value: Any) -> Any:
    """Return a value of the documented type."""
    if name in _LISTS:
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise RefusedError(name, "not an array of strings")
        return texts
    if not isinstance(value, str):
        raise RefusedError(name, "not a string")
    if name == "expiration":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise RefusedError(name, "not a time of RFC 3339") from None
    return value
