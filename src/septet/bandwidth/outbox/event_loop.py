"""Blocking functions that use coroutines of an event loop, for outboxes with an `AsyncClient`."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

__all__ = ["EventLoop"]

_T = TypeVar("_T")


class EventLoop:
    """The running event loop, from the point of view of other threads."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: set[Future[Any]] = set()

    def wait_for(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Return the result of a coroutine that runs on the loop, to another thread."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        self._waiting.add(future)
        try:
            return future.result()
        finally:
            self._waiting.discard(future)

    def calling(self, function: Callable[[_T], object]) -> Callable[[_T], object]:
        """Return a function for other threads that calls a function or coroutine function here."""

        async def call(argument: _T) -> None:
            result = function(argument)
            if inspect.isawaitable(result):
                await result

        return lambda argument: self.wait_for(call(argument))

    def cancel(self) -> None:
        """Cancel the coroutines that other threads wait for."""
        for future in tuple(self._waiting):
            future.cancel()

    async def run(self, function: Callable[[], _T], on_cancel: Callable[[], object]) -> _T:
        """Return the result of a blocking function, which runs in a thread of its own.

        Args:
            function: The function.
            on_cancel: Called when the task is cancelled, to make the function return soon; the
                task ends when it has.
        """
        # Not in the default executor: it may be full of functions that wait for each other.
        pool = ThreadPoolExecutor(1, thread_name_prefix="septet outbox")
        running = self._loop.run_in_executor(pool, function)
        pool.shutdown(wait=False)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            on_cancel()
            with suppress(Exception):
                await asyncio.shield(running)
            raise
