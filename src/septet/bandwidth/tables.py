"""The table of events: what is kept of each, and how it is found again.

What is kept are the octets; all else is read from them anew. The columns beside them are for
finding: by message id, recipient and type, then a digest of the octets, so that the same event
arrives as often as it likes and is kept once, while another event of the same three is kept too.

A key is text that any database can hold, and PostgreSQL can have in an index; what a sender wrote
that is not stands there by its hash.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from .callbacks import Event, Undecodable

__all__ = ["insert_rows", "row_of", "write_nothing"]

_LONGEST_KEY = 512
_HASHED = "sha256:"

_text = Text().with_variant(Text(collation="C"), "postgresql")
_metadata = MetaData()
_events = Table(
    "events",
    _metadata,
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
    name: insert(_events).on_conflict_do_nothing().returning(_events.c.digest)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def write_nothing(connection: Connection) -> None:
    """Fail if the table cannot be written to."""
    connection.execute(update(_events).values(reason=None).where(false()))
