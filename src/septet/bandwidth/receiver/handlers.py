"""Calling a user's function with every event, at least once, without delaying any answer."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ..callbacks import Event, Undecodable
from ..exceptions import StoreError
from ..storing.handling import (
    TakenEvent,
    begin_handling,
    count_left,
    find_due,
    find_last_event,
    finish,
    take_again,
    take_new,
)
from ..storing.turns import Turn, take_turn

if TYPE_CHECKING:
    from ..storing.database import Database
    from .metrics import Metrics

__all__ = ["EventHandler", "OnEvent"]

_LOG = logging.getLogger("septet.receiver")

OnEvent: TypeAlias = Callable[[Event | Undecodable], Awaitable[object] | object]

_MAX_EVENTS = 100  # taken at once
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
        self._has_begun = False
        self._woken = threading.Event()
        self._finishing = threading.Event()
        self._is_stopped = False
        self._calling: Future[Any] | None = None

    def start(self) -> None:
        """Start the thread if it does not run yet; coroutines will run on the current loop."""
        if self._thread is not None:
            return
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="septet on_event", daemon=True)
        self._thread.start()

    async def begin(self) -> None:
        """Start, and make sure that no event which is stored from now on is left out.

        Raises:
            StoreError: The database cannot be written to.
        """
        self.start()
        if not self._has_begun:
            await asyncio.wrap_future(self._database.write(begin_handling))
            self._has_begun = True

    def wake(self) -> None:
        """Look for new events now."""
        self._woken.set()

    async def finish(self) -> None:
        """Wait a few seconds for the function to be called with all new events, then stop."""
        if self._thread is None:
            return
        self._finishing.set()
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
                with take_turn(self._database, "events", self._finishing.wait) as turn:
                    if turn.is_ours:
                        self._database.write(begin_handling).result()
                        self._handle(turn)
                return
            except Exception as error:  # whatever it is, events must not wait for the next start
                if self._finishing.is_set():
                    return
                is_expected = isinstance(error, StoreError)
                _LOG.error("on_event has to wait: %s", error, exc_info=not is_expected)
                self._finishing.wait(_POLL_SECONDS)

    def _wait(self, seconds: float) -> bool:
        """Sleep until there may be something to do, and return whether the server ends."""
        self._woken.wait(seconds)
        self._woken.clear()
        return self._finishing.is_set()

    def _handle(self, turn: Turn) -> None:
        """Call the function with all events, until the server ends."""
        while not self._is_stopped:
            turn.check()
            is_busy = self._handle_all(self._take_new(), turn)
            is_busy = self._handle_all(self._take_due(), turn) or is_busy
            self._metrics.set_left(self._database.query(count_left))
            if not is_busy and self._wait(_POLL_SECONDS):
                return

    def _take_new(self) -> list[TakenEvent]:
        """Take some new events."""
        last_event = self._database.query(find_last_event)
        if last_event is None:
            return []
        job = partial(take_new, last_event=last_event, max_rows=_MAX_EVENTS)
        return self._database.write(job).result()

    def _take_due(self) -> Iterator[TakenEvent]:
        """Take some events for which the function failed."""
        for number in self._database.query(find_due, _MAX_EVENTS):
            # One by one: each attempt is stored before the call, which may end the process.
            taken = self._database.write(partial(take_again, number=number)).result()
            if taken is not None:
                yield taken

    def _handle_all(self, events: Iterable[TakenEvent], turn: Turn) -> bool:
        """Call the function with events, and return whether there were any."""
        is_busy = False
        failed: set[str | None] = set()
        finishing: list[Future[None]] = []
        try:
            for taken in events:
                is_busy = True
                if self._is_stopped:
                    break
                if taken.message_id in failed:
                    continue
                turn.check()
                if self._call(taken):
                    # Without waiting: a commit of the writer notes all that were handled meanwhile.
                    finishing.append(self._database.write_merged(finish, taken.number))
                elif taken.message_id is not None:
                    failed.add(taken.message_id)
        finally:
            for written in finishing:
                written.result()
        return is_busy

    def _call(self, taken: TakenEvent) -> bool:
        """Call the function with an event, and return whether it succeeded."""
        try:
            result = self._on_event(taken.entry)
            if inspect.isawaitable(result):
                self._await(result)
        except BaseException as error:  # `SystemExit` too, which would end the thread
            if not (self._is_stopped and isinstance(error, CancelledError)):
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
