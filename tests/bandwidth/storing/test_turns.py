"""The lock of the outbox: one holder at a time, across threads and processes."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from postgresql_server import END_LOCKING_SESSION
from septet.bandwidth import StoreError
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.turns import take_turn

HOLDING = """
import sys, time
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.turns import take_turn
with take_turn(Database(sys.argv[1]), "outbox", lambda seconds: False):
    print("mine", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def database(url):
    """An empty database, closed after the test."""
    opened = Database(url)
    yield opened
    opened.close()


def test_one_after_the_other(database) -> None:
    """A waiting runner gets the lock when it is released, also in the same process."""
    order = []
    waits = threading.Event()

    def wait(seconds):
        waits.set()
        return False

    def second():
        with take_turn(database, "outbox", wait) as turn:
            order.append(("second", turn.is_ours))

    thread = threading.Thread(target=second)
    with take_turn(database, "outbox", lambda seconds: True) as turn:
        thread.start()
        assert waits.wait(10)
        order.append(("first", turn.is_ours))
    thread.join()
    assert order == [("first", True), ("second", True)]


def test_giving_up(database) -> None:
    """A runner that stops waiting does not get the lock."""
    with (
        take_turn(database, "outbox", lambda seconds: True) as first,
        take_turn(database, "outbox", lambda seconds: True) as second,
    ):
        assert (first.is_ours, second.is_ours) == (True, False)


def test_killed(database, url) -> None:
    """The lock of a killed process is free."""
    command = [sys.executable, "-c", HOLDING, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "mine\n"
        with take_turn(database, "outbox", lambda seconds: True) as turn:
            assert not turn.is_ours
        process.kill()
        process.wait()
        # PostgreSQL notices within a moment.
        tries = iter(range(1000))
        with take_turn(database, "outbox", lambda seconds: next(tries) == 999) as turn:
            assert turn.is_ours


def test_a_file_that_is_no_lock(tmp_path) -> None:
    """The error names the file."""
    opened = Database(tmp_path / "events.db")
    (tmp_path / "events.db-outbox").mkdir()
    with (
        pytest.raises(StoreError, match=r"events\.db-outbox: ") as caught,
        take_turn(opened, "outbox", lambda seconds: True),
    ):
        pass
    assert caught.value.__cause__.sqlite_errorcode == sqlite3.SQLITE_CANTOPEN
    opened.close()


def test_the_pool_does_not_keep_it(database) -> None:
    """A PostgreSQL session does not return to the pool with the lock."""
    deadline = time.monotonic() + 10  # the server ends a session within a moment
    for _ in range(3):
        with take_turn(database, "outbox", lambda seconds: time.monotonic() > deadline) as turn:
            assert turn.is_ours


def test_a_lock_that_fails(tmp_path) -> None:
    """Any other error of the database is raised at once."""
    opened = Database(tmp_path / "events.db")
    (tmp_path / "events.db-outbox").write_bytes(b"SQLite format 3\0" + bytes(84))
    (tmp_path / "events.db-outbox-journal").mkdir()
    with (
        pytest.raises(StoreError, match=r"events\.db-outbox: "),
        take_turn(opened, "outbox", lambda seconds: pytest.fail("waits")),
    ):
        pass
    opened.close()


def test_a_session_that_is_lost(postgresql) -> None:
    """If the connection breaks, the waiting runner gets an error and no lock."""
    opened = Database(postgresql.create_database())

    def lose(seconds):
        with opened.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()"
                )
            )
        return False

    with (
        pytest.raises(StoreError, match=rf"^{re.escape(opened.name)}: ") as caught,
        take_turn(opened, "outbox", lambda seconds: True),
        take_turn(opened, "outbox", lose),
    ):
        pass
    assert isinstance(caught.value.__cause__, SQLAlchemyError)
    opened.close()


def test_a_turn_that_is_lost(postgresql) -> None:
    """If the connection breaks later, `check` raises an error, and another runner gets the lock."""
    opened = Database(postgresql.create_database())
    with take_turn(opened, "events", lambda seconds: True) as turn:
        turn.check()
        with opened.engine.connect() as connection:
            connection.execute(text(END_LOCKING_SESSION))
        with take_turn(opened, "events", lambda seconds: False) as other:
            assert other.is_ours
            other.check()
            with pytest.raises(StoreError, match=rf"^{re.escape(opened.name)}: "):
                turn.check()
    opened.close()
