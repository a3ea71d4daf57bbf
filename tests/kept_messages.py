"""Messages as a store has them: callbacks as they arrive, and what an outbox has sent."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from septet.bandwidth import EventStore, Message, OutboxState
from septet.bandwidth.storing.outbox_rows import claim, insert_messages, record, row_of_message

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
    """Let an outbox have sent messages, by their ids, and their segments as they were answered."""
    rows = [row_of_message(its) for its in sent.values()]
    numbers = store.database.write(partial(insert_messages, batch=None, rows=rows)).result()
    jobs = []
    for number, message_id in zip(numbers, sent, strict=True):
        answer = {"id": message_id, "time": TIME}
        if message_id in answers:
            answer["segmentCount"] = answers[message_id]
        values = {
            "state": OutboxState.ACCEPTED,
            "message_id": message_id,
            "answer": json.dumps(answer).encode(),
        }
        jobs.append(partial(claim, number=number, runner="test"))
        jobs.append(partial(record, number=number, runner="test", values=values))
    for written in [store.database.write(job) for job in jobs]:
        written.result()
