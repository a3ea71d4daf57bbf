"""The outbox on both databases and over real sockets: none twice, none lost, whatever breaks."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from septet.bandwidth import (
    Client,
    Message,
    Outbox,
    OutboxState,
    StoreError,
    UnauthorizedError,
    open_store,
)
from septet.bandwidth.outbox import pace

FAST = 1e6  # segments a second


def messages(count: int, first: int = 0) -> list[Message]:
    return [
        Message("app", "+12025550100", "+13125550140", f"message {number}")
        for number in range(first, first + count)
    ]


def texts(service: Service) -> Counter[str]:
    """Return how often each text has arrived."""
    return Counter(received.json["text"] for received in service.received)


def only(outbox: Outbox) -> dict[str, int]:
    """Return the counts that are not 0."""
    return {state.value: count for state, count in outbox.counts().items() if count}


@pytest.fixture
def store(url):
    """A store that is closed afterwards."""
    with open_store(url) as store:
        yield store


@pytest.fixture
def outbox(store, monkeypatch):
    """Make an outbox before a service, with pauses of no length to speak of."""
    monkeypatch.setattr(pace, "_FIRST_PAUSE", 1e-3)
    monkeypatch.setattr(pace, "_LONGEST_PAUSE", 1e-3)
    clients = []

    def make(service, **options):
        options = {"url": service.url, "tries": 1, "timeout": 10.0} | options
        clients.append(Client("9900000", username="ann", password="hush", **options))
        return Outbox(store, clients[-1])

    yield make
    for client in clients:
        client.close()


class TestAdd:
    def test_many(self, outbox) -> None:
        """Durable at once, in their order, and nothing is sent."""
        with Service(answer()) as service:
            ours = outbox(service)
            ids = ours.add(messages(3000))
            assert ids == sorted(set(ids))
            assert only(ours) == {"queued": 3000}
            entries = list(ours.entries())
            assert [entry.id for entry in entries] == ids
            assert [entry.message for entry in entries] == messages(3000)
            assert service.connections == 0

    def test_none(self, outbox) -> None:
        """Nothing to add, and nothing to send."""
        with Service(answer()) as service:
            ours = outbox(service)
            assert ours.add([]) == []
            assert ours.add([], batch="a") == []
            ours.run(FAST)
            assert only(ours) == {}

    def test_all_or_none(self, outbox) -> None:
        """What cannot be counted to the end is not begun with."""

        def broken():
            yield from messages(3)
            raise OSError

        with Service(answer()) as service:
            ours = outbox(service)
            with pytest.raises(OSError):  # noqa: PT011
                ours.add(broken())
            assert only(ours) == {}

    def test_a_batch_once(self, outbox) -> None:
        """A program that does not know whether it has added may do so again."""
        with Service(answer()) as service:
            ours = outbox(service)
            ids = ours.add(messages(3), batch="reminder")
            assert ours.add(messages(3), batch="reminder") == ids
            with pytest.raises(ValueError, match="'reminder' is there with other messages"):
                ours.add(messages(4), batch="reminder")
            assert ours.add(messages(3), batch="other") != ids
            assert len(ours.add(messages(3))) == len(ours.add(messages(3))) == 3
            assert only(ours) == {"queued": 12}

    def test_a_batch_by_many(self, outbox) -> None:
        """Whoever comes first adds it."""
        with Service(answer()) as service, ThreadPoolExecutor(8) as pool:
            ours = outbox(service)
            found = pool.map(lambda _: ours.add(messages(50), batch="a"), range(8))
            assert len({tuple(ids) for ids in found}) == 1
            assert only(ours) == {"queued": 50}


class TestRun:
    def test_all(self, outbox) -> None:
        """Each once, with what the provider answered."""
        told = []
        with Service(answer(202, {"id": "17"})) as service:
            ours = outbox(service)
            ids = ours.add(messages(50))
            ours.run(FAST, on_entry=told.append)
            assert texts(service) == dict.fromkeys((f"message {n}" for n in range(50)), 1)
        entries = list(ours.entries())
        assert {entry.state for entry in entries} == {OutboxState.ACCEPTED}
        assert {entry.message_id for entry in entries} == {"17"}
        assert {(entry.status, entry.answer) for entry in entries} == {(202, b'{"id": "17"}')}
        assert sorted(told, key=lambda entry: entry.id) == entries
        assert sorted(entry.id for entry in told) == ids
        assert only(ours) == {"accepted": 50}

    @pytest.mark.parametrize("name", ["a\0b", "\ud83d", "é", "", 17, "x" * 9999])
    def test_odd_ids(self, outbox, name) -> None:
        """What a database may not hold stays in the answer, and the message is accepted."""
        with Service(answer(202, {"id": name})) as service:
            ours = outbox(service)
            ours.add(messages(1))
            ours.run(FAST)
        (entry,) = ours.entries(OutboxState.ACCEPTED)
        assert entry.message_id is None
        assert entry.answer.startswith(b'{"id":')

    def test_in_order(self, outbox) -> None:
        """The first added is the first begun."""
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add(messages(20))
            ours.run(FAST, workers=1)
            arrived = [received.json["text"] for received in service.received]
        assert arrived == [f"message {number}" for number in range(20)]

    def test_more_than_is_read_at_once(self, outbox, monkeypatch) -> None:
        """Memory does not grow with what waits."""
        from septet.bandwidth.outbox import runner

        monkeypatch.setattr(runner, "_MOST_READ", 7)
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add(messages(50))
            ours.run(FAST)
            assert texts(service).total() == 50
        assert only(ours) == {"accepted": 50}

    def test_as_many_at_once_as_wanted(self, outbox) -> None:
        """Workers wait for the provider together, and no more of them than asked for."""
        together = threading.Barrier(4)
        most = threading.Semaphore(4)

        def reply(service, connection):
            assert most.acquire(blocking=False)
            together.wait(10)
            most.release()
            return answer()(service, connection)

        with Service(reply) as service:
            ours = outbox(service)
            ours.add(messages(12))
            ours.run(FAST, workers=4)
        assert only(ours) == {"accepted": 12}

    def test_rate(self, outbox, monkeypatch) -> None:
        """Segments a second, by a clock that only waiting moves."""
        from septet.bandwidth.outbox import runner

        now, begun = [0.0], []
        monkeypatch.setattr(pace, "monotonic", lambda: now[0])
        listen = runner.Runner._listen

        def leap(self, seconds):
            if seconds:
                now[0] += seconds
            else:
                listen(self, seconds)

        monkeypatch.setattr(runner.Runner, "_listen", leap)
        take = pace.Pace.take
        monkeypatch.setattr(pace.Pace, "take", lambda *a: begun.append(now[0]) or take(*a))
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add([Message("app", "+1202555", "+1312555", "x" * n) for n in (1, 161, 1)])
            ours.run(0.5)
        assert begun == [0, 2, 6]

    def test_stop(self, outbox) -> None:
        """What is under way is finished, and the rest waits."""
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add(messages(50))
            ours.run(FAST, workers=1, on_entry=lambda entry: ours.stop())
            assert texts(service).total() == 1
            assert only(ours) == {"accepted": 1, "queued": 49}
            ours.run(FAST)
        assert only(ours) == {"accepted": 50}

    def test_an_error_of_the_caller(self, outbox) -> None:
        """It ends the run, and loses nothing."""
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add(messages(20))
            with pytest.raises(ZeroDivisionError):
                ours.run(FAST, workers=4, on_entry=lambda entry: 1 / 0)
            assert only(ours) == {
                "accepted": texts(service).total(),
                "queued": 20 - texts(service).total(),
            }

    @pytest.mark.parametrize("options", [{"rate": 0}, {"rate": 1, "workers": 0}])
    def test_wrong_options(self, outbox, options) -> None:
        """They are told at once."""
        with Service(answer()) as service, pytest.raises(ValueError, match="must be"):
            outbox(service).run(**options)


class TestErrors:
    def test_refused(self, outbox) -> None:
        """The message ends there, with the provider's words; the others go on."""
        body = b'{"type": "request-validation", "description": "nul \\u0000 \\ud83d"}'
        with Service(answer(), answer(400, body), answer()) as service:
            ours = outbox(service)
            ours.add(messages(3))
            ours.run(FAST, workers=1)
            assert texts(service).total() == 3
        (entry,) = ours.entries(OutboxState.REFUSED)
        assert (entry.status, entry.answer) == (400, body)
        assert entry.reason.startswith("HTTP 400 request-validation; nul ")
        assert only(ours) == {"accepted": 2, "refused": 1}

    def test_queue_is_full(self, outbox) -> None:
        """What was not taken waits, and comes once."""
        replies = [answer(429), answer(), answer(429), answer(429, Retry_After="0"), answer()]
        with Service(*replies) as service:
            ours = outbox(service)
            ours.add(messages(6))
            ours.run(FAST, workers=2)
            assert texts(service).total() == 9
        assert only(ours) == {"accepted": 6}
        assert sum(entry.attempt_count for entry in ours.entries()) == 9

    def test_pauses(self, outbox, monkeypatch) -> None:
        """What would befall the next as well lets all wait, at least as long as is asked for."""
        pauses = []
        monkeypatch.setattr(pace.Pace, "pause", lambda self, turn, seconds: pauses.append(seconds))
        replies = [answer(429, Retry_After="7"), raw(b""), answer(500), answer(400), answer()]
        with Service(*replies) as service:
            ours = outbox(service)
            ours.add(messages(5))
            ours.run(FAST, workers=1)
        assert pauses == [7, 0, 0]

    def test_nobody_is_there(self, outbox) -> None:
        """It goes on trying until it is stopped."""
        with Service(answer()) as service:
            pass
        ours = outbox(service)
        ours.add(messages(2))
        told = []

        def tell(entry):
            told.append(entry)
            if len(told) == 5:
                ours.stop()

        ours.run(FAST, workers=1, on_entry=tell)
        assert only(ours) == {"queued": 2}
        assert {entry.state for entry in told} == {OutboxState.QUEUED}
        assert all("ConnectError" in entry.reason for entry in told)

    def test_unknown(self, outbox) -> None:
        """It is set aside, and the others go on."""
        with Service(answer(), raw(b""), answer(502, b"<html>"), answer()) as service:
            ours = outbox(service)
            ours.add(messages(4))
            ours.run(FAST, workers=1)
            ours.run(FAST, workers=1)
            assert set(texts(service).values()) == {1}
        assert only(ours) == {"accepted": 2, "unknown": 2}
        broken, gateway = ours.unknown()
        assert (broken.status, broken.answer) == (None, b"")
        assert "do not simply send it again" in broken.reason
        assert (gateway.status, gateway.answer) == (502, b"<html>")

    @pytest.mark.parametrize("status", [401, 403, 404, 415])
    def test_no_message_would_be_taken(self, outbox, status) -> None:
        """A wrong password does not refuse a campaign."""
        with Service(answer(status)) as service:
            ours = outbox(service)
            ours.add(messages(20))
            with pytest.raises(Exception, match=f"HTTP {status}") as caught:
                ours.run(FAST, workers=2)
            assert isinstance(caught.value, UnauthorizedError) == (status in (401, 403))
            assert only(ours) == {"queued": 20}
            assert texts(service).total() <= 4

    def test_fault_of_the_provider(self, outbox) -> None:
        """A message that it always stumbles over does not hold up the others for ever."""

        def reply(service, connection):
            is_bad = service.received[-1].json["text"] == "message 1"
            return answer(500 if is_bad else 202)(service, connection)

        with Service(reply) as service:
            ours = outbox(service)
            ours.add(messages(3))
            ours.run(FAST, workers=1)
            assert texts(service) == {"message 0": 1, "message 1": 5, "message 2": 1}
        assert only(ours) == {"accepted": 2, "refused": 1}

    def test_closed_client(self, outbox) -> None:
        """What the library raises is no reason to send again."""
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add(messages(3))
            ours._client.close()
            with pytest.raises(RuntimeError, match="closed"):
                ours.run(FAST, workers=1)
        assert only(ours) == {"queued": 2, "unknown": 1}

    @pytest.mark.parametrize(("failures", "state"), [(2, "accepted"), (3, "sending")])
    def test_database_stumbles(self, outbox, store, monkeypatch, failures, state) -> None:
        """What the provider has said is written down as soon as that can be."""
        from septet.bandwidth.outbox import runner

        monkeypatch.setattr(runner, "_SECONDS_UNTIL_WRITTEN_AGAIN", (0, 0))
        write, left = store.database.write, [failures]

        def stumble(job):
            if getattr(job, "func", None) is runner.record and left[0]:
                left[0] -= 1
                failed = Future()
                failed.set_exception(StoreError("away"))
                return failed
            return write(job)

        monkeypatch.setattr(store.database, "write", stumble)
        with Service(answer(202, {"id": "17"})) as service:
            ours = outbox(service)
            ours.add(messages(1))
            with nullcontext() if state == "accepted" else pytest.raises(StoreError, match="away"):
                ours.run(FAST)
            assert only(ours) == {state: 1}
            ours.run(FAST)
            assert texts(service).total() == 1
        assert only(ours) == {"accepted" if state == "accepted" else "unknown": 1}

    def test_closed_store(self, outbox, store) -> None:
        """Nothing is sent that cannot be written down before."""
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add(messages(3))
            store.close()
            with pytest.raises(StoreError, match="closed"):
                ours.run(FAST)
            assert service.connections == 0


class TestSettle:
    @pytest.fixture
    def ours(self, outbox):
        """An outbox with a message that is unknown, and one that is refused."""
        with Service(raw(b""), answer(400), answer()) as service:
            ours = outbox(service)
            ours.add(messages(2))
            ours.run(FAST, workers=1)
            assert only(ours) == {"unknown": 1, "refused": 1}
            yield ours
            self.arrived = texts(service)

    def test_was_taken(self, ours) -> None:
        """With the provider's id, as a search has it."""
        (entry,) = ours.unknown()
        settled = ours.settle(entry.id, OutboxState.ACCEPTED, "17")
        assert (settled.state, settled.message_id) == (OutboxState.ACCEPTED, "17")
        assert list(ours.unknown()) == []

    def test_send_again(self, ours) -> None:
        """That is somebody's decision, and counted."""
        for entry in list(ours.entries()):
            ours.settle(entry.id, OutboxState.QUEUED)
        ours.run(FAST)
        assert only(ours) == {"accepted": 2}
        assert {entry.attempt_count for entry in ours.entries()} == {2}

    def test_give_up(self, ours) -> None:
        """It is never sent."""
        (entry,) = ours.unknown()
        ours.settle(entry.id, OutboxState.ABANDONED)
        ours.run(FAST)
        assert only(ours) == {"abandoned": 1, "refused": 1}

    @pytest.mark.parametrize(
        ("state", "message_id"),
        [
            (OutboxState.ACCEPTED, None),
            (OutboxState.QUEUED, "17"),
            (OutboxState.UNKNOWN, None),
            (OutboxState.SENDING, None),
        ],
    )
    def test_no_decision(self, ours, state, message_id) -> None:
        """What would be a lie."""
        (entry,) = ours.unknown()
        with pytest.raises(ValueError, match="accepted with a message_id"):
            ours.settle(entry.id, state, message_id)

    def test_nothing_to_decide(self, ours) -> None:
        """A message that is accepted, or none at all."""
        (entry,) = ours.unknown()
        ours.settle(entry.id, OutboxState.ACCEPTED, "17")
        for number in (entry.id, 10**6):
            with pytest.raises(KeyError):
                ours.settle(number, OutboxState.QUEUED)


class TestRunners:
    def test_two_at_once(self, outbox) -> None:
        """Two threads, two outboxes: one works, the other finds nothing to do."""
        with Service(answer()) as service:
            both = [outbox(service), outbox(service)]
            both[0].add(messages(100))
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda ours: ours.run(FAST), both))
            assert set(texts(service).values()) == {1}
            assert texts(service).total() == 100
        assert only(both[0]) == {"accepted": 100}

    def test_waiting_is_stopped(self, outbox) -> None:
        """Who waits for its turn can be told to go."""
        is_stopped = threading.Event()

        def answer_later(service: Service, connection) -> bool:
            assert is_stopped.wait(10)
            return answer()(service, connection)

        with Service(answer_later) as service:
            first, second = outbox(service), outbox(service)
            first.add(messages(1))
            with ThreadPoolExecutor(2) as pool:
                running = pool.submit(first.run, FAST)
                while not service.received:
                    time.sleep(1e-3)
                waiting = pool.submit(second.run, FAST)
                while not second._runners:
                    time.sleep(1e-3)
                second.stop()
                waiting.result(10)
                assert not running.done()
                is_stopped.set()
                running.result(10)
            assert texts(service).total() == 1

    def test_two_processes(self, outbox, url) -> None:
        """Each message comes once, whoever sends it."""
        with Service(answer()) as service:
            ours = outbox(service)
            ours.add(messages(200))
            command = [sys.executable, "-c", RUNNING, url, service.url]
            processes = [subprocess.Popen(command) for _ in range(2)]
            assert [process.wait(60) for process in processes] == [0, 0]
            assert texts(service) == dict.fromkeys((f"message {n}" for n in range(200)), 1)
        assert only(ours) == {"accepted": 200}

    @pytest.mark.slow
    def test_killed(self, outbox, url) -> None:
        """None twice and none lost, whenever a process is killed; the log decides the rest."""
        with Service(slowly) as service:
            ours = outbox(service)
            ours.add(messages(400))
            command = [sys.executable, "-c", RUNNING, url, service.url]
            for _ in range(5):
                seen = texts(service).total()
                with subprocess.Popen(command) as process:
                    while texts(service).total() == seen and process.poll() is None:
                        time.sleep(1e-3)
                    time.sleep(random.uniform(0, 0.1))
                    process.kill()
            ours.run(FAST)
            arrived = texts(service)
            assert set(arrived.values()) == {1}
            assert ours.counts()[OutboxState.SENDING] == 0
            accepted = {entry.message.text for entry in ours.entries(OutboxState.ACCEPTED)}
            unknown = list(ours.unknown())
            assert len(accepted) + len(unknown) == 400
            assert accepted <= set(arrived)
            for entry in unknown:
                if entry.message.text in arrived:
                    ours.settle(entry.id, OutboxState.ACCEPTED, "found in the log")
                else:
                    ours.settle(entry.id, OutboxState.QUEUED)
            ours.run(FAST)
            assert texts(service) == dict.fromkeys((f"message {n}" for n in range(400)), 1)
        assert only(ours) == {"accepted": 400}


def slowly(service: Service, connection) -> bool:
    """Answer after a moment, so that there is always something under way."""
    time.sleep(random.uniform(0, 0.02))
    return answer(202, {"id": "17"})(service, connection)


RUNNING = """
import sys
from septet.bandwidth import Client, Outbox, open_store
with (
    open_store(sys.argv[1]) as store,
    Client("9900000", username="ann", password="hush", url=sys.argv[2], tries=1) as client,
):
    Outbox(store, client).run(1e6, workers=8)
"""
