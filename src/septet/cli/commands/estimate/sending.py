"""The options of `septet estimate` that tell how long a campaign takes to send."""

from __future__ import annotations

import argparse
import re
from datetime import datetime, time
from decimal import Decimal

from ....costing import SendingTime, sending_time
from ...arguments import Parser, positive_whole_number, refused_values, require

__all__ = ["add_sending", "find_sending_time"]

_RATE = "--segments-per-second"
_REQUIRES = {"--per-day": _RATE, "--between": _RATE, "--start": _RATE}
_MEANINGS = {_RATE: "the rate of sending"}


def add_sending(command: Parser) -> None:
    """Add the options."""
    sending = command.add_argument_group(
        "time of sending",
        "Show how long sending takes. Changes to and from summer time are ignored.",
    )
    sending.add_argument(
        _RATE,
        type=_rate,
        metavar="N",
        help="Send N segments in a second, such as 10 or 0.25.",
    )
    sending.add_argument(
        "--per-day",
        type=positive_whole_number,
        metavar="N",
        help="Send at most N segments on each calendar day.",
    )
    sending.add_argument(
        "--between",
        type=_hours,
        metavar="HH:MM-HH:MM",
        help="Send only between these local times of day, such as 09:00-20:00, or over midnight, "
        "as in 22:00-06:00.",
    )
    sending.add_argument(
        "--start",
        type=_moment,
        metavar="TIME",
        help="Start to send at this local time, such as 2026-12-01T09:00 (default: now).",
    )


def find_sending_time(arguments: argparse.Namespace, segments: int = 0) -> SendingTime | None:
    """Return when segments are sent; None if the options do not ask for it.

    Raises:
        UsageError: The options do not go together, or sending does not end.
    """
    require(arguments, _REQUIRES, _MEANINGS)
    if arguments.segments_per_second is None:
        return None
    with refused_values():
        return sending_time(
            segments,
            segments_per_second=arguments.segments_per_second,
            per_day=arguments.per_day,
            between=arguments.between,
            start=arguments.start,
        )


def _rate(value: str) -> Decimal:
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII) is None or not Decimal(value):
        raise argparse.ArgumentTypeError(f"{value!r} is not a number greater than 0, such as 0.25")
    return Decimal(value)


def _hours(value: str) -> tuple[time, time]:
    match = re.fullmatch(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", value, re.ASCII)
    try:
        if match is None:
            raise ValueError(value)
        hour, minute, last_hour, last_minute = map(int, match.groups())
        is_midnight = (last_hour, last_minute) == (24, 0)
        return time(hour, minute), time() if is_midnight else time(last_hour, last_minute)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{value!r} are not times of day such as 09:00-20:00"
        ) from None


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None:
        raise argparse.ArgumentTypeError(f"{value!r} is not a local time such as 2026-12-01T09:00")
    return moment
