"""Measure durable events a second in a store: `python benchmarks/store.py [URL] [--events N]`.

Callbacks with one event of about 500 octets, all different. With one request in flight, each waits
for its own commit; with 64 and 1,000, they are committed in groups, from a thread and from asyncio.
For comparison, the same rows are written with one `INSERT` and one commit each, as in a program
without a writer thread. All ways take turns. Prints the medians of the rounds.

Without a URL the store is an SQLite file in a temporary folder. With `--events 10_000_000`, it is
filled with as many events first, what reads it is measured too (`stored_events.py`), and after all
that, deleting old events. An SQLite file then takes about 0.9 GB for a million events.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

from septet.bandwidth import EventStore, open_store, parse_callbacks
from septet.bandwidth.storing.tables import insert_rows, row_of_entry
from stored_events import fill, measure_pruning, measure_reading

_BODY = """[{"type": "message-delivered", "time": "2026-11-04T09:10:05.000Z", "to": "+1312%07d",
"description": "Message delivered to carrier", "message": {"id": "%d", "owner": "+12025550100",
"applicationId": "5d1b7c0e-2f44-4a6b-9c1d-0a5e55501001", "time": "2026-11-04T09:10:00.000Z",
"segmentCount": 1, "direction": "out", "to": ["+1312%07d"], "from": "+12025550100", "text": "",
"tag": "order-1001", "priority": "default"}}]"""


def _one_by_one(store: EventStore, bodies: list[bytes]) -> None:
    for body in bodies:
        store.append(body)


def _single_inserts(store: EventStore, bodies: list[bytes]) -> None:
    for body in bodies:
        rows = [row_of_entry(entry, datetime.now(UTC)) for entry in parse_callbacks(body)]
        with store.database.engine.begin() as connection:
            insert_rows(connection, rows)


def _in_flight(number: int) -> Callable[[EventStore, list[bytes]], None]:
    def run(store: EventStore, bodies: list[bytes]) -> None:
        free = threading.Semaphore(number)
        for body in bodies:
            free.acquire()
            store.submit(body).add_done_callback(lambda _: free.release())
        for _ in range(number):
            free.acquire()

    return run


def _in_asyncio(number: int) -> Callable[[EventStore, list[bytes]], None]:
    async def work(store: EventStore, bodies: Iterator[bytes]) -> None:
        for body in bodies:
            await asyncio.wrap_future(store.submit(body))

    async def run(store: EventStore, bodies: list[bytes]) -> None:
        waiting = iter(bodies)
        await asyncio.gather(*(work(store, waiting) for _ in range(number)))

    return lambda store, bodies: asyncio.run(run(store, bodies))


_WAYS: dict[str, tuple[int, Callable[[EventStore, list[bytes]], None]]] = {
    "one INSERT and commit each": (2_000, _single_inserts),
    "append, 1 in flight": (2_000, _one_by_one),
    "submit, 64 in flight": (20_000, _in_flight(64)),
    "submit, 64 in flight, asyncio": (20_000, _in_asyncio(64)),
    "submit, 1,000 in flight": (20_000, _in_flight(1_000)),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="?", help="URL of the store")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--events", type=int, default=0, help="fill the store with them first")
    parser.add_argument("--plans", action="store_true", help="show the plans of the queries")
    arguments = parser.parse_args()
    numbers = count(time.time_ns())
    rates: dict[str, list[float]] = {way: [] for way in _WAYS}
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(arguments.url or f"{folder}/events.db") as store,
    ):
        if arguments.events:
            if store.event_count() < arguments.events:
                fill(store, arguments.events)
            measure_reading(store, arguments.plans)
        for _ in range(arguments.rounds):
            for way, (size, run) in _WAYS.items():
                ids = [next(numbers) for _ in range(size)]
                bodies = [(_BODY % (i % 10**7, i, i % 10**7)).encode() for i in ids]
                started = time.perf_counter()
                run(store, bodies)
                rates[way].append(size / (time.perf_counter() - started))
        if arguments.events:
            measure_pruning(store)
        name = store.database.engine.dialect.name
    print(f"Python {platform.python_version()}, {platform.machine()}, {name}; events a second")
    for way, measured in rates.items():
        print(f"{way:32}{statistics.median(measured):8,.0f}")


if __name__ == "__main__":
    main()
