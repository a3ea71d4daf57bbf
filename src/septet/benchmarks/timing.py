"""A timer that calls functions in turns, so that other load affects all of them equally."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

__all__ = ["Times", "in_turns", "medians", "processor_milliseconds", "times"]

# Other programs do not disturb the time of the processor. Windows counts it in steps of 15 ms.
_processor = time.perf_counter if sys.platform == "win32" else time.process_time


class Times(NamedTuple):
    """How long a call took, in milliseconds."""

    best: float
    median: float


def in_turns(calls: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Times]:
    """Call functions that return how long they took, in milliseconds; they take turns."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            taken[name].append(call())
    return {name: Times(min(each), statistics.median(each)) for name, each in taken.items()}


def processor_milliseconds(call: Callable[[], object]) -> float:
    """Return the time of the processor that a call takes, on all of its threads together."""
    return _milliseconds(call, _processor)


def times(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Return the best and the median elapsed time of each call; the calls take turns."""
    clock = time.perf_counter
    return in_turns({name: partial(_milliseconds, calls[name], clock) for name in calls}, rounds)


def medians(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median elapsed time of each call in milliseconds; the calls take turns."""
    return {name: each.median for name, each in times(calls, rounds).items()}


def _milliseconds(call: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    call()
    return (clock() - start) * 1e3
