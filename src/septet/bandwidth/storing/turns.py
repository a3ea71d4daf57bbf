"""One at a time, over all processes: what a database itself lets go of when a process dies.

On PostgreSQL it is an advisory lock of a session, on SQLite a lock of a file beside the database,
which SQLite sees to on every system. Neither needs a clock, and none is left behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ..exceptions import StoreError
from .database import Database

__all__ = ["take_turn"]

_LOCK_KEY = 0x5E97E8
_SECONDS_BETWEEN = 0.2


@contextmanager
def take_turn(database: Database, wait: Callable[[float], bool]) -> Iterator[bool]:
    """Wait until nobody else has the turn, and have it for the block.

    Args:
        database: The database that it is about.
        wait: Sleeps for some seconds, and tells whether to give up.

    Yields:
        Whether the turn was had.

    Raises:
        StoreError: The database cannot be used.
    """
    is_sqlite = database.engine.dialect.name == "sqlite"
    with (_of_file if is_sqlite else _of_session)(database) as is_free:
        while not (is_had := is_free()):
            if wait(_SECONDS_BETWEEN):
                break
        yield is_had


@contextmanager
def _of_file(database: Database) -> Iterator[Callable[[], bool]]:
    def is_free() -> bool:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    path = f"{database.engine.url.database}-outbox"
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            yield is_free
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from error


@contextmanager
def _of_session(database: Database) -> Iterator[Callable[[], bool]]:
    query = text("SELECT pg_try_advisory_lock(:key)")
    try:
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            # Not one of the pool's any more: the lock ends with the connection.
            connection.detach()
            yield lambda: bool(connection.scalar(query, {"key": _LOCK_KEY}))
    except SQLAlchemyError as error:
        raise StoreError(f"{database.name}: {error}") from error
