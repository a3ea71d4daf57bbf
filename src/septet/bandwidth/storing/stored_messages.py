"""All that a store has of each message: its events, and what the outbox sent and was answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, LargeBinary, cast, null, select, union_all

from ..callbacks import Event, parse_callbacks
from ..messages import Accepted, unchecked_message_of
from .outbox_rows import OUTBOX, octets_of
from .tables import EVENTS

__all__ = ["StoredMessage", "read_messages"]

_COLLATIONS = {"sqlite": "BINARY", "postgresql": "C"}
"""Of ids that are compared by octets, as those of events are."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """All that a store has of a message.

    Attributes:
        message_id: The provider's id.
        events: Its events, in the order of arrival.
        accepted: What the outbox sent, and what was answered; None if the outbox has no message of
            this id. One that was settled by hand may have an answer that says nothing. Its message
            is not checked again: it may break today's limits, and what cannot be read of it is
            None or empty.
    """

    message_id: str
    events: tuple[Event, ...]
    accepted: Accepted | None


def read_messages(connection: Connection) -> Iterator[StoredMessage]:
    """Yield each message whose id an event or the outbox tells, by the ids, in constant memory."""
    message_id = OUTBOX.c.message_id.collate(_COLLATIONS[connection.dialect.name])
    told = select(
        EVENTS.c.message_id.label("key"),
        EVENTS.c.id.label("number"),
        EVENTS.c.raw.label("raw"),
        cast(null(), LargeBinary).label("sent"),
    ).where(EVENTS.c.message_id != "")
    sent = select(message_id, OUTBOX.c.id, OUTBOX.c.answer, octets_of(OUTBOX.c.message)).where(
        OUTBOX.c.message_id.is_not(None)
    )
    query = union_all(told, sent).order_by("key", "number")
    with connection.execute(query, execution_options={"yield_per": 50}) as rows:
        for key, its in groupby(rows, key=attrgetter("key")):
            events: list[Event] = []
            accepted = None
            for row in its:
                if row.sent is not None:
                    accepted = Accepted.from_body(unchecked_message_of(row.sent), row.raw or b"")
                elif isinstance(event := parse_callbacks(row.raw)[0], Event):
                    events.append(event)
            # An id that no column can hold stands there by its hash.
            told_id = events[0].message_id if events else None
            yield StoredMessage(told_id or key, tuple(events), accepted)
