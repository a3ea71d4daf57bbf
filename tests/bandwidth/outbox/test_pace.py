"""When the next message may begin, by a clock that is moved by hand."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")

from septet.bandwidth.outbox import pace
from septet.bandwidth.outbox.pace import Pace


@pytest.fixture
def clock(monkeypatch):
    """The time, which can be set."""
    now = [100.0]
    monkeypatch.setattr(pace, "monotonic", lambda: now[0])
    return now


def test_rate(clock) -> None:
    """Three segments at two a second are a second and a half."""
    ours = Pace(2)
    assert ours.seconds_left == 0
    ours.take(3)
    assert ours.seconds_left == 1.5
    clock[0] = 101.0
    assert ours.seconds_left == 0.5
    clock[0] = 101.5
    assert ours.seconds_left == 0


def test_no_burst(clock) -> None:
    """What was missed is not made up for."""
    ours = Pace(1)
    clock[0] = 200.0
    ours.take(1)
    assert ours.seconds_left == 1


def test_pauses_grow(clock) -> None:
    """Each twice as long as the last, up to a minute, until something comes through."""
    ours, seconds = Pace(1), []
    for _ in range(8):
        ours.pause(ours.turn, 0)
        seconds.append(ours.seconds_left)
        clock[0] += ours.seconds_left
    assert seconds == [1, 2, 4, 8, 16, 32, 60, 60]
    ours.go_on()
    ours.pause(ours.turn, 0)
    assert ours.seconds_left == 1


def test_one_pause_for_all_that_began_before_it(clock) -> None:
    """Sixteen that fail together are one failure."""
    ours = Pace(1)
    turn = ours.turn
    assert [ours.pause(turn, 0) for _ in range(16)] == [1.0, *[None] * 15]
    assert ours.seconds_left == 1


@pytest.mark.parametrize(("asked", "seconds"), [(0.5, 1), (30, 30), (float("inf"), 3600)])
def test_what_is_asked_for(clock, asked, seconds) -> None:
    """At least as long as the provider asks for, within reason."""
    ours = Pace(1)
    assert ours.pause(ours.turn, asked) == ours.seconds_left == seconds


@pytest.mark.parametrize("rate", [0, -1, float("nan")])
def test_rate_that_is_none(rate) -> None:
    """Nothing would ever be sent."""
    with pytest.raises(ValueError, match="rate"):
        Pace(rate)
