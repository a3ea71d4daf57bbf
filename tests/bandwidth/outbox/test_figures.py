"""The figures of an outbox: states, results, segments and pauses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from outbox_messages import FAST, messages
from septet.bandwidth import Message, OutboxState
from septet.bandwidth.outbox.figures import Tally


def test_results(make_outbox) -> None:
    """Every result of `run` and of `send` is counted, and the segments of accepted messages."""
    group = Message("app", "+12025550100", ["+13125550140", "+13125550141"], "x" * 161)
    long = Message("app", "+12025550100", "+13125550140", "x" * 161)
    replies = [answer(429), answer(), answer(400), raw(b""), answer(), answer(), answer(400)]
    with Service(*replies) as service:
        outbox = make_outbox(service)
        outbox.add(messages(1), expires_at=datetime(2020, 1, 1, tzinfo=UTC))
        outbox.add([group, long, *messages(2)])
        outbox.run(FAST, workers=1)
        outbox.send(long)
        with pytest.raises(Exception, match="400"):
            outbox.send(long)
    figures = outbox.figures()
    assert figures.results == {
        OutboxState.ACCEPTED: 3,
        OutboxState.REFUSED: 2,
        OutboxState.UNKNOWN: 1,
        OutboxState.EXPIRED: 1,
        OutboxState.QUEUED: 1,
    }
    assert figures.segment_count == 2 + 2 + 2
    assert figures.counts == outbox.counts()
    assert 0.001 < figures.paused_seconds < 1


def test_stopped_pause(make_outbox) -> None:
    """A pause ends with the run."""
    with Service(answer(429, Retry_After="3600")) as service:
        outbox = make_outbox(service)
        outbox.add(messages(1))
        outbox.run(FAST, on_entry=lambda entry: outbox.stop())
    assert outbox.figures().paused_seconds == outbox.figures().paused_seconds < 10


def test_pauses() -> None:
    """Only the time that has passed counts, and none twice."""
    now = 5.0
    tally = Tally(lambda: now)

    def after(seconds: float) -> float:
        nonlocal now
        now += seconds
        return tally.figures({}).paused_seconds

    assert after(1) == 0
    tally.pause(4)
    assert [after(1), after(1), after(5)] == [1, 2, 4]
    tally.pause(4)
    assert after(1) == 5
    tally.pause(10)
    assert after(2) == 7
    tally.pause(0)
    assert after(20) == 7
