"""The queue between the 202 answer and the network, measured in segments.

Bandwidth sends a number of segments per second for each account, queues messages that come faster,
and refuses messages that do not fit into the queue (429). A group counts once for each recipient.
Messages of high priority are sent first, but a full queue refuses them too.

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
    """A queue that gives out messages at a limited rate.

    Attributes:
        segments_per_second: The rate, in seconds of the clock.
        capacity: The maximum number of queued segments.
        waiting: The number of queued segments.
    """

    def __init__(self, clock: Clock, segments_per_second: float, capacity: int) -> None:
        self.segments_per_second = segments_per_second
        self.capacity = capacity
        self.waiting = 0
        self._clock = clock
        self._high: deque[tuple[_T, int]] = deque()
        self._default: deque[tuple[_T, int]] = deque()
        self._filled = asyncio.Event()
        self._free_at = clock.now()

    def put(self, item: _T, segments: int, *, is_high: bool = False) -> bool:
        """Queue an item; return False if it does not fit.

        Args:
            item: The item.
            segments: Its number of segments.
            is_high: Whether it goes before items of default priority.
        """
        if self.waiting + segments > self.capacity:
            return False
        self.waiting += segments
        (self._high if is_high else self._default).append((item, segments))
        self._filled.set()
        return True

    async def get(self) -> _T:
        """Return the next item as soon as the rate allows."""
        while not self.waiting:
            self._filled.clear()
            await self._filled.wait()
            self._free_at = max(self._free_at, self._clock.now())
        if (ahead := self._free_at - self._clock.now()) > 0:
            await self._clock.sleep(ahead)
        item, segments = (self._high or self._default).popleft()
        self.waiting -= segments
        # Not counted from now, because sleeps end late and would lower the rate.
        self._free_at += segments / self.segments_per_second
        return item
