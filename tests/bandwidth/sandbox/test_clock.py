"""The clock: its speed, and the provider's format of times."""

import asyncio
import time

import pytest

from septet.bandwidth.sandbox.clock import Clock, timestamp


def test_speed():
    """It starts at the real time and passes `speed` seconds in a second."""
    before = time.time()
    clock = Clock(1e9)
    assert clock.now() >= before
    time.sleep(0.001)
    assert clock.now() - before > 900_000


def test_sleep():
    """Sleeps are in seconds of the clock; negative ones return at once."""
    clock = Clock(1e6)
    began = clock.now()
    asyncio.run(clock.sleep(10_000))
    assert clock.now() - began >= 10_000
    asyncio.run(clock.sleep(-1))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1970-01-01T00:00:00.000Z"), (1793783400.1239, "2026-11-04T09:10:00.123Z")],
)
def test_timestamp(seconds, text):
    """Times have milliseconds and end in Z."""
    assert timestamp(seconds) == text
