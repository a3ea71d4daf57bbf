"""The table of the outbox: messages, how far sending each has come, and every step between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
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
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ..messages import Message, message_of
from .tables import METADATA

__all__ = [
    "OUTBOX",
    "OutboxEntry",
    "OutboxState",
    "claim",
    "count_states",
    "escaped",
    "insert_messages",
    "octets_of",
    "park",
    "read_entries",
    "read_queued",
    "record",
    "row_of_message",
    "settle",
]

_text = Text().with_variant(Text(collation="C"), "postgresql")

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("batch", _text),
    Column("position", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("segment_count", Integer, nullable=False),
    Column("state", _text, nullable=False),
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

_ENDED = "the program ended while it was being sent"
_UNUSABLE = "not sent, because the stored message cannot be used"


class octets_of(FunctionElement[bytes]):  # noqa: N801 - used as a function
    """The octets of a column of text, none for NULL: SQLite may hold text that is not UTF-8."""

    type = LargeBinary()
    inherit_cache = True


@compiles(octets_of, "sqlite")
def _sqlite_octets(element: octets_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"COALESCE(CAST({compiler.process(element.clauses, **options)} AS BLOB), x'')"


@compiles(octets_of, "postgresql")
def _postgresql_octets(element: octets_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"COALESCE(convert_to({compiler.process(element.clauses, **options)}, 'UTF8'), '')"


_STORED = octets_of(OUTBOX.c.message).label("stored")
_COLUMNS = (*(column for column in OUTBOX.c if column is not OUTBOX.c.message), _STORED)


class OutboxState(StrEnum):
    """How far sending a message has come.

    `QUEUED` waits. `SENDING` is with a runner. `ACCEPTED` was taken by the provider. `REFUSED` was
    not taken: the provider refused it, or the stored message cannot be used and was never sent.
    `UNKNOWN` may have been taken: a person or a search has to decide. `ABANDONED` was decided.
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
        id: Its number there, in the order of adding.
        message: The message. None if the stored text is damaged, or if `Message` refuses it now.
        state: How far it has come.
        changed_at: Since when, in UTC.
        attempt_count: How often it was begun to be sent.
        message_id: The provider's id, once it is accepted.
        status: The HTTP status of the last answer.
        reason: Why it is where it is, in words.
        answer: The octets of the last answer.
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


def escaped(reason: str) -> str:
    """Return a reason in ASCII, for there are characters that a database refuses."""
    return reason.encode("ascii", "backslashreplace").decode().replace("\0", "\\0")


def row_of_message(message: Message) -> dict[str, Any]:
    """Return the row of a message that waits."""
    return {
        # Escaped as ASCII, for there are characters that a database refuses.
        "message": json.dumps(message.payload()),
        # The account's rate counts a group once for each recipient.
        "segment_count": message.segment_count * len(message.to),
        "state": OutboxState.QUEUED,
        "changed_at": datetime.now(UTC),
        "attempt_count": 0,
    }


def insert_messages(
    connection: Connection, batch: str | None, rows: list[dict[str, Any]]
) -> list[int]:
    """Insert rows, unless their batch is there, and return their ids.

    Raises:
        ValueError: The batch is there with other messages.
    """
    if batch is not None:
        columns = OUTBOX.c.id, _STORED
        query = select(*columns).where(OUTBOX.c.batch == batch).order_by(OUTBOX.c.position)
        found = connection.execute(query).all()
        if found:
            if [stored for _, stored in found] != [row["message"].encode() for row in rows]:
                raise ValueError(f"batch {batch!r} is there with other messages")
            return [number for number, _ in found]
    if not rows:
        return []
    placed = [{**row, "batch": batch, "position": place} for place, row in enumerate(rows)]
    statement = insert(OUTBOX).returning(OUTBOX.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(statement, placed))


def read_queued(connection: Connection, most: int) -> list[tuple[int, int]]:
    """Return the ids and segments of the messages that wait, the first ones."""
    query = select(OUTBOX.c.id, OUTBOX.c.segment_count).order_by(OUTBOX.c.id).limit(most)
    rows = connection.execute(query.where(OUTBOX.c.state == OutboxState.QUEUED))
    return [(number, segment_count) for number, segment_count in rows]


def claim(connection: Connection, number: int, runner: str) -> OutboxEntry | None:
    """Take a message for a runner, unless somebody else has.

    A message that cannot be used is refused in the same transaction, so it is never marked as
    being sent.
    """
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == number, OUTBOX.c.state == OutboxState.QUEUED)
        .values(
            state=OutboxState.SENDING,
            runner=runner,
            attempt_count=OUTBOX.c.attempt_count + 1,
            changed_at=datetime.now(UTC),
        )
        .returning(*_COLUMNS)
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    _, fault = _read_message(row.stored)
    return _entry(row) if fault is None else _refuse(connection, row, f"{_UNUSABLE}: {fault}")


def _refuse(connection: Connection, row: Row[Any], reason: str) -> OutboxEntry:
    """Set aside a message that was just taken and cannot be sent."""
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == row.id)
        .values(
            state=OutboxState.REFUSED,
            runner=None,
            attempt_count=row.attempt_count - 1,
            status=None,
            reason=escaped(reason),
            answer=None,
        )
        .returning(*_COLUMNS)
    )
    return _entry(connection.execute(statement).one())


def record(
    connection: Connection, number: int, runner: str, values: dict[str, Any]
) -> OutboxEntry | None:
    """Write what became of a message that a runner took.

    That is the truth also where somebody else took the runner for dead, until it is settled.
    """
    states = OutboxState.SENDING, OutboxState.UNKNOWN
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == number, OUTBOX.c.runner == runner, OUTBOX.c.state.in_(states))
        .values(**values, changed_at=datetime.now(UTC))
        .returning(*_COLUMNS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else _entry(row)


def park(connection: Connection) -> None:
    """Set aside what a runner was sending when it ended."""
    connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.state == OutboxState.SENDING)
        .values(state=OutboxState.UNKNOWN, reason=_ENDED, changed_at=datetime.now(UTC))
    )


def settle(
    connection: Connection, number: int, state: OutboxState, message_id: str | None
) -> OutboxEntry | None:
    """Write what was decided of a message that is unknown or refused."""
    open_ = OutboxState.UNKNOWN, OutboxState.REFUSED
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == number, OUTBOX.c.state.in_(open_))
        # Whoever sent it has no say any more.
        .values(state=state, message_id=message_id, runner=None, changed_at=datetime.now(UTC))
        .returning(*_COLUMNS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else _entry(row)


def read_entries(connection: Connection, state: OutboxState | None) -> Iterator[OutboxEntry]:
    """Yield messages in the order of adding, in constant memory."""
    query = select(*_COLUMNS).order_by(OUTBOX.c.id)
    if state is not None:
        query = query.where(OUTBOX.c.state == state)
    with connection.execute(query, execution_options={"yield_per": 100}) as rows:
        yield from map(_entry, rows)


def count_states(connection: Connection) -> dict[OutboxState, int]:
    """Return how many messages are in each state."""
    query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    counts = dict.fromkeys(OutboxState, 0)
    for state, count in connection.execute(query):
        counts[OutboxState(state)] = count
    return counts


def _entry(row: Row[Any]) -> OutboxEntry:
    changed_at = row.changed_at
    message, _ = _read_message(row.stored)
    return OutboxEntry(
        id=row.id,
        message=message,
        state=OutboxState(row.state),
        # SQLite keeps no zone, and all times there are in UTC.
        changed_at=changed_at.astimezone(UTC)
        if changed_at.tzinfo
        else changed_at.replace(tzinfo=UTC),
        attempt_count=row.attempt_count,
        message_id=row.message_id,
        status=row.status,
        reason=row.reason,
        answer=row.answer,
        stored=row.stored,
    )


def _read_message(stored: bytes) -> tuple[Message | None, str | None]:
    """Return a stored message, or why it cannot be used."""
    try:
        return message_of(stored), None
    except (TypeError, ValueError) as error:
        return None, str(error)
