"""The figures of an outbox: what it contains, and what has been sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock

from ..storing.outbox_table import OutboxState

__all__ = ["RESULTS", "OutboxFigures", "Tally"]

RESULTS = (
    OutboxState.ACCEPTED,
    OutboxState.REFUSED,
    OutboxState.UNKNOWN,
    OutboxState.EXPIRED,
    OutboxState.QUEUED,
)
"""The states that a message can have after an attempt."""


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """The figures of an outbox.

    The first is about the database; the others are about one `Outbox` since it was created.

    Attributes:
        counts: The number of messages in each state.
        results: How often a message got each state: accepted, refused, unknown, expired, or queued
            for another attempt.
        segment_count: The segments of accepted messages; those of a group count once for each
            recipient.
        paused_seconds: The time during which nothing was sent because an attempt had failed.
    """

    counts: Mapping[OutboxState, int]
    results: Mapping[OutboxState, int]
    segment_count: int
    paused_seconds: float


class Tally:
    """Counts results and pauses; several threads may use it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin at 0.

        Args:
            clock: Returns seconds that never go back.
        """
        self._clock = clock
        self._lock = Lock()
        self._results = Counter(dict.fromkeys(RESULTS, 0))
        self._segment_count = 0
        self._paused_seconds = 0.0  # of earlier pauses
        self._pause_start = self._pause_end = clock()

    def count(self, state: OutboxState, segment_count: int) -> None:
        """Count a message that got a state, and its segments if it was accepted."""
        with self._lock:
            self._results[state] += 1
            if state is OutboxState.ACCEPTED:
                self._segment_count += segment_count

    def pause(self, seconds: float) -> None:
        """Note that nothing is sent for some seconds from now; 0 ends a pause."""
        with self._lock:
            self._paused_seconds = self._seconds()
            self._pause_start = self._clock()
            self._pause_end = self._pause_start + seconds

    def figures(self, counts: Mapping[OutboxState, int]) -> OutboxFigures:
        """Return the figures so far, together with those of the database."""
        with self._lock:
            results = dict(self._results)
            return OutboxFigures(counts, results, self._segment_count, self._seconds())

    def _seconds(self) -> float:
        return self._paused_seconds + min(self._clock(), self._pause_end) - self._pause_start
