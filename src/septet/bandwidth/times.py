"""Times in UTC: as the provider writes them, and as databases return them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

__all__ = ["format_time", "in_utc"]


def in_utc(time: datetime) -> datetime:
    """Return a time in UTC; one without a zone is in UTC already.

    Raises:
        OverflowError: The time is outside the calendar in UTC.
    """
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def format_time(time: datetime, timespec: Literal["auto", "milliseconds"] = "auto") -> str:
    """Return a time in UTC as RFC 3339 text that ends in "Z".

    Args:
        time: A time with a zone.
        timespec: "auto" writes a fraction only if there is one; "milliseconds" writes three digits.
    """
    return time.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")
