"""Callbacks that are posted to a receiver over several connections until its process is killed."""

from __future__ import annotations

import asyncio
import signal

CONNECTIONS = 16


class Load:
    """Posts callbacks over several connections, and notes which are acknowledged.

    The description of an event is its number, and the id of its message too; if there are only some
    messages, the id is the remainder.
    """

    def __init__(self, message_count=10**9):
        self.posted = 0
        self.message_count = message_count
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
                body = b'[{"type":"message-sent","description":"%d","message":{"id":"%d"}}]' % (
                    self.posted,
                    self.posted % self.message_count,
                )
                head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                writer.write(head % len(body) + body)
                answer = await reader.readuntil(b"\r\n\r\n")
                if answer.split()[1] == b"204":
                    self.acknowledged.append(number)
                    self._is_answered.set()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
