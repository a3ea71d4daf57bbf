"""The store of events: every event as it arrived, once, on the disk before anybody is answered."""

from __future__ import annotations

import os
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from .callbacks import Event, Undecodable, parse_callbacks
from .database import Database
from .tables import insert_rows, row_of, write_nothing

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Appended", "EventStore", "open_store"]


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

    def ping(self) -> None:
        """Make sure that events can be written.

        Raises:
            StoreError: They cannot; the message says why.
        """
        self.database.write(write_nothing).result()

    def close(self) -> None:
        """Write what waits, and close the database."""
        self.database.close()


def open_store(url: str | os.PathLike[str]) -> EventStore:
    """Open a store of events; one that is not there is made.

    Args:
        url: `sqlite:///events.db`, `postgresql://user:password@host/database`, or the path of an
            SQLite file.

    Raises:
        MissingExtraError: SQLAlchemy (extra `bandwidth`) or psycopg (`postgresql`) is missing.
        StoreError: The database cannot be used; the message says why.
    """
    return EventStore(Database(url))


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
