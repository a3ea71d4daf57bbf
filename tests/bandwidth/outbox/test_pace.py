"""When the next message may be sent, by a clock that the tests move."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")

from septet.bandwidth.outbox.pace import Pace
from septet.bandwidth.outbox.tuning import Tuning


@pytest.fixture
def clock():
    """The time of the clock, in a list."""
    return [100.0]


@pytest.fixture
def make(clock):
    """Make a pace of some segments per second."""
    return lambda segments_per_second: Pace(segments_per_second, Tuning(clock=lambda: clock[0]))


def test_rate(clock, make) -> None:
    """Three segments at two per second take a second and a half."""
    pace = make(2)
    assert pace.seconds_left == 0
    pace.take(3)
    assert pace.seconds_left == 1.5
    clock[0] = 101.0
    assert pace.seconds_left == 0.5
    clock[0] = 101.5
    assert pace.seconds_left == 0


def test_no_burst(clock, make) -> None:
    """Lost time is not made up for."""
    pace = make(1)
    clock[0] = 200.0
    pace.take(1)
    assert pace.seconds_left == 1


def test_pauses_grow(clock, make) -> None:
    """Each is twice as long as the last, up to a minute, until a message is sent."""
    pace, seconds = make(1), []
    for _ in range(8):
        pace.pause(pace.turn, 0)
        seconds.append(pace.seconds_left)
        clock[0] += pace.seconds_left
    assert seconds == [1, 2, 4, 8, 16, 32, 60, 60]
    pace.reset_pauses()
    pace.pause(pace.turn, 0)
    assert pace.seconds_left == 1


def test_one_pause_per_turn(clock, make) -> None:
    """Sixteen messages of one turn that fail cause one pause."""
    pace = make(1)
    turn = pace.turn
    assert [pace.pause(turn, 0) for _ in range(16)] == [1.0, *[None] * 15]
    assert pace.seconds_left == 1


@pytest.mark.parametrize(("requested", "seconds"), [(0.5, 1), (30, 30), (float("inf"), 3600)])
def test_requested_pause(make, requested, seconds) -> None:
    """The pause is at least as long as the provider asks for, up to an hour."""
    pace = make(1)
    assert pace.pause(pace.turn, requested) == pace.seconds_left == seconds


def test_longer_request_of_the_same_turn(make) -> None:
    """It prolongs the pause that another message has started; a similar one does not."""
    pace = make(1)
    turn = pace.turn
    assert [pace.pause(turn, seconds) for seconds in (0, 30, 30.5, 60)] == [1, 30, None, 60]
    assert pace.seconds_left == 60
    assert pace.pause(pace.turn, 0) == 2


@pytest.mark.parametrize("segments_per_second", [0, -1, float("nan")])
def test_wrong_rates(make, segments_per_second) -> None:
    """Nothing would ever be sent."""
    with pytest.raises(ValueError, match="segments_per_second"):
        make(segments_per_second)
