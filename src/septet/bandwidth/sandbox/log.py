"""What happened in the sandbox: requests, attempts to deliver callbacks, drops.

No entry has the text of a message, for Bandwidth keeps none.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, islice
from typing import TypeAlias

from .clock import Clock

__all__ = ["Attempt", "Drop", "Entry", "Log", "Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the API, and how it was answered.

    Attributes:
        number: The place in the log, from 1.
        time: Seconds since 1970 on the sandbox's clock, when it was answered.
        method: The HTTP method.
        path: The path.
        status: The HTTP status of the answer; None if the connection was broken without one.
        message_id: The message that was taken, also if the answer does not tell.
    """

    number: int
    time: float
    method: str
    path: str
    status: int | None
    message_id: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A callback that was posted, and how the receiver answered.

    Attributes:
        number: The place in the log, from 1.
        time: Seconds since 1970 on the sandbox's clock, when the attempt ended.
        type: The type of the event; empty for a body that was injected.
        message_id: The message; empty for a body that was injected.
        to: Whom the event is about; empty for a body that was injected.
        trial: Which attempt at this event it is, from 1.
        status: The HTTP status of the answer, None without one.
        error: Why there was no answer; empty if there was one.
    """

    number: int
    time: float
    type: str
    message_id: str
    to: str
    trial: int
    status: int | None
    error: str

    @property
    def is_accepted(self) -> bool:
        """Whether the receiver took the event: an answer of 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Drop:
    """A callback that was given up after 24 hours on the sandbox's clock.

    Attributes:
        number: The place in the log, from 1.
        time: Seconds since 1970 on the sandbox's clock.
        type: The type of the event; empty for a body that was injected.
        message_id: The message; empty for a body that was injected.
        to: Whom the event is about; empty for a body that was injected.
        trials: How often it was tried.
    """

    number: int
    time: float
    type: str
    message_id: str
    to: str
    trials: int


Entry: TypeAlias = Request | Attempt | Drop


class Log:
    """The latest entries, up to `size` of them; may be read in any thread.

    Attributes:
        on_drop: Called with each drop.
    """

    def __init__(self, clock: Clock, size: int) -> None:
        self.on_drop: Callable[[Drop], None] | None = None
        self._clock = clock
        self._numbers = count(1)
        self._entries: deque[Entry] = deque(maxlen=size)
        self._lock = threading.Lock()

    def request(self, method: str, path: str, status: int | None, message_id: str | None) -> None:
        """Note a request and its answer."""
        with self._lock:
            number, now = next(self._numbers), self._clock.now()
            self._entries.append(Request(number, now, method, path, status, message_id))

    def attempt(
        self, about: tuple[str, str, str], trial: int, status: int | None, error: str = ""
    ) -> Attempt:
        """Note an attempt at a callback about (type, message id, recipient)."""
        with self._lock:
            number, now = next(self._numbers), self._clock.now()
            attempt = Attempt(number, now, *about, trial, status, error)
            self._entries.append(attempt)
        return attempt

    def drop(self, about: tuple[str, str, str], trials: int) -> None:
        """Note a callback that is given up."""
        with self._lock:
            drop = Drop(next(self._numbers), self._clock.now(), *about, trials)
            self._entries.append(drop)
        if self.on_drop is not None:
            self.on_drop(drop)

    def entries(self, after: int = 0) -> tuple[Entry, ...]:
        """Return the entries with a higher number, in their order."""
        with self._lock:
            last = self._entries[-1].number if self._entries else 0
            wanted = min(len(self._entries), max(0, last - after))
            return tuple(islice(reversed(self._entries), wanted))[::-1]
