"""The table of the outbox: its columns, the states of messages, and rows as entries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from ..messages import Message, message_from_json
from ..times import in_utc
from .columns import COLLATIONS, ID, KEY_TEXT, ascii_escaped, partial, utf8_of
from .tables import METADATA

__all__ = [
    "COLUMNS",
    "FINAL_STATES",
    "IS_QUEUED",
    "OUTBOX",
    "PROGRESS",
    "STORED",
    "NewRow",
    "OutboxEntry",
    "OutboxState",
    "checked",
    "entry_of",
    "message_key",
    "progress_of",
    "row_of_message",
]


class OutboxState(StrEnum):
    """The state of a message in the outbox.

    `QUEUED`: it waits to be sent. `SENDING`: its request is under way. `ACCEPTED`: the provider has
    accepted it. `REFUSED`: the provider refused it, or the stored message cannot be used and was
    not sent. `EXPIRED`: it was not sent before its expiration. `CANCELLED`: somebody cancelled it
    before it was sent. `UNKNOWN`: it may have been accepted; a person or a search has to decide.
    `ABANDONED`: somebody decided not to send an unknown or refused message again.
    """

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    ABANDONED = "abandoned"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


FINAL_STATES = frozenset(OutboxState) - {
    OutboxState.QUEUED,
    OutboxState.SENDING,
    OutboxState.UNKNOWN,
}
"""The states of messages about which nothing is left to do or to decide."""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", ID, primary_key=True),
    Column("batch", KEY_TEXT),
    Column("position", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("segment_count", Integer, nullable=False),
    Column("state", KEY_TEXT, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("attempt_count", Integer, nullable=False),
    Column("runner", Text),
    Column("message_id", Text),
    Column("status", Integer),
    Column("reason", Text),
    Column("answer", LargeBinary),
    Column("sender", KEY_TEXT, nullable=False),
    Column("expires_at", DateTime(timezone=True)),
    UniqueConstraint("batch", "position", name="outbox_key"),
    Index("outbox_state", "state", "id"),
    Index("outbox_queue", "sender", "id", **partial("state = 'queued'")),
    Index(
        "outbox_expiration",
        "expires_at",
        **partial("state = 'queued' AND expires_at IS NOT NULL"),
    ),
    Index("outbox_message", "message_id"),  # with the collation of `message_key`
    sqlite_autoincrement=True,
)

# A constant in the statement, because a database uses a partial index only for such.
IS_QUEUED: ColumnElement[bool] = OUTBOX.c.state == literal_column(f"'{OutboxState.QUEUED}'")
"""The condition of the partial indexes over queued messages."""

STORED = utf8_of(OUTBOX.c.message).label("stored")
PROGRESS = (
    OUTBOX.c.state,
    OUTBOX.c.changed_at,
    OUTBOX.c.attempt_count,
    OUTBOX.c.message_id,
    OUTBOX.c.status,
    OUTBOX.c.reason,
    OUTBOX.c.answer,
)
COLUMNS = (OUTBOX.c.id, OUTBOX.c.expires_at, *PROGRESS, STORED)

_to_json = json.JSONEncoder().encode
_UNUSABLE = "not sent, because the stored message cannot be used"


def message_key(dialect: str) -> ColumnElement[Any]:
    """Return the provider's id of a message, compared byte by byte as in the index over it."""
    return OUTBOX.c.message_id.collate(COLLATIONS[dialect])


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A message in the outbox.

    Attributes:
        id: Its number in the outbox; grows in the order of adding.
        message: The message. None if the stored text is damaged, or if `Message` refuses it.
        state: Its state.
        changed_at: When the state changed last, in UTC.
        attempt_count: The number of attempts to send it.
        message_id: The provider's id, once it is accepted.
        status: The HTTP status of the last answer.
        reason: Why it has this state, for people.
        answer: The body of the last answer.
        expires_at: When it expires unless it was sent before, in UTC; None for never.
        stored: The JSON text of the message in UTF-8, as it is stored and as it is sent.
    """

    id: int
    message: Message | None
    state: OutboxState
    changed_at: datetime
    attempt_count: int
    message_id: str | None
    status: int | None
    reason: str | None
    answer: bytes | None
    expires_at: datetime | None
    stored: bytes = field(repr=False)


class NewRow(NamedTuple):
    """The columns that depend on the message, by their names in the table."""

    message: str
    segment_count: int
    sender: str
    expires_at: datetime | None


def row_of_message(message: Message, expires_at: datetime | None = None) -> NewRow:
    """Return the row of a new message.

    Args:
        message: The message.
        expires_at: When it expires, in UTC, if its own expiration is not earlier.
    """
    expirations = [time for time in (message.expiration, expires_at) if time is not None]
    return NewRow(
        # In ASCII, because a database may refuse some characters.
        message=_to_json(message.payload()),
        # The account's rate limit counts a group once for each recipient.
        segment_count=message.segment_count * len(message.to),
        sender=message.from_,
        expires_at=min(expirations, default=None),
    )


def entry_of(row: Row[Any], message: Message | None) -> OutboxEntry:
    """Return the entry of a row with `COLUMNS`."""
    expires_at = row.expires_at and in_utc(row.expires_at)
    return OutboxEntry(
        id=row.id, message=message, stored=row.stored, expires_at=expires_at, **progress_of(row)
    )


def progress_of(row: Row[Any]) -> dict[str, Any]:
    """Return the attributes of an entry that change, from a row with `PROGRESS`."""
    return {
        "state": OutboxState(row.state),
        "changed_at": in_utc(row.changed_at),
        "attempt_count": row.attempt_count,
        "message_id": row.message_id,
        "status": row.status,
        "reason": row.reason,
        "answer": row.answer,
    }


def checked(stored: bytes) -> tuple[Message | None, str | None]:
    """Return the message that a text describes, or the reason why it cannot be used."""
    try:
        return message_from_json(stored), None
    except (TypeError, ValueError) as error:
        return None, ascii_escaped(f"{_UNUSABLE}: {error}")
