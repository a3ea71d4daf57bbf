"""The page that shows the sandbox in a browser, and the data that it requests each second."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from ....display.pages import Page, render_page
from ..clock import timestamp
from ..delivery.processor import MessageProcessor
from ..log import CallbackAttempt, CallbackDrop, Log, LogEntry, LoggedRequest
from ..messages import SandboxMessage

__all__ = ["activity", "render"]

_MAX_MESSAGES = 100
_MAX_ENTRIES = 200


def render(processor: MessageProcessor) -> Page:
    """Return the page.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    template = Path(__file__).with_name("page.html")
    return render_page(template, connects=True, speed=f"{processor.clock.speed:g}")


def activity(processor: MessageProcessor, log: Log, after: int) -> dict[str, Any]:
    """Return the data of the page.

    Args:
        processor: The messages.
        log: The log.
        after: The number of the last log entry that the page has; 0 for none.
    """
    entries = log.entries(after)[-_MAX_ENTRIES:]
    return {
        "time": timestamp(processor.clock.now()),
        "queued": processor.queued_segments,
        "pending": processor.pending,
        "callbackUrl": processor.courier.shown_url,
        "messages": [
            _message(message)
            for message in islice(reversed(processor.messages.values()), _MAX_MESSAGES)
        ],
        "log": [_entry(entry) for entry in entries],
        "last": entries[-1].number if entries else after,
    }


def _message(message: SandboxMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "time": timestamp(message.time),
        "from": message.from_,
        "segments": message.segment_count,
        "tag": message.tag or "",
        "text": message.text or "",
        "states": [
            {"to": to, "state": state, "code": message.error_codes.get(to)}
            for to, state in message.states.items()
        ],
    }


def _entry(entry: LogEntry) -> dict[str, Any]:
    shown: dict[str, Any] = {"time": timestamp(entry.time), "messageId": entry.message_id or ""}
    match entry:
        case LoggedRequest():
            fields = {"method": entry.method, "path": entry.path, "status": entry.status}
            return shown | {"kind": "request", **fields}
        case CallbackAttempt():
            fields = {"attempt": entry.attempt, "status": entry.status, "error": entry.error}
            about = {"type": entry.type, "to": entry.to, "isAccepted": entry.is_accepted}
            return shown | {"kind": "attempt", **about, **fields}
        case CallbackDrop():  # pragma: no branch  # all kinds are listed
            about = {"type": entry.type, "to": entry.to, "attempts": entry.attempts}
            return shown | {"kind": "drop", **about}
