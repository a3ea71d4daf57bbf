"""Which queued message is sent next, if each sending number may have a rate of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ..storing.outbox_rows import read_queued, read_senders
from .pace import Pace
from .tuning import Tuning

if TYPE_CHECKING:
    from ..storing.database import Database
    from ..storing.outbox_table import OutboxEntry

__all__ = ["LOOK_SECONDS", "Queue"]

LOOK_SECONDS = 1.0
"""How often to look for numbers that had no queued messages, and for expired messages."""


class Queue:
    """The first queued messages of a database, read ahead: of each sending number, or of all.

    A number that has to wait does not delay the messages of the others.
    """

    def __init__(
        self,
        database: Database,
        segments_per_second: float | Mapping[str, float] | None,
        tuning: Tuning,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            database: The database.
            segments_per_second: The rate of every sending number, or those of some numbers; None
                for no such rates.
            tuning: How many messages are read ahead, and the clock.

        Raises:
            ValueError: A rate is not above 0.
        """
        self._database = database
        self._rate = segments_per_second
        self._tuning = tuning
        rates = self._rate.values() if isinstance(self._rate, Mapping) else [self._rate]
        for rate in rates:
            if rate is not None:
                Pace(rate, tuning)  # refuses a wrong rate
        # Messages by sending number; all have the key None where numbers have no rates.
        self._lanes: dict[str | None, deque[tuple[OutboxEntry, int]]] = {}
        self._paces: dict[str, Pace] = {}
        self._next_look = tuning.clock()

    @property
    def is_stale(self) -> bool:
        """Whether it is time to `look`."""
        return not self._lanes or self._tuning.clock() >= self._next_look

    def look(self) -> None:
        """Find out which numbers have queued messages."""
        self._next_look = self._tuning.clock() + LOOK_SECONDS
        senders = [None] if self._rate is None else self._database.query(read_senders)
        for sender in senders:
            self._lanes.setdefault(sender, deque())

    def seconds_left(self, active: Collection[int]) -> float | None:
        """Return the seconds until the rate of a number allows a message; None without a message.

        Args:
            active: The ids of messages that are being sent; some of them may still be queued.
        """
        self._refill(active)
        return min(map(self._seconds_of, self._lanes), default=None)

    def take(self) -> tuple[OutboxEntry, int]:
        """Return the next message and its segments; `seconds_left` must have returned 0."""
        ready = [sender for sender in self._lanes if not self._seconds_of(sender)]
        sender = min(ready, key=lambda sender: self._lanes[sender][0][0].id)
        entry, segment_count = self._lanes[sender].popleft()
        if sender in self._paces:
            self._paces[sender].take(segment_count)
        return entry, segment_count

    def _seconds_of(self, sender: str | None) -> float:
        """Return the seconds until the rate of a sending number allows its next message."""
        if sender not in self._paces:
            rate = self._rate.get(sender or "") if isinstance(self._rate, Mapping) else self._rate
            if sender is None or rate is None:
                return 0.0
            self._paces[sender] = Pace(rate, self._tuning)
        return self._paces[sender].seconds_left

    def _refill(self, active: Collection[int]) -> None:
        """Read messages of the numbers that have none left."""
        max_rows = max(1, self._tuning.max_rows // max(1, len(self._lanes)))
        for sender in [sender for sender, lane in self._lanes.items() if not lane]:
            rows = self._database.query(read_queued, max_rows + len(active), sender)
            lane = deque(row for row in rows if row[0].id not in active)
            if lane:
                self._lanes[sender] = lane
            else:
                del self._lanes[sender]
