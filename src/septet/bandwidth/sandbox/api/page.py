"""What a browser is shown: a page, and what it asks for each second."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

from ....display.pages import Page, render_page
from ..clock import timestamp
from ..delivery.processor import Provider
from ..log import Attempt, Drop, Entry, Log, Request
from ..messages import Record

__all__ = ["happenings", "page"]

_MESSAGES = 100
_ENTRIES = 200


def page(provider: Provider) -> Page:
    """Return the page.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    template = Path(__file__).with_name("page.html")
    return render_page(template, connects=True, speed=f"{provider.clock.speed:g}")


def happenings(provider: Provider, log: Log, after: int) -> dict[str, Any]:
    """Return the state of things, and the latest entries of the log behind a number."""
    entries = log.entries(after)[-_ENTRIES:]
    return {
        "time": timestamp(provider.clock.now()),
        "queued": provider.queue.waiting,
        "underWay": provider.under_way,
        "callbackUrl": provider.courier.url,
        "messages": [
            _message(record) for record in islice(reversed(provider.records.values()), _MESSAGES)
        ],
        "log": [_entry(entry) for entry in entries],
        "last": entries[-1].number if entries else after,
    }


def _message(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "time": timestamp(record.time),
        "from": record.from_,
        "segments": record.segment_count,
        "tag": record.tag or "",
        "text": record.text or "",
        "states": [
            {"to": to, "state": state, "code": record.error_codes.get(to)}
            for to, state in record.states.items()
        ],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    shown: dict[str, Any] = {"time": timestamp(entry.time), "messageId": entry.message_id or ""}
    match entry:
        case Request():
            facts = {"method": entry.method, "path": entry.path, "status": entry.status}
            return shown | {"kind": "request", **facts}
        case Attempt():
            facts = {"trial": entry.trial, "status": entry.status, "error": entry.error}
            about = {"type": entry.type, "to": entry.to, "isAccepted": entry.is_accepted}
            return shown | {"kind": "attempt", **about, **facts}
        case Drop():  # pragma: no branch  # there is no other kind
            about = {"type": entry.type, "to": entry.to, "trials": entry.trials}
            return shown | {"kind": "drop", **about}
