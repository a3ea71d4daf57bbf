"""The errors of the API, in the form of Bandwidth's OpenAPI description (2026-07-22).

Those of multi-channel messages are in an array, all others are an object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from ... import Message
from ..delivery.segment_queue import SegmentQueue
from ..faults import Fault
from ..messages import SandboxMessage
from .message_requests import InvalidMessageError

__all__ = [
    "CHALLENGE",
    "MULTI_CHANNEL",
    "UNAUTHORIZED",
    "APIError",
    "bad_request",
    "invalid_message",
    "queue_full",
    "refused",
    "too_large",
    "too_many_searches",
    "unsupported",
]

MULTI_CHANNEL = "multiChannel"

_QUEUE_FULL = "max-message-queue-size-exceeded"
_UNSUPPORTED = "unsupported-content-type"
_ERROR_TYPES = {400: "request-validation", 415: _UNSUPPORTED, 429: _QUEUE_FULL}


@dataclass(frozen=True, slots=True)
class APIError:
    """The answer to a request that fails.

    Attributes:
        status: The HTTP status.
        type: The provider's name of the error.
        description: The explanation.
        fields: Further fields of the object.
        headers: Further header fields.
    """

    status: int
    type: str
    description: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body_for(self, path: str) -> dict[str, Any]:
        """Return the JSON object for a request to a path."""
        content = {"type": self.type, "description": self.description, **self.fields}
        if path.endswith(f"/{MULTI_CHANNEL}"):
            return {"links": [], "data": None, "errors": [{**content, "source": {}}]}
        return content


# Some HTTP libraries give the credentials only if an answer asks for them.
CHALLENGE = {"WWW-Authenticate": 'Basic realm="septet sandbox"'}
UNAUTHORIZED = APIError(
    401, "unauthorized", "the credentials are missing or wrong", headers=CHALLENGE
)


def bad_request(description: str) -> APIError:
    """Return the error of an invalid request."""
    return APIError(400, _ERROR_TYPES[400], description)


def unsupported(description: str) -> APIError:
    """Return the error of a body of a type that is not supported."""
    return APIError(415, _UNSUPPORTED, description)


def too_large(max_bytes: int) -> APIError:
    """Return the error of a body that is too large; the provider documents no 413."""
    return bad_request(f"the body is larger than {max_bytes} bytes")


def invalid_message(error: InvalidMessageError) -> APIError:
    """Return the error of a message that cannot be sent."""
    if error.field is None:
        return bad_request(error.reason)
    errors = [{"fieldName": error.field, "description": f"'{error.field}': {error.reason}"}]
    description = "Your request could not be accepted."
    return APIError(400, _ERROR_TYPES[400], description, {"fieldErrors": errors})


def queue_full(message: Message, queue: SegmentQueue[SandboxMessage]) -> APIError:
    """Return the error of a message that does not fit into the queue."""
    segments = message.segment_count * len(message.to)
    if segments > queue.capacity:
        reason = (
            f"the message takes {segments} segments, but the queue of the sandbox holds only "
            f"{queue.capacity}, so it will never accept this message"
        )
    else:
        reason = (
            f"the queue of {queue.capacity} segments is full; "
            f"it sends {queue.segments_per_second:g} segments per second"
        )
    return APIError(429, _QUEUE_FULL, reason)


def too_many_searches(seconds: int) -> APIError:
    """Return the error of a search that is not allowed before some seconds have passed."""
    reason = f"too many searches; wait {seconds} s"
    return APIError(429, "rate_limit_exceeded", reason, headers={"Retry-After": str(seconds)})


def refused(fault: Fault) -> APIError:
    """Return the error that a fault asks for."""
    status = fault.status or 500
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    error_type = _ERROR_TYPES.get(status, phrase.lower().replace(" ", "-"))
    return APIError(status, error_type, "A fault of the sandbox refuses this request.")
