"""Every change of a message's state in the outbox, and what is read of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    TextClause,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)

from .outbox_table import (
    COLUMNS,
    IS_QUEUED,
    OUTBOX,
    PROGRESS,
    STORED,
    OutboxEntry,
    OutboxState,
    checked,
    entry_of,
    progress_of,
)

__all__ = [
    "cancel",
    "claim",
    "count_states",
    "expire",
    "mark_interrupted",
    "read_outbox",
    "read_queued",
    "read_senders",
    "record",
    "record_unsent",
    "refuse",
    "resolve",
]

_INTERRUPTED = "the program ended while it was sending the message"
_EXPIRED = "not sent before it expired"
_GROUP = 1000  # ids in one statement


def read_senders(connection: Connection) -> list[str]:
    """Return the sending numbers of the queued messages."""
    return list(connection.scalars(_SENDERS[connection.dialect.name]))


def _sender_query(table: str) -> TextClause:
    # One step of the index for each number, not for each message.
    first = f"SELECT min(sender) FROM {table} WHERE state = 'queued' AND sender"  # noqa: S608
    return text(
        f"WITH RECURSIVE senders(sender) AS ({first} >= '' UNION ALL "  # noqa: S608
        f"SELECT ({first} > senders.sender) FROM senders WHERE senders.sender IS NOT NULL) "
        "SELECT sender FROM senders WHERE sender IS NOT NULL"
    )


_SENDERS = {
    # SQLite would take the index by state, and sort all queued messages.
    "sqlite": _sender_query("outbox INDEXED BY outbox_queue"),
    "postgresql": _sender_query("outbox"),
}


def read_queued(
    connection: Connection, max_rows: int, sender: str | None = None
) -> list[tuple[OutboxEntry, int]]:
    """Return the first messages that wait to be sent, with their segment counts.

    Args:
        connection: A connection in a transaction.
        max_rows: The largest number of messages.
        sender: Return only messages of this sending number.
    """
    columns: list[Any] = [OUTBOX.c.segment_count, *COLUMNS]
    query = select(*columns).limit(max_rows)
    if sender is None:
        # Not by `=`, because PostgreSQL would then rather look at all messages in the order of ids.
        query = query.where(
            OUTBOX.c.state >= OutboxState.QUEUED, OUTBOX.c.state <= OutboxState.QUEUED
        )
        query = query.order_by(OUTBOX.c.state, OUTBOX.c.id)
    else:
        query = query.where(IS_QUEUED, OUTBOX.c.sender == sender).order_by(OUTBOX.c.id)
    rows = connection.execute(query.where(_is_unexpired()))
    return [(entry_of(row, checked(row.stored)[0]), row.segment_count) for row in rows]


def _is_unexpired() -> ColumnElement[bool]:
    return or_(OUTBOX.c.expires_at.is_(None), OUTBOX.c.expires_at > datetime.now(UTC))


def expire(connection: Connection, max_rows: int) -> list[OutboxEntry]:
    """Mark queued messages as expired whose time has come, and return them.

    Args:
        connection: A connection in a transaction.
        max_rows: The largest number of messages.
    """
    now = datetime.now(UTC)
    query = _DUE[connection.dialect.name]
    due = connection.scalars(query, {"now": now, "max_rows": max_rows}).all()
    if not due:
        return []
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id.in_(due), OUTBOX.c.state == OutboxState.QUEUED)
        .values(state=OutboxState.EXPIRED, reason=_EXPIRED, changed_at=now)
        .returning(*COLUMNS)
    )
    rows = connection.execute(statement).all()
    return [entry_of(row, checked(row.stored)[0]) for row in rows]


def _due_query(table: str) -> TextClause:
    query = f"SELECT id FROM {table} WHERE state = 'queued' AND expires_at <= :now LIMIT :max_rows"  # noqa: S608
    return text(query).bindparams(bindparam("now", type_=OUTBOX.c.expires_at.type))


_DUE = {
    # SQLite would take the index by state, and look at all queued messages.
    "sqlite": _due_query("outbox INDEXED BY outbox_expiration"),
    "postgresql": _due_query("outbox"),
}


def cancel(connection: Connection, numbers: Sequence[int], batch: str | None) -> int:
    """Cancel the queued messages with some ids, or those of a batch; return how many there were."""
    if batch is not None:
        return _cancel(connection, OUTBOX.c.batch == batch)
    groups = [numbers[start : start + _GROUP] for start in range(0, len(numbers), _GROUP)]
    return sum(_cancel(connection, OUTBOX.c.id.in_(group)) for group in groups)


def _cancel(connection: Connection, is_wanted: ColumnElement[bool]) -> int:
    statement = update(OUTBOX).where(OUTBOX.c.state == OutboxState.QUEUED, is_wanted)
    values = {"state": OutboxState.CANCELLED, "changed_at": datetime.now(UTC)}
    return connection.execute(statement.values(values)).rowcount


def claim(connection: Connection, entry: OutboxEntry, runner: str) -> OutboxEntry | None:
    """Mark a message as being sent by a runner.

    Args:
        connection: A connection in a transaction.
        entry: The entry that `read_queued` returned, with a message that can be used.
        runner: The runner.

    Returns:
        The entry with its new values; None if it is no longer queued, has changed or expired.
    """
    values = {
        "state": OutboxState.SENDING,
        "runner": runner,
        "attempt_count": entry.attempt_count + 1,
    }
    return _change_queued(connection, entry, values, _is_unexpired())


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
    _, reason = checked(entry.stored)
    values = {"state": OutboxState.REFUSED, "status": None, "reason": reason, "answer": None}
    return _change_queued(connection, entry, values)


def _change_queued(
    connection: Connection,
    entry: OutboxEntry,
    values: dict[str, Any],
    *conditions: ColumnElement[bool],
) -> OutboxEntry | None:
    statement = (
        update(OUTBOX)
        .where(
            OUTBOX.c.id == entry.id,
            OUTBOX.c.state == OutboxState.QUEUED,
            STORED.element == entry.stored,
            *conditions,
        )
        .values(**values, changed_at=datetime.now(UTC))
        .returning(*PROGRESS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else replace(entry, **progress_of(row))


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
        .returning(*PROGRESS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else replace(entry, **progress_of(row))


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
        .returning(*COLUMNS)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else entry_of(row, checked(row.stored)[0])


def read_outbox(connection: Connection, state: OutboxState | None) -> Iterator[OutboxEntry]:
    """Yield all messages, or those in a state, in the order of adding, in constant memory."""
    query = select(*COLUMNS).order_by(OUTBOX.c.id)
    if state is not None:
        query = query.where(OUTBOX.c.state == state)
    with connection.execute(query, execution_options={"yield_per": 100}) as rows:
        for row in rows:
            yield entry_of(row, checked(row.stored)[0])


def count_states(connection: Connection) -> dict[OutboxState, int]:
    """Return the number of messages in each state."""
    query = select(OUTBOX.c.state, func.count()).group_by(OUTBOX.c.state)
    counts = dict.fromkeys(OutboxState, 0)
    for state, count in connection.execute(query):
        counts[OutboxState(state)] = count
    return counts
