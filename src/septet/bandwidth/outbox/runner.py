"""The runner of an outbox: it sends messages and stores the results.

A message is marked as being sent durably, and as late as possible: when the connection is open and
the head of the request is written. A request without its body cannot be accepted. So a message
that is not marked was certainly not sent, whenever the program ends.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from ..exceptions import BandwidthError, StoreError, UnauthorizedError
from ..sending.exchanges import Authorization, Exchange
from ..storing.outbox_rows import (
    claim,
    expire,
    mark_interrupted,
    record,
    record_unsent,
    refuse,
)
from ..storing.outbox_table import OutboxEntry, OutboxState
from .fates import Fate, fate_of, summary_of, values_of_answer, values_of_error
from .figures import Tally
from .pace import Pace
from .queue import LOOK_SECONDS, Queue
from .tuning import Tuning

if TYPE_CHECKING:
    from ..sending.account import Account
    from ..storing.database import Database

__all__ = ["Perform", "Runner"]

_LOG = logging.getLogger("septet.outbox")

_T = TypeVar("_T")


class Perform(Protocol):
    """Carries out exchanges for any number of threads, as the clients do."""

    def __call__(self, exchange: Exchange[_T]) -> _T:
        """Return the result of an exchange."""


class _Attempt(NamedTuple):
    """The end of an attempt.

    Attributes:
        fate: What follows from it.
        entry: The message with its new values; None if nothing was stored.
        error: The error; None without one.
    """

    fate: Fate
    entry: OutboxEntry | None = None
    error: BaseException | None = None


class _NotQueuedError(Exception):
    """A message is no longer queued, or has changed; it must not be sent."""


class _Claiming:
    """Marks one message as being sent, when the body of its request is about to be written.

    Attributes:
        entry: The marked message; None before.
        error: The reason why it could not be marked.
    """

    def __init__(self, database: Database, queued: OutboxEntry, runner: str) -> None:
        self.entry: OutboxEntry | None = None
        self.error: BaseException | None = None
        self._database = database
        self._job = partial(claim, entry=queued, runner=runner)

    def run(self) -> None:
        """Mark the message; an exception keeps the body from being written."""
        try:
            self.entry = self._database.write(self._job).result()
            if self.entry is None:
                raise _NotQueuedError
        except BaseException as error:
            self.error = error
            raise


class Runner:
    """Sends the queued messages of a database; only one runner may `run` at a time."""

    def __init__(
        self,
        database: Database,
        account: Account,
        perform: Perform,
        segments_per_second: float,
        sender_segments_per_second: float | Mapping[str, float] | None,
        workers: int,
        tally: Tally,
        on_entry: Callable[[OutboxEntry], object],
        tuning: Tuning,
    ) -> None:
        """Prepare the threads; the arguments are those of `Outbox`.

        Args:
            database: The database.
            account: The requests of the account.
            perform: Carries them out.
            segments_per_second: The rate of all numbers together.
            sender_segments_per_second: The rate of each sending number.
            workers: The largest number of requests at a time.
            tally: Counts results and pauses.
            on_entry: Called with each message after its state changed, in the thread of `run`.
            tuning: Delays and limits.
        """
        self._database = database
        self._account = account
        self._perform = perform
        self._tuning = tuning
        self._pace = Pace(segments_per_second, tuning)
        self._queue = Queue(database, sender_segments_per_second, tuning)
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="septet outbox")
        self._tally = tally
        self._on_entry = on_entry
        self._name = secrets.token_hex(16)
        # The threads of the pool queue calls here, which run in the thread of `run`.
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._active: dict[int, int] = {}  # the segments of messages by their ids
        self._authorizing = Lock()
        self._refused: str | None = None  # a token that was answered 401
        self._turn_without_token = -1
        self._is_stopped = False
        self._is_paused = False

    def run(self) -> None:
        """Send until no message is queued, or `stop` is called."""
        self._database.write(mark_interrupted).result()
        try:
            self._send_all()
        finally:
            self._tally.pause(0)

    def _send_all(self) -> None:
        with self._pool:
            while not self._is_stopped:
                seconds = self._start_next()
                if seconds is None and not self._active:
                    return
                if seconds != 0:
                    self._run_next_call(seconds)
            while self._active:
                self._run_next_call(None)

    def _start_next(self) -> float | None:
        """Start a message if one may be sent now.

        Returns:
            0 if one was started; otherwise seconds after which to try again; None if the end of
            another message has to be awaited first, or no message is queued.
        """
        if len(self._active) >= self._workers:
            return None
        if self._queue.is_stale:
            self._expire()
            self._queue.look()
        seconds = self._queue.seconds_left(self._active)
        if seconds is None:
            return None
        if seconds := max(seconds, self._pace.seconds_left):
            return min(seconds, LOOK_SECONDS)
        entry, segment_count = self._queue.take()
        self._pace.take(segment_count)
        self._active[entry.id] = segment_count
        self._pool.submit(self._try, entry, self._pace.turn)
        return 0

    def _expire(self) -> None:
        """Mark queued messages as expired whose time has come."""
        job = partial(expire, max_rows=self._tuning.max_rows)
        while entries := self._database.write(job).result():
            for entry in entries:
                self._report(entry, 0)

    def stop(self) -> None:
        """Make `run` return after the current requests."""
        self._is_stopped = True
        self._calls.put(lambda: None)

    def wait(self, seconds: float) -> bool:
        """Sleep, and return whether `stop` was called."""
        self._run_next_call(seconds)
        return self._is_stopped

    def _run_next_call(self, timeout: float | None) -> None:
        try:
            call = self._calls.get(timeout=timeout)
        except Empty:
            return
        call()

    def _try(self, queued: OutboxEntry, turn: int) -> None:
        """Send a message, in a thread of the pool."""
        try:
            attempt = self._send(queued, turn)
        except BaseException as error:
            attempt = _Attempt(Fate(OutboxState.UNKNOWN, ends=True), error=error)
        self._calls.put(partial(self._finish, queued.id, attempt, turn))

    def _send(self, queued: OutboxEntry, turn: int) -> _Attempt:
        try:
            authorization = self._authorize(turn)
        except BandwidthError as no_token:
            return _Attempt(fate_of(no_token, 0), error=no_token)
        if authorization is None:
            return _Attempt(Fate(OutboxState.QUEUED))
        if queued.message is None:
            refused = self._database.write(partial(refuse, entry=queued)).result()
            return _Attempt(Fate(OutboxState.REFUSED), refused)
        if queued.expires_at is not None and queued.expires_at <= datetime.now(UTC):
            return _Attempt(Fate(OutboxState.QUEUED))  # until `_expire` finds it
        claiming = _Claiming(self._database, queued, self._name)
        error: BaseException | None = None
        try:
            accepted = self._perform(
                self._account.send_once(queued.message, queued.stored, authorization, claiming.run)
            )
        except BaseException as caught:
            if isinstance(claiming.error, _NotQueuedError):
                return _Attempt(Fate(OutboxState.QUEUED))
            if claiming.error is not None:
                raise claiming.error from None
            error = caught
            fate = fate_of(error, queued.attempt_count + 1)
            if (
                isinstance(error, UnauthorizedError)
                and error.status == 401
                and authorization.is_reused
            ):
                # Perhaps only the token has expired; the next attempt asks for a new one.
                self._refused, fate = authorization.header, Fate(OutboxState.QUEUED)
            values = values_of_error(error)
        else:
            fate = Fate(OutboxState.ACCEPTED)
            values = values_of_answer(accepted)
            if not authorization.is_reused:
                self._refused = None
        if claiming.entry is None and (error is None or getattr(error, "status", None)):
            claiming.run()  # the provider has answered without having read the body
        if claiming.entry is None:
            fate = fate._replace(state=OutboxState.QUEUED)
            entry = self._write(partial(record_unsent, entry=queued, values=values))
        else:
            values = {**values, "state": fate.state}
            entry = self._write(
                partial(record, entry=claiming.entry, runner=self._name, values=values)
            )
        return _Attempt(fate, entry, error)

    def _authorize(self, turn: int) -> Authorization | None:
        """Return the authorization of the next request; None if no request should be made now.

        Only one thread at a time asks for a token. If none is issued, no other thread asks for one
        in the same turn.
        """
        with self._authorizing:
            if self._is_stopped or turn == self._turn_without_token:
                return None
            try:
                return self._perform(self._account.authorize(self._refused))
            except BandwidthError:
                self._turn_without_token = turn
                raise

    def _write(self, job: Callable[[Any], OutboxEntry | None]) -> OutboxEntry | None:
        """Store the result of an attempt, patiently: without it, the message would be unknown."""
        for seconds in self._tuning.write_delays:
            try:
                return self._database.write(job).result()
            except StoreError:
                sleep(seconds)
        return self._database.write(job).result()

    def _finish(self, number: int, attempt: _Attempt, turn: int) -> None:
        """Handle the end of an attempt for the message with an id, in the thread of `run`."""
        segment_count = self._active.pop(number)
        fate, entry, error = attempt
        if fate.pause is not None:
            seconds = self._pace.pause(turn, fate.pause)
            if seconds is not None:
                self._tally.pause(seconds)
                _LOG.warning("sending pauses for %.1f seconds: %s", seconds, summary_of(error))
                self._is_paused = True
        elif entry is not None and entry.message is None:
            _LOG.warning("message %d is refused: its stored text cannot be used", entry.id)
        elif entry is not None:
            self._pace.reset_pauses()
            # A message that began before the pause does not prove that the pause has helped.
            if self._is_paused and turn == self._pace.turn:
                _LOG.warning("sending continues")
                self._is_paused = False
        if entry is not None:
            self._report(entry, segment_count)
        if fate.ends and error is not None:
            raise error

    def _report(self, entry: OutboxEntry, segment_count: int) -> None:
        self._tally.count(entry.state, segment_count)
        self._on_entry(entry)
