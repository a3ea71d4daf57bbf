"""When the next message may be sent: at most N segments per second, nothing during a pause."""

from __future__ import annotations

from .tuning import Tuning

__all__ = ["Pace"]

_MAX_REQUESTED_PAUSE = 3600.0  # seconds


class Pace:
    """Computes when the next message may be sent.

    Lost time is not made up for: there is no burst after a pause.

    Attributes:
        turn: A number that grows with each pause. A failure of a message that began in an earlier
            turn prolongs the pause only if the provider asks for it.
    """

    def __init__(self, segments_per_second: float, tuning: Tuning) -> None:
        """Allow the first message at once.

        Args:
            segments_per_second: The rate, above 0.
            tuning: The lengths of pauses, and the clock.

        Raises:
            ValueError: The rate is not above 0.
        """
        if not segments_per_second > 0:
            raise ValueError(f"segments_per_second must be above 0, not {segments_per_second}")
        self.turn = 0
        self._segments_per_second = segments_per_second
        self._tuning = tuning
        self._next = tuning.clock()
        self._pause = tuning.first_pause

    @property
    def seconds_left(self) -> float:
        """Seconds until the next message may be sent."""
        return max(0.0, self._next - self._tuning.clock())

    def take(self, segment_count: int) -> None:
        """Reserve the time that a message with a number of segments takes."""
        start = max(self._next, self._tuning.clock())
        self._next = start + segment_count / self._segments_per_second

    def pause(self, turn: int, seconds: float) -> float | None:
        """Send nothing for a while, because a message failed.

        Args:
            turn: The turn in which the message began.
            seconds: The shortest pause; at most an hour of it is respected.

        Returns:
            The seconds from now to the end of the pause; None if another message of that turn has
            started one that is long enough.
        """
        seconds = min(seconds, _MAX_REQUESTED_PAUSE)
        if turn != self.turn:
            # Answers to other messages of that turn ask for nearly the same.
            if seconds < self.seconds_left + 1:
                return None
        else:
            self.turn += 1
            seconds = max(seconds, self._pause)
            self._pause = min(2 * self._pause, self._tuning.max_pause)
        self._next = self._tuning.clock() + seconds
        return seconds

    def reset_pauses(self) -> None:
        """Make the next pause a short one again, because a message was sent."""
        self._pause = self._tuning.first_pause
