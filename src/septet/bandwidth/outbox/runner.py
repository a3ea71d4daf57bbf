"""The runner of an outbox: it sends messages and stores the results.

A message is marked as being sent durably, and as late as possible: when the connection is open and
the head of the request is written. A request without its body cannot be accepted. So a message
that is not marked was certainly not sent, whenever the program ends.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock
from time import sleep
from typing import TYPE_CHECKING, Any, NamedTuple

from ..exceptions import (
    BandwidthError,
    DeliveryUnknownError,
    QueueFullError,
    StoreError,
    UnauthorizedError,
    ValidationRefusedError,
)
from ..messages import Accepted
from ..sending.exchanges import Authorization
from ..storing.columns import ascii_escaped, is_plain
from ..storing.outbox_rows import (
    OutboxEntry,
    OutboxState,
    claim,
    mark_interrupted,
    read_queued,
    record,
    record_unsent,
    refuse,
)
from .pace import Pace
from .tuning import Tuning

if TYPE_CHECKING:
    from ..sending.client import Client
    from ..storing.database import Database

__all__ = ["Fate", "Runner", "fate_of", "values_of_answer", "values_of_error"]

_LOG = logging.getLogger("septet.outbox")

_MAX_SERVER_ERRORS = 5  # answers 500 to one message; then the message is taken to be the cause


class Fate(NamedTuple):
    """What follows from an attempt, for the message and for the others.

    Attributes:
        state: The new state of the message.
        pause: The shortest time in seconds during which nothing is sent; None for no pause.
        ends: Whether the run ends, because the provider would accept no message at all.
    """

    state: OutboxState
    pause: float | None = None
    ends: bool = False


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
        client: Client,
        segments_per_second: float,
        workers: int,
        on_entry: Callable[[OutboxEntry], object],
        tuning: Tuning,
    ) -> None:
        """Start the threads; the arguments are those of `Outbox`."""
        self._database = database
        self._client = client
        self._tuning = tuning
        self._pace = Pace(segments_per_second, tuning)
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="septet outbox")
        self._on_entry = on_entry
        self._name = secrets.token_hex(16)
        # The threads of the pool queue calls here, which run in the thread of `run`.
        self._calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._active_count = 0
        self._authorizing = Lock()
        self._refused: str | None = None  # a token that was answered 401
        self._turn_without_token = -1
        self._is_stopped = False
        self._is_paused = False

    def run(self) -> None:
        """Send until no message is queued, or `stop` is called."""
        self._database.write(mark_interrupted).result()
        with self._pool:
            while queued := self._database.query(read_queued, self._tuning.max_rows):
                for entry, segment_count in queued:
                    if not self._wait_to_send():
                        break
                    self._pace.take(segment_count)
                    self._active_count += 1
                    self._pool.submit(self._try, entry, self._pace.turn)
                # Retries are picked up by the next read.
                while self._active_count:
                    self._run_next_call(None)
                if self._is_stopped:
                    return

    def stop(self) -> None:
        """Make `run` return after the current requests."""
        self._is_stopped = True
        self._calls.put(lambda: None)

    def wait(self, seconds: float) -> bool:
        """Sleep, and return whether `stop` was called."""
        self._run_next_call(seconds)
        return self._is_stopped

    def _wait_to_send(self) -> bool:
        """Wait until the next message may be sent; False if `stop` was called."""
        while not self._is_stopped:
            seconds = None if self._active_count >= self._workers else self._pace.seconds_left
            if seconds == 0:
                return True
            self._run_next_call(seconds)
        return False

    def _run_next_call(self, timeout: float | None) -> None:
        try:
            call = self._calls.get(timeout=timeout)
        except Empty:
            return
        call()

    def _try(self, queued: OutboxEntry, turn: int) -> None:
        """Send a message, in a thread of the pool."""
        try:
            call = self._send(queued, turn)
        except BaseException as error:
            call = partial(self._finish, None, Fate(OutboxState.UNKNOWN, ends=True), error, turn)
        self._calls.put(call)

    def _send(self, queued: OutboxEntry, turn: int) -> Callable[[], None]:
        try:
            authorization = self._authorize(turn)
        except BandwidthError as no_token:
            return partial(self._finish, None, fate_of(no_token, 0), no_token, turn)
        if authorization is None:
            return partial(self._finish, None, Fate(OutboxState.QUEUED), None, turn)
        if queued.message is None:
            refused = self._database.write(partial(refuse, entry=queued)).result()
            return partial(self._finish, refused, Fate(OutboxState.REFUSED), None, turn)
        claiming = _Claiming(self._database, queued, self._name)
        error: BaseException | None = None
        try:
            accepted = self._client.perform(
                self._client.account.send_once(
                    queued.message, queued.stored, authorization, claiming.run
                )
            )
        except BaseException as caught:
            if isinstance(claiming.error, _NotQueuedError):
                return partial(self._finish, None, Fate(OutboxState.QUEUED), None, turn)
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
        return partial(self._finish, entry, fate, error, turn)

    def _authorize(self, turn: int) -> Authorization | None:
        """Return the authorization of the next request; None if no request should be made now.

        Only one thread at a time asks for a token. If none is issued, no other thread asks for one
        in the same turn.
        """
        with self._authorizing:
            if self._is_stopped or turn == self._turn_without_token:
                return None
            try:
                return self._client.perform(self._client.account.authorize(self._refused))
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

    def _finish(
        self, entry: OutboxEntry | None, fate: Fate, error: BaseException | None, turn: int
    ) -> None:
        """Handle the end of an attempt, in the thread of `run`."""
        self._active_count -= 1
        if fate.pause is not None:
            seconds = self._pace.pause(turn, fate.pause)
            if seconds is not None:
                _LOG.warning("sending pauses for %.1f seconds: %s", seconds, _summary(error))
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
            self._on_entry(entry)
        if fate.ends and error is not None:
            raise error


def fate_of(error: BaseException, attempt_count: int) -> Fate:
    """Return what follows from an error, for the message and for the others.

    An error that is not about the message itself would hit the next message too, so it causes a
    pause, or ends the run.

    Args:
        error: The error of the attempt.
        attempt_count: The number of attempts for this message, including this one.
    """
    if isinstance(error, DeliveryUnknownError):
        return Fate(OutboxState.UNKNOWN, pause=0)
    if isinstance(error, ValidationRefusedError):
        return Fate(OutboxState.REFUSED)
    if not isinstance(error, BandwidthError):
        return Fate(OutboxState.UNKNOWN, ends=True)
    if error.is_transient:
        requested = error.retry_after if isinstance(error, QueueFullError) else None
        return Fate(OutboxState.QUEUED, pause=requested or 0)
    if error.status == 500:
        is_last = attempt_count >= _MAX_SERVER_ERRORS
        return Fate(OutboxState.REFUSED if is_last else OutboxState.QUEUED, pause=0)
    return Fate(OutboxState.QUEUED, ends=True)


def values_of_answer(accepted: Accepted) -> dict[str, Any]:
    """Return the columns of a message that the provider has accepted."""
    message_id = accepted.id or ""
    return {
        "status": 202,
        # An id that a database might refuse is only in the answer.
        "message_id": message_id if message_id and is_plain(message_id) else None,
        "reason": None,
        "answer": accepted.raw,
    }


def values_of_error(error: BaseException) -> dict[str, Any]:
    """Return the columns of a message whose attempt failed."""
    reason = str(error) if isinstance(error, BandwidthError) else repr(error)
    return {
        "status": getattr(error, "status", None),
        "reason": ascii_escaped(reason),
        "answer": getattr(error, "body", None),
    }


def _summary(error: BaseException | None) -> str:
    """Return a description of an error for the log, without texts, numbers or credentials.

    It consists of the class and the status of the answer, or the operating system's message.
    """
    name = type(error).__name__
    if isinstance(error, BandwidthError) and error.status is not None:
        return f"{name}, HTTP {error.status}"
    cause = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return f"{name}, {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return name
