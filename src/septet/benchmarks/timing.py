"""A timer that calls functions in turns, so that other load affects all of them equally."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Times(NamedTuple):
    """How long a call took, in milliseconds."""

    best: float
    median: float


def times(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Return the best and the median time of each call; the calls take turns."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - start) * 1e3)
    return {name: Times(min(each), statistics.median(each)) for name, each in taken.items()}


def medians(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median time of each call in milliseconds; the calls take turns."""
    return {name: each.median for name, each in times(calls, rounds).items()}
