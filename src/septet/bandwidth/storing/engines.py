"""The engines of SQLAlchemy for SQLite and PostgreSQL, and the URLs of databases."""

from __future__ import annotations

import os
import sqlite3
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from ...exceptions import MissingExtraError
from ..exceptions import StoreError

__all__ = [
    "is_on_read_only_disk",
    "name_of",
    "parse_url",
    "postgresql_engine",
    "read_only_sqlite_engine",
    "sqlite_engine",
]


def parse_url(url: str | os.PathLike[str]) -> URL:
    """Return the URL of a database."""
    location = os.fspath(url)
    if "://" not in location:
        return URL.create("sqlite", database=location)
    try:
        parsed = make_url(location)
    except (ArgumentError, ValueError):
        # The text is not shown, because it may contain a password.
        raise StoreError("not a database URL") from None
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        raise StoreError(f"expected a sqlite or postgresql URL, got {parsed.drivername}")
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("an SQLite store needs a file, as in sqlite:///events.db")
    return parsed


def name_of(url: URL) -> str:
    """Return the name of a database for messages, without user and password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = "" if url.port is None else f":{url.port}"
    return f"postgresql://{url.host or ''}{port}/{url.database or ''}"


def sqlite_engine(url: URL, timeout: float) -> Engine:
    """Return an engine that reads and writes an SQLite file."""
    # The path is absolute, because the program may change its folder.
    engine = _sqlite_engine(url.set(database=os.path.abspath(str(url.database))), timeout)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def read_only_sqlite_engine(url: URL, timeout: float) -> Engine:
    """Return an engine that reads an SQLite file which cannot be written to."""
    path = os.path.abspath(str(url.database))
    options = {"mode": "ro", "uri": "true"}
    # SQLite keeps track of readers in a file beside the database. Where it can make none, nobody
    # can write either. It then must not look for a log, so there must be none with events in it.
    if is_on_read_only_disk(path) and not _size(f"{path}-wal"):
        options["immutable"] = "1"
    return _sqlite_engine(url.set(database=f"file:{quote(path)}", query=options), timeout)


def is_on_read_only_disk(path: str) -> bool:
    """Return whether a file is on a file system that nobody can write to."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except (AttributeError, OSError):  # Windows has no statvfs
        return False


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0


def _sqlite_engine(url: URL, timeout: float) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": timeout}, max_overflow=-1, hide_parameters=True
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # no implicit transactions
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that starts with a read may fail later when it begins to write.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def postgresql_engine(url: URL, timeout: float) -> Engine:
    """Return an engine for a PostgreSQL database."""
    timeouts = {"connect_timeout": int(timeout), "tcp_user_timeout": int(timeout * 1000)}
    arguments = {name: value for name, value in timeouts.items() if name not in url.query}
    try:
        engine = create_engine(
            url,
            connect_args=arguments,
            # A server's default may be another one, but some statements must see what was committed
            # while they waited for a lock.
            isolation_level="READ COMMITTED",
            max_overflow=-1,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise MissingExtraError("psycopg", "postgresql", "a store on PostgreSQL") from error

    def prepare(connection: Any, _: object) -> None:
        _prepare_postgresql(connection, timeout)

    event.listen(engine, "connect", prepare)
    return engine


def _prepare_postgresql(connection: Any, timeout: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {int(timeout * 1000)}")
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()
