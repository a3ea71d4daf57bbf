"""The work of an outbox: take a message durably, send it, write what became of it."""

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
from ..storing.outbox_rows import (
    OutboxEntry,
    OutboxState,
    claim,
    escaped,
    park,
    read_queued,
    record,
)
from .pace import Pace

if TYPE_CHECKING:
    from ..sending.client import Client
    from ..storing.database import Database

__all__ = ["Runner"]

_LOG = logging.getLogger("septet.outbox")

_MOST_READ = 1000
_MOST_FAULTS = 5  # of the provider (500); then it is taken for the message's
_LONGEST_ID = 512
_SECONDS_UNTIL_WRITTEN_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0)


class Fate(NamedTuple):
    """What becomes of a message, and of the others.

    Attributes:
        state: Of the message.
        pause: Seconds in which nothing is sent, at least; None if all is well.
        ends: Whether the provider would take no message at all.
    """

    state: OutboxState
    pause: float | None = None
    ends: bool = False


class Runner:
    """Sends what waits in a database, while it has the turn."""

    def __init__(
        self,
        database: Database,
        client: Client,
        rate: float,
        workers: int,
        on_entry: Callable[[OutboxEntry], object],
    ) -> None:
        self._database = database
        self._client = client
        self._pace = Pace(rate)
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="septet outbox")
        self._on_entry = on_entry
        self._name = secrets.token_hex(16)
        # What the threads have to say is said in the caller's.
        self._told: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._under_way = 0
        self._authorizing = Lock()
        self._refused: str | None = None  # a token that was answered 401
        self._turn_without_token = -1
        self._is_stopped = False
        self._is_paused = False

    def run(self) -> None:
        """Send until nothing waits, or `stop` is called."""
        self._database.write(park).result()
        with self._pool:
            while waiting := self._read():
                for number, segment_count in waiting:
                    if not self._may_begin():
                        break
                    self._pace.take(segment_count)
                    self._under_way += 1
                    self._pool.submit(self._try, number, self._pace.turn)
                # What has to be tried again is read again.
                while self._under_way:
                    self._listen(None)
                if self._is_stopped:
                    return

    def stop(self) -> None:
        """Let `run` end when what is under way is done."""
        self._is_stopped = True
        self._told.put(lambda: None)

    def wait(self, seconds: float) -> bool:
        """Sleep, and tell whether `stop` was called."""
        self._listen(seconds)
        return self._is_stopped

    def _read(self) -> list[tuple[int, int]]:
        with self._database.read() as connection:
            return read_queued(connection, _MOST_READ)

    def _may_begin(self) -> bool:
        """Wait until the next message is due, and tell whether it is wanted."""
        while not self._is_stopped:
            seconds = None if self._under_way >= self._workers else self._pace.seconds_left
            if seconds == 0:
                return True
            self._listen(seconds)
        return False

    def _listen(self, seconds: float | None) -> None:
        try:
            tell = self._told.get(timeout=seconds)
        except Empty:
            return
        tell()

    def _try(self, number: int, turn: int) -> None:
        """Send a message, in a thread of the pool."""
        try:
            tell = self._send(number, turn)
        except BaseException as error:
            tell = partial(self._finish, None, Fate(OutboxState.UNKNOWN, ends=True), error, turn)
        self._told.put(tell)

    def _send(self, number: int, turn: int) -> Callable[[], None]:
        try:
            authorization = self._authorize(turn)
        except BandwidthError as no_token:
            return partial(self._finish, None, fate_of(no_token, 0), no_token, turn)
        if authorization is None:
            return partial(self._finish, None, Fate(OutboxState.QUEUED), None, turn)
        taken = self._database.write(partial(claim, number=number, runner=self._name)).result()
        if taken is None:
            return partial(self._finish, None, Fate(OutboxState.QUEUED), None, turn)
        if taken.message is None:
            return partial(self._finish, taken, Fate(taken.state), None, turn)
        error: BaseException | None = None
        try:
            accepted = self._client._send_once(taken.message, taken.stored, authorization)
        except BaseException as caught:
            error = caught
            fate = fate_of(error, taken.attempt_count)
            if (
                isinstance(error, UnauthorizedError)
                and error.status == 401
                and authorization.is_kept
            ):
                # The token may only have ended; the next attempt asks for another.
                self._refused, fate = authorization.header, Fate(OutboxState.QUEUED)
            values = _values_of_error(error)
        else:
            fate = Fate(OutboxState.ACCEPTED)
            values = _values_of_answer(accepted)
            if not authorization.is_kept:
                self._refused = None
        entry = self._record(number, {**values, "state": fate.state})
        return partial(self._finish, entry, fate, error, turn)

    def _authorize(self, turn: int) -> Authorization | None:
        """Return what the next request is authorised by; None if it is not to be made now.

        Only one thread asks for a token, and if none was given the others do not ask in its turn.
        """
        with self._authorizing:
            if self._is_stopped or turn == self._turn_without_token:
                return None
            try:
                return self._client._authorize(self._refused)
            except BandwidthError:
                self._turn_without_token = turn
                raise

    def _record(self, number: int, values: dict[str, Any]) -> OutboxEntry | None:
        """Write what became of a message; what cannot be written now would be unknown for ever."""
        job = partial(record, number=number, runner=self._name, values=values)
        for seconds in _SECONDS_UNTIL_WRITTEN_AGAIN:
            try:
                return self._database.write(job).result()
            except StoreError:
                sleep(seconds)
        return self._database.write(job).result()

    def _finish(
        self, entry: OutboxEntry | None, fate: Fate, error: BaseException | None, turn: int
    ) -> None:
        """Take note of what became of a message, in the caller's thread."""
        self._under_way -= 1
        if fate.pause is not None:
            seconds = self._pace.pause(turn, fate.pause)
            if seconds is not None:
                _LOG.warning("sending pauses for %.1f seconds: %s", seconds, _summary(error))
                self._is_paused = True
        elif entry is not None and entry.message is None:
            _LOG.warning("message %d is refused: its stored text cannot be used", entry.id)
        elif entry is not None:
            self._pace.go_on()
            # A message that began before the pause says nothing about its end.
            if self._is_paused and turn == self._pace.turn:
                _LOG.warning("sending goes on")
                self._is_paused = False
        if entry is not None:
            self._on_entry(entry)
        if fate.ends and error is not None:
            raise error


def fate_of(error: BaseException, attempt_count: int) -> Fate:
    """Return what follows from an error of sending a message for the n-th time.

    What befalls every message would befall the next as well, so none is sent for a while.
    """
    if isinstance(error, DeliveryUnknownError):
        return Fate(OutboxState.UNKNOWN, pause=0)
    if isinstance(error, ValidationRefusedError):
        return Fate(OutboxState.REFUSED)
    if not isinstance(error, BandwidthError):
        return Fate(OutboxState.UNKNOWN, ends=True)
    if error.is_transient:
        asked_for = error.retry_after if isinstance(error, QueueFullError) else None
        return Fate(OutboxState.QUEUED, pause=asked_for or 0)
    if error.status == 500:
        is_enough = attempt_count >= _MOST_FAULTS
        return Fate(OutboxState.REFUSED if is_enough else OutboxState.QUEUED, pause=0)
    return Fate(OutboxState.QUEUED, ends=True)


def _values_of_answer(accepted: Accepted) -> dict[str, Any]:
    name = accepted.id or ""
    # One that a database refuses stays in the answer.
    is_plain = name.isascii() and name.isprintable() and 0 < len(name) <= _LONGEST_ID
    return {
        "status": 202,
        "message_id": name if is_plain else None,
        "reason": None,
        "answer": accepted.raw,
    }


def _values_of_error(error: BaseException) -> dict[str, Any]:
    reason = str(error) if isinstance(error, BandwidthError) else repr(error)
    return {
        "status": getattr(error, "status", None),
        "reason": escaped(reason),
        "answer": getattr(error, "body", None),
    }


def _summary(error: BaseException | None) -> str:
    """Return an error as a log may have it: no text, number or credential of anybody.

    That is its class, with the status of the answer, or what the operating system said.
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
