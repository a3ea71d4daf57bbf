"""Limits how often each address may search.

Source: Bandwidth's OpenAPI description (2026-07-22), `listMessages`: 3,500 requests per 5 minutes
per source address; further ones are answered 429 with `Retry-After`.
"""

from __future__ import annotations

import math

from ..clock import Clock

__all__ = ["SearchLimit"]

_WINDOW_SECONDS = 5 * 60.0


class SearchLimit:
    """Counts the searches of each address, in windows that begin with the first search."""

    def __init__(self, clock: Clock, limit: int) -> None:
        """Count nothing yet.

        Args:
            clock: The clock of the sandbox.
            limit: The number of searches in 5 minutes of the clock.
        """
        self._clock = clock
        self._limit = limit
        self._windows: dict[str, tuple[float, int]] = {}

    def seconds_to_wait(self, address: str) -> int:
        """Count a search, and return 0 if it is allowed.

        Args:
            address: The address that the request comes from.

        Returns:
            Otherwise, the value of `Retry-After`. It is in real seconds, in which clients wait.
        """
        now = self._clock.now()
        self._windows = {key: each for key, each in self._windows.items() if each[0] > now}
        end, count = self._windows.get(address, (now + _WINDOW_SECONDS, 0))
        if count < self._limit:
            self._windows[address] = end, count + 1
            return 0
        return max(1, math.ceil((end - now) / self._clock.speed))
