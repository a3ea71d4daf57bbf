"""Whether a store can be used, answered within a second whatever the store does."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from ..exceptions import StoreError

__all__ = ["Health"]

_LOG = logging.getLogger("septet.receiver")
_MAX_SECONDS = 0.8
_UNWELL_SECONDS = 5.0


class Health:
    """The health of a store.

    A store is unwell if a check fails or takes too long, and for some seconds after a callback
    could not be stored: on a full disk, the few bytes of a check may still fit. Checks that
    are asked for at the same time are one, so that strangers cannot keep the store busy with them.
    """

    def __init__(self, ping: Callable[[], None]) -> None:
        """Begin in good health.

        Args:
            ping: Writes to the store, or raises `StoreError`; may take long.
        """
        self._ping = ping
        self._unwell_until = 0.0
        self._pinging: asyncio.Future[None] | None = None
        self._judging: asyncio.Task[bool] | None = None

    def note_failure(self) -> None:
        """Note that a callback could not be stored."""
        self._unwell_until = time.monotonic() + _UNWELL_SECONDS

    async def is_well(self) -> bool:
        """Return whether callbacks can be stored."""
        if time.monotonic() < self._unwell_until:
            return False
        if self._judging is None or self._judging.done():
            self._judging = asyncio.create_task(self._judge())
        return await asyncio.shield(self._judging)

    async def _judge(self) -> bool:
        # A check that was too slow goes on, and is the next one too.
        if self._pinging is None or self._pinging.done():
            self._pinging = asyncio.ensure_future(asyncio.to_thread(self._ping))
        pinging = self._pinging
        await asyncio.wait({pinging}, timeout=_MAX_SECONDS)
        if not pinging.done():
            _LOG.error("the store did not answer a check within %g seconds", _MAX_SECONDS)
            pinging.add_done_callback(_forget)
            return False
        try:
            pinging.result()
        except StoreError as error:
            _LOG.error("the store cannot be used: %s", error)
            return False
        return True


def _forget(pinging: asyncio.Future[None]) -> None:
    """Take note of an error, which asyncio would report otherwise."""
    if not pinging.cancelled():
        pinging.exception()
