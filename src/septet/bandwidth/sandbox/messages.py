"""The messages of the sandbox; like Bandwidth, it deletes their texts once they are done."""

from __future__ import annotations

import json
import random
import string
from dataclasses import dataclass, field
from typing import Any

from ...segmentation import analyze, split
from ...standard.encoding import Encoding
from .clock import timestamp
from .results import Step

__all__ = ["SandboxMessage", "body_of", "new_id"]

_DIGITS = string.digits + string.ascii_lowercase
_STATES = {
    "message-sending": "SENDING",
    "message-sent": "SENT",
    "message-delivered": "DELIVERED",
    "message-failed": "FAILED",
}
_HEADER_BITS = 48  # in each of several segments


def new_id(now: float) -> str:
    """Return an id in the documented form: 13 digits (milliseconds) and 16 of `[0-9a-z]`."""
    return f"{int(now * 1000):013}" + "".join(random.choices(_DIGITS, k=16))  # noqa: S311


@dataclass(slots=True, eq=False)
class SandboxMessage:
    """An outbound message that was accepted, or an inbound message.

    Attributes:
        id: The id, the same for all recipients.
        account_id: The account that sent it.
        time: Seconds since 1970 on the sandbox's clock.
        application_id: The application.
        from_: The sender.
        to: The recipients.
        segment_count: The segments of the text; 1 for MMS.
        is_mms: Whether it has media or goes to a group.
        direction: "out" or "in".
        tag: The tag that the sender attached.
        priority: "default" or "high".
        expiration: When it expires, in seconds since 1970.
        text: The text, until every callback was answered or dropped.
        media: The URLs of the media, as long as the text.
        text_length: The number of characters of the text.
        text_octets: The octets of an SMS, with the headers of its segments; None for an MMS.
        media_count: The number of media.
        states: The status for each recipient, as a search shows it.
        times: For each recipient when the status changed, in seconds since 1970.
        error_codes: The error code for each recipient that it failed for.
    """

    id: str
    account_id: str
    time: float
    application_id: str
    from_: str
    to: tuple[str, ...]
    segment_count: int
    is_mms: bool
    direction: str = "out"
    tag: str | None = None
    priority: str | None = None
    expiration: float | None = None
    text: str | None = None
    media: tuple[str, ...] = ()
    text_length: int = field(init=False)
    text_octets: int | None = field(init=False)
    media_count: int = field(init=False)
    states: dict[str, str] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)
    error_codes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text_length = len(self.text or "")
        self.text_octets = None if self.is_mms else _octets(self.text or "")
        self.media_count = len(self.media)

    def answer(self) -> dict[str, Any]:
        """Return the body of the 202 answer."""
        expiration = None if self.expiration is None else timestamp(self.expiration)
        return self._message(owner=self.from_, text=self.text) | self._without_nulls(
            priority=self.priority, expiration=expiration
        )

    def update(self, step: Step, now: float) -> None:
        """Set the status of a recipient; a final status does not change."""
        if self.states.get(step.to) not in ("DELIVERED", "FAILED"):
            self.states[step.to] = _STATES[step.type]
            self.times.setdefault(step.to, []).append(now)
            if step.error_code is not None:
                self.error_codes[step.to] = step.error_code

    def status_event(self, step: Step, now: float) -> dict[str, Any]:
        """Return the event for a step; its text is empty, as in Bandwidth's events."""
        code = {} if step.error_code is None else {"errorCode": step.error_code}
        return {
            "type": step.type,
            "time": timestamp(now),
            "to": step.to,
            "description": step.description,
            **code,
            "message": self._message(owner=self.from_, text="")
            | self._without_nulls(priority=self.priority),
        }

    def received_event(self, now: float) -> dict[str, Any]:
        """Return the `message-received` event of an inbound message."""
        return {
            "type": "message-received",
            "time": timestamp(now),
            "to": self.to[0],
            "description": "Incoming message received",
            "message": self._message(owner=self.to[0], text=self.text),
        }

    def forget(self) -> None:
        """Delete the text and the media."""
        self.text = None
        self.media = ()

    def _message(self, owner: str, text: str | None) -> dict[str, Any]:
        return {
            "id": self.id,
            "owner": owner,
            "applicationId": self.application_id,
            "time": timestamp(self.time),
            "segmentCount": self.segment_count,
            "direction": self.direction,
            "to": list(self.to),
            "from": self.from_,
        } | self._without_nulls(
            text=text, media=list(dict.fromkeys(self.media)) or None, tag=self.tag
        )

    @staticmethod
    def _without_nulls(**fields: Any) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if value is not None}


def _octets(text: str) -> int:
    """Return the octets of the segments of a text, their headers included."""
    bits = 7 if analyze(text).encoding is Encoding.GSM7 else 16
    segments = split(text)
    header_units = -(-_HEADER_BITS // bits) if len(segments) > 1 else 0
    return sum(-(-(segment.unit_count + header_units) * bits // 8) for segment in segments)


def body_of(event: dict[str, Any]) -> bytes:
    """Return the body of a callback: a JSON array of one event."""
    return json.dumps([event], ensure_ascii=False, separators=(",", ":")).encode()
