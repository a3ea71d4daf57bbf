"""Delays and limits of the outbox, and its clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

__all__ = ["Tuning"]


@dataclass(frozen=True, slots=True)
class Tuning:
    """Delays and limits of the outbox; the defaults suit every account, tests shorten them.

    Attributes:
        first_pause: Seconds of the first pause after a failure; each further one is twice as long.
        max_pause: Seconds of the longest pause, unless the provider asks for more.
        write_delays: Seconds before each new attempt to store a result.
        max_rows: How many queued messages are read at once.
        clock: Returns seconds that never go back.
    """

    first_pause: float = 1.0
    max_pause: float = 60.0
    write_delays: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)
    max_rows: int = 1000
    clock: Callable[[], float] = monotonic
