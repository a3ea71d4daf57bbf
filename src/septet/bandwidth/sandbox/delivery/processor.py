"""Processes messages as the provider does: queues and sends them, and reports their status."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

from ....segmentation import count
from ... import Message
from ..clock import Clock
from ..faults import Faults
from ..messages import SandboxMessage, body_of, new_id
from ..results import MESSAGE_EXPIRED, Step, steps_by_recipient, steps_for
from .courier import Callback, Courier
from .segment_queue import SegmentQueue

__all__ = ["EVERY_ACCOUNT", "MessageProcessor"]

EVERY_ACCOUNT = ""
_END_OF_MESSAGE_SENDING = datetime(2027, 1, 6, tzinfo=UTC).timestamp()


class MessageProcessor:
    """Queues messages, sends them and reports their status; runs in one event loop.

    Attributes:
        clock: The clock of the sandbox.
        courier: Posts the callbacks.
        faults: The faults to inject; may be replaced at any time.
        messages: The latest messages by id, up to `max_messages`.
        pending: The number of messages and injected bodies that are not finished.
        idle: Set while nothing is pending.
    """

    def __init__(
        self,
        clock: Clock,
        courier: Courier,
        *,
        segments_per_second: float,
        queue_capacity: int,
        faults: Faults,
        max_messages: int,
        has_old_groups: bool,
        message_sending: bool | None,
        message_sent: bool | Collection[str],
    ) -> None:
        self.clock = clock
        self.courier = courier
        self.faults = faults
        self.messages: OrderedDict[str, SandboxMessage] = OrderedDict()
        self.idle = asyncio.Event()
        self.idle.set()
        self._segments_per_second = segments_per_second
        self._queue_capacity = queue_capacity
        self._queues: dict[str, SegmentQueue[SandboxMessage]] = {}
        self._max_messages = max_messages
        self._has_old_groups = has_old_groups
        self._message_sending = message_sending
        self._message_sent = message_sent
        self.pending = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def queued_segments(self) -> int:
        """The number of segments that wait to be sent."""
        return sum(queue.waiting for queue in self._queues.values())

    def queue_of(self, account_id: str) -> SegmentQueue[SandboxMessage]:
        """Return the queue of an account, from which messages are sent from the first call on."""
        queue = self._queues.get(account_id)
        if queue is None:
            queue = SegmentQueue(self.clock, self._segments_per_second, self._queue_capacity)
            self._queues[account_id] = queue
            self._start(self._send_queued(queue))
        return queue

    async def close(self) -> None:
        """Cancel everything that is pending."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.courier.close()

    def accept(self, account_id: str, message: Message) -> SandboxMessage | None:
        """Queue a message; return None if the queue of the account is full."""
        now, expiration = self.clock.now(), message.expiration
        accepted = SandboxMessage(
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
        segments = accepted.segment_count * len(accepted.to)
        queue = self.queue_of(account_id)
        if not queue.put(accepted, segments, is_high=accepted.priority == "high"):
            return None
        self._begin(accepted)
        return accepted

    async def receive(
        self, from_: str, to: Sequence[str], text: str, media: Sequence[str]
    ) -> SandboxMessage:
        """Add an inbound message, and post its callback."""
        now = self.clock.now()
        received = SandboxMessage(
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
        self._begin(received)
        body = body_of(received.received_event(now))
        callback = Callback(body, "message-received", received.id, received.to[0])
        self._start(self._finish(received, [self._deliver(callback)]))
        return received

    async def inject(self, body: bytes) -> None:
        """Post any bytes as a callback."""
        self._begin(None)
        self._start(self._finish(None, [self._deliver(Callback(body))]))

    async def _send_queued(self, queue: SegmentQueue[SandboxMessage]) -> None:
        while True:
            message = await queue.get()
            self._start(self._finish(message, self._deliveries(message)))

    def _deliveries(self, message: SandboxMessage) -> list[Coroutine[Any, Any, None]]:
        """Return the work that a message causes, for each recipient."""
        if message.expiration is not None and message.expiration <= self.clock.now():
            deliveries = [[Step(to, "message-failed", MESSAGE_EXPIRED)] for to in message.to]
        else:
            deliveries = steps_by_recipient(
                message.to, self._first_type(message), has_old_groups=self._has_old_groups
            )
        return [
            self._take_steps(message, self._with_faults(message, steps)) for steps in deliveries
        ]

    def _with_faults(self, message: SandboxMessage, steps: list[Step]) -> list[Step]:
        if not steps or self.faults.draw("lose"):
            return []
        if fault := self.faults.draw("fail"):
            steps = steps_for(steps[0].to, fault.error_code, self._first_type(message))
        return steps[::-1] if self.faults.draw("reorder") else steps

    def _first_type(self, message: SandboxMessage) -> str:
        """Return the type of the event before the last one, which `message-sending` is for MMS."""
        has_sending = self._message_sending
        if has_sending is None:
            has_sending = self.clock.now() < _END_OF_MESSAGE_SENDING
        return "message-sending" if message.is_mms and has_sending else "message-sent"

    def _is_posted(self, message: SandboxMessage, step: Step) -> bool:
        """Return whether the application of a message gets the event of a step."""
        if step.type != "message-sent":
            return True
        enabled = self._message_sent
        return enabled if isinstance(enabled, bool) else message.application_id in enabled

    async def _take_steps(self, message: SandboxMessage, steps: list[Step]) -> None:
        """Post the callback of each step in turn; a retry does not delay the later steps."""
        background = []
        for step in steps:
            await self.clock.sleep(step.delay)
            message.update(step, self.clock.now())
            if not self._is_posted(message, step):
                continue
            callback = self._callback(message, step)
            if late := self.faults.draw("delay-callback"):
                background.append(self._start(self._deliver(callback, late.seconds or 0)))
            elif not await self.courier.attempt(callback):
                background.append(self._start(self.courier.retry(callback)))
            if self.faults.draw("duplicate"):
                background.append(self._start(self._deliver(callback)))
        await asyncio.gather(*background)

    def _callback(self, message: SandboxMessage, step: Step) -> Callback:
        event = message.status_event(step, self.clock.now())
        body = None
        if odd := self.faults.draw("odd-callback"):
            event |= odd.fields or {}
            body = odd.body
        content = body_of(event) if body is None else body.encode(errors="surrogatepass")
        return Callback(content, step.type, message.id, step.to)

    async def _deliver(self, callback: Callback, delay: float = 0.0) -> None:
        await self.clock.sleep(delay)
        if not await self.courier.attempt(callback):
            await self.courier.retry(callback)

    def _begin(self, message: SandboxMessage | None) -> None:
        if message is not None:
            self.messages[message.id] = message
            if len(self.messages) > self._max_messages:
                self.messages.popitem(last=False)
        self.pending += 1
        self.idle.clear()

    async def _finish(
        self, message: SandboxMessage | None, deliveries: list[Coroutine[Any, Any, None]]
    ) -> None:
        """Wait until a message is finished, and delete its text."""
        try:
            await asyncio.gather(*deliveries)
        finally:
            if message is not None:
                message.forget()
            self.pending -= 1
            if not self.pending:
                self.idle.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
