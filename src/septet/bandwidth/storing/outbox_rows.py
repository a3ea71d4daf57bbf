"""The table of the outbox: its columns, and every change of a message's state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Row,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)

from ..messages import Message, message_from_json
from ..times import in_utc
from .columns import ID, KEY_TEXT, ascii_escaped, utf8_of
from .tables import METADATA

__all__ = [
    "OUTBOX",
    "OutboxEntry",
    "OutboxState",
    "claim",
    "count_states",
    "insert_messages",
    "insert_sending",
    "mark_interrupted",
    "read_outbox",
    "read_queued",
    "record",
    "record_unsent",
    "refuse",
    "resolve",
    "row_of_message",
]

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
    UniqueConstraint("batch", "position", name="outbox_key"),
    Index("outbox_state", "state", "id"),
)

_INTERRUPTED = "the program ended while it was sending the message"
_UNUSABLE = "not sent, because the stored message cannot be used"

_STORED = utf8_of(OUTBOX.c.message).label("stored")
_PROGRESS = (
    OUTBOX.c.state,
    OUTBOX.c.changed_at,
    OUTBOX.c.attempt_count,
    OUTBOX.c.message_id,
    OUTBOX.c.status,
    OUTBOX.c.reason,
    OUTBOX.c.answer,
)
_COLUMNS = (OUTBOX.c.id, *_PROGRESS, _STORED)


class OutboxState(StrEnum):
    """The state of a message in the outbox.

    `QUEUED`: it waits to be sent. `SENDING`: its request is under way. `ACCEPTED`: the provider has
    accepted it. `REFUSED`: the provider refused it, or the stored message cannot be used and was
    not sent. `UNKNOWN`: it may have been accepted; a person or a search has to decide.
    `ABANDONED`: somebody decided not to send it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    ABANDONED = "abandoned"

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


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
    stored: bytes = field(repr=False)


def row_of_message(message: Message) -> dict[str, Any]:
    """Return the row of a message that waits to be sent."""
    return {
        # In ASCII, because a database may refuse some characters.
        "message": json.dumps(message.payload()),
        # The account's rate limit counts a group once for each recipient.
        "segment_count": message.segment_count * len(message.to),
        "state": OutboxState.QUEUED,
        "changed_at": datetime.now(UTC),
        "attempt_count": 0,
    }


def insert_messages(
    connection: Connection, batch: str | None, rows: list[dict[str, Any]]
) -> list[int]:
    """Insert rows and return their ids; a batch that exists already is not inserted again.

    Raises:
        ValueError: The batch exists with other messages.
    """
    if batch is not None:
        columns = OUTBOX.c.id, _STORED
        query = select(*columns).where(OUTBOX.c.batch == batch).order_by(OUTBOX.c.position)
        present = connection.execute(query).all()
        if present:
            if [stored for _, stored in present] != [row["message"].encode() for row in rows]:
                raise ValueError(f"batch {batch!r} already exists with other messages")
            return [number for number, _ in present]
    if not rows:
        return []
    numbered = [{**row, "batch": batch, "position": index} for index, row in enumerate(rows)]
    statement = insert(OUTBOX).returning(OUTBOX.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(statement, numbered))


def read_queued(connection: Connection, max_rows: int) -> list[tuple[OutboxEntry, int]]:
    """Return the first messages that wait to be sent, with their segment counts."""
    query = select(OUTBOX.c.segment_count, *_COLUMNS).order_by(OUTBOX.c.id).limit(max_rows)
    rows = connection.execute(query.where(OUTBOX.c.state == OutboxState.QUEUED))
    return [(_entry(row, _checked(row.stored)[0]), row.segment_count) for row in rows]


def claim(connection: Connection, entry: OutboxEntry, runner: str) -> OutboxEntry | None:
    """Mark a message as being sent by a runner.

    Args:
        connection: A connection in a transaction.
        entry: The entry that `read_queued` returned, with a message that can be used.
        runner: The runner.

    Returns:
        The entry with its new values; None if it is no longer queued, or has changed.
    """
    values = {"state": OutboxState.SENDING, "runner": runner}
    return _change_queued(connection, entry, {**values, "attempt_count": entry.attempt_count + 1})


def insert_sending(connection: Connection, message: Message, runner: str) -> OutboxEntry:
    """Insert a message that is being sent at once, which no other runner may claim.

    Args:
        connection: A connection in a transaction.
        message: The message.
        runner: The runner.
    """
    row = row_of_message(message)
    row |= {"position": 0, "state": OutboxState.SENDING, "runner": runner, "attempt_count": 1}
    inserted = connection.execute(insert(OUTBOX).values(**row).returning(*_COLUMNS)).one()
    return _entry(inserted, message)


def record_unsent(
    connection: Connection, entry: OutboxEntry, values: dict[str, Any]
) -> OutboxEntry | None:
    """Store why an attempt ended before the message was sent; it stays queued.

    Args:
        connection: A connection in a transaction.
        entry: The entry that `read_queued` returned.
        values: The new values of its columns.

    Returns:
        The entry with its new values; None if it is no longer queued, or has changed.
    """
    return _change_queued(connection, entry, {**values, "attempt_count": entry.attempt_count + 1})


def refuse(connection: Connection, entry: OutboxEntry) -> OutboxEntry | None:
    """Refuse a message that cannot be used, with the reason; it was not sent.

    Args:
        connection: A connection in a transaction.
        entry: The entry that `read_queued` returned, without a message.

    Returns:
        The entry with its new values; None if it is no longer queued, or has changed.
    """
    _, reason = _checked(entry.stored)
    values = {"state": OutboxState.REFUSED, "status": None, "reason": reason, "answer": None}
    return _change_queued(connection, entry, values)


def _change_queued(
    connection: Connection, entry: OutboxEntry, values: dict[str, Any]
) -> OutboxEntry | None:
    statement = (
        update(OUTBOX)
        .where(
            OUTBOX.c.id == entry.id,
            OUTBOX.c.state == OutboxState.QUEUED,
            _STORED.element == entry.stored,
        )
        .values(**values, changed_at=datetime.now(UTC))
        .returning(*_PROGRESS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else replace(entry, **_progress(row))


def record(
    connection: Connection, entry: OutboxEntry, runner: str, values: dict[str, Any]
) -> OutboxEntry | None:
    """Store the result of sending a claimed message.

    This result wins even if another runner has marked the message as interrupted meanwhile, but not
    over a decision of `resolve`.

    Args:
        connection: A connection in a transaction.
        entry: The entry that `claim` returned.
        runner: The runner that claimed it.
        values: The new values of its columns.

    Returns:
        The entry with its new values; None if the runner no longer has it.
    """
    states = OutboxState.SENDING, OutboxState.UNKNOWN
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == entry.id, OUTBOX.c.runner == runner, OUTBOX.c.state.in_(states))
        .values(**values, changed_at=datetime.now(UTC))
        .returning(*_PROGRESS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else replace(entry, **_progress(row))


def mark_interrupted(connection: Connection) -> None:
    """Mark messages as UNKNOWN that a runner was sending when its program ended."""
    connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.state == OutboxState.SENDING)
        .values(state=OutboxState.UNKNOWN, reason=_INTERRUPTED, changed_at=datetime.now(UTC))
    )


def resolve(
    connection: Connection, number: int, state: OutboxState, message_id: str | None
) -> OutboxEntry | None:
    """Store a decision about a message; None if it is neither unknown nor refused."""
    undecided = OutboxState.UNKNOWN, OutboxState.REFUSED
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == number, OUTBOX.c.state.in_(undecided))
        # Without a runner, a late result of the one that sent the message is ignored.
        .values(state=state, message_id=message_id, runner=None, changed_at=datetime.now(UTC))
        .returning(*_COLUMNS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else _entry(row, _checked(row.stored)[0])


def read_outbox(connection: Connection, state: OutboxState | None) -> Iterator[OutboxEntry]:
    """Yield all messages, or those in a state, in the order of adding, in constant memory."""
    query = select(*_COLUMNS).order_by(OUTBOX.c.id)
    if state is not None:
        query = query.where(OUTBOX.c.state == state)
    with connection.execute(query, execution_options={"yield_per": 100}) as rows:
        for row in rows:
            yield _entry(row, _checked(row.stored)[0])


def count_states(connection: Connection) -> dict[OutboxState, int]:
    """Return the number of messages in each state."""
    query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    counts = dict.fromkeys(OutboxState, 0)
    for state, count in connection.execute(query):
        counts[OutboxState(state)] = count
    return counts


def _entry(row: Row[Any], message: Message | None) -> OutboxEntry:
    return OutboxEntry(id=row.id, message=message, stored=row.stored, **_progress(row))


def _progress(row: Row[Any]) -> dict[str, Any]:
    return {
        "state": OutboxState(row.state),
        "changed_at": in_utc(row.changed_at),
        "attempt_count": row.attempt_count,
        "message_id": row.message_id,
        "status": row.status,
        "reason": row.reason,
        "answer": row.answer,
    }


def _checked(stored: bytes) -> tuple[Message | None, str | None]:
    """Return the message that a text describes, or the reason why it cannot be used."""
    try:
        return message_from_json(stored), None
    except (TypeError, ValueError) as error:
        return None, ascii_escaped(f"{_UNUSABLE}: {error}")
