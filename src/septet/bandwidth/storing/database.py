"""The database of a store: an SQLite file or PostgreSQL, by SQLAlchemy (extra `bandwidth`).

SQLite uses a write-ahead log, so that readers do not wait for the writer, and flushes it to the
disk at each commit. The schema is migrated under a lock when a database is opened, so that several
processes may open a new one at once.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar

from ...exceptions import MissingExtraError
from ..exceptions import StoreError
from .private_files import create_private
from .writer import Limits, Writer

try:
    from sqlalchemy import Connection
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from . import engines, schema
except ImportError as error:
    raise MissingExtraError("SQLAlchemy", "bandwidth", "a store of events") from error

__all__ = ["Database"]

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
        parsed = engines.parse_url(url)
        self._is_sqlite = parsed.get_backend_name() == "sqlite"
        self._process = os.getpid()
        self.name = engines.name_of(parsed)
        is_read_only = self._is_sqlite and self._prepare_file(create)
        if is_read_only:
            self.engine = engines.read_only_sqlite_engine(parsed, limits.timeout)
        elif self._is_sqlite:
            self.engine = engines.sqlite_engine(parsed, limits.timeout)
        else:
            self.engine = engines.postgresql_engine(parsed, limits.timeout)
        try:
            if is_read_only:
                self._check_readable()
            else:
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
        if not isinstance(error, (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error)):
            return error
        reason = error.orig if isinstance(error, DBAPIError) else error
        lines = str(reason).strip().splitlines() or [type(reason).__name__]
        failure = StoreError(f"{self.name}: {lines[0]}")
        failure.__cause__ = error
        return failure

    def _prepare_file(self, create: bool) -> bool:
        """Create the file of an SQLite database if it may be, and return whether it is read-only.

        Raises:
            StoreError: It does not exist and may not be created, or has to be written to and is on
                a read-only file system.
        """
        path = os.path.abspath(self.name)
        if create:
            create_private(path)
            if engines.is_on_read_only_disk(path):
                reason = "it can only be read, by `septet bandwidth outcomes` and create=False"
                raise StoreError(f"{self.name}: {os.strerror(errno.EROFS)}; {reason}")
            return False
        if not os.path.exists(path):
            raise StoreError(f"{self.name}: {os.strerror(errno.ENOENT)}")
        # SQLite makes files beside the database.
        return not (os.access(path, os.W_OK) and os.access(os.path.dirname(path), os.W_OK))

    def _migrate(self, create: bool) -> None:
        try:
            with self._begin() as connection:
                schema.migrate(connection, self.name, create)
        except SQLAlchemyError as error:
            raise self._translate(error) from error

    def _check_readable(self) -> None:
        try:
            with self.engine.connect() as connection:
                schema.check_readable(connection, self.name)
        except SQLAlchemyError as error:
            failure = self._translate(error)
            hint = "copy it, with its -wal file, to a folder that can be written to"
            raise StoreError(f"{failure} (the folder or file is read-only; {hint})") from error
