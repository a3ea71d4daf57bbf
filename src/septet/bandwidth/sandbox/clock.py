"""A clock that may run fast, so that a day passes in seconds."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from ..times import format_time

__all__ = ["Clock", "timestamp"]


class Clock:
    """Time that starts as real time and passes `speed` times as fast.

    Attributes:
        speed: The seconds that pass in a real one.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._began = time.time()
        self._origin = time.monotonic()

    def now(self) -> float:
        """Return the seconds since 1970, in UTC."""
        return self._began + (time.monotonic() - self._origin) * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait for seconds of this clock."""
        await asyncio.sleep(max(0.0, seconds) / self.speed)


def timestamp(seconds: float) -> str:
    """Return a time as the provider writes it: `2026-11-04T09:10:05.123Z`."""
    return format_time(datetime.fromtimestamp(seconds, UTC), "milliseconds")
