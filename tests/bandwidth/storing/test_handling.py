"""The cursor of `on_event`, and the events before it that are left."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")

from sqlalchemy import delete, insert, select, text, update

from kept_messages import event, keep_events
from septet.bandwidth import open_store, parse_callbacks
from septet.bandwidth.storing.handling import (
    HANDLING,
    UNHANDLED,
    begin_handling,
    count_left,
    find_due,
    find_last_event,
    finish,
    take_again,
    take_new,
)
from septet.bandwidth.storing.tables import EVENTS, insert_rows, row_of_entry


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


def write(store, job, *arguments):
    return store.database.write(lambda connection: job(connection, *arguments)).result()


def execute(store, statement):
    write(store, lambda connection: connection.execute(statement))


def take(store):
    """Take new events, and return the ids of their messages."""
    last = store.database.query(find_last_event)
    return [] if last is None else [one.message_id for one in write(store, take_new, last, 100)]


def due(store):
    """Return the ids of the messages of the events that are due."""
    with store.database.read() as connection:
        ids = dict(connection.execute(select(EVENTS.c.id, EVENTS.c.message_id)).all())
        return [ids[number] for number in find_due(connection, 100)]


def age(store, seconds=1000):
    """Make all events due that are left."""
    time = datetime.now(UTC) - timedelta(seconds=seconds)
    execute(store, update(UNHANDLED).values(due_at=time))


class Uncommitted:
    """A transaction of another process that has inserted an event and is not committed."""

    def __init__(self, store, message_id):
        (entry,) = parse_callbacks(json.dumps(event(message_id)).encode())
        self._connection = store.database.engine.connect()
        insert_rows(self._connection, [row_of_entry(entry, datetime.now(UTC))])

    def commit(self):
        self._connection.commit()
        self._connection.close()


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_commits_in_another_order(postgresql, isolation) -> None:
    """An event with a lower id that another process commits later is not left out."""
    url = postgresql.create_database()
    with open_store(url) as store:
        name = store.database.name.rpartition("/")[2]
        role = f"ROLE postgres IN DATABASE {name}"
        execute(store, text(f"ALTER {role} SET default_transaction_isolation = '{isolation}'"))
    with open_store(url) as store, ThreadPoolExecutor() as pool:
        write(store, begin_handling)
        other = Uncommitted(store, "first")
        keep_events(store, event("second"))
        searching = pool.submit(store.database.query, find_last_event)
        with pytest.raises(TimeoutError):
            searching.result(0.3)
        other.commit()
        taken = write(store, take_new, searching.result(), 100)
        assert [one.message_id for one in taken] == ["first", "second"]
        assert sorted(one.number for one in taken) == [one.number for one in taken]


def test_begin_waits_for_others(postgresql) -> None:
    """The cursor is behind all events that other processes are storing at that time."""
    with open_store(postgresql.create_database()) as store, ThreadPoolExecutor() as pool:
        other = Uncommitted(store, "first")
        keep_events(store, event("second"))
        beginning = pool.submit(write, store, begin_handling)
        with pytest.raises(TimeoutError):
            beginning.result(0.3)
        other.commit()
        beginning.result()
        assert take(store) == []
        keep_events(store, event("third"))
        assert take(store) == ["third"]


def test_two_takers(postgresql) -> None:
    """If two processes believe that it is their turn, each event is taken by one of them."""
    with open_store(postgresql.create_database()) as store, ThreadPoolExecutor() as pool:
        write(store, begin_handling)
        keep_events(store, event("first"), event("second"))
        last = store.database.query(find_last_event)
        with store.database.engine.connect() as other:
            (first,) = take_new(other, last, 1)
            taking = pool.submit(write, store, take_new, last, 1)
            with pytest.raises(TimeoutError):
                taking.result(0.3)
            finish(other, [first.number])
            other.commit()
        (second,) = taking.result()
        assert (first.message_id, second.message_id) == ("first", "second")
        assert write(store, count_left) == 1
        assert take(store) == []


def test_later_events_wait(store) -> None:
    """Of a message only the first event that is left is due, and its new ones are not taken."""
    write(store, begin_handling)
    keep_events(store, event("a", "sent"), event("b"), event("a"))
    assert take(store) == ["a", "b", "a"]
    keep_events(store, event("a", "read"), event("c"))
    assert take(store) == ["c"]
    assert write(store, count_left) == 5
    age(store)
    assert due(store) == ["a", "b", "c"]
    first, *_ = store.database.query(find_due, 1)
    assert write(store, take_again, first).entry.type == "message-sent"
    assert due(store) == ["b", "c"]
    write(store, finish, [first])
    assert due(store) == ["b", "a", "c"]


def test_delays(store) -> None:
    """They double, up to five minutes."""
    write(store, begin_handling)
    keep_events(store, event("a"))
    take(store)
    delays = []
    for _ in range(12):
        age(store)
        (number,) = store.database.query(find_due, 100)
        now = datetime.now(UTC)
        write(store, take_again, number)
        with store.database.read() as connection:
            due_at = connection.scalar(select(UNHANDLED.c.due_at)).replace(tzinfo=UTC)
        delays.append(round((due_at - now).total_seconds()))
    assert delays == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]


def test_a_clock_that_is_put_back(store) -> None:
    """Events do not wait until the clock is where it was."""
    write(store, begin_handling)
    keep_events(store, event("a"), event("b"))
    take(store)
    age(store, seconds=-86_400)
    keep_events(store, event("c"))
    take(store)
    assert due(store) == ["a", "b"]
    (number, _) = store.database.query(find_due, 100)
    write(store, take_again, number)
    assert due(store) == ["b"]


def test_deleted_events(store) -> None:
    """They are no longer left."""
    write(store, begin_handling)
    keep_events(store, event("a"), event("b"))
    take(store)
    age(store)
    execute(store, delete(EVENTS).where(EVENTS.c.message_id == "a"))
    first, second = store.database.query(find_due, 100)
    assert write(store, take_again, first) is None
    assert write(store, take_again, second).message_id == "b"
    assert write(store, count_left) == 1


def test_a_store_without_a_cursor(store) -> None:
    """Nothing is taken, and events are not held back."""
    keep_events(store, event("a"))
    assert take(store) == []
    execute(store, insert(HANDLING).values(id=1, last_event=0))
    assert take(store) == ["a"]
