"""The writing thread: which tasks are committed together, and what happens when one fails."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest

pytest.importorskip("sqlalchemy")
from sqlalchemy import Connection, event, text

from septet.bandwidth import StoreError
from septet.bandwidth.storing.database import Database
from septet.bandwidth.storing.writer import Limits

INSERT = text("INSERT INTO numbers VALUES (:number)")
BAD = text("SELECT nothing")


@pytest.fixture
def database(url) -> Iterator[Database]:
    """A database with a table of numbers."""
    opened = Database(url)
    create = text("CREATE TABLE numbers (number INTEGER NOT NULL UNIQUE)")
    opened.write(lambda connection: connection.execute(create)).result()
    yield opened
    opened.close()


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """Make the writer wait until the end of the block, so that tasks collect in its queue."""
    is_held, go = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        is_held.set()
        go.wait()

    future = database.write(hold)
    is_held.wait()
    try:
        yield
    finally:
        go.set()
        future.result()


def insert(database: Database, number: int) -> Future[int]:
    def job(connection: Connection) -> int:
        connection.execute(INSERT, {"number": number})
        return number

    return database.write(job)


def numbers(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(text("SELECT number FROM numbers ORDER BY number")))


def test_what_waits_is_committed_together(database) -> None:
    """Queued tasks share a commit, up to the size of a batch, and are answered in order."""
    commits = []
    event.listen(database.engine, "commit", lambda _: commits.append(len(answers)))
    answers: list[int] = []
    with held_up(database):
        futures = [insert(database, number) for number in range(1_500)]
        for future in futures:
            future.add_done_callback(lambda future: answers.append(future.result()))
    assert [future.result() for future in futures] == list(range(1_500))
    database.close()
    assert answers == list(range(1_500))
    assert commits == [0, 0, 1_000]  # that of `held_up`, and two batches


def test_no_answer_before_the_commit(database) -> None:
    """A result that is answered can be read by others."""
    seen = []
    futures = [insert(database, number) for number in range(50)]
    for future in futures:
        future.add_done_callback(lambda future: seen.append(future.result() in numbers(database)))
    for future in futures:
        future.result()
    database.close()
    assert seen == [True] * 50


def test_neighbours_with_the_same_job_are_merged(database) -> None:
    """The job gets neighbouring items together, and the order is kept."""
    calls = []

    def job(name: str):
        def write(_: Connection, items: list[int]) -> list[int]:
            calls.append((name, items))
            return [item * 2 for item in items]

        return write

    one, other = job("one"), job("other")
    with held_up(database):
        futures = [database.write_merged(one, item) for item in range(3)]
        futures += [database.write_merged(other, item) for item in range(2)]
        futures += [database.write_merged(one, 9)]
    assert [future.result() for future in futures] == [0, 2, 4, 0, 2, 18]
    assert calls == [("one", [0, 1, 2]), ("other", [0, 1]), ("one", [9])]


def test_the_culprit_alone_fails(database) -> None:
    """The other tasks of its batch are written, each by itself."""

    def fail(connection: Connection) -> None:
        connection.execute(INSERT, {"number": -1})
        raise SystemExit("no")

    with held_up(database):
        futures = [insert(database, number) for number in (1, 2)]
        failing = [database.write(fail), insert(database, 1)]
        failing.append(database.write(lambda connection: connection.execute(BAD)))
        failing.append(database.write_merged(lambda connection, items: [], "no answer"))
        futures.append(insert(database, 3))
    assert [future.result() for future in futures] == [1, 2, 3]
    kinds = [type(future.exception()) for future in failing]
    assert kinds == [SystemExit, StoreError, StoreError, ValueError]
    assert numbers(database) == [1, 2, 3]
    insert(database, 4).result()


def test_a_swallowed_error(database) -> None:
    """If the error undid earlier writes, no caller gets a success."""

    def swallow(connection: Connection) -> None:
        try:
            connection.execute(BAD)
        except Exception:
            connection.info["swallowed"] = True

    with held_up(database):
        futures = [insert(database, 1), database.write(swallow)]
    succeeded = [future.exception() is None for future in futures]
    assert succeeded[0]
    assert numbers(database) == [1]
    if database.engine.dialect.name == "postgresql":
        with pytest.raises(StoreError, match="a job swallowed an error of the database"):
            futures[1].result()


def test_cancelled(database) -> None:
    """A task that is cancelled while it is queued is not written."""
    with held_up(database):
        futures = [insert(database, number) for number in (1, 2, 3)]
        assert futures[1].cancel()
    assert [futures[0].result(), futures[2].result()] == [1, 3]
    with held_up(database):
        assert insert(database, 4).cancel()
    assert insert(database, 5).result() == 5
    assert numbers(database) == [1, 3, 5]


def test_memory_is_bounded(database) -> None:
    """A full queue, by tasks or by bytes, refuses more at once, and loses nothing."""
    with held_up(database):
        futures = [database.write_merged(_answer, n, 1 << 20) for n in range(70)]
        refused = [future for future in futures if future.done()]
        assert len(refused) == 6
    with held_up(database):
        futures += [database.write(lambda _: None) for _ in range(Limits().max_tasks + 9)]
        refused += [future for future in futures[70:] if future.done()]
        assert len(refused) == 15
    for future in refused:
        with pytest.raises(StoreError, match="the write queue is full"):
            future.result()
    for future in set(futures) - set(refused):
        future.result()
    assert database.write_merged(_answer, 7, 1 << 30).result() == 7  # by itself anything goes


def _answer(_: Connection, items: list[int]) -> list[int]:
    return items


def test_close_writes_what_waits(database) -> None:
    """A closed store also refuses further writes."""
    with held_up(database):
        futures = [insert(database, number) for number in range(100)]
        closing = threading.Thread(target=database.close)
        closing.start()
    closing.join()
    assert [future.result() for future in futures] == list(range(100))
    database.close()
    with pytest.raises(StoreError, match="closed"):
        insert(database, 100).result()


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("", 0),
        ("sys.exit(3)", 3),
        ("os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", -2),
        ("with opened: os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", -2),
        ("opened.close(); opened.append(b'{}')", 1),
    ],
)
def test_programs_end(url, ending, status) -> None:
    """A program can end without closing the store, and with writes still queued."""
    done = subprocess.run(
        [sys.executable, "-c", f"{PROGRAM}\n{ending}", url], timeout=60, stderr=subprocess.DEVNULL
    )
    assert done.returncode == status


PROGRAM = """
import os, signal, sys, threading, time
from septet.bandwidth import open_store
opened = open_store(sys.argv[1])
futures = [opened.submit(b'[{"type": "a", "n": %d}]' % number) for number in range(2_000)]
futures[0].result()
"""
