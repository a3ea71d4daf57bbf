"""The queue between the answer 202 and the network, counted in segments.

Bandwidth limits an account by segments per second, queues what comes faster, and refuses (429) what
no longer fits; a group counts once for each recipient. High priority goes first, and finds a full
queue as full as anybody.

Source: Bandwidth, "Messaging rate limits" and its support articles on queuing and priority.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

from ..clock import Clock

__all__ = ["SegmentQueue"]

_T = TypeVar("_T")


class SegmentQueue(Generic[_T]):
    """Messages that wait, given out at a rate.

    Attributes:
        rate: Segments per second of the clock.
        capacity: The segments that may wait.
        waiting: The segments that do.
    """

    def __init__(self, clock: Clock, rate: float, capacity: int) -> None:
        self.rate = rate
        self.capacity = capacity
        self.waiting = 0
        self._clock = clock
        self._high: deque[tuple[_T, int]] = deque()
        self._default: deque[tuple[_T, int]] = deque()
        self._filled = asyncio.Event()
        self._free_at = clock.now()

    def put(self, item: _T, segments: int, *, is_high: bool = False) -> bool:
        """Queue an item, unless it does not fit."""
        if self.waiting + segments > self.capacity:
            return False
        self.waiting += segments
        (self._high if is_high else self._default).append((item, segments))
        self._filled.set()
        return True

    async def get(self) -> _T:
        """Return the next item when the rate allows."""
        while not self.waiting:
            self._filled.clear()
            await self._filled.wait()
            self._free_at = max(self._free_at, self._clock.now())
        if (ahead := self._free_at - self._clock.now()) > 0:
            await self._clock.sleep(ahead)
        item, segments = (self._high or self._default).popleft()
        self.waiting -= segments
        # Not from now on: a sleep ends late, and what waits makes up for it.
        self._free_at += segments / self.rate
        return item
