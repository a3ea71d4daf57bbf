"""The log of the sandbox: requests, callback attempts, and dropped callbacks.

No entry contains the text of a message, because Bandwidth keeps no texts.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, islice
from typing import TypeAlias

from .clock import Clock

__all__ = ["CallbackAttempt", "CallbackDrop", "Log", "LogEntry", "LoggedRequest"]


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request to the API, and its answer.

    Attributes:
        number: The position in the log, from 1.
        time: Seconds since 1970 on the sandbox's clock, when it was answered.
        method: The HTTP method.
        path: The path.
        status: The HTTP status of the answer; None if the connection was broken without one.
        message_id: The id of the message that was accepted, even if the answer was lost.
    """

    number: int
    time: float
    method: str
    path: str
    status: int | None
    message_id: str | None


@dataclass(frozen=True, slots=True)
class CallbackAttempt:
    """One attempt to post a callback, and its answer.

    Attributes:
        number: The position in the log, from 1.
        time: Seconds since 1970 on the sandbox's clock, when the attempt ended.
        type: The type of the event; empty for an injected body.
        message_id: The id of the message; empty for an injected body.
        to: The recipient that the event is about; empty for an injected body.
        attempt: The number of this attempt to post the callback, from 1.
        status: The HTTP status of the answer; None without one.
        error: The reason why there was no answer; empty if there was one.
    """

    number: int
    time: float
    type: str
    message_id: str
    to: str
    attempt: int
    status: int | None
    error: str

    @property
    def is_accepted(self) -> bool:
        """Whether the receiver accepted the event, with an answer of 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class CallbackDrop:
    """A callback that was dropped after 24 hours on the sandbox's clock.

    Attributes:
        number: The position in the log, from 1.
        time: Seconds since 1970 on the sandbox's clock.
        type: The type of the event; empty for an injected body.
        message_id: The id of the message; empty for an injected body.
        to: The recipient that the event is about; empty for an injected body.
        attempts: The number of attempts that were made.
    """

    number: int
    time: float
    type: str
    message_id: str
    to: str
    attempts: int


LogEntry: TypeAlias = LoggedRequest | CallbackAttempt | CallbackDrop


class Log:
    """The latest `size` entries; may be read from any thread.

    Attributes:
        on_drop: Called with each dropped callback.
    """

    def __init__(self, clock: Clock, size: int) -> None:
        self.on_drop: Callable[[CallbackDrop], None] | None = None
        self._clock = clock
        self._numbers = count(1)
        self._entries: deque[LogEntry] = deque(maxlen=size)
        self._lock = threading.Lock()

    def add_request(
        self, method: str, path: str, status: int | None, message_id: str | None
    ) -> None:
        """Add a request and its answer."""
        with self._lock:
            number, now = next(self._numbers), self._clock.now()
            self._entries.append(LoggedRequest(number, now, method, path, status, message_id))

    def add_attempt(
        self, about: tuple[str, str, str], attempt: int, status: int | None, error: str = ""
    ) -> CallbackAttempt:
        """Add an attempt to post a callback.

        Args:
            about: The type of the event, the id of the message, and the recipient.
            attempt: The number of the attempt, from 1.
            status: The HTTP status of the answer; None without one.
            error: The reason why there was no answer.
        """
        with self._lock:
            number, now = next(self._numbers), self._clock.now()
            entry = CallbackAttempt(number, now, *about, attempt, status, error)
            self._entries.append(entry)
        return entry

    def add_drop(self, about: tuple[str, str, str], attempts: int) -> None:
        """Add a dropped callback, and report it to `on_drop`."""
        with self._lock:
            drop = CallbackDrop(next(self._numbers), self._clock.now(), *about, attempts)
            self._entries.append(drop)
        if self.on_drop is not None:
            self.on_drop(drop)

    def entries(self, after: int = 0) -> tuple[LogEntry, ...]:
        """Return the entries with a number above `after`, in order."""
        with self._lock:
            last = self._entries[-1].number if self._entries else 0
            new_count = min(len(self._entries), max(0, last - after))
            return tuple(islice(reversed(self._entries), new_count))[::-1]
