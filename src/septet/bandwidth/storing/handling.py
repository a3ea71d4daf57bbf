"""Which events `on_event` has handled: a cursor, and the events before it that are left.

Events are taken in the order of their ids. Taking an event moves it from behind the cursor into the
table `unhandled`, as if its call had failed already, so that an event which ends the process is not
the first one again after a restart. It is deleted there after the call. An event of a message of
which an earlier one is left waits for that one.

An id can be visible before a lower one on PostgreSQL, if another process commits later. So who
appends events shares a lock until its commit, and who looks for new ones waits for that lock.
"""

from __future__ import annotations

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
    "count_left",
    "find_due",
    "find_last_event",
    "finish",
    "is_unhandled",
    "take_again",
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
        _wait_for_appends(connection)
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
    if last is not None:
        _wait_for_appends(connection)
        last = connection.scalar(query)
    return last


def _wait_for_appends(connection: Connection) -> None:
    """Wait until no other transaction has inserted events that are not visible yet."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": APPEND_LOCK})


def take_new(connection: Connection, last_event: int, max_rows: int) -> list[TakenEvent]:
    """Take the next events behind the cursor, up to one, that need not wait for earlier ones.

    Args:
        connection: A connection in a transaction.
        last_event: The result of `find_last_event`.
        max_rows: How many events to take.
    """
    # Locked, in case two processes believe that it is their turn: the cursor must not go back.
    cursor = connection.scalar(select(HANDLING.c.last_event).with_for_update())
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


def find_due(connection: Connection, max_rows: int) -> list[int]:
    """Return the ids of events that are due, those that have been due for longest first.

    Of each message, only the first event that is left can be due.
    """
    query = select(UNHANDLED.c.event_id).where(_is_due(connection), _is_first())
    query = query.order_by(UNHANDLED.c.due_at, UNHANDLED.c.event_id).limit(max_rows)
    return list(connection.scalars(query))


def take_again(connection: Connection, number: int) -> TakenEvent | None:
    """Take an event that is due; None if somebody has deleted it.

    Args:
        connection: A connection in a transaction.
        number: The id of the event.
    """
    is_taken = UNHANDLED.c.event_id == number
    count = connection.scalar(select(UNHANDLED.c.attempt_count).where(is_taken)) or 0
    delay = min(_FIRST_DELAY * 2 ** min(count, 16), _MAX_DELAY)
    values = {"attempt_count": count + 1, "due_at": datetime.now(UTC) + delay}
    connection.execute(update(UNHANDLED).where(is_taken).values(values))
    columns = EVENTS.c.id, EVENTS.c.message_id, EVENTS.c.raw, EVENTS.c.reason
    stored = connection.execute(select(*columns).where(EVENTS.c.id == number)).one_or_none()
    if stored is None:
        connection.execute(delete(UNHANDLED).where(is_taken))
        return None
    return _taken(*stored)


def _is_due(connection: Connection) -> ColumnElement[bool]:
    """Return the condition that the delay of an event is over."""
    now = datetime.now(UTC)
    is_due = UNHANDLED.c.due_at <= now
    last = connection.scalar(select(func.max(UNHANDLED.c.due_at)))
    if last is not None and in_utc(last) > now + _MAX_DELAY:
        # No delay is longer, so the clock was put back.
        is_due |= UNHANDLED.c.due_at > now + _MAX_DELAY
    return is_due


def _is_first() -> ColumnElement[bool]:
    """Return the condition that no earlier event of the same message is left."""
    earlier = UNHANDLED.alias()
    return ~exists().where(
        earlier.c.message_id == UNHANDLED.c.message_id, earlier.c.event_id < UNHANDLED.c.event_id
    )


def finish(connection: Connection, numbers: list[int]) -> list[None]:
    """Note that events were handled; a job for `Database.write_merged`."""
    connection.execute(delete(UNHANDLED).where(UNHANDLED.c.event_id.in_(numbers)))
    return [None] * len(numbers)


def count_left(connection: Connection) -> int:
    """Return how many of the events before the cursor are left."""
    return connection.scalar(select(func.count()).select_from(UNHANDLED)) or 0


def _taken(number: int, message_id: str, raw: bytes, reason: Any) -> TakenEvent:
    entry = parse_event(raw) if reason is None else Undecodable(raw, reason)
    return TakenEvent(number, message_id or None, entry)
