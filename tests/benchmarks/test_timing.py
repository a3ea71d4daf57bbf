"""The timer of the benchmarks."""

from __future__ import annotations

import time

from septet.benchmarks import timing


def test_calls_take_turns() -> None:
    """Each round calls every function once; times are in milliseconds."""
    called = []

    def slow() -> None:
        called.append("slow")
        time.sleep(0.003)

    times = timing.times({"slow": slow, "fast": lambda: called.append("fast")}, 3)
    assert called == ["slow", "fast"] * 3
    assert times["slow"].median >= times["slow"].best >= 3 > times["fast"].best
    assert timing.medians({"slow": slow}, 1)["slow"] >= 3
