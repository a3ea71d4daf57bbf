"""Locks for one runner at a time across all processes, released when its process dies.

On PostgreSQL it is an advisory lock of a session; on SQLite it is SQLite's own lock on a file
beside the database. The database releases both when the process dies, so no timeout is needed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Literal

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ..exceptions import StoreError
from .database import Database
from .private_files import create_private

__all__ = ["take_turn"]

_LOCK_KEYS = {"outbox": 0x5E97E8, "events": 0x5E97EA}
_POLL_SECONDS = 0.2


@contextmanager
def take_turn(
    database: Database, work: Literal["outbox", "events"], wait: Callable[[float], bool]
) -> Iterator[bool]:
    """Wait until no other runner has the lock, and hold it during the `with` block.

    Args:
        database: The database that the lock belongs to.
        work: What the lock is for.
        wait: Sleeps for a number of seconds, and returns whether to give up.

    Yields:
        Whether the lock is held; False after giving up.

    Raises:
        StoreError: The database cannot be used.
    """
    is_sqlite = database.engine.dialect.name == "sqlite"
    with (_file_lock if is_sqlite else _session_lock)(database, work) as acquire:
        while not (is_held := acquire()):
            if wait(_POLL_SECONDS):
                break
        yield is_held


@contextmanager
def _file_lock(database: Database, work: str) -> Iterator[Callable[[], bool]]:
    def acquire() -> bool:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    path = f"{database.engine.url.database}-{work}"
    create_private(path, beside=str(database.engine.url.database))
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            yield acquire
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from error


@contextmanager
def _session_lock(database: Database, work: str) -> Iterator[Callable[[], bool]]:
    query = text("SELECT pg_try_advisory_lock(:key)")
    try:
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            # Detached from the pool: closing this connection releases the lock.
            connection.detach()
            yield lambda: bool(connection.scalar(query, {"key": _LOCK_KEYS[work]}))
    except SQLAlchemyError as error:
        raise StoreError(f"{database.name}: {error}") from error
