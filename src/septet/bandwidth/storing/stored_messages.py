"""Everything that a store has about each message: its events and what the outbox sent."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, LargeBinary, cast, null, select

from ..callbacks import Event, parse_event
from ..messages import Accepted, unchecked_message_from_json
from .columns import utf8_of
from .outbox_table import OUTBOX, message_key
from .tables import EVENTS

__all__ = ["StoredMessage", "read_messages"]


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """Everything that a store has about a message.

    Attributes:
        message_id: The provider's id.
        events: Its events, in the order of arrival.
        accepted: The message that the outbox sent, with the provider's answer; None if the outbox
            has no message with this id. The answer of a message that was resolved by hand may be
            empty. The message is not validated again: it may break the limits of this version, and
            a field that cannot be read is None or empty.
    """

    message_id: str
    events: tuple[Event, ...]
    accepted: Accepted | None


def read_messages(connection: Connection) -> Iterator[StoredMessage]:
    """Yield each message of the events and the outbox, ordered by id, in constant memory."""
    message_id = message_key(connection.dialect.name)
    events_query = (
        select(
            EVENTS.c.message_id.label("key"),
            EVENTS.c.id.label("number"),
            EVENTS.c.raw,
            cast(null(), LargeBinary).label("sent"),
        )
        .where(EVENTS.c.message_id != "")
        .order_by(EVENTS.c.message_id)
    )
    sent_query = (
        select(
            message_id.label("key"),
            OUTBOX.c.id.label("number"),
            OUTBOX.c.answer.label("raw"),
            utf8_of(OUTBOX.c.message).label("sent"),
        )
        .where(OUTBOX.c.message_id.is_not(None))
        .order_by(message_id)
    )
    options = {"yield_per": 50}
    with (
        connection.execute(events_query, execution_options=options) as events_rows,
        connection.execute(sent_query, execution_options=options) as sent_rows,
    ):
        # Merged here: PostgreSQL sorts all rows of a union, but reads each table by its index.
        rows = heapq.merge(events_rows, sent_rows, key=attrgetter("key"))
        for key, group in groupby(rows, key=attrgetter("key")):
            events: list[Event] = []
            accepted = None
            for row in sorted(group, key=attrgetter("number")):
                if row.sent is not None:
                    message = unchecked_message_from_json(row.sent)
                    accepted = Accepted.from_body(message, row.raw or b"")
                elif isinstance(event := parse_event(row.raw), Event):
                    events.append(event)
            # The key may be a hash of the id; the events have the id itself.
            event_id = events[0].message_id if events else None
            yield StoredMessage(event_id or key, tuple(events), accepted)
