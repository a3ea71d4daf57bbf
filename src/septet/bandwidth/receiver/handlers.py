"""Calling a user's function with every event, at least once, without delaying any answer."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ..callbacks import Event, Undecodable
from ..exceptions import StoreError
from ..storing.handling import (
    TakenEvent,
    begin_handling,
    find_last_event,
    finish,
    look_at_left,
    take_due,
    take_new,
)
from ..storing.turns import take_turn

if TYPE_CHECKING:
    from ..storing.database import Database
    from .metrics import Metrics

__all__ = ["EventHandler", "OnEvent"]

_LOG = logging.getLogger("septet.receiver")

OnEvent: TypeAlias = Callable[[Event | Undecodable], Awaitable[object] | object]

_MAX_EVENTS = 100  # taken at once; after a crash, so many may be handled again
_POLL_SECONDS = 1.0  # other processes may store events too


class EventHandler:
    """Calls a function with one event after the other, in a thread of its own.

    Of all processes with the same database, one calls its function, and another takes over when
    that one ends.
    """

    def __init__(
        self, database: Database, on_event: OnEvent, metrics: Metrics, shutdown_timeout: float
    ) -> None:
        """Prepare; `start` starts the thread.

        Args:
            database: The database of the events.
            on_event: A coroutine function, which runs on the event loop, or a function, which runs
                in the thread.
            metrics: Counts failures and the events that are left.
            shutdown_timeout: The seconds that `finish` waits.
        """
        self._database = database
        self._on_event = on_event
        self._metrics = metrics
        self._shutdown_timeout = shutdown_timeout
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()
        self._is_finishing = False
        self._is_stopped = False
        self._calling: Future[Any] | None = None

    def start(self) -> None:
        """Start the thread if it does not run yet; coroutines will run on the current loop."""
        if self._thread is not None:
            return
        self._loop = asyncio.get_running_loop()
        # Queued before the first event that this process stores.
        self._database.write(begin_handling)
        self._thread = threading.Thread(target=self._run, name="septet on_event", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look for new events now."""
        self._woken.set()

    async def finish(self) -> None:
        """Wait a few seconds for the function to be called with all new events, then stop."""
        if self._thread is None:
            return
        self._is_finishing = True
        self.wake()
        await asyncio.to_thread(self._thread.join, self._shutdown_timeout)
        self._is_stopped = True
        if self._thread.is_alive():
            _LOG.error("on_event takes too long; it is called again after the next start")
            if self._calling is not None:
                self._calling.cancel()

    def _run(self) -> None:
        while not self._is_stopped:
            try:
                with take_turn(self._database, "events", self._wait) as is_ours:
                    if is_ours:
                        self._database.write(begin_handling).result()
                        self._handle()
                return
            except StoreError as error:
                if self._is_finishing:
                    return
                _LOG.error("on_event has to wait: %s", error)
                self._wait(_POLL_SECONDS)

    def _wait(self, seconds: float) -> bool:
        """Sleep until there may be something to do, and return whether the server ends."""
        self._woken.wait(seconds)
        self._woken.clear()
        return self._is_finishing

    def _handle(self) -> None:
        """Call the function with all events, until the server ends."""
        while not self._is_stopped:
            is_busy = self._handle_new()
            count, due_at = self._database.query(look_at_left)
            self._metrics.set_left(count)
            seconds = _POLL_SECONDS
            if due_at is not None:
                seconds = min(seconds, (due_at - datetime.now(UTC)).total_seconds())
            if seconds <= 0:
                is_busy = self._handle_due() or is_busy
            if not is_busy and self._wait(max(seconds, 0)):
                return

    def _handle_new(self) -> bool:
        """Call the function with some new events, and return whether there were any."""
        last_event = self._database.query(find_last_event)
        if last_event is None:
            return False
        job = partial(take_new, last_event=last_event, max_rows=_MAX_EVENTS)
        failed: set[str | None] = set()
        handled: list[int] = []
        written_at = time.monotonic()
        for taken in self._database.write(job).result():
            if self._is_stopped:
                break
            if taken.message_id in failed:
                continue
            if self._call(taken):
                handled.append(taken.number)
            elif taken.message_id is not None:
                failed.add(taken.message_id)
            if time.monotonic() - written_at > 1:
                self._database.write(partial(finish, numbers=handled)).result()
                handled, written_at = [], time.monotonic()
        self._database.write(partial(finish, numbers=handled)).result()
        return True

    def _handle_due(self) -> bool:
        """Call the function with some events for which it failed; return whether one was due."""
        is_busy = False
        for _ in range(_MAX_EVENTS):
            # One by one: each attempt is stored before the call, which may end the process.
            taken = None if self._is_stopped else self._database.write(take_due).result()
            if taken is None:
                break
            is_busy = True
            if self._call(taken):
                self._database.write(partial(finish, numbers=[taken.number])).result()
        return is_busy

    def _call(self, taken: TakenEvent) -> bool:
        """Call the function with an event, and return whether it succeeded."""
        try:
            result = self._on_event(taken.entry)
            if inspect.isawaitable(result):
                self._await(result)
        except CancelledError:
            return False
        except Exception:
            self._metrics.count_failure()
            _LOG.exception("on_event failed for event %d; it is called again", taken.number)
            return False
        return True

    def _await(self, result: Awaitable[object]) -> None:
        """Wait for a coroutine of the function, which runs on the event loop."""

        async def wait() -> None:
            await result

        if self._loop is not None:  # `start` has set it
            self._calling = asyncio.run_coroutine_threadsafe(wait(), self._loop)
            self._calling.result()
