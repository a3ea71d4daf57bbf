"""Deleting old messages: whole messages only, in small transactions.

A message goes when all its events, and its row in the outbox, are older than a date. It stays if it
is queued, being sent or unknown, if `on_event` has not handled one of its events, or if a message
of its batch stays: a part of a batch would look like another one when the batch is added again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from .database import Database
from .handling import UNHANDLED, is_unhandled
from .outbox_table import FINAL_STATES, OUTBOX, message_key
from .tables import EVENTS

__all__ = ["Pruned", "prune"]

_PAGE_ROWS = 1000

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Pruned:
    """What `prune` has deleted, or would delete.

    Attributes:
        event_count: The number of events, and of entries that are not events.
        outbox_count: The number of messages in the outbox.
        unhandled_count: The number of older events that are kept because `on_event` has not handled
            them.
    """

    event_count: int = 0
    outbox_count: int = 0
    unhandled_count: int = 0


@dataclass(frozen=True, slots=True)
class _Settings:
    """What is deleted.

    Attributes:
        before: The date, in UTC.
        is_dry: Delete nothing, and only count.
        with_unhandled: Also delete events that `on_event` has not handled.
        kept_batches: The batches of the outbox that stay.
    """

    before: datetime
    is_dry: bool
    with_unhandled: bool
    kept_batches: frozenset[str]


_Page: TypeAlias = tuple[Any, int, int]
"""The place of the last row that was looked at, None if no row was left; the numbers of events and
of messages in the outbox that were deleted."""


def prune(database: Database, before: datetime, *, is_dry: bool, with_unhandled: bool) -> Pruned:
    """Delete the messages that are older than a date, in several transactions.

    Args:
        database: The database.
        before: The date, in UTC.
        is_dry: Delete nothing, and only count.
        with_unhandled: Also delete events that `on_event` has not handled.

    Raises:
        StoreError: The database cannot be used; what was deleted before stays deleted.
    """

    def run(job: Callable[[Connection], _Result]) -> _Result:
        if is_dry:
            return database.query(job)
        started = time.monotonic()
        result = database.write(job).result()
        if database.engine.dialect.name == "sqlite":
            # SQLite's lock is not fair: another process that waits for it looks now and then
            # whether it is free, so it must be free half of the time.
            time.sleep(time.monotonic() - started)
        return result

    kept_batches = database.query(_batches_that_stay, before)
    settings = _Settings(before, is_dry, with_unhandled, kept_batches)
    event_count = outbox_count = 0
    for delete_page in (_delete_events, _delete_outbox):
        after: Any = None
        while True:
            after, events, messages = run(partial(delete_page, after=after, settings=settings))
            event_count += events
            outbox_count += messages
            if after is None:
                break
    if with_unhandled:
        run(partial(_delete_left, settings=settings))
        return Pruned(event_count, outbox_count)
    return Pruned(event_count, outbox_count, database.query(_count_unhandled, before))


def _batches_that_stay(connection: Connection, before: datetime) -> frozenset[str]:
    query = select(OUTBOX.c.batch).distinct().where(OUTBOX.c.batch.is_not(None))
    return frozenset(connection.scalars(query.where(~_is_old_and_final(before))))


def _is_old_and_final(before: datetime) -> ColumnElement[bool]:
    return (OUTBOX.c.changed_at < before) & OUTBOX.c.state.in_([str(s) for s in FINAL_STATES])


def _delete_events(connection: Connection, after: Any, settings: _Settings) -> _Page:
    """Delete the messages whose oldest event is in a page, with their rows in the outbox."""
    place = tuple_(EVENTS.c.received_at, EVENTS.c.id)
    query = select(EVENTS.c.received_at, EVENTS.c.id, EVENTS.c.message_id)
    query = query.where(EVENTS.c.received_at < settings.before)
    if after is not None:
        query = query.where(place > after)
    query = query.order_by(EVENTS.c.received_at, EVENTS.c.id).limit(_PAGE_ROWS)
    page = connection.execute(query).all()
    if not page:
        return None, 0, 0
    is_needed = EVENTS.c.received_at >= settings.before
    if not settings.with_unhandled:
        is_needed |= is_unhandled()
    keys = {key for _, _, key in page if key}
    kept = select(EVENTS.c.message_id).where(EVENTS.c.message_id.in_(keys))
    is_earlier = [] if after is None else [place <= after]
    keys.difference_update(connection.scalars(kept.where(or_(is_needed, *is_earlier))))
    key_column = message_key(connection.dialect.name)
    sent = select(key_column, OUTBOX.c.batch, _is_old_and_final(settings.before))
    keys.difference_update(
        key
        for key, batch, is_final in connection.execute(sent.where(key_column.in_(keys)))
        if not is_final or batch in settings.kept_batches
    )
    # Checked again in the statement that deletes: on PostgreSQL, an event of such a message may be
    # stored meanwhile.
    is_kept = EVENTS.c.message_id.in_(kept.where(is_needed))
    event_count = _delete(connection, EVENTS, EVENTS.c.message_id.in_(keys) & ~is_kept, settings)
    alone = EVENTS.c.id.in_([number for _, number, key in page if not key])
    event_count += _delete(connection, EVENTS, alone & ~is_needed, settings)
    is_gone = key_column.in_(keys) & _is_old_and_final(settings.before)
    if not settings.is_dry:
        is_gone &= ~exists().where(EVENTS.c.message_id == key_column)
    outbox_count = _delete(connection, OUTBOX, is_gone, settings)
    last = page[-1]
    return (last.received_at, last.id), event_count, outbox_count


def _delete_outbox(connection: Connection, after: Any, settings: _Settings) -> _Page:
    """Delete the rows in a page of the outbox that have no events."""
    key_column = message_key(connection.dialect.name)
    has_events = exists().where(EVENTS.c.message_id == key_column)
    is_old = _is_old_and_final(settings.before) & ~has_events
    query = select(OUTBOX.c.id, OUTBOX.c.batch, is_old)
    query = query.where(OUTBOX.c.id > (after or 0)).order_by(OUTBOX.c.id).limit(_PAGE_ROWS)
    page = connection.execute(query).all()
    if not page:
        return None, 0, 0
    gone = [
        number for number, batch, is_gone in page if is_gone and batch not in settings.kept_batches
    ]
    # Checked again: on PostgreSQL, a refused message may have been queued again.
    return page[-1].id, 0, _delete(connection, OUTBOX, OUTBOX.c.id.in_(gone) & is_old, settings)


def _delete(
    connection: Connection, table: Table, condition: ColumnElement[bool], settings: _Settings
) -> int:
    """Delete rows, or only count them; return how many there are."""
    if settings.is_dry:
        return connection.scalar(select(func.count()).select_from(table).where(condition)) or 0
    return connection.execute(delete(table).where(condition)).rowcount


def _delete_left(connection: Connection, settings: _Settings) -> None:
    """Delete what is noted about events that were deleted."""
    _delete(connection, UNHANDLED, ~exists().where(EVENTS.c.id == UNHANDLED.c.event_id), settings)


def _count_unhandled(connection: Connection, before: datetime) -> int:
    query = select(func.count()).select_from(EVENTS)
    return connection.scalar(query.where(EVENTS.c.received_at < before, is_unhandled())) or 0
