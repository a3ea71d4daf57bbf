"""Messages in a store: callbacks as they arrive, and messages that an outbox has sent."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from septet.bandwidth import EventStore, Message, OutboxState
from septet.bandwidth.storing.outbox_adding import insert_messages
from septet.bandwidth.storing.outbox_rows import (
    claim,
    read_queued,
    record,
)
from septet.bandwidth.storing.outbox_table import row_of_message

SENDER, RECIPIENT = "+12025550100", "+13125550140"
TIME = "2026-11-04T09:00:00Z"


def event(message_id: str, kind: str = "delivered", text: str = "", **fields: Any) -> dict:
    """Return an event as the provider posts it, with other values or without (None) some fields."""
    ours, theirs = (RECIPIENT, SENDER) if kind == "received" else (SENDER, RECIPIENT)
    message = {
        "id": message_id,
        "time": TIME,
        "segmentCount": 1,
        "direction": "in" if kind == "received" else "out",
        "from": ours,
        "to": [theirs],
        "text": text,
    }
    outer = {"type": f"message-{kind}", "time": TIME, "to": theirs}
    for name, value in fields.items():
        (outer if name in ("to", "errorCode") else message)[name.rstrip("_")] = value
    return outer | {"message": {name: v for name, v in message.items() if v is not None}}


def keep_events(store: EventStore, *events: dict) -> None:
    """Append events to a store."""
    store.append(json.dumps(events).encode())


def message(text: str | None, to: Any = RECIPIENT, **fields: Any) -> Message:
    """Return a message to be sent."""
    return Message("app", SENDER, to, text, **fields)


def keep_sent(store: EventStore, sent: dict[str, Message], **answers: int) -> None:
    """Store messages as sent, by their ids, and the provider's segment counts, by ids too."""
    rows = [row_of_message(message) for message in sent.values()]
    write = store.database.write
    numbers = write(partial(insert_messages, batch=None, rows=rows)).result()
    entries = store.database.query(read_queued, len(numbers))
    claims = [write(partial(claim, entry=entry, runner="test")) for entry, _ in entries]
    results = []
    for claimed, message_id in zip(claims, sent, strict=True):
        answer = {"id": message_id, "time": TIME}
        if message_id in answers:
            answer["segmentCount"] = answers[message_id]
        values = {
            "state": OutboxState.ACCEPTED,
            "message_id": message_id,
            "answer": json.dumps(answer).encode(),
        }
        job = partial(record, entry=claimed.result(), runner="test", values=values)
        results.append(write(job))
    for result in results:
        result.result()
