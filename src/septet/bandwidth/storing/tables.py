"""The table of events: which columns it has, how events are inserted and read.

The bytes of an event (`raw`) are the truth; everything else about it is parsed from them again. The
other columns serve to look an event up: its message id, recipient and type, and a digest of its
bytes. So an event that arrives several times is stored once, while another event of the same
message, recipient and type is stored as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    exists,
    false,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ..callbacks import Event, Undecodable, parse_event
from ..times import in_utc
from .columns import ID, KEY_TEXT, key_of, partial

__all__ = [
    "APPEND_LOCK",
    "EVENTS",
    "HEALTH",
    "METADATA",
    "EventRecord",
    "check_writable",
    "count_rows",
    "insert_rows",
    "read_by_message",
    "read_records",
    "row_of_entry",
]

METADATA = MetaData()
"""The tables of a store."""

EVENTS = Table(
    "events",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("message_id", KEY_TEXT, nullable=False),
    Column("recipient", KEY_TEXT, nullable=False),
    Column("type", KEY_TEXT, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("reason", Text),
    UniqueConstraint("message_id", "recipient", "type", "digest", name="events_key"),
    Index("events_received", "received_at", "id"),
    Index("events_undecodable", "id", **partial("reason IS NOT NULL")),
    sqlite_autoincrement=True,
)

HEALTH = Table(
    "health",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("checked_at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A stored entry of a callback.

    Attributes:
        number: Grows in the order of arrival, with gaps.
        received_at: When it was stored first, in UTC, by the clock of the receiver.
        entry: The event, or the entry that is not an event.
        differs: Whether another event of the same message, recipient and type came before it.
    """

    number: int
    received_at: datetime
    entry: Event | Undecodable
    differs: bool


def row_of_entry(entry: Event | Undecodable, received_at: datetime) -> dict[str, Any]:
    """Return the row of an entry."""
    row = {"received_at": received_at, "digest": sha256(entry.raw).digest(), "raw": entry.raw}
    if isinstance(entry, Undecodable):
        return row | {"message_id": "", "recipient": "", "type": "", "reason": entry.reason}
    return row | {
        "message_id": key_of(entry.message_id),
        "recipient": key_of(entry.to),
        "type": key_of(entry.type),
        "reason": None,
    }


APPEND_LOCK = 0x5E97E9
"""The key of PostgreSQL's advisory lock that every transaction with new events shares."""


def insert_rows(connection: Connection, rows: list[dict[str, Any]]) -> set[bytes]:
    """Insert the rows that the table does not have yet, and return their digests."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock_shared(:key)")
        connection.execute(lock, {"key": APPEND_LOCK})
    return set(connection.scalars(_INSERTS[connection.dialect.name], rows))


_DIALECTS = (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
_INSERTS = {
    name: insert(EVENTS).on_conflict_do_nothing().returning(EVENTS.c.digest)
    for name, insert in _DIALECTS
}
_CHECKS: dict[str, Any] = {
    name: (statement := insert(HEALTH).values(id=1)).on_conflict_do_update(
        index_elements=[HEALTH.c.id], set_={"checked_at": statement.excluded.checked_at}
    )
    for name, insert in _DIALECTS
}


def check_writable(connection: Connection) -> None:
    """Write to the database; raises the database's error if events cannot be written."""
    # This takes the locks that an event needs, but writes nothing.
    connection.execute(update(EVENTS).values(reason=None).where(false()))
    connection.execute(_CHECKS[connection.dialect.name], {"checked_at": datetime.now(UTC)})


def read_records(
    connection: Connection, message_id: str | None = None, *, events: bool | None = None
) -> Iterator[EventRecord]:
    """Yield records in the order of arrival, in constant memory.

    Args:
        connection: A connection in a transaction.
        message_id: Yield only the events of this message.
        events: True yields only events, False only entries that are not events.
    """
    earlier = EVENTS.alias()
    same = [earlier.c[name] == EVENTS.c[name] for name in ("message_id", "recipient", "type")]
    differs = exists().where(EVENTS.c.message_id != "", *same, earlier.c.id < EVENTS.c.id)
    query = select(
        EVENTS.c.id,
        EVENTS.c.received_at,
        EVENTS.c.raw,
        EVENTS.c.reason,
        differs,
    ).order_by(EVENTS.c.id)
    for number, received_at, raw, reason, is_different in _stream(
        connection, _restrict(query, message_id, events)
    ):
        entry = parse_event(raw) if reason is None else Undecodable(raw, reason)
        yield EventRecord(number, in_utc(received_at), entry, bool(is_different))


def read_by_message(connection: Connection) -> Iterator[list[Event]]:
    """Yield the events of each message with an id, ordered by id, in constant memory."""
    query = select(EVENTS.c.message_id, EVENTS.c.raw).order_by(EVENTS.c.message_id)
    rows = _stream(connection, query.where(EVENTS.c.message_id != ""))
    for _, group in groupby(rows, key=itemgetter(0)):
        entries = (parse_event(raw) for _, raw in group)
        yield [entry for entry in entries if isinstance(entry, Event)]


def count_rows(
    connection: Connection, message_id: str | None = None, *, events: bool | None = None
) -> int:
    """Return the number of stored entries; the arguments are those of `read_records`."""
    if events and message_id is None:
        # There is an index over the others, and counting everything needs no values.
        return count_rows(connection) - count_rows(connection, events=False)
    query = _restrict(select(func.count()).select_from(EVENTS), message_id, events)
    return int(connection.scalar(query) or 0)


_Query = TypeVar("_Query", bound=Select[Any])


def _restrict(query: _Query, message_id: str | None, events: bool | None) -> _Query:
    if message_id is not None:
        query = query.where(EVENTS.c.message_id == key_of(message_id), EVENTS.c.message_id != "")
    if events is not None:
        reason = EVENTS.c.reason
        query = query.where(reason.is_(None) if events else reason.is_not(None))
    return query


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    # Rows may be large, so only a few are in memory at once.
    with connection.execute(query, execution_options={"yield_per": 50}) as result:
        yield from result
