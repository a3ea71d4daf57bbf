"""Several runners, in threads and processes, and processes that are killed."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from outbox_messages import FAST, messages, only, texts
from septet.bandwidth import Message, OutboxState


class TestRunners:
    def test_two_at_once(self, make_outbox) -> None:
        """Of two threads one sends everything, and the other finds nothing to do."""
        with Service(answer()) as service:
            both = [make_outbox(service), make_outbox(service)]
            both[0].add(messages(100))
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda outbox: outbox.run(FAST), both))
            assert set(texts(service).values()) == {1}
            assert texts(service).total() == 100
        assert only(both[0]) == {"accepted": 100}

    def test_waiting_is_stopped(self, make_outbox) -> None:
        """A runner that waits for its turn can be stopped."""
        is_stopped = threading.Event()

        def answer_later(service: Service, connection) -> bool:
            assert is_stopped.wait(10)
            return answer()(service, connection)

        with Service(answer_later) as service:
            first, second = make_outbox(service), make_outbox(service)
            first.add(messages(1))
            with ThreadPoolExecutor(2) as pool:
                running = pool.submit(first.run, FAST)
                while not service.received:
                    time.sleep(1e-3)
                waiting = pool.submit(second.run, FAST)
                while not waiting.done():
                    second.stop()
                    time.sleep(1e-3)
                waiting.result()
                assert not running.done()
                is_stopped.set()
                running.result(10)
            assert texts(service).total() == 1

    def test_two_processes(self, make_outbox, url) -> None:
        """Each message is sent once, whichever process sends it."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
            outbox.add(messages(200))
            command = [sys.executable, "-c", RUNNING, url, service.url]
            processes = [subprocess.Popen(command) for _ in range(2)]
            assert [process.wait(60) for process in processes] == [0, 0]
            assert texts(service) == dict.fromkeys((f"message {n}" for n in range(200)), 1)
        assert only(outbox) == {"accepted": 200}

    @pytest.mark.slow
    @pytest.mark.parametrize("client", ["Client", "AsyncClient"])
    def test_killed(self, make_outbox, url, client) -> None:
        """No message is sent twice or lost, whenever a process is killed."""
        with Service(slowly) as service:
            outbox = make_outbox(service)
            outbox.add(messages(400))
            running = RUNNING if client == "Client" else RUNNING_ASYNC
            command = [sys.executable, "-c", running, url, service.url]
            for _ in range(5):
                seen = texts(service).total()
                with subprocess.Popen(command) as process:
                    while texts(service).total() == seen and process.poll() is None:
                        time.sleep(1e-3)
                    time.sleep(random.uniform(0, 0.1))
                    process.kill()
            outbox.run(FAST)
            arrived = texts(service)
            assert set(arrived.values()) == {1}
            assert outbox.counts()[OutboxState.SENDING] == 0
            accepted = {entry.message.text for entry in outbox.entries(OutboxState.ACCEPTED)}
            unknown = list(outbox.unknown())
            assert len(accepted) + len(unknown) == 400
            assert accepted <= set(arrived)
            for entry in unknown:
                if entry.message.text in arrived:
                    outbox.resolve(entry.id, OutboxState.ACCEPTED, "found in the log")
                else:
                    outbox.resolve(entry.id, OutboxState.QUEUED)
            outbox.run(FAST)
            assert texts(service) == dict.fromkeys((f"message {n}" for n in range(400)), 1)
        assert only(outbox) == {"accepted": 400}

    @pytest.mark.slow
    def test_killed_while_adding(self, make_outbox, url) -> None:
        """A batch is stored as a whole or not at all, and adding it again adds what is missing."""
        with Service(answer()) as service:
            outbox = make_outbox(service)
        same = [Message("app", "+12025550100", "+13125550140", f"{n}") for n in range(2000)]
        for number in range(1, 4):
            command = [sys.executable, "-c", ADDING, url, str(number)]
            with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
                process.stdout.readline()
                time.sleep(random.uniform(0, 0.2))
                process.kill()
            assert outbox.counts()[OutboxState.QUEUED] in (2000 * (number - 1), 2000 * number)
            outbox.add(same, str(number))
            assert outbox.counts()[OutboxState.QUEUED] == 2000 * number


def slowly(service: Service, connection) -> bool:
    """Answer after a moment, so that some request is always under way."""
    time.sleep(random.uniform(0, 0.02))
    return answer(202, {"id": "17"})(service, connection)


RUNNING = """
import sys
from septet.bandwidth import Client, Outbox, open_store
with (
    open_store(sys.argv[1]) as store,
    Client("9900000", username="ann", password="hush", url=sys.argv[2], max_attempts=1) as client,
):
    Outbox(store, client).run(1e6, workers=8)
"""


RUNNING_ASYNC = """
import asyncio, sys
from septet.bandwidth import AsyncClient, Outbox, open_store

async def main():
    options = {"username": "ann", "password": "hush", "url": sys.argv[2]}
    with open_store(sys.argv[1]) as store:
        async with AsyncClient("9900000", **options) as client:
            await Outbox(store, client).run(1e6, workers=8, sender_segments_per_second=1e6)

asyncio.run(main())
"""


ADDING = """
import sys
from septet.bandwidth import Message, Outbox, open_store
with open_store(sys.argv[1]) as store:
    messages = [Message("app", "+12025550100", "+13125550140", f"{n}") for n in range(2000)]
    print("adding", flush=True)
    Outbox(store, None).add(messages, sys.argv[2])
"""
