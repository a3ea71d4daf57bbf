"""The database of a store: SQLite in a file or PostgreSQL, by SQLAlchemy; extra `bandwidth`.

SQLite keeps a write-ahead log, so that nobody who reads waits for the writer, and flushes it to the
disk at each commit. The schema is brought up to date when a database is opened, under a lock, so
that any number of processes may open a new one at once.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ...exceptions import MissingExtraError
from ..exceptions import StoreError
from .writer import PATIENCE, Writer

try:
    from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
    from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
except ImportError as error:
    raise MissingExtraError("SQLAlchemy", "bandwidth", "a store of events") from error

__all__ = ["VERSION_TABLE", "Database"]

VERSION_TABLE = "septet_version"
"""The table that says which revision a database has: not Alembic's usual one, for others may
keep their tables in the same database."""

_LOCK_KEY = 0x5E97E7
"""Of PostgreSQL's advisory lock around a migration."""

_migrating = threading.Lock()
"""Alembic has one migration a process in mind."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Database:
    """An open database, up to date, with one thread that writes to it.

    Attributes:
        engine: SQLAlchemy's engine, for reading; what writes goes through `write`.
        name: The database as messages name it, without user and password.
    """

    def __init__(self, url: str | os.PathLike[str], *, create: bool = True) -> None:
        """Open a database and bring its schema up to date.

        Args:
            url: `sqlite:///events.db`, `postgresql://user:password@host/database`, or the path of
                an SQLite file.
            create: Make what is not there; otherwise that is an error.

        Raises:
            MissingExtraError: psycopg is not installed (extra `postgresql`).
            StoreError: The database cannot be used; the message says why.
        """
        parsed = _parse(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        self._process = os.getpid()
        self.name = _name(parsed)
        if self._is_sqlite and not (create or os.path.exists(self.name)):
            raise StoreError(f"{self.name}: {os.strerror(errno.ENOENT)}")
        self.engine = _sqlite_engine(parsed) if self._is_sqlite else _postgresql_engine(parsed)
        try:
            self._migrate(create)
        except BaseException:
            self.engine.dispose()
            raise
        self._writer = Writer(self.name, self._begin, self._translate)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection for reading, in one transaction.

        Raises:
            StoreError: The database cannot be read.
        """
        if self._process != os.getpid():
            raise StoreError(f"{self.name}: opened before a fork; open it in each process")
        try:
            with self.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise self._translate(error) from error

    def write(self, job: Callable[[Connection], _Result]) -> Future[_Result]:
        """Let a job write in the writer's thread, in one commit with all else that waits.

        A job may run again after it failed, alone or in company, so it must do nothing but use the
        connection, and must not swallow an error of the database. It never harms other jobs.
        Jobs run in the order of the calls.

        Args:
            job: Gets a connection within a transaction.

        Returns:
            What the job returns, once that is durable, or its exception. `StoreError`: the database
            cannot be written to, or too much waits already; nothing is there, unless the connection
            broke during the commit. The future's callbacks run in the writer's thread, and must not
            wait for another write.
        """
        return self._writer.write(_run_each, job)

    def write_merged(
        self,
        job: Callable[[Connection, list[_Item]], Iterable[_Result]],
        item: _Item,
        octet_count: int = 0,
    ) -> Future[_Result]:
        """Do what `write` does with one job for many items: neighbours are given to it together.

        Args:
            job: Gets a connection within a transaction and some items, and returns what comes of
                each, in their order.
            item: What is written.
            octet_count: About how much memory the item takes while it waits.
        """
        return self._writer.write(job, item, octet_count)

    def close(self) -> None:
        """Write what waits, and let go of the database."""
        self._writer.close()
        # What another process has opened is its own to close.
        self.engine.dispose(close=self._process == os.getpid())

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """Open a transaction that writes, and commit it if all of it is there."""
        connecting = self.engine.connect().execution_options(writes=True)
        with connecting as connection, connection.begin():
            yield connection
            # A database that met an error answers COMMIT with a rollback, and calls it fine.
            if not self._is_whole(connection):
                raise StoreError(f"{self.name}: a job has swallowed an error")

    def _is_whole(self, connection: Connection) -> bool:
        driver: Any = connection.connection.driver_connection
        if self._is_sqlite:
            return bool(driver.in_transaction)
        return bool(driver.info.transaction_status.name != "INERROR")

    def _translate(self, error: BaseException) -> BaseException:
        if not isinstance(error, SQLAlchemyError):
            return error
        reason = error.orig if isinstance(error, DBAPIError) else error
        lines = str(reason).strip().splitlines() or [type(reason).__name__]
        failure = StoreError(f"{self.name}: {lines[0]}")
        failure.__cause__ = error
        return failure

    def _migrate(self, create: bool) -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.migration import MigrationContext
        from alembic.script import ScriptDirectory

        config = Config()
        folder = str(Path(__file__).with_name("migrations"))
        config.set_main_option("script_location", folder.replace("%", "%%"))
        scripts = ScriptDirectory.from_config(config)
        try:
            with _migrating, self._begin() as connection:
                if not self._is_sqlite:
                    connection.execute(
                        text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY}
                    )
                context = MigrationContext.configure(
                    connection, opts={"version_table": VERSION_TABLE}
                )
                found = set(context.get_current_heads())
                if found - {script.revision for script in scripts.walk_revisions()}:
                    raise StoreError(f"{self.name} is of a newer version of septet")
                if not (found or create):
                    raise StoreError(f"{self.name} is no store of events")
                config.attributes["connection"] = connection
                if found != set(scripts.get_heads()):
                    command.upgrade(config, "head")
        except SQLAlchemyError as error:
            raise self._translate(error) from error


def _run_each(
    connection: Connection, jobs: list[Callable[[Connection], _Result]]
) -> Iterator[_Result]:
    return (job(connection) for job in jobs)


def _parse(url: str | os.PathLike[str]) -> URL:
    """Return the URL of a database."""
    place = os.fspath(url)
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        parsed = make_url(place)
    except (ArgumentError, ValueError):
        # What cannot be read may have a password anywhere.
        raise StoreError("not the URL of a database") from None
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        raise StoreError(f"{parsed.drivername}: a store is on sqlite or postgresql")
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("a store on SQLite needs a file, as in sqlite:///events.db")
    return parsed


def _name(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = "" if url.port is None else f":{url.port}"
    return f"postgresql://{url.host or ''}{port}/{url.database or ''}"


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(database=os.path.abspath(str(url.database))),  # wherever the program goes
        connect_args={"timeout": PATIENCE},
        max_overflow=-1,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # the module would begin when it thinks fit
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "fullfsync=ON", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads before it writes may find that it can no longer begin to write.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql_engine(url: URL) -> Engine:
    limits = {"connect_timeout": int(PATIENCE), "tcp_user_timeout": int(PATIENCE * 1000)}
    arguments = {name: limit for name, limit in limits.items() if name not in url.query}
    try:
        engine = create_engine(
            url,
            connect_args=arguments,
            max_overflow=-1,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise MissingExtraError("psycopg", "postgresql", "a store on PostgreSQL") from error
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {int(PATIENCE * 1000)}")
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
    connection.commit()
