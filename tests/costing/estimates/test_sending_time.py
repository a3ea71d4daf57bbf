"""How long sending takes: against a clock that ticks each half-hour, and single cases."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import sending_time

MONDAY = datetime(2026, 11, 30)
AT_NIGHT = time(22), time(6)
TICK = timedelta(minutes=30)


def tick(segments, ticks_each, per_day, between, start) -> datetime:
    """Return when the last segment is sent: with each tick, if it may be, a part of one is sent."""
    left, now, sent_today = segments * ticks_each, start, 0
    while left:
        if now.time() == time():
            sent_today = 0
        if between is None:
            is_open = True
        elif between[1] == time():
            is_open = now.time() >= between[0]
        elif between[0] < between[1]:
            is_open = between[0] <= now.time() < between[1]
        else:
            is_open = now.time() >= between[0] or now.time() < between[1]
        now += TICK
        if is_open and (per_day is None or sent_today < per_day * ticks_each):
            left, sent_today = left - 1, sent_today + 1
    return now


hours = st.sampled_from([0, 1, 6, 9, 20, 23]).map(time)


@given(
    st.integers(0, 30),
    st.integers(1, 5),
    st.none() | st.integers(1, 7),
    st.none() | st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1] or not pair[1].hour),
    st.integers(0, 47),
)
def test_as_a_clock(segments, ticks_each, per_day, between, first_tick) -> None:
    """Limits for each day, quiet hours also over midnight, any time of day to start at."""
    start = MONDAY + first_tick * TICK
    sent = sending_time(
        segments,
        segments_per_second=Fraction(1, ticks_each * 1_800),
        per_day=per_day,
        between=between,
        start=start,
    )
    assert sent.start == start
    assert sent.end == tick(segments, ticks_each, per_day, between, start)
    assert sent.sending == segments * ticks_each * TICK


@pytest.mark.parametrize(
    ("segments", "options", "end"),
    [
        (0, {}, MONDAY),
        (0, {"between": (time(9), time(20))}, MONDAY),
        (36_000, {}, datetime(2026, 11, 30, 1)),
        (1, {}, datetime(2026, 11, 30, 0, 0, 1)),
        (396_000, {"between": (time(9), time(20))}, datetime(2026, 11, 30, 20)),
        (396_001, {"between": (time(9), time(20))}, datetime(2026, 12, 1, 9, 0, 1)),
        (864_000, {}, datetime(2026, 12, 1)),
        (100, {"per_day": 100}, datetime(2026, 11, 30, 0, 0, 10)),
        (101, {"per_day": 100}, datetime(2026, 12, 1, 0, 0, 1)),
        (1_000_000, {"per_day": 10}, MONDAY + timedelta(99_999, 1)),
        (216_010, {"between": AT_NIGHT}, datetime(2026, 11, 30, 22, 0, 1)),
        (288_000, {"between": (time(22), time())}, datetime(2026, 12, 4)),
        (
            10,
            {"start": datetime(2026, 11, 30, 23, 59, 59, 500_000)},
            datetime(2026, 12, 1, 0, 0, 1),
        ),
    ],
)
def test_ends(segments, options, end) -> None:
    """Ten segments a second; ends at the end of an hour, not at the beginning of the next one."""
    sent = sending_time(segments, segments_per_second=10, **{"start": MONDAY, **options})
    assert sent.end == end


def test_rates_are_exact() -> None:
    """A decimal number is what it says, as a `float` too."""
    for rate in (0.3, Decimal("0.3"), Fraction(3, 10)):
        sent = sending_time(3 * 10**9, segments_per_second=rate, start=MONDAY)
        assert sent.sending == sent.end - sent.start == timedelta(seconds=10**10)


def test_values() -> None:
    """Words for people, and plain values for JSON."""
    start = datetime(2026, 12, 1, 19)
    sent = sending_time(90_001, segments_per_second=10, between=(time(9), time(20)), start=start)
    assert sent.duration == "2 h 30 min 1 s"
    assert sent.to_dict() == {
        "start": "2026-12-01T19:00:00",
        "end": "2026-12-02T10:30:01",
        "elapsed_seconds": 55_801,
        "sending_seconds": 9_001,
    }


def test_from_now_on() -> None:
    """Without a start, sending starts now, in local time."""
    before = datetime.now().replace(microsecond=0)
    assert before <= sending_time(1, segments_per_second=1).start <= datetime.now()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"segments_per_second": 0}, "^segments_per_second must be a number greater than 0, not 0"),
        ({"segments_per_second": -2}, "not -2$"),
        ({"segments_per_second": float("nan")}, "not nan$"),
        ({"segments_per_second": float("inf")}, "not inf$"),
        ({"per_day": 0}, "^per_day must be 1 or more, not 0$"),
        ({"per_day": -1}, "not -1$"),
        ({"segments": -1}, "^segments must be 0 or more, not -1$"),
        ({"between": (time(9), time(9))}, "^between must be two different times, not twice 09:00$"),
        ({"between": (time(9, tzinfo=UTC), time(20))}, "^the times of between must have no time"),
        ({"start": datetime(2026, 1, 1, tzinfo=UTC)}, "^start must be a local time without a time"),
        ({"segments": 10**12}, "^sending ends after the year 9999$"),
        ({"segments": 10**30}, "^sending ends after the year 9999$"),
    ],
)
def test_wrong_values(options, message) -> None:
    """Zero, negative numbers and time zones are refused, and an end that no calendar has."""
    values = {"segments": 1, "segments_per_second": 1, "start": MONDAY, **options}
    with pytest.raises(ValueError, match=message):
        sending_time(values.pop("segments"), **values)
