"""How fast messages are handed out: so many segments a second, and none in a pause."""

from __future__ import annotations

from time import monotonic

__all__ = ["Pace"]

_FIRST_PAUSE = 1.0  # seconds; twice as long after each that did not help
_LONGEST_PAUSE = 60.0
_LONGEST_ASKED_FOR = 3600.0


class Pace:
    """When the next may begin.

    What was missed is not made up for: there is no burst after a pause.

    Attributes:
        turn: Grows with each pause, so that what began before one does not lengthen it.
    """

    def __init__(self, rate: float) -> None:
        """Begin at once.

        Args:
            rate: Segments a second.

        Raises:
            ValueError: The rate is not above 0.
        """
        if not rate > 0:
            raise ValueError(f"rate must be above 0 segments a second, not {rate}")
        self.turn = 0
        self._rate = rate
        self._next = monotonic()
        self._pause = _FIRST_PAUSE

    @property
    def seconds_left(self) -> float:
        """How long it is until the next may begin."""
        return max(0.0, self._next - monotonic())

    def take(self, segment_count: int) -> None:
        """Begin with so many segments."""
        self._next = max(self._next, monotonic()) + segment_count / self._rate

    def pause(self, turn: int, seconds: float) -> float | None:
        """Begin nothing for a while, because a message that began in a turn failed.

        Args:
            turn: The turn in which it began.
            seconds: The shortest pause.

        Returns:
            The seconds of the pause that begins; None if it was begun for another of that turn.
        """
        if turn != self.turn:
            return None
        self.turn += 1
        length = max(min(seconds, _LONGEST_ASKED_FOR), self._pause)
        self._next = monotonic() + length
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        return length

    def go_on(self) -> None:
        """Take note that something came through."""
        self._pause = _FIRST_PAUSE
