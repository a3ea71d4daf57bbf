"""Opening databases, migrating them, and one clear error for a database that cannot be used."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sqlalchemy")
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, inspect, select, text

from septet import MissingExtraError
from septet.bandwidth import EventStore, StoreError, open_store
from septet.bandwidth.storing import database
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.outbox_table import OUTBOX
from septet.bandwidth.storing.schema import VERSION_TABLE
from septet.bandwidth.storing.tables import METADATA
from septet.bandwidth.storing.writer import Limits

MIGRATIONS = Path(database.__file__).with_name("migrations")
CONFIG = Config()
CONFIG.set_main_option("script_location", str(MIGRATIONS))
REVISIONS = [script.revision for script in ScriptDirectory.from_config(CONFIG).walk_revisions()]
BODY = b'[{"type": "message-sent", "message": {"id": "%d"}}]'


def cause(error: BaseException) -> Any:
    """Return the driver's error behind an error."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def run(opened: Database, statement: str) -> None:
    """Write and wait until it is durable."""
    opened.write(lambda connection: connection.execute(text(statement))).result()


def upgrade(connection: Connection, revision: str) -> None:
    """Migrate an empty database to a revision."""
    CONFIG.attributes["connection"] = connection
    command.upgrade(CONFIG, revision)


class TestOpening:
    @pytest.mark.parametrize(
        "url",
        [
            "mysql://a:secret@b/c",
            "sqlite://",
            "sqlite:///:memory:",
            "postgresql://a:secret@b:port/c",
            "://secret",
            "postgresql+asyncpg://a:secret@b/c",
        ],
    )
    def test_wrong_urls(self, url) -> None:
        """The message is one line and never shows the password."""
        with pytest.raises(StoreError) as caught:
            Database(url)
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_a_server_that_is_not_there(self) -> None:
        """The message is one line and names the server, without user and password."""
        pytest.importorskip("psycopg")
        with pytest.raises(StoreError, match=r"^postgresql://127\.0\.0\.1:1/events: ") as caught:
            Database("postgresql://anna:secret@127.0.0.1:1/events?password=secret")
        assert "secret" not in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_without_the_driver(self, monkeypatch) -> None:
        """The extra is named."""
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(MissingExtraError, match=r"needs psycopg: pip .*septet\[postgresql\]"):
            Database("postgresql://a@b/c")

    def test_without_sqlalchemy(self) -> None:
        """The error names the extra; parsing events works without it."""
        code = "import sys; sys.modules['sqlalchemy'] = None; import septet.bandwidth as b; "
        done = subprocess.run(
            [sys.executable, "-c", code + "b.parse_callbacks(b''); b.open_store"],
            capture_output=True,
            text=True,
        )
        assert done.stderr.endswith(
            "MissingExtraError: a store of events needs SQLAlchemy:"
            " pip install 'septet[bandwidth]'\n"
        )

    def test_a_file_that_is_no_database(self, tmp_path) -> None:
        """The file is not changed."""
        path = tmp_path / "events.db"
        path.write_bytes(b"id,phone,body\n" * 99)
        with pytest.raises(StoreError, match=rf"^{path}: .+$") as caught:
            Database(path)
        assert cause(caught.value).sqlite_errorcode == sqlite3.SQLITE_NOTADB
        assert path.read_bytes() == b"id,phone,body\n" * 99

    def test_a_folder_that_is_not_there(self, tmp_path) -> None:
        """The file is named."""
        with pytest.raises(StoreError, match=rf"^{tmp_path}/a/b\.db: .+$") as caught:
            Database(f"sqlite:///{tmp_path}/a/b.db")
        assert cause(caught.value).sqlite_errorcode == sqlite3.SQLITE_CANTOPEN

    def test_nothing_is_made_unasked(self, url, tmp_path) -> None:
        """A misspelt name creates no database."""
        missing = os.strerror(errno.ENOENT)
        with pytest.raises(StoreError, match=f"({missing}|is not a septet event store)$"):
            Database(url, create=False)
        assert list(tmp_path.iterdir()) == []
        Database(url).close()
        Database(url, create=False).close()

    def test_paths(self, tmp_path, monkeypatch) -> None:
        """A path means an SQLite file, even after the program changes its folder."""
        monkeypatch.chdir(tmp_path)
        for location in ("a?b%20#.db", Path("c.db"), "sqlite:///d.db"):
            opened = Database(location)
            monkeypatch.chdir("/")
            run(opened, "CREATE TABLE t (n INTEGER)")
            opened.close()
            monkeypatch.chdir(tmp_path)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a?b%20#.db", "c.db", "d.db"]


class TestSchema:
    def test_what_the_migrations_make(self, url) -> None:
        """The migrations create exactly the tables of the source."""
        opened = Database(url)
        with opened.read() as connection:
            context = MigrationContext.configure(
                connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
            )
            assert compare_metadata(context, METADATA) == []
            assert OUTBOX.metadata is METADATA
        opened.close()

    @pytest.mark.parametrize("revision", REVISIONS)
    def test_an_older_revision(self, url, revision, monkeypatch) -> None:
        """It is migrated when it is opened, and keeps its events."""
        with monkeypatch.context() as patch:
            patch.setattr(command, "upgrade", lambda *_: None)
            opened = Database(url)
        statement = text(
            "INSERT INTO events (received_at, message_id, recipient, type, digest, raw)"
            " VALUES ('2026-11-04 09:00:00', '1', '', 'a', :digest, :raw)"
        )
        row = {"digest": b"1", "raw": b'{"type": "a"}'}
        opened.write(lambda connection: upgrade(connection, revision)).result()
        opened.write(lambda connection: connection.execute(statement, row)).result()
        opened.close()
        with open_store(url) as store:
            store.append(BODY % 2)
            assert [event.type for event in store.events()] == ["a", "message-sent"]
            with store.database.read() as connection:
                context = MigrationContext.configure(
                    connection, opts={"version_table": VERSION_TABLE}
                )
                assert compare_metadata(context, METADATA) == []
                query = text(f"SELECT version_num FROM {VERSION_TABLE}")
                versions = connection.scalars(query).all()
        assert versions == [REVISIONS[0]]

    def test_senders_of_queued_messages(self, url, monkeypatch) -> None:
        """A message that an older version queued gets its sending number; a damaged one none."""
        with monkeypatch.context() as patch:
            patch.setattr(command, "upgrade", lambda *_: None)
            opened = Database(url)
        opened.write(lambda connection: upgrade(connection, "0003")).result()
        for number, (state, stored) in enumerate(
            [("queued", '{"from": "ACME"}'), ("queued", '{"fr'), ("accepted", '{"from": "B"}')]
        ):
            run(
                opened,
                "INSERT INTO outbox (position, message, segment_count, state, changed_at,"
                f" attempt_count) VALUES ({number}, '{stored.replace(':', chr(92) + ':')}', 1,"
                f" '{state}', '2026-11-04 09:00:00', 0)",
            )
        opened.close()
        with open_store(url) as store, store.database.read() as connection:
            query = select(OUTBOX.c.sender).order_by(OUTBOX.c.id)
            assert connection.scalars(query).all() == ["ACME", "", ""]

    def test_a_newer_revision(self, url) -> None:
        """It is refused and not changed."""
        opened = Database(url)
        run(opened, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        opened.close()
        with pytest.raises(StoreError, match=r" was created by a newer version of septet$"):
            Database(url)

    def test_a_table_of_somebody_else(self, url, monkeypatch) -> None:
        """A database with another program's table of that name is not changed."""
        with monkeypatch.context() as patch:
            patch.setattr(command, "upgrade", lambda *_: None)
            opened = Database(url)
        run(opened, "CREATE TABLE events (name TEXT)")
        with pytest.raises(StoreError, match="events"):
            Database(url)
        with opened.read() as connection:
            assert inspect(connection).get_table_names() == ["events"]
        opened.close()

    def test_several_processes_open_a_new_one(self, url) -> None:
        """All processes can use it."""
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", OPENING, url, str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(4)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in processes:
            process.communicate()
        assert [process.returncode for process in processes] == [0] * 4
        with open_store(url) as store:
            assert sorted(event.message_id or "" for event in store.events()) == [*"0123"]


OPENING = """
import sys
import alembic.command  # beforehand, so that all begin at the same time
from septet.bandwidth import open_store
print("ready", flush=True)
input()
with open_store(sys.argv[1]) as store:
    store.append(b'[{"type": "message-sent", "message": {"id": "%s"}}]' % sys.argv[2].encode())
"""


class TestDurability:
    def test_sqlite(self, tmp_path) -> None:
        """A write-ahead log that is flushed at each commit."""
        opened = Database(tmp_path / "events.db")

        def pragmas(connection: Connection) -> list[Any]:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return [connection.scalar(text(f"PRAGMA {name}")) for name in names]

        for values in (opened.query(pragmas), opened.write(pragmas).result()):
            assert values == ["wal", 2, 1, 3000]
        opened.close()

    def test_postgresql(self, postgresql) -> None:
        """Commits wait for the disk even if the server's default is not to wait."""
        pytest.importorskip("psycopg")
        url = postgresql.create_database()
        opened = Database(url)
        run(
            opened, f"ALTER ROLE postgres IN DATABASE {opened.name[14:]} SET synchronous_commit=off"
        )
        opened.close()
        opened = Database(url)
        with opened.read() as connection:
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
        opened.close()


class TestTrouble:
    def test_a_server_that_goes_away(self, postgresql) -> None:
        """Writers and readers get an error, and the store works again when the server is back."""
        pytest.importorskip("psycopg")
        with open_store(postgresql.create_database()) as store:
            store.append(BODY % 0)
            futures = [store.submit(BODY % number) for number in range(500)]
            postgresql.stop()
            futures += [store.submit(BODY % number) for number in range(500, 600)]
            for action in (lambda: store.append(BODY % 9), store.ping, lambda: [*store.events()]):
                with pytest.raises(StoreError, match=r"^postgresql:///test_\d+: "):
                    action()
            errors = [future.exception() for future in futures]
            assert {type(error) for error in errors[500:]} == {StoreError}
            assert {type(error) for error in errors} <= {StoreError, type(None)}
            postgresql.start()
            store.ping()
            there = {event.message_id for event in store.events()}
            assert {str(n) for n, error in enumerate(errors) if error is None} <= there
            for number in range(600):
                store.append(BODY % number)
            assert store.event_count() == 600

    def test_a_server_that_was_away(self, postgresql) -> None:
        """A restart between two uses raises no error."""
        pytest.importorskip("psycopg")
        with open_store(postgresql.create_database()) as store:
            store.append(BODY % 1)
            list(store.events())
            postgresql.stop("fast")
            postgresql.start()
            assert len(list(store.events())) == 1
            assert len(store.append(BODY % 2).new) == 1

    def test_a_full_disk(self, tmp_path) -> None:
        """A body that does not fit can be appended later (simulated by a limit on file sizes)."""
        resource = pytest.importorskip("resource")
        with open_store(tmp_path / "events.db") as store:
            store.append(BODY % 1)
            limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
            try:
                with pytest.raises(StoreError, match=r"events\.db: .*(full|I/O)"):
                    store.append(b'[{"type": "message-sent", "text": "%s"}]' % (b"x" * 200_000))
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            assert len(store.append(BODY % 2).new) == 1
            assert store.event_count() == 2

    def test_somebody_else_holds_a_lock(self, tmp_path) -> None:
        """Writers wait no longer than a request can wait."""
        limits = Limits(timeout=0.2, max_batch=10)
        with EventStore(Database(tmp_path / "events.db", limits=limits)) as store:
            other = sqlite3.connect(tmp_path / "events.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            attempts, reasons = [], set()
            event.listen(store.database.engine, "engine_connect", attempts.append)
            for future in [store.submit(BODY % number) for number in range(1_000)]:
                with pytest.raises(StoreError, match=r"events\.db: .+$") as caught:
                    future.result()
                reasons.add(cause(caught.value).sqlite_errorcode)
            assert reasons == {sqlite3.SQLITE_BUSY}
            assert len(attempts) < 20  # for a hundred batches
            assert list(store.events()) == []
            other.execute("ROLLBACK")
            other.close()
            assert len(store.append(BODY % 1).new) == 1

    def test_a_table_is_locked(self, postgresql) -> None:
        """The same on PostgreSQL."""
        psycopg = pytest.importorskip("psycopg")
        limits = Limits(timeout=2.0)  # libpq waits two seconds for a connection at least
        with EventStore(Database(postgresql.create_database(), limits=limits)) as store:
            with store.database.engine.begin() as connection:
                connection.execute(text("LOCK TABLE events"))
                futures = [store.submit(BODY % number) for number in range(50)]
                for future in futures:
                    with pytest.raises(StoreError) as caught:
                        future.result()
                    assert isinstance(cause(caught.value), psycopg.errors.LockNotAvailable)
            assert len(store.append(BODY % 1).new) == 1

    def test_read_only(self, postgresql) -> None:
        """`ping` notices a database that cannot be written to."""
        psycopg = pytest.importorskip("psycopg")
        url = postgresql.create_database()
        with open_store(url) as store:
            role = f"ROLE postgres IN DATABASE {store.database.name[14:]}"
            run(store.database, f"ALTER {role} SET default_transaction_read_only = on")
            store.database.engine.dispose()
            with pytest.raises(StoreError) as caught:
                store.ping()
            assert isinstance(cause(caught.value), psycopg.errors.ReadOnlySqlTransaction)

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
    def test_after_a_fork(self, url) -> None:
        """The child gets an error, and its end does not disturb the parent."""
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", FORKING, url],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stderr == ""
        *errors, status, count = done.stdout.splitlines()
        assert len(errors) == 3
        assert all(
            error.endswith(": opened before a fork; open it in each process") for error in errors
        )
        assert (status, count) == ("0", "2")


FORKING = """
import os, sys
from septet.bandwidth import StoreError, open_store
body = b'[{"type": "message-sent", "message": {"id": "%d"}}]'
store = open_store(sys.argv[1])
store.append(body % 1)
list(store.events())
pid = os.fork()
if pid == 0:
    for action in (lambda: store.append(body % 2), store.ping, lambda: list(store.events())):
        try:
            action()
        except StoreError as error:
            print(error)
    store.close()
    with open_store(sys.argv[1]) as own:
        own.append(body % 3)
    sys.exit(0)
print(os.waitpid(pid, 0)[1], flush=True)
print(store.event_count())
store.close()
"""
