"""Which events `on_event` has handled: a cursor, and the events before it that are left.

Events are taken in the order of their ids. Taking an event moves it from behind the cursor into the
table `unhandled`, as if its call had failed already, so that an event which ends the process is not
the first one again after a restart. It is deleted there after the call. An event of a message of
which an earlier one is left waits for that one.

An id can be visible before a lower one on PostgreSQL, if another process commits later. So who
appends events shares a lock until its commit, and who looks for new ones waits for that lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Index,
    Integer,
    Table,
    delete,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from ..callbacks import Event, Undecodable, parse_event
from ..times import in_utc
from .columns import KEY_TEXT
from .tables import APPEND_LOCK, EVENTS, METADATA

__all__ = [
    "HANDLING",
    "UNHANDLED",
    "TakenEvent",
    "begin_handling",
    "find_last_event",
    "finish",
    "is_unhandled",
    "look_at_left",
    "take_due",
    "take_new",
]

HANDLING = Table(
    "handling",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_event", BigInteger, nullable=False),
)
UNHANDLED = Table(
    "unhandled",
    METADATA,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", KEY_TEXT),
    Column("attempt_count", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Index("unhandled_message", "message_id", "event_id"),
    Index("unhandled_due", "due_at"),
)

_FIRST_DELAY = timedelta(seconds=1)
_MAX_DELAY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """An event to call `on_event` with.

    Attributes:
        number: Its id.
        message_id: The key of its message; None if it has none.
        entry: The event, or the entry that is not an event.
    """

    number: int
    message_id: str | None
    entry: Event | Undecodable


def begin_handling(connection: Connection) -> None:
    """Make the cursor if there is none yet: only events that arrive from now on are handled."""
    if connection.scalar(select(HANDLING.c.id)) is None:
        last = connection.scalar(select(func.max(EVENTS.c.id))) or 0
        connection.execute(insert(HANDLING).values(id=1, last_event=last))


def is_unhandled() -> ColumnElement[bool]:
    """Return the condition that `on_event` has yet to handle an event; false without a cursor."""
    cursor = select(HANDLING.c.last_event).scalar_subquery()
    is_behind = func.coalesce(EVENTS.c.id > cursor, false())
    return or_(is_behind, EVENTS.c.id.in_(select(UNHANDLED.c.event_id)))


def find_last_event(connection: Connection) -> int | None:
    """Return the id of the last event, if there are events behind the cursor; otherwise None.

    No event with a lower id appears later.
    """
    cursor = select(HANDLING.c.last_event).scalar_subquery()
    query = select(func.max(EVENTS.c.id)).where(EVENTS.c.id > cursor)
    last: int | None = connection.scalar(query)
    if last is not None and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPEND_LOCK})
        last = connection.scalar(query)
    return last


def take_new(connection: Connection, last_event: int, max_rows: int) -> list[TakenEvent]:
    """Take the next events behind the cursor, up to one, that need not wait for earlier ones.

    Args:
        connection: A connection in a transaction.
        last_event: The result of `find_last_event`.
        max_rows: How many events to take.
    """
    cursor = select(HANDLING.c.last_event).scalar_subquery()
    is_waiting = exists().where(UNHANDLED.c.message_id == EVENTS.c.message_id)
    query = (
        select(EVENTS.c.id, EVENTS.c.message_id, EVENTS.c.raw, EVENTS.c.reason, is_waiting)
        .where(EVENTS.c.id > cursor, EVENTS.c.id <= last_event)
        .order_by(EVENTS.c.id)
        .limit(max_rows)
    )
    rows = connection.execute(query).all()
    if not rows:
        return []
    now = datetime.now(UTC)
    left = [
        {
            "event_id": number,
            "message_id": message_id or None,
            "attempt_count": 0 if waits else 1,
            "due_at": now if waits else now + _FIRST_DELAY,
        }
        for number, message_id, _, _, waits in rows
    ]
    connection.execute(insert(UNHANDLED), left)
    connection.execute(update(HANDLING).values(last_event=rows[-1].id))
    return [_taken(*row) for *row, waits in rows if not waits]


def take_due(connection: Connection) -> TakenEvent | None:
    """Take the event that has been due for longest, and has no earlier one of its message left."""
    now = datetime.now(UTC)
    query = (
        select(UNHANDLED.c.event_id, UNHANDLED.c.attempt_count)
        .where(UNHANDLED.c.due_at <= now, _is_first())
        .order_by(UNHANDLED.c.due_at, UNHANDLED.c.event_id)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    is_taken = UNHANDLED.c.event_id == row.event_id
    delay = min(_FIRST_DELAY * 2 ** min(row.attempt_count, 16), _MAX_DELAY)
    values = {"attempt_count": row.attempt_count + 1, "due_at": now + delay}
    connection.execute(update(UNHANDLED).where(is_taken).values(values))
    columns = EVENTS.c.id, EVENTS.c.message_id, EVENTS.c.raw, EVENTS.c.reason
    stored = connection.execute(select(*columns).where(EVENTS.c.id == row.event_id)).one_or_none()
    if stored is None:  # somebody has deleted the event
        connection.execute(delete(UNHANDLED).where(is_taken))
        return take_due(connection)
    return _taken(*stored)


def _is_first() -> ColumnElement[bool]:
    """Return the condition that no earlier event of the same message is left."""
    earlier = UNHANDLED.alias()
    return ~exists().where(
        earlier.c.message_id == UNHANDLED.c.message_id, earlier.c.event_id < UNHANDLED.c.event_id
    )


def finish(connection: Connection, numbers: Sequence[int]) -> None:
    """Note that events were handled."""
    connection.execute(delete(UNHANDLED).where(UNHANDLED.c.event_id.in_(numbers)))


def look_at_left(connection: Connection) -> tuple[int, datetime | None]:
    """Return how many events are left, and when the next of them is due, in UTC."""
    count = connection.scalar(select(func.count()).select_from(UNHANDLED)) or 0
    due_at = count and connection.scalar(select(func.min(UNHANDLED.c.due_at)).where(_is_first()))
    return count, in_utc(due_at) if due_at else None


def _taken(number: int, message_id: str, raw: bytes, reason: Any) -> TakenEvent:
    entry = parse_event(raw) if reason is None else Undecodable(raw, reason)
    return TakenEvent(number, message_id or None, entry)
