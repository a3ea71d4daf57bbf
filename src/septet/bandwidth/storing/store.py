"""The store of events: every event as it arrived, once, on the disk before anybody is answered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ..callbacks import Event, Undecodable, parse_callbacks
from ..outcomes import Outcome, Outcomes
from .database import Database
from .exports import write_outcomes
from .stored_messages import StoredMessage, read_messages
from .tables import (
    Record,
    count_rows,
    insert_rows,
    read_by_message,
    read_records,
    row_of,
    write_nothing,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Appended", "EventStore", "Record", "StoredMessage", "open_store"]


@dataclass(frozen=True, slots=True)
class Appended:
    """What a body had in it, when all of that is durable.

    Attributes:
        entries: What `parse_callbacks` makes of the body.
        new: Those of them that the store did not have yet, each once.
    """

    entries: tuple[Event | Undecodable, ...]
    new: tuple[Event | Undecodable, ...]


class EventStore:
    """A store of events; made by `open_store`, closed at the end of a `with` block.

    All methods may be used by several threads.

    Attributes:
        database: The database, for others that keep tables in it.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def append(self, body: bytes) -> Appended:
        """Keep what a request's body has in it, and return when it is durable.

        Raises:
            StoreError: The database cannot be written to.
        """
        return self.submit(body).result()

    def submit(self, body: bytes) -> Future[Appended]:
        """Do what `append` does without waiting, for servers; see `Database.write`."""
        entries = tuple(parse_callbacks(body))
        if not entries:
            return _resolved(Appended((), ()))
        now = datetime.now(UTC)
        rows = [row_of(entry, now) for entry in entries]
        return self.database.write_merged(_append, (entries, rows), octet_count=len(body))

    def records(self) -> Iterator[Record]:
        """Yield all that is kept in the order of arrival, in constant memory.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.database.read() as connection:
            yield from read_records(connection, None, events=None)

    def events(self, message_id: str | None = None) -> Iterator[Event]:
        """Yield the events of a message, or all, in the order of arrival, in constant memory.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.database.read() as connection:
            records = read_records(connection, message_id, events=True)
            yield from (it.entry for it in records if isinstance(it.entry, Event))

    def undecodable(self) -> Iterator[Undecodable]:
        """Yield what is no event in the order of arrival, in constant memory.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.database.read() as connection:
            records = read_records(connection, None, events=False)
            yield from (it.entry for it in records if isinstance(it.entry, Undecodable))

    def event_count(self, message_id: str | None = None) -> int:
        """Return how many events there are, of a message or of all.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.database.read() as connection:
            return count_rows(connection, message_id, events=True)

    def undecodable_count(self) -> int:
        """Return how much is kept that is no event.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.database.read() as connection:
            return count_rows(connection, None, events=False)

    def outcome(self, message_id: str, to: str) -> Outcome:
        """Return what became of a message for one recipient.

        Raises:
            KeyError: No event names the recipient of such a message.
            StoreError: The database cannot be read.
        """
        return self.outcomes(message_id)[message_id, to]

    def outcomes(self, message_id: str) -> Outcomes:
        """Return what became of a message for each recipient; empty if no event tells.

        Raises:
            StoreError: The database cannot be read.
        """
        return Outcomes(self.events(message_id))

    def all_outcomes(self) -> Iterator[Outcome]:
        """Yield what became of each message for each recipient, by message ids.

        No more is in memory at once than the events of one message.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.database.read() as connection:
            for events in read_by_message(connection):
                yield from Outcomes(events).values()

    def messages(self) -> Iterator[StoredMessage]:
        """Yield all that is kept of each message, of the outbox too, by message ids.

        No more is in memory at once than the events of one message.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.database.read() as connection:
            yield from read_messages(connection)

    def export(self, path: str | os.PathLike[str]) -> int:
        """Write all outcomes to a file, one row for each, and return how many there are.

        The file appears when all of it is written; one that was there is replaced then.

        Args:
            path: Where to: `.csv` or `.parquet`.

        Raises:
            ValueError: The path ends otherwise.
            MissingExtraError: Parquet needs pyarrow (extra `arrow`).
            OSError: The file cannot be written.
            StoreError: The database cannot be read.
        """
        return write_outcomes(self.all_outcomes(), path)

    def ping(self) -> None:
        """Make sure that events can be written.

        Raises:
            StoreError: They cannot; the message says why.
        """
        self.database.write(write_nothing).result()

    def close(self) -> None:
        """Write what waits, and close the database."""
        self.database.close()


def open_store(url: str | os.PathLike[str], *, create: bool = True) -> EventStore:
    """Open a store of events.

    Args:
        url: `sqlite:///events.db`, `postgresql://user:password@host/database`, or the path of an
            SQLite file.
        create: Make a store that is not there; otherwise that is an error.

    Raises:
        MissingExtraError: SQLAlchemy (extra `bandwidth`) or psycopg (`postgresql`) is missing.
        StoreError: The database cannot be used; the message says why.
    """
    return EventStore(Database(url, create=create))


def _append(
    connection: Connection,
    bodies: list[tuple[tuple[Event | Undecodable, ...], list[dict[str, Any]]]],
) -> list[Appended]:
    """Insert the rows of several bodies at once."""
    inserted = insert_rows(connection, [row for _, rows in bodies for row in rows])
    appended = []
    for entries, rows in bodies:
        new = []
        for entry, row in zip(entries, rows, strict=True):
            if row["digest"] in inserted:
                inserted.remove(row["digest"])
                new.append(entry)
        appended.append(Appended(entries, tuple(new)))
    return appended


def _resolved(appended: Appended) -> Future[Appended]:
    future: Future[Appended] = Future()
    future.set_result(appended)
    return future
