"""Times in UTC, as the provider writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

pytest.importorskip("msgspec")
from septet.bandwidth.times import format_time, in_utc

EAST = timezone(timedelta(hours=2))


def test_in_utc() -> None:
    """A time without a zone is in UTC already."""
    expected = datetime(2026, 11, 4, 9, 10, tzinfo=UTC)
    assert in_utc(datetime(2026, 11, 4, 11, 10, tzinfo=EAST)) == expected
    assert in_utc(datetime(2026, 11, 4, 11, 10, tzinfo=EAST)).tzinfo is UTC
    assert in_utc(datetime(2026, 11, 4, 9, 10)) == expected


def test_format() -> None:
    """RFC 3339 with a Z; milliseconds on request."""
    time = datetime(2026, 11, 4, 11, 10, 5, 123456, tzinfo=EAST)
    assert format_time(time) == "2026-11-04T09:10:05.123456Z"
    assert format_time(time, "milliseconds") == "2026-11-04T09:10:05.123Z"
    assert format_time(time.replace(microsecond=0)) == "2026-11-04T09:10:05Z"
