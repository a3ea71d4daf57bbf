"""A clock that can run faster than real time, so that a day passes in seconds."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from ..times import format_time

__all__ = ["Clock", "timestamp"]


class Clock:
    """A clock that starts at the real time and runs `speed` times as fast.

    Attributes:
        speed: The seconds that pass on this clock in one real second.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._start = time.time()
        self._real_start = time.monotonic()

    def now(self) -> float:
        """Return the time, in seconds since 1970 (UTC)."""
        return self._start + (time.monotonic() - self._real_start) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait for a time in seconds of this clock."""
        await asyncio.sleep(max(0.0, seconds) / self.speed)


def timestamp(seconds: float) -> str:
    """Return a time in the provider's format: `2026-11-04T09:10:05.123Z`."""
    return format_time(datetime.fromtimestamp(seconds, UTC), "milliseconds")
