"""What can go wrong with a request to Bandwidth: one tree below `septet.SeptetError`.

    BandwidthError
    ├── TooManySegments  (ValueError)  the message takes more segments than the caller allows
    ├── Unreachable                    no connection could be made
    ├── Refused                        the provider answered that it will not
    │   ├── ValidationRefused          400: the request itself is at fault
    │   ├── Unauthorized               401 or 403, or no token was had
    │   └── QueueFull                  429: too much at a time
    ├── Unanswered                     no usable answer to what does no harm if asked twice
    └── DeliveryUnknown                nobody knows whether a message was taken

After all but the last, no message was taken: what was not sent may be sent again.
"""

from __future__ import annotations

from typing import Any

from ..exceptions import SeptetError
from .reading import object_of, read_json, text_of

__all__ = [
    "BandwidthError",
    "DeliveryUnknown",
    "QueueFull",
    "Refused",
    "TooManySegments",
    "Unanswered",
    "Unauthorized",
    "Unreachable",
    "ValidationRefused",
]

_KEPT_OCTETS = 65_536
_SHOWN_CHARACTERS = 300


class BandwidthError(SeptetError):
    """A request that did not do what it should.

    The body of an answer may be any octets: the properties that are read from it are None, or
    empty, where it does not have them in the documented way.

    Attributes:
        reason: What happened, where it was not an answer.
        status: The HTTP status of the answer; None if there was none.
        body: The octets of the answer, up to 65,536 of them.
        is_transient: Whether the same may be tried again later, and may then succeed.
    """

    is_transient = False

    def __init__(self, reason: str, status: int | None = None, body: bytes = b"") -> None:
        body = body[:_KEPT_OCTETS]
        super().__init__(reason, status, body)
        self.reason = reason
        self.status = status
        self.body = body

    @property
    def type(self) -> str | None:
        """The provider's name of the error, as in "request-validation"."""
        return text_of(self._payload().get("type"))

    @property
    def description(self) -> str | None:
        """Prose for people."""
        return text_of(self._payload().get("description"))

    @property
    def field_errors(self) -> tuple[tuple[str, str], ...]:
        """The fields of the request that are at fault, each with what is wrong."""
        errors = self._payload().get("fieldErrors")
        pairs = [
            (text_of(entry.get("fieldName")), text_of(entry.get("description")))
            for entry in (errors if isinstance(errors, list) else [])
            if isinstance(entry, dict)
        ]
        return tuple((name or "", reason or "") for name, reason in pairs)

    def __str__(self) -> str:
        told = [self.reason]
        if self.status is not None:
            told.append(" ".join(filter(None, (f"HTTP {self.status}", self.type))))
            told.append(self.description or "")
            told += [f"{name}: {reason}" for name, reason in self.field_errors]
        text = "; ".join(filter(None, told))
        return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"

    def _payload(self) -> dict[str, Any]:
        try:
            return object_of(read_json(self.body))
        except ValueError:
            return {}


class TooManySegments(BandwidthError, ValueError):
    """A message takes more segments than the caller allows, and was not sent.

    Attributes:
        segment_count: What it takes.
        max_segments: What is allowed.
    """

    def __init__(self, segment_count: int, max_segments: int) -> None:
        super().__init__(f"{segment_count} segments are more than the {max_segments} allowed")
        self.args = (segment_count, max_segments)
        self.segment_count = segment_count
        self.max_segments = max_segments


class Unreachable(BandwidthError):
    """No connection could be made, after all tries: nothing was sent."""

    is_transient = True


class Refused(BandwidthError):
    """The provider answered that it will not: nothing was taken, and nothing is billed."""


class ValidationRefused(Refused):
    """The request is at fault (400); it would be refused again."""


class Unauthorized(Refused):
    """The credentials, or what they allow, do not suffice (401, 403), or no token was given."""


class QueueFull(Refused):
    """More than the account may have in its queue, or ask for, at a time (429), after all tries.

    Attributes:
        retry_after: The seconds that the provider asked to wait for, if it did.
    """

    is_transient = True

    def __init__(
        self,
        reason: str,
        status: int | None = None,
        body: bytes = b"",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason, status, body)
        self.args = (*self.args, retry_after)
        self.retry_after = retry_after


class Unanswered(BandwidthError):
    """No usable answer, after all tries, to what does no harm if it is asked again."""

    is_transient = True


class DeliveryUnknown(BandwidthError):
    """The message may have been taken, and may not.

    There is no key by which the provider would know a message that it already has. So it must not
    simply be sent again: look for it with `search`, or wait for its callbacks.
    """

    def __str__(self) -> str:
        return (
            f"nobody knows whether the message was taken ({super().__str__()}): "
            "do not simply send it again"
        )
