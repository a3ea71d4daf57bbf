"""Locks for one runner at a time across all processes, released when its process dies.

On PostgreSQL it is an advisory lock of a session; on SQLite it is SQLite's own lock on a file
beside the database. The database releases both when the process dies, so no timeout is needed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from ..exceptions import StoreError
from .database import Database
from .private_files import create_private

__all__ = ["Turn", "take_turn"]

_LOCK_KEYS = {"outbox": 0x5E97E8, "events": 0x5E97EA}
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Turn:
    """The result of waiting for the lock.

    Attributes:
        is_ours: Whether the lock is held; False after giving up.
        check: Raises an error if the lock was lost. It also keeps the session of PostgreSQL in use:
            networks drop connections that are not.
    """

    is_ours: bool
    check: Callable[[], object]


_Lock: TypeAlias = tuple[Callable[[], bool], Callable[[], object]]
"""Tries to get the lock; checks that it is still held."""


@contextmanager
def take_turn(
    database: Database, work: Literal["outbox", "events"], wait: Callable[[float], bool]
) -> Iterator[Turn]:
    """Wait until no other runner has the lock, and hold it during the `with` block.

    Args:
        database: The database that the lock belongs to.
        work: What the lock is for.
        wait: Sleeps for a number of seconds, and returns whether to give up.

    Raises:
        StoreError: The database cannot be used, or `check` found that the lock was lost.
    """
    is_sqlite = database.engine.dialect.name == "sqlite"
    with (_file_lock if is_sqlite else _session_lock)(database, work) as (acquire, check):
        while not (is_held := acquire()):
            if wait(_POLL_SECONDS):
                break
        yield Turn(is_held, check)


@contextmanager
def _file_lock(database: Database, work: str) -> Iterator[_Lock]:
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
            # The lock of a file is never lost.
            yield acquire, lambda: None
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from error


@contextmanager
def _session_lock(database: Database, work: str) -> Iterator[_Lock]:
    query = text("SELECT pg_try_advisory_lock(:key)")
    try:
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            # Detached from the pool: closing this connection releases the lock.
            connection.detach()
            yield (
                lambda: bool(connection.scalar(query, {"key": _LOCK_KEYS[work]})),
                partial(_check, database, connection),
            )
    except SQLAlchemyError as error:
        raise StoreError(f"{database.name}: {error}") from error


def _check(database: Database, connection: Connection) -> None:
    try:
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise StoreError(f"{database.name}: {error}") from error
