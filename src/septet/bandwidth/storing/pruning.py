"""Deleting old messages: whole messages only, in small transactions.

A message goes when all its events, and its row in the outbox, are older than a date. It stays if it
is queued, being sent or unknown, if `on_event` has not handled one of its events, or if a message
of its batch stays: a part of a batch would look like another one when the batch is added again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    exists,
    func,
    or_,
    select,
)

from .database import Database
from .handling import HANDLING, UNHANDLED
from .outbox_table import FINAL_STATES, OUTBOX, message_key
from .tables import EVENTS

__all__ = ["Pruned", "prune"]

_PAGE_ROWS = 1000
_MAX_NEWER = 100_000

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Pruned:
    """What `prune` has deleted, or would delete.

    Attributes:
        event_count: The number of events, and of entries that are not events.
        outbox_count: The number of messages in the outbox.
    """

    event_count: int = 0
    outbox_count: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        """Return the sums."""
        return Pruned(self.event_count + other.event_count, self.outbox_count + other.outbox_count)


@dataclass(frozen=True, slots=True)
class _Page:
    """The result of one transaction.

    Attributes:
        last: The id of the last row that was looked at; None if none was left.
        pruned: What was deleted.
        is_newer: Whether all rows were newer than the date.
    """

    last: int | None
    pruned: Pruned
    is_newer: bool = False


def prune(database: Database, before: datetime, *, is_dry: bool) -> Pruned:
    """Delete the messages that are older than a date, in several transactions.

    Args:
        database: The database.
        before: The date, in UTC.
        is_dry: Delete nothing, and only count.

    Raises:
        StoreError: The database cannot be used; what was deleted before stays deleted.
    """

    def run(job: Callable[[Connection], _Result]) -> _Result:
        return database.query(job) if is_dry else database.write(job).result()

    kept_batches = database.query(_batches_that_stay, before)
    total = Pruned()
    for delete_page in (_delete_events, _delete_outbox):
        after, newer_count = 0, 0
        while newer_count < _MAX_NEWER:
            page = run(
                partial(
                    delete_page,
                    after=after,
                    before=before,
                    kept_batches=kept_batches,
                    is_dry=is_dry,
                )
            )
            total += page.pruned
            if page.last is None:
                break
            after = page.last
            # Ids grow in the order of arrival, but for clocks that differ.
            newer_count = newer_count + _PAGE_ROWS if page.is_newer else 0
    return total


def _batches_that_stay(connection: Connection, before: datetime) -> frozenset[str]:
    query = select(OUTBOX.c.batch).distinct().where(OUTBOX.c.batch.is_not(None))
    return frozenset(connection.scalars(query.where(~_is_old_and_final(before))))


def _is_old_and_final(before: datetime) -> ColumnElement[bool]:
    return (OUTBOX.c.changed_at < before) & OUTBOX.c.state.in_([str(s) for s in FINAL_STATES])


def _delete_events(
    connection: Connection, after: int, before: datetime, kept_batches: frozenset[str], is_dry: bool
) -> _Page:
    """Delete the messages whose first event is in a page, with their rows in the outbox."""
    query = select(EVENTS.c.id, EVENTS.c.message_id, EVENTS.c.received_at < before)
    query = query.where(EVENTS.c.id > after).order_by(EVENTS.c.id).limit(_PAGE_ROWS)
    page = connection.execute(query).all()
    if not page:
        return _Page(None, Pruned())
    old = [(number, key) for number, key, is_old in page if is_old]
    keys = {key for _, key in old if key}
    key_column = message_key(connection.dialect.name)
    groups = (
        select(EVENTS.c.message_id)
        .where(EVENTS.c.message_id.in_(keys))
        .group_by(EVENTS.c.message_id)
        .having(func.max(EVENTS.c.received_at) < before, func.min(EVENTS.c.id) > after)
    )
    sent = select(key_column, OUTBOX.c.batch, _is_old_and_final(before)).where(key_column.in_(keys))
    keys = set(connection.scalars(groups)) - {
        key
        for key, batch, is_final in connection.execute(sent)
        if not is_final or batch in kept_batches
    }
    is_gone = or_(
        EVENTS.c.message_id.in_(keys), EVENTS.c.id.in_([number for number, key in old if not key])
    )
    unhandled = _unhandled(connection, is_gone)
    keys -= {key for _, key in unhandled}
    alone = [number for number, key in old if not key and (number, key) not in unhandled]
    is_gone = or_(EVENTS.c.message_id.in_(keys), EVENTS.c.id.in_(alone))
    event_count = _delete(connection, EVENTS, is_gone, is_dry)
    outbox_count = _delete(connection, OUTBOX, key_column.in_(keys), is_dry)
    return _Page(page[-1].id, Pruned(event_count, outbox_count), is_newer=not old)


def _unhandled(connection: Connection, condition: ColumnElement[bool]) -> set[tuple[int, str]]:
    """Return the events, with the keys of their messages, that `on_event` has yet to handle."""
    last_event = connection.scalar(select(HANDLING.c.last_event))
    if last_event is None:
        return set()
    is_left = or_(EVENTS.c.id > last_event, EVENTS.c.id.in_(select(UNHANDLED.c.event_id)))
    query = select(EVENTS.c.id, EVENTS.c.message_id).where(condition, is_left)
    return {(number, key) for number, key in connection.execute(query)}


def _delete_outbox(
    connection: Connection, after: int, before: datetime, kept_batches: frozenset[str], is_dry: bool
) -> _Page:
    """Delete the rows in a page of the outbox that have no events."""
    key_column = message_key(connection.dialect.name)
    has_events = exists().where(EVENTS.c.message_id == key_column)
    query = select(OUTBOX.c.id, OUTBOX.c.batch, _is_old_and_final(before) & ~has_events)
    query = query.where(OUTBOX.c.id > after).order_by(OUTBOX.c.id).limit(_PAGE_ROWS)
    page = connection.execute(query).all()
    if not page:
        return _Page(None, Pruned())
    gone = [number for number, batch, is_gone in page if is_gone and batch not in kept_batches]
    count = _delete(connection, OUTBOX, OUTBOX.c.id.in_(gone), is_dry)
    return _Page(page[-1].id, Pruned(0, count))


def _delete(
    connection: Connection, table: Table, condition: ColumnElement[bool], is_dry: bool
) -> int:
    """Delete rows, or only count them; return how many there are."""
    if is_dry:
        return connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
    return connection.execute(delete(table).where(condition)).rowcount
