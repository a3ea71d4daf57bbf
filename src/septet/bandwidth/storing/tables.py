"""The table of events: what is kept of each, and how it is found again.

What is kept are the octets; all else is read from them anew. The columns beside them are for
finding: by message id, recipient and type, then a digest of the octets, so that the same event
arrives as often as it likes and is kept once, while another event of the same three is kept too.

A key is text that any database can hold, and PostgreSQL can have in an index; what a sender wrote
that is not stands there by its hash.
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
    BigInteger,
    Column,
    Connection,
    DateTime,
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
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from ..callbacks import Event, Undecodable, parse_callbacks

__all__ = [
    "EVENTS",
    "METADATA",
    "Record",
    "count_rows",
    "insert_rows",
    "read_by_message",
    "read_records",
    "row_of",
    "write_nothing",
]

_LONGEST_KEY = 512
_HASHED = "sha256:"

_text = Text().with_variant(Text(collation="C"), "postgresql")
METADATA = MetaData()
"""Of all tables of a store."""

EVENTS = Table(
    "events",
    METADATA,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("message_id", _text, nullable=False),
    Column("recipient", _text, nullable=False),
    Column("type", _text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("reason", Text),
    UniqueConstraint("message_id", "recipient", "type", "digest", name="events_key"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of an entry.

    Attributes:
        number: Grows in the order of arrival, with gaps.
        received_at: When it was kept first, in UTC, by the clock of the receiver.
        entry: The event, or what is none.
        differs: Another event of the same message, recipient and type came before it.
    """

    number: int
    received_at: datetime
    entry: Event | Undecodable
    differs: bool


def row_of(entry: Event | Undecodable, received_at: datetime) -> dict[str, Any]:
    """Return the row of an entry."""
    row = {"received_at": received_at, "digest": sha256(entry.raw).digest(), "raw": entry.raw}
    if isinstance(entry, Undecodable):
        return row | {"message_id": "", "recipient": "", "type": "", "reason": entry.reason}
    return row | {
        "message_id": _key(entry.message_id),
        "recipient": _key(entry.to),
        "type": _key(entry.type),
        "reason": None,
    }


def _key(text: str | None) -> str:
    """Return what stands for a text in a column to find it by."""
    if text is None:
        return ""
    is_plain = text.isascii() and text.isprintable() and len(text) <= _LONGEST_KEY
    if is_plain and not text.startswith(_HASHED):
        return text
    return _HASHED + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def insert_rows(connection: Connection, rows: list[dict[str, Any]]) -> set[bytes]:
    """Insert the rows that are not there yet and return their digests."""
    return set(connection.scalars(_INSERTS[connection.dialect.name], rows))


_INSERTS = {
    name: insert(EVENTS).on_conflict_do_nothing().returning(EVENTS.c.digest)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def write_nothing(connection: Connection) -> None:
    """Fail if the table cannot be written to."""
    connection.execute(update(EVENTS).values(reason=None).where(false()))


def read_records(
    connection: Connection, message_id: str | None, *, events: bool | None
) -> Iterator[Record]:
    """Yield what is kept in the order of arrival, in constant memory.

    Args:
        connection: In a transaction.
        message_id: Only events of that message.
        events: Only events, or only what is none.
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
    for number, received_at, raw, reason, is_other in _stream(
        connection, _restrict(query, message_id, events)
    ):
        entry = parse_callbacks(raw)[0] if reason is None else Undecodable(raw, reason)
        yield Record(number, _utc(received_at), entry, bool(is_other))


def read_by_message(connection: Connection) -> Iterator[list[Event]]:
    """Yield the events of each message that says its id, by the ids, in constant memory."""
    query = select(EVENTS.c.message_id, EVENTS.c.raw).order_by(EVENTS.c.message_id)
    rows = _stream(connection, query.where(EVENTS.c.message_id != ""))
    for _, its in groupby(rows, key=itemgetter(0)):
        entries = (parse_callbacks(raw)[0] for _, raw in its)
        yield [entry for entry in entries if isinstance(entry, Event)]


def count_rows(connection: Connection, message_id: str | None, *, events: bool) -> int:
    """Return how many events are kept, or how much that is none."""
    query = _restrict(select(func.count()).select_from(EVENTS), message_id, events)
    return int(connection.scalar(query) or 0)


_Query = TypeVar("_Query", bound=Select[Any])


def _restrict(query: _Query, message_id: str | None, events: bool | None) -> _Query:
    if message_id is not None:
        query = query.where(EVENTS.c.message_id == _key(message_id), EVENTS.c.message_id != "")
    if events is not None:
        reason = EVENTS.c.reason
        query = query.where(reason.is_(None) if events else reason.is_not(None))
    return query


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    # Rows may be large, so few are read at once.
    with connection.execute(query, execution_options={"yield_per": 50}) as result:
        yield from result


def _utc(time: datetime) -> datetime:
    """Return a time in UTC; SQLite keeps no zone, and all times there are in UTC."""
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
