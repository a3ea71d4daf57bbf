"""How long a campaign takes to send: a rate, perhaps a limit for each day, and quiet hours.

Sending is counted in seconds: so many segments at a rate take so long, and each day has room for
some of it. Fractions of seconds are exact until the last step, which rounds up. Days have 24 hours:
changes between winter and summer time are ignored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from ...display.wording import duration

__all__ = ["SendingTime", "sending_time"]

Hours: TypeAlias = tuple[time, time]
"""The time of day at which sending may begin, and that at which it must end."""

_DAY_SECONDS = 24 * 60 * 60
_SECOND = timedelta(seconds=1)


class SendingTime(NamedTuple):
    """When the messages of a campaign are sent; to whole seconds, rounded up.

    Attributes:
        start: The time from which messages may be sent.
        end: The time at which the last one is sent.
        sending: How long messages are being sent, without quiet hours and days over the limit.
    """

    start: datetime
    end: datetime
    sending: timedelta

    @property
    def duration(self) -> str:
        """How long messages are being sent, in words."""
        return duration(self.sending // _SECOND)

    def to_dict(self) -> dict[str, object]:
        """Return the times as plain values for JSON."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "elapsed_seconds": -((self.start - self.end) // _SECOND),
            "sending_seconds": self.sending // _SECOND,
        }


def sending_time(
    segments: int,
    *,
    segments_per_second: int | float | Decimal | Fraction,
    per_day: int | None = None,
    between: Hours | None = None,
    start: datetime | None = None,
) -> SendingTime:
    """Return how long it takes to send the segments of a campaign, and when it ends.

    All times are local times without a time zone, and each day has 24 hours.

    Args:
        segments: How many segments there are, as in `Estimate.segments`.
        segments_per_second: How many are sent in a second; a `float` stands for its shortest
            decimal number.
        per_day: How many may be sent on each calendar day; None for no limit.
        between: The times of day between which messages are sent, such as
            `(time(9), time(20))`; `(time(22), time(6))` is over midnight, and `time(0)` as the
            second one is the end of the day. None for the whole day.
        start: The time from which messages may be sent, without a time zone; the current time if
            left out.

    Returns:
        The start, the end, and how long messages are being sent.

    Raises:
        ValueError: `segments` is negative, a rate or limit is not greater than 0, both times of
            `between` are equal, a time has a time zone, or sending ends after the year 9999.

    Example:
        >>> start = datetime(2026, 12, 1, 19)
        >>> sent = sending_time(
        ...     90_000, segments_per_second=10, between=(time(9), time(20)), start=start
        ... )
        >>> sent.sending, sent.end
        (datetime.timedelta(seconds=9000), datetime.datetime(2026, 12, 2, 10, 30))
    """
    start = datetime.now().replace(microsecond=0) if start is None else start
    seconds_each = 1 / _rate(segments_per_second)
    if segments < 0:
        raise ValueError(f"segments must be 0 or more, not {segments}")
    if per_day is not None and per_day < 1:
        raise ValueError(f"per_day must be 1 or more, not {per_day}")
    if start.tzinfo is not None:
        raise ValueError(f"start must be a local time without a time zone, not {start}")
    open_hours = _open_hours(between)
    limit = Fraction(_DAY_SECONDS) if per_day is None else per_day * seconds_each
    needed = segments * seconds_each
    midnight = datetime.combine(start.date(), time())
    now = Fraction((start - midnight) // timedelta(microseconds=1), 1_000_000)
    days = 0
    left, second = _send(open_hours, now, min(needed, limit))
    left += needed - min(needed, limit)
    if left:
        a_day = min(limit, sum((stop - first for first, stop in open_hours), Fraction()))
        days = -(-left // a_day)  # after this one; the last of them has the rest
        _, second = _send(open_hours, Fraction(), left - (days - 1) * a_day)
    try:
        end = midnight + timedelta(days=days, seconds=-(-second // 1))
        return SendingTime(start, end, timedelta(seconds=-(-needed // 1)))
    except OverflowError:
        raise ValueError("sending ends after the year 9999") from None


def _send(
    open_hours: Iterable[tuple[Fraction, Fraction]], now: Fraction, needed: Fraction
) -> tuple[Fraction, Fraction]:
    """Send on one day, and return the seconds of sending that are left and the time of the end.

    Args:
        open_hours: The seconds of the day between which messages are sent.
        now: The second of the day from which they are sent.
        needed: How many seconds of sending are needed.
    """
    second = now
    for first, stop in open_hours:
        begin = max(first, now)
        if needed and begin < stop:
            second = min(stop, begin + needed)
            needed -= second - begin
    return needed, second


def _open_hours(between: Hours | None) -> list[tuple[Fraction, Fraction]]:
    """Return the seconds of a day between which messages are sent, in order."""
    if between is None:
        return [(Fraction(), Fraction(_DAY_SECONDS))]
    if any(each.tzinfo is not None for each in between):
        raise ValueError("the times of between must have no time zone")
    first, stop = map(_second_of_day, between)
    stop = stop or Fraction(_DAY_SECONDS)
    if first == stop:
        raise ValueError(f"between must be two different times, not twice {between[0]:%H:%M}")
    if first < stop:
        return [(first, stop)]
    return [(Fraction(), stop), (first, Fraction(_DAY_SECONDS))]


def _second_of_day(moment: time) -> Fraction:
    seconds = 3600 * moment.hour + 60 * moment.minute + moment.second
    return seconds + Fraction(moment.microsecond, 1_000_000)


def _rate(value: int | float | Decimal | Fraction) -> Fraction:
    """Return a rate as a fraction.

    Raises:
        ValueError: It is not a finite number greater than 0.
    """
    try:
        rate = Fraction(str(value))
    except ValueError:
        rate = Fraction()
    if rate <= 0:
        raise ValueError(f"segments_per_second must be a number greater than 0, not {value}")
    return rate
