"""`septet bandwidth receive`, killed under load: what it answered 2xx is stored, once."""

import asyncio
import random
import signal
import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

import pytest

from septet.bandwidth import open_store

ROUNDS = 20
CONNECTIONS = 16


class Load:
    """Posts callbacks over several connections, and notes which are acknowledged."""

    def __init__(self):
        self.posted = 0
        self.acknowledged = []

    async def run(self, address, seconds, process):
        """Post until the process is killed, some seconds after its first answer."""
        self._is_answered = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(self._post(address))
            try:
                async with asyncio.timeout(30):
                    await self._is_answered.wait()
                await asyncio.sleep(seconds)
            finally:
                process.send_signal(signal.SIGKILL)

    async def _post(self, address):
        try:
            reader, writer = await asyncio.open_connection(address.hostname, address.port)
        except OSError:
            return
        try:
            while True:
                self.posted += 1
                number = str(self.posted)
                body = b'[{"type":"message-sent","message":{"id":"%s"}}]' % number.encode()
                head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                writer.write(head % len(body) + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                if answer.split()[1] == b"204":
                    self.acknowledged.append(number)
                    self._is_answered.set()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()


@pytest.mark.slow
def test_killed_under_load(url):
    """The process is killed twenty times, and the next one opens the same store."""
    load, rng = Load(), random.Random(5)
    command = ["bandwidth", "receive", "--store", url, "--port", "0"]
    receive = [sys.executable, "-m", "septet", *command]
    for _ in range(ROUNDS):
        with subprocess.Popen(receive, stdout=subprocess.PIPE, text=True) as process:
            address = urlsplit(process.stdout.readline().split()[-1])
            asyncio.run(load.run(address, rng.uniform(0, 0.5), process))
            assert process.wait(10) == -signal.SIGKILL
    with open_store(url) as store:
        kept = Counter(event.message_id for event in store.events())
    assert set(load.acknowledged) <= set(kept)
    assert set(kept.values()) == {1}
