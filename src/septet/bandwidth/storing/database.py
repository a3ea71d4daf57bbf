"""The database of a store: an SQLite file or PostgreSQL, by SQLAlchemy (extra `bandwidth`).

SQLite uses a write-ahead log, so that readers do not wait for the writer, and flushes it to the
disk at each commit. The schema is migrated under a lock when a database is opened, so that several
processes may open a new one at once.
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
from typing import Any, Concatenate, ParamSpec, TypeVar

from ...exceptions import MissingExtraError
from ..exceptions import StoreError
from .writer import Limits, Writer

try:
    from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
    from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
except ImportError as error:
    raise MissingExtraError("SQLAlchemy", "bandwidth", "a store of events") from error

__all__ = ["VERSION_TABLE", "Database"]

VERSION_TABLE = "septet_version"
"""The table with the revision of the schema. It does not have Alembic's usual name, because other
programs may keep their tables in the same database."""

_LOCK_KEY = 0x5E97E7
"""The key of PostgreSQL's advisory lock around a migration."""

_migrating = threading.Lock()
"""Alembic can run only one migration at a time in a process."""

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Arguments = ParamSpec("_Arguments")


class Database:
    """An open database with the current schema, and one thread that writes to it.

    Attributes:
        engine: SQLAlchemy's engine, for reading only; use `write` to write.
        name: The name of the database in messages, without user and password.
    """

    def __init__(
        self,
        url: str | os.PathLike[str],
        *,
        create: bool = True,
        limits: Limits = Limits(),  # noqa: B008 - it is immutable
    ) -> None:
        """Open a database and migrate its schema.

        Args:
            url: `sqlite:///events.db`, `postgresql://user:password@host/database`, or the path of
                an SQLite file.
            create: Create a database that does not exist; False makes that an error.
            limits: Limits of waiting and of memory.

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
        open_engine = _sqlite_engine if self._is_sqlite else _postgresql_engine
        self.engine = open_engine(parsed, limits.timeout)
        try:
            self._migrate(create)
        except BaseException:
            self.engine.dispose()
            raise
        self._writer = Writer(self.name, self._begin, self._translate, limits)

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

    def query(
        self,
        function: Callable[Concatenate[Connection, _Arguments], _Result],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> _Result:
        """Call a function that reads, with a connection as its first argument.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.read() as connection:
            return function(connection, *args, **kwargs)

    def stream(
        self,
        function: Callable[Concatenate[Connection, _Arguments], Iterable[_Item]],
        *args: _Arguments.args,
        **kwargs: _Arguments.kwargs,
    ) -> Iterator[_Item]:
        """Yield the items of a function that reads, with a connection as its first argument.

        Raises:
            StoreError: The database cannot be read.
        """
        with self.read() as connection:
            yield from function(connection, *args, **kwargs)

    def write(self, job: Callable[[Connection], _Result]) -> Future[_Result]:
        """Queue a job that writes; it is committed together with other queued jobs.

        Jobs run in the writer's thread, in the order of the calls. A job that fails may run again,
        alone or with others, so it must only use the connection, and must not swallow an error of
        the database. A failed job does not affect other jobs.

        Args:
            job: Called with a connection in a transaction.

        Returns:
            A future of the job's result, once it is durable, or of its exception. `StoreError`
            means that the database cannot be written to, or that the write queue is full; then
            nothing is stored, unless the connection broke during the commit. Callbacks of the
            future run in the writer's thread and must not wait for another write.
        """
        return self._writer.write(job)

    def write_merged(
        self,
        job: Callable[[Connection, list[_Item]], Iterable[_Result]],
        item: _Item,
        byte_count: int = 0,
    ) -> Future[_Result]:
        """Queue an item for a job that writes many; otherwise like `write`.

        Args:
            job: Called with a connection in a transaction and a list of neighbouring items in the
                queue that have the same job; returns a result for each, in their order.
            item: The item to write.
            byte_count: The approximate memory that the item takes while it is queued.
        """
        return self._writer.write_merged(job, item, byte_count)

    def close(self) -> None:
        """Write everything that is queued, then close the connections."""
        self._writer.close()
        # After a fork, the connections belong to the parent process.
        self.engine.dispose(close=self._process == os.getpid())

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """Open a transaction for writing, and commit it unless an error has spoiled it."""
        connecting = self.engine.connect().execution_options(writes=True)
        with connecting as connection, connection.begin():
            yield connection
            # After an error, a database answers COMMIT with a rollback and reports success.
            if not self._is_whole(connection):
                raise StoreError(f"{self.name}: a job swallowed an error of the database")

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
                revisions = set(context.get_current_heads())
                if revisions - {script.revision for script in scripts.walk_revisions()}:
                    raise StoreError(f"{self.name} was created by a newer version of septet")
                if not (revisions or create):
                    raise StoreError(f"{self.name} is not a septet event store")
                config.attributes["connection"] = connection
                if revisions != set(scripts.get_heads()):
                    command.upgrade(config, "head")
        except SQLAlchemyError as error:
            raise self._translate(error) from error


def _parse(url: str | os.PathLike[str]) -> URL:
    """Return the URL of a database."""
    location = os.fspath(url)
    if "://" not in location:
        return URL.create("sqlite", database=location)
    try:
        parsed = make_url(location)
    except (ArgumentError, ValueError):
        # The text is not shown, because it may contain a password.
        raise StoreError("not a database URL") from None
    if parsed.drivername == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        raise StoreError(f"expected a sqlite or postgresql URL, got {parsed.drivername}")
    if parsed.database in (None, "", ":memory:"):
        raise StoreError("an SQLite store needs a file, as in sqlite:///events.db")
    return parsed


def _name(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = "" if url.port is None else f":{url.port}"
    return f"postgresql://{url.host or ''}{port}/{url.database or ''}"


def _sqlite_engine(url: URL, timeout: float) -> Engine:
    engine = create_engine(
        url.set(database=os.path.abspath(str(url.database))),  # the program may change its folder
        connect_args={"timeout": timeout},
        max_overflow=-1,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
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


def _postgresql_engine(url: URL, timeout: float) -> Engine:
    timeouts = {"connect_timeout": int(timeout), "tcp_user_timeout": int(timeout * 1000)}
    arguments = {name: value for name, value in timeouts.items() if name not in url.query}
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
