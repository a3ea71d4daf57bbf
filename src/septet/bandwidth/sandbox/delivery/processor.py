"""What the provider does with messages: queue them, send them, and tell what became of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine, Sequence
from typing import Any

from ....segmentation import count
from ... import Message
from ..clock import Clock
from ..faults import Faults
from ..messages import Record, body_of, new_id
from ..results import NOT_SENT_EXPIRED, Step, fates, steps_to
from .courier import Callback, Courier
from .segment_queue import SegmentQueue

__all__ = ["EVERY_ACCOUNT", "Provider"]

EVERY_ACCOUNT = ""


class Provider:
    """Messages on their way; lives in one event loop.

    Attributes:
        clock: Its time.
        queue: What waits to be sent.
        courier: Who posts the callbacks.
        faults: What goes wrong; may be changed.
        records: The latest messages by id, up to `size`.
        under_way: Messages and bodies that are not done with.
        idle: Set while there are none.
    """

    def __init__(
        self,
        clock: Clock,
        queue: SegmentQueue[Record],
        courier: Courier,
        *,
        faults: Faults,
        size: int,
        is_old: bool,
    ) -> None:
        self.clock = clock
        self.queue = queue
        self.courier = courier
        self.faults = faults
        self.records: OrderedDict[str, Record] = OrderedDict()
        self.idle = asyncio.Event()
        self.idle.set()
        self._size = size
        self._is_old = is_old
        self.under_way = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to send what is queued; called in the event loop."""
        self._spawn(self._send_queued())

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.courier.close()

    def take(self, account_id: str, message: Message) -> Record | None:
        """Queue a message; None if the queue is full."""
        now, expiration = self.clock.now(), message.expiration
        record = Record(
            id=new_id(now),
            account_id=account_id,
            time=now,
            application_id=message.application_id,
            from_=message.from_,
            to=message.to,
            segment_count=message.segment_count,
            is_mms=message.is_mms,
            tag=message.tag,
            priority=message.priority,
            expiration=None if expiration is None else expiration.timestamp(),
            text=message.text,
            media=message.media,
            states=dict.fromkeys(message.to, "QUEUED"),
        )
        segments = record.segment_count * len(record.to)
        if not self.queue.put(record, segments, is_high=record.priority == "high"):
            return None
        self._begin(record)
        return record

    async def receive(
        self, from_: str, to: Sequence[str], text: str, media: Sequence[str]
    ) -> Record:
        """Let a message come in, and tell the receiver."""
        now = self.clock.now()
        record = Record(
            id=new_id(now),
            account_id=EVERY_ACCOUNT,
            time=now,
            application_id="sandbox",
            from_=from_,
            to=tuple(to),
            segment_count=1 if media or len(to) > 1 else count(text),
            is_mms=bool(media) or len(to) > 1,
            direction="in",
            text=text,
            media=tuple(media),
            states={to[0]: "RECEIVED"},
        )
        self._begin(record)
        body = body_of(record.received_event(now))
        callback = Callback(body, "message-received", record.id, record.to[0])
        self._spawn(self._settle(record, [self._deliver(callback)]))
        return record

    async def inject(self, body: bytes) -> None:
        """Post any octets as a callback."""
        self._begin(None)
        self._spawn(self._settle(None, [self._deliver(Callback(body))]))

    async def _send_queued(self) -> None:
        while True:
            record = await self.queue.get()
            self._spawn(self._settle(record, self._lives(record)))

    def _lives(self, record: Record) -> list[Coroutine[Any, Any, None]]:
        """Return what happens to a message, for each recipient by itself."""
        if record.expiration is not None and record.expiration <= self.clock.now():
            lives = [[Step(to, "message-failed", NOT_SENT_EXPIRED)] for to in record.to]
        else:
            lives = fates(record.to, is_mms=record.is_mms, is_old=self._is_old)
        return [self._live(record, self._with_faults(record, steps)) for steps in lives]

    def _with_faults(self, record: Record, steps: list[Step]) -> list[Step]:
        if not steps or self.faults.draw("lose"):
            return []
        if fault := self.faults.draw("fail"):
            steps = steps_to(steps[0].to, fault.error_code, is_mms=record.is_mms)
        return steps[::-1] if self.faults.draw("reorder") else steps

    async def _live(self, record: Record, steps: list[Step]) -> None:
        """Take the steps one by one; one that has to be tried again holds up no other."""
        beside = []
        for step in steps:
            await self.clock.sleep(step.delay)
            record.advance(step)
            callback = self._callback(record, step)
            if late := self.faults.draw("delay-callback"):
                beside.append(self._start(self._deliver(callback, late.seconds or 0)))
            elif not await self.courier.attempt(callback):
                beside.append(self._start(self.courier.retry(callback)))
            if self.faults.draw("duplicate"):
                beside.append(self._start(self._deliver(callback)))
        await asyncio.gather(*beside)

    def _callback(self, record: Record, step: Step) -> Callback:
        event = record.status_event(step, self.clock.now())
        body = None
        if odd := self.faults.draw("odd-callback"):
            event |= odd.fields or {}
            body = odd.body
        body_octets = body_of(event) if body is None else body.encode(errors="surrogatepass")
        return Callback(body_octets, step.type, record.id, step.to)

    async def _deliver(self, callback: Callback, delay: float = 0.0) -> None:
        await self.clock.sleep(delay)
        if not await self.courier.attempt(callback):
            await self.courier.retry(callback)

    def _begin(self, record: Record | None) -> None:
        if record is not None:
            self.records[record.id] = record
            if len(self.records) > self._size:
                self.records.popitem(last=False)
        self.under_way += 1
        self.idle.clear()

    async def _settle(self, record: Record | None, lives: list[Coroutine[Any, Any, None]]) -> None:
        """See a message to its end, and forget what it says."""
        try:
            await asyncio.gather(*lives)
        finally:
            if record is not None:
                record.forget()
            self.under_way -= 1
            if not self.under_way:
                self.idle.set()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._start(work)

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
