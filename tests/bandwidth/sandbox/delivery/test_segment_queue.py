"""The queue: measured in segments, high priority first, at a limited rate."""

import asyncio

from septet.bandwidth.sandbox.clock import Clock
from septet.bandwidth.sandbox.delivery.segment_queue import SegmentQueue


def test_full():
    """Items that do not fit are refused until segments have left the queue."""

    async def check():
        queue = SegmentQueue(Clock(), 1e9, 10)
        assert queue.put("a", 8)
        assert not queue.put("b", 3)
        assert not queue.put("c", 3, is_high=True)
        assert queue.put("d", 2)
        assert queue.waiting == 10
        assert await queue.get() == "a"
        assert queue.put("e", 8)

    asyncio.run(check())


def test_priority():
    """High priority goes first; items of one priority keep their order."""

    async def check():
        queue = SegmentQueue(Clock(), 1e9, 10)
        for item in "ab":
            queue.put(item, 1)
        for item in "AB":
            queue.put(item, 1, is_high=True)
        return [await queue.get() for _ in range(4)]

    assert asyncio.run(check()) == ["A", "B", "a", "b"]


def test_rate():
    """Each item delays the next by its segments; idle time is not saved up."""

    async def check():
        clock = Clock(1e4)
        queue = SegmentQueue(clock, 2.0, 1000)
        began = clock.now()
        for segments in (100, 200, 1):
            queue.put(segments, segments)
        for _ in range(3):
            await queue.get()
        return clock.now() - began

    assert asyncio.run(check()) >= 150


def test_empty_queue():
    """`get` on an empty queue waits for the next item."""

    async def check():
        queue = SegmentQueue(Clock(), 1e9, 10)
        waiting = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        queue.put("late", 1)
        return await waiting

    assert asyncio.run(check()) == "late"


class LateClock(Clock):
    """A clock that only advances in sleeps, which last a second too long."""

    seconds = 0.0

    def now(self):
        return self.seconds

    async def sleep(self, seconds):
        self.seconds += seconds + 1


def test_late_sleeps():
    """Sleeps that end late do not lower the rate."""

    async def check():
        clock = LateClock()
        queue = SegmentQueue(clock, 10.0, 1000)
        for item in range(100):
            queue.put(item, 1)
        for _ in range(100):
            await queue.get()
        return clock.now()

    assert 9.9 <= asyncio.run(check()) < 12
