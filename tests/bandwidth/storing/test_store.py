"""The event store on both databases: each event once, durable, and read back unchanged."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import islice, permutations

import pytest
from hypothesis import given

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from sqlalchemy import delete

from callback_bodies import BODIES, CASES, any_bodies
from septet.bandwidth import (
    Event,
    Outcomes,
    OutcomeState,
    StoreError,
    Undecodable,
    open_store,
    parse_callbacks,
)
from septet.bandwidth.storing.tables import EVENTS

ODD_TEXTS = [
    "",
    "x" * 10_000,
    "é" * 3_000,
    "a\0b",
    "\ud83d",
    "😀",
    "sha256:" + "0" * 64,
    "\n'\"%s:a",
]


@pytest.fixture
def store(url):
    """An empty store, closed after the test."""
    with open_store(url) as store:
        yield store


def body_of(message_id: str, to: str = "+12025550100", kind: str = "sent", **fields) -> bytes:
    """Return a body with one event."""
    message = {"id": message_id, "to": [to], "direction": "out"}
    return json.dumps([{"type": f"message-{kind}", "to": to, "message": message} | fields]).encode()


def entries_of(bodies: list[bytes]) -> list[Event | Undecodable]:
    """Return the entries of bodies, without repeated bytes."""
    entries: dict[bytes, Event | Undecodable] = {}
    for body in bodies:
        for entry in parse_callbacks(body):
            entries.setdefault(entry.raw, entry)
    return list(entries.values())


def stored(store) -> list[Event | Undecodable]:
    return [record.entry for record in store.records()]


class TestAppend:
    def test_new_once(self, store) -> None:
        """An event that is stored already is in `entries`, but not in `new`."""
        known = set()
        for body in BODIES:
            entries = tuple(parse_callbacks(body))
            appended = store.append(body)
            assert appended.entries == entries
            assert appended.new == tuple(entry for entry in entries if entry.raw not in known)
            known.update(entry.raw for entry in entries)
            assert store.append(body).new == ()

    def test_new_once_among_those_that_wait(self, store) -> None:
        """Also if one batch has the same body several times, or an event twice."""
        body = b'[{"type": "a"}, {"type": "b"}, null, {"type": "a"}]'
        futures = [store.submit(body) for _ in range(9)]
        assert [entry.raw for future in futures for entry in future.result().new] == [
            b'{"type": "a"}',
            b'{"type": "b"}',
            b"null",
        ]

    def test_nothing_in_it(self, store) -> None:
        """An empty array has no entries."""
        appended = store.append(b"[]")
        assert (appended.entries, appended.new, stored(store)) == ((), (), [])

    def test_any_body(self, store) -> None:
        """All entries of any body are stored unchanged and in order."""
        bodies = []

        @given(any_bodies)
        def append(body: bytes) -> None:
            bodies.append(body)
            assert store.append(body).entries == tuple(parse_callbacks(body))

        append()
        assert [entry.raw for entry in stored(store)] == [e.raw for e in entries_of(bodies)]
        assert set(store.events()) == {e for e in entries_of(bodies) if isinstance(e, Event)}

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: ascii(text[:9]))
    def test_odd_keys(self, store, text) -> None:
        """Events are found by texts that a database cannot hold or index."""
        bodies = [body_of(text, text, text), body_of(text + "+", "+1"), body_of("1", text)]
        for body in bodies:
            assert len(store.append(body).new) == 1
            assert store.append(body).new == ()
        assert stored(store) == entries_of(bodies)
        assert list(store.events(text)) == (entries_of(bodies[:1]) if text else [])
        assert store.outcome("1", text).state is OutcomeState.SENT

    def test_large_bodies(self, store) -> None:
        """More entries than one statement can insert, and an entry of a megabyte."""
        body = b"[%s]" % b",".join(b"%d" % number for number in range(5_000))
        assert len(store.append(body).new) == 5_000
        assert len(store.append(body_of("1", text="x" * 1_000_000)).new) == 1
        assert stored(store)[:5_000] == parse_callbacks(body)

    def test_two_at_once(self, url) -> None:
        """Of two stores on one database, exactly one reports each event as new."""
        new = []
        with open_store(url) as one, open_store(url) as other:

            def append(store, numbers) -> None:
                for number in numbers:
                    new.extend(store.append(body_of(f"{number}")).new)

            threads = [
                threading.Thread(target=append, args=(store, numbers))
                for store in (one, other)
                for numbers in (range(100), reversed(range(100)))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len(new) == len(set(new)) == one.event_count() == 100


class TestReading:
    def test_in_the_order_of_arrival(self, store) -> None:
        """Each record has its time of arrival."""
        started = datetime.now(UTC)
        bodies = random.Random(5).sample(BODIES, len(BODIES))
        for body in bodies:
            store.append(body)
            store.append(b"no json")
        records = list(store.records())
        assert [record.entry for record in records] == entries_of(
            [body for each in bodies for body in (each, b"no json")]
        )
        times = [started, *(record.received_at for record in records), datetime.now(UTC)]
        assert times == sorted(times)
        assert {time.utcoffset() for time in times} == {timedelta(0)}
        numbers = [record.number for record in records]
        assert numbers == sorted(set(numbers))

    def test_of_one_message(self, store) -> None:
        """Only the events of the message are returned."""
        for body in BODIES:
            store.append(body)
        events = [entry for entry in entries_of(BODIES) if isinstance(entry, Event)]
        for message_id in {event.message_id for event in events}:
            expected = [event for event in events if event.message_id == message_id]
            assert list(store.events(message_id)) == expected
            assert store.event_count(message_id) == len(expected)
        assert list(store.events("none")) == []
        assert store.event_count("none") == 0

    def test_undecodable(self, store) -> None:
        """Bytes and reason are stored, once; an entry that is an array is not split."""
        bodies = [b'[[{"type": "a"}]]', b"\xff", b"[NaN]", b"", b'[{"type": "a"}, 7]', b"\xff"]
        for body in bodies:
            store.append(body)
        expected = [entry for entry in entries_of(bodies) if isinstance(entry, Undecodable)]
        assert list(store.undecodable()) == expected
        assert [entry.raw for entry in expected] == [
            b'[{"type": "a"}]', b"\xff", b"[NaN]", b"", b"7"
        ]  # fmt: skip
        assert (store.undecodable_count(), store.event_count()) == (5, 1)

    def test_a_duplicate_that_differs(self, store) -> None:
        """It is stored, and `differs` shows it."""
        for body in (
            body_of("1"),
            body_of("1", time="2026-11-04T09:10:05Z"),
            body_of("1", to="+1"),
            body_of("1", kind="failed"),
            body_of("2"),
            body_of("1"),
            b'[{"type": "a", "n": 1}, {"type": "a", "n": 2}, null, true]',
        ):
            store.append(body)
        differs = [record.differs for record in store.records()]
        assert differs == [False, True] + [False] * 7

    def test_appending_while_reading(self, store) -> None:
        """A reader sees the state at its start, and blocks no writer."""
        for number in range(300):
            store.append(body_of(f"{number}"))
        for number, _ in enumerate(store.events(), 300):
            if number < 310:
                store.append(body_of(f"{number}"))
        assert store.event_count() == 310
        assert number == 599

    @pytest.mark.skipif(sys.platform != "linux", reason="reads the highest memory from /proc")
    def test_memory(self, store, url) -> None:
        """Memory use does not grow with the number of events read."""
        for number in range(300):
            text = random.Random(number).randbytes(125_000).hex()
            store.append(body_of(f"{number}", text=text))
        done = subprocess.run(
            [sys.executable, "-c", READING, url], capture_output=True, text=True, check=True
        )
        counts, octets = done.stdout.splitlines()
        assert counts == "300 300 300"
        assert int(octets) < 100_000_000  # all at once would take 150 MB

    def test_readers_that_do_not_end(self, store) -> None:
        """Any number of readers does not block the writer."""
        for number in range(300):
            store.append(body_of(f"{number}"))
        readers = [store.events() for _ in range(40)]
        for reader in readers:
            next(reader)
        store.append(body_of("300"))
        assert store.event_count() == 301
        for reader in readers:
            reader.close()


class TestOutcomes:
    @pytest.mark.parametrize("orders", [2, pytest.param(24, marks=pytest.mark.slow)])
    @pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
    def test_every_order_of_arrival(self, store, case, orders) -> None:
        """Each permutation of the bodies, with any of them twice, gives the documented outcomes."""
        for bodies in islice(permutations(case.bodies), orders):
            for body in (*bodies, bodies[0], *bodies):
                store.append(body)
            found = {}
            for message_id in {event.message_id for event in store.events()}:
                found |= store.outcomes(message_id)
            assert {
                to: f"{o.state} {o.error_code or ''}".strip() + " !" * bool(o.conflict)
                for (_, to), o in found.items()
            } == case.outcomes
            for key, outcome in found.items():
                assert store.outcome(*key) == outcome
            assert dict(store.all_outcomes()) == found
            store.database.write(lambda database: database.execute(delete(EVENTS))).result()

    def test_unknown(self, store) -> None:
        """A message or recipient without an event has no outcome."""
        store.append(body_of("1"))
        for key in (("1", "+1"), ("2", "+12025550100"), ("", "")):
            with pytest.raises(KeyError):
                store.outcome(*key)
        assert store.outcomes("2") == Outcomes()

    def test_of_all_messages(self, store) -> None:
        """Outcomes are grouped by message, even if the events arrive mixed."""
        bodies = [
            body_of(message_id, to, kind, time=f"2026-11-04T09:10:0{second}Z")
            for message_id in [*map(str, range(40)), *ODD_TEXTS[1:], ODD_TEXTS[1] + "x"]
            for to in ("+1", "+2")
            for second, kind in enumerate(("sending", "sent", "delivered"))
        ]
        for body in random.Random(5).sample(bodies, len(bodies)):
            store.append(body)
        store.append(b'[{"type": "message-sent", "to": "+1"}, null]')
        expected = Outcomes(entry for body in bodies for entry in parse_callbacks(body))
        outcomes = list(store.all_outcomes())
        assert dict(outcomes) == expected
        assert all(key == (o.message_id, o.to) for key, o in outcomes)
        assert len(outcomes) == len(expected)

    def test_export(self, store, tmp_path) -> None:
        """The file has all outcomes."""
        for body in BODIES:
            store.append(body)
        path = tmp_path / "outcomes.csv"
        assert store.export(path) == len(Outcomes(entries_of(BODIES)))
        assert len(path.read_text("utf-8").splitlines()) == len(Outcomes(entries_of(BODIES))) + 1


class TestEnds:
    def test_closed(self, url) -> None:
        """A closed store raises an error, and its events are there when it is opened again."""
        with open_store(url) as store:
            future = store.submit(body_of("1"))
        assert len(future.result().new) == 1
        with pytest.raises(StoreError, match="closed"):
            store.append(body_of("2"))
        with pytest.raises(StoreError, match="closed"):
            store.ping()
        with open_store(url, create=False) as store:
            assert [event.message_id for event in store.events()] == ["1"]

    @pytest.mark.slow
    def test_killed(self, url) -> None:
        """An acknowledged event is stored, once, whenever the process is killed."""
        acknowledged = []
        for round_number in range(3):
            command = [sys.executable, "-c", APPENDING, url, str(round_number)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                acknowledged.append(process.stdout.readline().strip())
                time.sleep(random.uniform(0, 0.3))
                process.kill()
                acknowledged += re.findall(r"(\S+)\n", process.stdout.read())
        with open_store(url) as store:
            there = [event.message_id for event in store.events()]
        assert len(there) == len(set(there))
        assert set(acknowledged) <= set(there)


READING = """
import sys
from pathlib import Path
from septet.bandwidth import open_store
def highest():
    (line,) = (l for l in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in l)
    return int(line.split()[1]) * 1024
with open_store(sys.argv[1]) as store:
    before = highest()
    readers = (store.events, store.records, store.all_outcomes)
    print(*(sum(1 for _ in reader()) for reader in readers))
    print(highest() - before)
"""
APPENDING = """
import sys, threading
from septet.bandwidth import open_store
store = open_store(sys.argv[1])
lock = threading.Lock()
def append(thread):
    number = 0
    while True:
        number += 1
        name = f"{sys.argv[2]}-{thread}-{number}"
        body = b'[{"type": "message-sent", "message": {"id": "%s"}}]' % name.encode()
        for event in store.append(body).new:
            with lock:
                print(event.message_id, flush=True)
for thread in range(8):
    threading.Thread(target=append, args=(thread,)).start()
"""
