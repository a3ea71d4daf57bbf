"""The errors of `septet.bandwidth`: failed requests, messages that break a limit, unusable stores.

    SeptetError
    ├── BandwidthError                      a request to the provider failed
    │   ├── TooManySegmentsError            the message takes more segments than the caller allows
    │   ├── UnreachableError                no connection could be made
    │   ├── RefusedError                    the provider refused the request
    │   │   ├── ValidationRefusedError      400: the request itself is invalid
    │   │   ├── UnauthorizedError           401 or 403, or no token was issued
    │   │   └── QueueFullError              429: too many messages or requests at a time
    │   ├── UnansweredError                 no usable answer to a request that is safe to repeat
    │   └── DeliveryUnknownError            the message may or may not have been accepted
    ├── MessageError                        a message that breaks one of the provider's limits
    ├── FaultError                          a fault that the sandbox does not know
    └── StoreError                          a database of events that cannot be used

After every `BandwidthError` except `DeliveryUnknownError`, no message was accepted, so it is safe
to send it again. `TooManySegmentsError`, `MessageError` and `FaultError` are also a `ValueError`,
and `StoreError` is also a `RuntimeError`.
"""

from __future__ import annotations

from typing import Any

from ..display.wording import shorten
from ..exceptions import SeptetError
from .reading import object_of, read_json, text_of

__all__ = [
    "BandwidthError",
    "DeliveryUnknownError",
    "FaultError",
    "MessageError",
    "QueueFullError",
    "RefusedError",
    "StoreError",
    "TooManySegmentsError",
    "UnansweredError",
    "UnauthorizedError",
    "UnreachableError",
    "ValidationRefusedError",
]

_MAX_BODY_BYTES = 65_536
_MAX_SHOWN_CHARACTERS = 300
_MAX_SHOWN_VALUE_CHARACTERS = 60


class BandwidthError(SeptetError):
    """A request to the provider failed.

    The provider may answer with any body. So the properties that are read from it are None, or
    empty, where the body does not have the documented form.

    Attributes:
        reason: What happened, if no answer explains it.
        status: The HTTP status of the answer; None if there was no answer.
        body: The body of the answer, cut after 65,536 bytes.
        retry_after: The seconds that the answer asks the client to wait (`Retry-After`); None if it
            does not ask.
        is_transient: Whether the same request may succeed later.
    """

    is_transient = False

    def __init__(
        self,
        reason: str,
        status: int | None = None,
        body: bytes = b"",
        retry_after: float | None = None,
    ) -> None:
        body = body[:_MAX_BODY_BYTES]
        super().__init__(reason, status, body, retry_after)
        self.reason = reason
        self.status = status
        self.body = body
        self.retry_after = retry_after

    @property
    def type(self) -> str | None:
        """The provider's name of the error, as in "request-validation"."""
        return text_of(self._payload().get("type"))

    @property
    def description(self) -> str | None:
        """The provider's explanation, for people."""
        return text_of(self._payload().get("description"))

    @property
    def field_errors(self) -> tuple[tuple[str, str], ...]:
        """The invalid fields of the request as pairs of a name and an explanation."""
        errors = self._payload().get("fieldErrors")
        pairs = [
            (text_of(entry.get("fieldName")), text_of(entry.get("description")))
            for entry in (errors if isinstance(errors, list) else [])
            if isinstance(entry, dict)
        ]
        return tuple((name or "", reason or "") for name, reason in pairs)

    def __str__(self) -> str:
        parts = [self.reason]
        if self.status is not None:
            parts.append(" ".join(filter(None, (f"HTTP {self.status}", self.type))))
            parts.append(self.description or "")
            parts += [f"{name}: {reason}" for name, reason in self.field_errors]
        return shorten("; ".join(filter(None, parts)), _MAX_SHOWN_CHARACTERS)

    def _payload(self) -> dict[str, Any]:
        try:
            return object_of(read_json(self.body))
        except ValueError:
            return {}


class TooManySegmentsError(BandwidthError, ValueError):
    """A message takes more segments than the caller allows; it was not sent.

    Attributes:
        segment_count: The segments that the message takes.
        max_segments: The segments that the caller allows.
    """

    def __init__(self, segment_count: int, max_segments: int) -> None:
        super().__init__(f"the message takes {segment_count} segments; allowed are {max_segments}")
        self.args = (segment_count, max_segments)
        self.segment_count = segment_count
        self.max_segments = max_segments


class UnreachableError(BandwidthError):
    """No connection could be made in any attempt; nothing was sent."""

    is_transient = True


class RefusedError(BandwidthError):
    """The provider refused the request; no message was accepted, and nothing is billed."""


class ValidationRefusedError(RefusedError):
    """The request is invalid (400); the provider would refuse it again."""


class UnauthorizedError(RefusedError):
    """The credentials are wrong or lack a permission (401, 403), or no token was issued."""


class QueueFullError(RefusedError):
    """The account has too many messages queued, or makes too many requests (429)."""

    is_transient = True


class UnansweredError(BandwidthError):
    """No attempt got a usable answer; the request is safe to repeat."""

    is_transient = True


class DeliveryUnknownError(BandwidthError):
    """The message may or may not have been accepted.

    The provider does not recognise a message that it already has. So do not simply send it again:
    look for it with `search`, or wait for its callbacks.
    """

    def __str__(self) -> str:
        return (
            f"the message may or may not have been accepted ({super().__str__()}): "
            "look for it before you send it again"
        )


class _InvalidValueError(SeptetError, ValueError):
    """A value with a name and the reason why it is refused."""

    def __init__(self, name: str, value: object, reason: str) -> None:
        super().__init__(name, value, reason)
        self.value = value
        self.reason = reason

    def __str__(self) -> str:
        name, value, reason = self.args
        return f"{name}={shorten(repr(value), _MAX_SHOWN_VALUE_CHARACTERS)}: {reason}"


class MessageError(_InvalidValueError):
    """A message breaks a documented limit, so the provider would refuse it.

    Attributes:
        field: The field of the message.
        value: The value of the field, or the invalid item of it.
        reason: Why the value is invalid.
    """

    def __init__(self, field: str, value: object, reason: str) -> None:
        super().__init__(field, value, reason)
        self.field = field


class FaultError(_InvalidValueError):
    """A fault that the sandbox does not know.

    Attributes:
        key: The key in the fault, or in the file.
        value: The value of the key.
        reason: Why the value is invalid.
    """

    def __init__(self, key: str, value: object, reason: str) -> None:
        super().__init__(key, value, reason)
        self.key = key


class StoreError(SeptetError, RuntimeError):
    """A database of events cannot be used, or not now; the message names it and the reason."""
