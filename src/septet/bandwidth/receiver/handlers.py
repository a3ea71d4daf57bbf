"""Calling a user's function with new events, without delaying the answers to the provider."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from ..callbacks import Event, Undecodable

if TYPE_CHECKING:
    from .metrics import Metrics

__all__ = ["EventHandler", "OnEvent"]

_LOG = logging.getLogger("septet.receiver")

OnEvent: TypeAlias = Callable[[Event | Undecodable], Awaitable[object] | object]


class EventHandler:
    """Calls a function with one event after the other, in a task of its own."""

    def __init__(
        self, on_event: OnEvent, metrics: Metrics, max_queued: int, shutdown_timeout: float
    ) -> None:
        """Prepare; the task starts with the first event.

        Args:
            on_event: A coroutine function, which runs on the event loop, or a function, which runs
                in a thread.
            metrics: Counts failures and missed events.
            max_queued: How many events may wait for the function.
            shutdown_timeout: The seconds that `finish` waits.
        """
        self._on_event = on_event
        self._metrics = metrics
        self._shutdown_timeout = shutdown_timeout
        self._is_coroutine = inspect.iscoroutinefunction(on_event)
        self._queue: asyncio.Queue[Event | Undecodable] = asyncio.Queue(max_queued)
        self._task: asyncio.Task[None] | None = None

    def add(self, entry: Event | Undecodable) -> None:
        """Queue an event; if too many wait already, it is counted as missed and logged."""
        # Not earlier, because a mounted application does not see the start of the server.
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        try:
            self._queue.put_nowait(entry)
        except asyncio.QueueFull:
            self._metrics.count_missed()
            _LOG.error("on_event is too slow and misses an event; it is in the store")

    async def finish(self) -> None:
        """Wait a few seconds for the queued events to be handled, then end the task."""
        if self._task is None:
            return
        try:
            await asyncio.wait_for(self._queue.join(), self._shutdown_timeout)
        except TimeoutError:
            _LOG.error("on_event misses %d events; they are in the store", self._queue.qsize())
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            entry = await self._queue.get()
            try:
                if self._is_coroutine:
                    result = self._on_event(entry)
                else:
                    result = await asyncio.to_thread(self._on_event, entry)
                if inspect.isawaitable(result):
                    await result
            except Exception:
                self._metrics.count_failure()
                _LOG.exception("on_event failed; the event is in the store")
            finally:
                self._queue.task_done()
