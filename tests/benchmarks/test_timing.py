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


def test_time_of_the_processor() -> None:
    """Waiting takes none."""
    assert timing.processor_milliseconds(lambda: sum(range(300_000))) > 0.5
    if timing._processor is time.process_time:
        assert timing.processor_milliseconds(lambda: time.sleep(0.1)) < 50


def test_turns() -> None:
    """Functions return how long they took."""
    values = iter([5.0, 1.0, 3.0])
    assert timing.in_turns({"one": values.__next__}, 3) == {"one": timing.Times(1, 3)}
