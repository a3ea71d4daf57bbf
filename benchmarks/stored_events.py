"""A store with millions of events: filling it, reading it, deleting from it.

Each message has two events of about 600 bytes, which arrive 100 events apart, over 90 days. As at
Bandwidth, message ids begin with a time, so that neighbours in time are neighbours in the index.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, event, text, update

from septet.bandwidth import EventStore
from septet.bandwidth.storing.handling import (
    HANDLING,
    UNHANDLED,
    begin_handling,
    find_last_event,
    finish,
    take_new,
)

_FIRST_DAY = datetime(2026, 8, 1, tzinfo=UTC)
_DAYS = 90
_CHUNK = 100_000

_BODY = (
    '{"time":"2026-08-01T09:15:00.400Z","type":"TYPE","to":"TO","description":"Message delivered to'
    ' carrier.","message":{"id":"ID","owner":"+12025550100","applicationId":"5d1b7c0e-2f44-4a6b-9c1'
    'd-0a5e55501001","time":"2026-08-01T09:14:58.106Z","segmentCount":1,"direction":"out","to":["TO'
    '"],"from":"+12025550100","text":"","media":[],"tag":"campaign-2026-08-autumn-1","priority":"de'
    'fault","channel":"sms"},"carrierName":"A carrier with a name","messageSize":1,"destination":{"'
    'country":"USA","network":"310-260"},"feeCount":1,"referenceId":"0a5e5550-7d5e-4e0f-a1b2-5d1b7c'
    '0e2f44"}'
)

# The number of an event is n, that of its message m.
_NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS"
    " (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last)",
    "postgresql": "WITH numbers AS (SELECT generate_series(CAST(:first AS bigint), :last) AS n)",
}
_TIMES = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', :start + n * CAST(:step AS REAL) / 86400)",
    "postgresql": "CAST(:start AS timestamptz) + n * :step * interval '1 second'",
}
_BYTES = {"sqlite": "CAST(body AS BLOB)", "postgresql": "convert_to(body, 'UTF8')"}
_ID = "CAST(1785542400000 + m * 1553 AS text) || 'iyvqkdh2wpxo'"
_FILL = """
INSERT INTO events (received_at, message_id, recipient, type, digest, raw)
{numbers},
messages AS (
    SELECT n, CASE n % 2 WHEN 0 THEN n / 2 ELSE (n - 101) / 2 END AS m FROM numbers
),
keys AS (
    SELECT n, {id} AS id, '+1' || CAST(2025550000 + m * 7919 % 7000000 AS text) AS recipient,
    CASE n % 2 WHEN 0 THEN 'message-sent' ELSE 'message-delivered' END AS type
    FROM messages
),
bodies AS (
    SELECT n, id, recipient, type,
    replace(replace(replace(:body, 'TYPE', type), 'ID', id), 'TO', recipient) AS body FROM keys
)
SELECT {time}, id, recipient, type, sha256({bytes}), {bytes} FROM bodies ORDER BY n
"""


def fill(store: EventStore, event_count: int) -> None:
    """Add events by SQL."""
    engine = store.database.engine
    dialect = engine.dialect.name
    step = _DAYS * 86400 / event_count
    start: Any = _FIRST_DAY
    if dialect == "sqlite":
        start = _FIRST_DAY.timestamp() / 86400 + 2440587.5  # the Julian day
    statement = _FILL.format(
        numbers=_NUMBERS[dialect], id=_ID, time=_TIMES[dialect], bytes=_BYTES[dialect]
    )
    started = time.perf_counter()
    for first in range(0, event_count, _CHUNK):
        last = min(first + _CHUNK, event_count) - 1
        values = {"first": first, "last": last, "start": start, "step": step, "body": _BODY}
        with engine.connect().execution_options(writes=True) as connection:
            if dialect == "sqlite":
                driver: Any = connection.connection.driver_connection
                driver.create_function("sha256", 1, _sha256, deterministic=True)
            connection.execute(text(statement), values)
            connection.commit()
    if dialect == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE events"))
    print(f"filled with {event_count:,} events in {time.perf_counter() - started:.0f} s")


def _sha256(body: bytes) -> bytes:
    return sha256(body).digest()


def measure_reading(store: EventStore, shows_plans: bool) -> None:
    """Measure and print what reads the store, and what is written for one event."""
    count = store.event_count()
    ids = [_id_of(count // 2 * part // 20) for part in range(1, 20)]
    for name, work in {
        "outcomes(id)": _median(lambda number: len(store.outcomes(ids[number]))),
        "all_outcomes(), first": lambda: next(store.all_outcomes()),
        "all_outcomes(), 100,000": lambda: _count(store.all_outcomes()),
        "messages(), first": lambda: next(store.messages()),
        "messages(), 100,000": lambda: _count(store.messages()),
        "records(), first": lambda: next(store.records()),
        "records(), 100,000": lambda: _count(store.records()),
        "event_count()": store.event_count,
        "undecodable_count()": store.undecodable_count,
        "on_event, nothing new": _median(lambda _: _take(store), lambda: _set_cursor(store, count)),
        "on_event, 100 events": _median(
            lambda _: _take(store), lambda: _set_cursor(store, count // 2)
        ),
        "append, stored already": _median(lambda number: store.append(_body_of(number))),
        "append, new": _median(lambda number: store.append(_body_of(number, "new"))),
        "ping()": _median(lambda _: store.ping()),
    }.items():
        statements: list[tuple[str, Any]] = []
        with _noting(store, statements):
            started, used = time.perf_counter(), time.process_time()
            seconds = work()
        used = time.process_time() - used
        if isinstance(seconds, float):  # the median of several times
            print(f"{name:28}{seconds * 1000:12,.1f} ms")
        else:
            seconds = time.perf_counter() - started
            print(f"{name:28}{seconds * 1000:12,.1f} ms ({used * 1000:,.1f} ms of CPU time)")
        if shows_plans:
            _show_plans(store, statements)


def _id_of(message: int) -> str:
    return f"{1785542400000 + message * 1553}iyvqkdh2wpxo"


def _body_of(message: int, tag: str = "") -> bytes:
    to = f"+1{2025550000 + message * 7919 % 7000000}"
    values = {"TYPE": "message-sent", "ID": _id_of(message), "TO": to}
    body = _BODY
    for name, value in values.items():
        body = body.replace(name, value)
    return (body.replace("310-260", str(time.time_ns())) if tag else body).encode()


def _median(
    work: Callable[[int], object], prepare: Callable[[], None] = lambda: None
) -> Callable[[], float]:
    """Return a function that works several times, and returns the median of the seconds."""

    def run() -> float:
        measured = []
        for number in range(15):
            prepare()
            started = time.perf_counter()
            work(number)
            measured.append(time.perf_counter() - started)
        return statistics.median(measured)

    return run


def _count(items: Iterator[object]) -> int:
    return sum(1 for _ in islice(items, 100_000))


def _set_cursor(store: EventStore, number: int) -> None:
    """Set the cursor of `on_event` to the event with a number."""

    def job(connection: Connection) -> None:
        begin_handling(connection)
        connection.execute(update(HANDLING).values(last_event=number))
        connection.execute(delete(UNHANDLED))

    store.database.write(job).result()


def _take(store: EventStore) -> None:
    """Do what `on_event` needs for its next 100 events, without calling it."""
    last = store.database.query(find_last_event)
    if last is not None:
        taken = store.database.write(lambda c: take_new(c, last, 100)).result()
        store.database.write(lambda c: finish(c, [one.number for one in taken])).result()


@contextmanager
def _noting(store: EventStore, statements: list[tuple[str, Any]]) -> Iterator[None]:
    """Note the different statements that are executed."""

    def note(
        connection: Connection, cursor: object, statement: str, parameters: Any, *_: object
    ) -> None:
        if statement not in (seen for seen, _ in statements):
            statements.append((statement, parameters))

    event.listen(store.database.engine, "before_cursor_execute", note)
    yield
    event.remove(store.database.engine, "before_cursor_execute", note)


def _show_plans(store: EventStore, statements: list[tuple[str, Any]]) -> None:
    is_sqlite = store.database.engine.dialect.name == "sqlite"
    with store.database.read() as connection:
        for statement, parameters in statements:
            if not statement.startswith(("SELECT", "INSERT INTO events", "DELETE", "UPDATE")):
                continue
            # PostgreSQL plans a query that is read in parts as for a cursor.
            is_cursor = statement.startswith("SELECT") and not is_sqlite
            explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            explain += "DECLARE plan CURSOR FOR " if is_cursor else ""
            rows = connection.exec_driver_sql(explain + statement, parameters).all()
            print(f"  {' '.join(statement.split())[:110]}")
            for row in rows:
                print(f"    {row[-1]}")


_APPENDING = """
import sys, time
from septet.bandwidth import StoreError, open_store
waited = []
with open_store(sys.argv[1]) as store:
    print("ready", flush=True)
    end = time.monotonic() + 10
    errors = 0
    while time.monotonic() < end:
        started = time.perf_counter()
        body = b'[{"type": "message-sent", "message": {"id": "%d"}}]' % time.time_ns()
        try:
            store.append(body)
        except StoreError:
            errors += 1
        waited.append(time.perf_counter() - started)
        time.sleep(0.01)
waited.sort()
print(f"{1000 * waited[len(waited) // 2]:.1f} ms in the median, {1000 * waited[-1]:.0f} ms at most,"
      f" {errors} errors")
"""


def measure_pruning(store: EventStore) -> None:
    """Measure and print how fast old events are deleted, while another process appends."""
    url = store.database.engine.url.render_as_string(hide_password=False)
    count = store.event_count()
    _set_cursor(store, 2 * count)
    days = _DAYS * 200_000 / count  # for about 200,000 events
    _prune(store, days, dry_run=True)
    _prune(store, days)
    appending = subprocess.Popen(
        [sys.executable, "-c", _APPENDING, url], stdout=subprocess.PIPE, text=True
    )
    assert appending.stdout is not None
    appending.stdout.readline()
    _prune(store, days * 2)
    print("append of another process meanwhile:", appending.communicate()[0].strip())


def _prune(store: EventStore, days: float, dry_run: bool = False) -> None:
    started, used = time.perf_counter(), time.process_time()
    pruned = store.prune(_FIRST_DAY + timedelta(days=days), dry_run=dry_run)
    seconds, used = time.perf_counter() - started, time.process_time() - used
    kind = "prune(dry_run=True)" if dry_run else "prune()"
    print(f"{kind:28}{pruned.event_count:10,} events in {seconds:.1f} s ({used:.1f} s of CPU time)")
