"""Messages as the sandbox knows them: what they say while they are under way, then only facts."""

from __future__ import annotations

import json
import random
import string
from dataclasses import dataclass, field
from typing import Any

from .clock import timestamp
from .results import Step

__all__ = ["Record", "body_of", "new_id"]

_DIGITS = string.digits + string.ascii_lowercase
_STATES = {
    "message-sending": "SENDING",
    "message-sent": "SENT",
    "message-delivered": "DELIVERED",
    "message-failed": "FAILED",
}


def new_id(now: float) -> str:
    """Return an id of the documented shape: 13 digits (milliseconds) and 16 of `[0-9a-z]`."""
    return f"{int(now * 1000):013}" + "".join(random.choices(_DIGITS, k=16))  # noqa: S311


@dataclass(slots=True, eq=False)
class Record:
    """A message that was sent, or that came in.

    Attributes:
        id: The message's id, the same for all recipients.
        account_id: The account that sent it.
        time: Seconds since 1970 on the sandbox's clock.
        application_id: The application.
        from_: The sender.
        to: The recipients.
        segment_count: Segments of the text; 1 for MMS.
        is_mms: Whether it has media or goes to a group.
        direction: "out" or "in".
        tag: What the sender attached.
        priority: "default" or "high".
        expiration: Seconds since 1970 when it is no longer to be sent.
        text: The text, until every callback was answered or dropped.
        media: The media, as long.
        states: How far it has come for each recipient, in the words of the search.
        error_codes: The reason for each recipient that it failed for.
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
    states: dict[str, str] = field(default_factory=dict)
    error_codes: dict[str, int] = field(default_factory=dict)

    def answer(self) -> dict[str, Any]:
        """Return the body of the answer 202."""
        expiration = None if self.expiration is None else timestamp(self.expiration)
        return self._message(owner=self.from_, text=self.text) | self._only(
            priority=self.priority, expiration=expiration
        )

    def advance(self, step: Step) -> None:
        """Note how far it has come; what is final stays."""
        if self.states.get(step.to) not in ("DELIVERED", "FAILED"):
            self.states[step.to] = _STATES[step.type]
            if step.error_code is not None:
                self.error_codes[step.to] = step.error_code

    def status_event(self, step: Step, now: float) -> dict[str, Any]:
        """Return the event of a step; the text in it is empty, as it is with the provider."""
        code = {} if step.error_code is None else {"errorCode": step.error_code}
        return {
            "type": step.type,
            "time": timestamp(now),
            "to": step.to,
            "description": step.description,
            **code,
            "message": self._message(owner=self.from_, text="")
            | self._only(priority=self.priority),
        }

    def received_event(self, now: float) -> dict[str, Any]:
        """Return the event of a message that came in."""
        return {
            "type": "message-received",
            "time": timestamp(now),
            "to": self.to[0],
            "description": "Incoming message received",
            "message": self._message(owner=self.to[0], text=self.text),
        }

    def forget(self) -> None:
        """Keep nothing of what it says."""
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
        } | self._only(text=text, media=list(self.media) or None, tag=self.tag)

    @staticmethod
    def _only(**fields: Any) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if value is not None}


def body_of(event: dict[str, Any]) -> bytes:
    """Return the body of a callback: a list of one event."""
    return json.dumps([event], ensure_ascii=False, separators=(",", ":")).encode()
