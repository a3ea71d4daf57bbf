"""Adding messages to the outbox."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text

from ..messages import Message
from .outbox_table import (
    COLUMNS,
    OUTBOX,
    STORED,
    NewRow,
    OutboxEntry,
    OutboxState,
    entry_of,
    row_of_message,
)

__all__ = ["insert_messages", "insert_sending"]

_COLUMNS = (
    *("id", "position", "message", "segment_count", "sender", "expires_at"),
    *("batch", "state", "changed_at", "attempt_count"),
)
_NAMES = ", ".join(_COLUMNS)


def insert_messages(connection: Connection, batch: str | None, rows: list[NewRow]) -> list[int]:
    """Insert rows and return their ids; a batch that exists already is not inserted again.

    Raises:
        ValueError: The batch exists with other messages.
    """
    if batch is not None:
        columns = OUTBOX.c.id, STORED
        query = select(*columns).where(OUTBOX.c.batch == batch).order_by(OUTBOX.c.position)
        present = connection.execute(query).all()
        if present:
            if [stored for _, stored in present] != [row.message.encode() for row in rows]:
                raise ValueError(f"batch {batch!r} already exists with other messages")
            return [number for number, _ in present]
    if not rows:
        return []
    numbers = _reserve_ids(connection, len(rows))
    _insert(connection, batch, numbers, rows)
    return numbers


def _insert(
    connection: Connection, batch: str | None, numbers: list[int], rows: list[NewRow]
) -> None:
    """Insert rows by the driver, because SQLAlchemy takes several times as long."""
    is_sqlite = connection.dialect.name == "sqlite"
    stored_time = _text_of if is_sqlite else lambda time: time
    constants = batch, OutboxState.QUEUED.value, stored_time(datetime.now(UTC)), 0
    values = (
        (
            *(number, position, row.message, row.segment_count, row.sender),
            row.expires_at and stored_time(row.expires_at),
            *constants,
        )
        for position, (number, row) in enumerate(zip(numbers, rows, strict=True))
    )
    cursor: Any
    with closing(connection.connection.cursor()) as cursor:
        if is_sqlite:
            marks = ", ".join("?" * len(_COLUMNS))
            statement = f"INSERT INTO outbox ({_NAMES}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, values)
        else:
            with cursor.copy(f"COPY outbox ({_NAMES}) FROM STDIN") as copy:
                for value in values:
                    copy.write_row(value)


def _text_of(time: datetime) -> str:
    """Return a time in UTC as SQLAlchemy stores it in SQLite."""
    return time.replace(tzinfo=None).isoformat(" ", "microseconds")


def _reserve_ids(connection: Connection, count: int) -> list[int]:
    """Return ids for new rows, in ascending order, that no other connection uses."""
    if connection.dialect.name == "postgresql":
        query = text(
            "SELECT nextval(pg_get_serial_sequence('outbox', 'id')) FROM generate_series(1, :count)"
        )
        return list(connection.scalars(query, {"count": count}))
    # A transaction that writes is the only one on SQLite.
    last = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")) or 0
    return list(range(last + 1, last + 1 + count))


def insert_sending(connection: Connection, message: Message, runner: str) -> OutboxEntry:
    """Insert a message that is being sent at once, which no other runner may claim.

    Args:
        connection: A connection in a transaction.
        message: The message.
        runner: The runner.
    """
    statement = insert(OUTBOX).values(
        **row_of_message(message)._asdict(),
        position=0,
        state=OutboxState.SENDING,
        changed_at=datetime.now(UTC),
        attempt_count=1,
        runner=runner,
    )
    return entry_of(connection.execute(statement.returning(*COLUMNS)).one(), message)
