"""The event store: it keeps every event once, as it arrived, and durably before it answers."""

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
from .pruning import Pruned, prune
from .stored_messages import StoredMessage, read_messages
from .tables import (
    EventRecord,
    check_writable,
    count_rows,
    insert_rows,
    read_by_message,
    read_records,
    row_of_entry,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Appended", "EventRecord", "EventStore", "Pruned", "StoredMessage", "open_store"]


@dataclass(frozen=True, slots=True)
class Appended:
    """The entries of a callback, after all of them are durable.

    Attributes:
        entries: The entries of the body, as `parse_callbacks` returns them.
        new: The entries that the store did not have yet, each once.
    """

    entries: tuple[Event | Undecodable, ...]
    new: tuple[Event | Undecodable, ...]


class EventStore:
    """A store of events; `open_store` opens it, and the end of a `with` block closes it.

    Several threads may use all methods.

    Attributes:
        database: The database; the outbox keeps its table in it too.
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
        """Store the entries of a callback, and return when they are durable.

        Args:
            body: The body of the request.

        Raises:
            StoreError: The database cannot be written to.
        """
        return self.submit(body).result()

    def submit(self, body: bytes) -> Future[Appended]:
        """Queue the entries of a callback to be stored, for servers; `append` waits for them.

        Args:
            body: The body of the request.

        Returns:
            A future of the entries, once they are durable, or of a `StoreError`. Its callbacks run
            in the writer's thread and must not wait for another write.
        """
        entries = tuple(parse_callbacks(body))
        if not entries:
            return _resolved(Appended((), ()))
        now = datetime.now(UTC)
        rows = [row_of_entry(entry, now) for entry in entries]
        return self.database.write_merged(_append, (entries, rows), byte_count=len(body))

    def records(self) -> Iterator[EventRecord]:
        """Yield everything that is stored, in the order of arrival, in constant memory.

        Raises:
            StoreError: The database cannot be read.
        """
        return self.database.stream(read_records)

    def events(self, message_id: str | None = None) -> Iterator[Event]:
        """Yield events in the order of arrival, in constant memory.

        Args:
            message_id: Yield only the events of this message.

        Raises:
            StoreError: The database cannot be read.
        """
        for record in self.database.stream(read_records, message_id, events=True):
            if isinstance(record.entry, Event):
                yield record.entry

    def undecodable(self) -> Iterator[Undecodable]:
        """Yield entries that are not events in the order of arrival, in constant memory.

        Raises:
            StoreError: The database cannot be read.
        """
        for record in self.database.stream(read_records, events=False):
            if isinstance(record.entry, Undecodable):
                yield record.entry

    def event_count(self, message_id: str | None = None) -> int:
        """Return the number of stored events.

        Args:
            message_id: Count only the events of this message.

        Raises:
            StoreError: The database cannot be read.
        """
        return self.database.query(count_rows, message_id, events=True)

    def undecodable_count(self) -> int:
        """Return the number of stored entries that are not events.

        Raises:
            StoreError: The database cannot be read.
        """
        return self.database.query(count_rows, events=False)

    def outcome(self, message_id: str, to: str) -> Outcome:
        """Return the outcome of a message for one recipient.

        Raises:
            KeyError: No event names this message and recipient.
            StoreError: The database cannot be read.
        """
        return self.outcomes(message_id)[message_id, to]

    def outcomes(self, message_id: str) -> Outcomes:
        """Return the outcomes of a message for all its recipients; empty without an event.

        Raises:
            StoreError: The database cannot be read.
        """
        return Outcomes(self.events(message_id))

    def all_outcomes(self) -> Iterator[tuple[tuple[str, str], Outcome]]:
        """Yield what `outcomes` has for each message, as pairs, ordered by message id.

        The first of a pair is the message id and the recipient, the second their outcome, as in
        `outcomes(message_id).items()`. Only the events of one message are in memory at once.

        Raises:
            StoreError: The database cannot be read.
        """
        for events in self.database.stream(read_by_message):
            yield from Outcomes(events).items()

    def messages(self) -> Iterator[StoredMessage]:
        """Yield everything about each message, from events and outbox, ordered by message id.

        Only the events of one message are in memory at once.

        Raises:
            StoreError: The database cannot be read.
        """
        return self.database.stream(read_messages)

    def export(self, path: str | os.PathLike[str]) -> int:
        """Write all outcomes to a file, one row each, and return the number of rows.

        The file appears, or replaces an older one, when it is complete. In CSV, cells that a
        spreadsheet would run as a formula begin with an apostrophe.

        Args:
            path: A path that ends in `.csv` or `.parquet`.

        Raises:
            ValueError: The path has another ending.
            MissingExtraError: Parquet needs pyarrow (extra `arrow`).
            OSError: The file cannot be written.
            StoreError: The database cannot be read.
        """
        return write_outcomes((outcome for _, outcome in self.all_outcomes()), path)

    def prune(self, before: datetime, *, dry_run: bool = False, unhandled: bool = False) -> Pruned:
        """Delete old messages: their events, and their rows in the outbox.

        A message is deleted as a whole, if everything about it is older. It is kept if it is
        queued, being sent or unknown, if another message of its batch is kept, or if `on_event`
        has not handled one of its events. Entries that are not events are deleted by their own age.
        The deletion is made of many small transactions, and callbacks are stored meanwhile.

        Args:
            before: A time with a zone.
            dry_run: Delete nothing, and only count.
            unhandled: Also delete events that `on_event` has not handled, such as those since the
                last receiver with `on_event` ended for good.

        Returns:
            The numbers of deleted events and messages in the outbox, and of the older events that
            were kept for `on_event`.

        Raises:
            ValueError: The time has no zone.
            StoreError: The database cannot be used; what was deleted before stays deleted.
        """
        if before.tzinfo is None:
            raise ValueError(f"before must be a time with a zone, not {before}")
        date = before.astimezone(UTC)
        return prune(self.database, date, is_dry=dry_run, with_unhandled=unhandled)

    def ping(self) -> None:
        """Check that events can be written.

        Raises:
            StoreError: They cannot be written; the message says why.
        """
        self.database.write(check_writable).result()

    def close(self) -> None:
        """Write everything that is queued, and close the database."""
        self.database.close()


def open_store(url: str | os.PathLike[str], *, create: bool = True) -> EventStore:
    """Open a store of events.

    Args:
        url: `sqlite:///events.db`, `postgresql://user:password@host/database`, or the path of an
            SQLite file.
        create: Create a store that does not exist; False makes that an error.

    Raises:
        MissingExtraError: SQLAlchemy (extra `bandwidth`) or psycopg (`postgresql`) is missing.
        StoreError: The database cannot be used; the message says why.
    """
    return EventStore(Database(url, create=create))


def _append(
    connection: Connection,
    bodies: list[tuple[tuple[Event | Undecodable, ...], list[dict[str, Any]]]],
) -> list[Appended]:
    """Insert the rows of several callbacks at once."""
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
