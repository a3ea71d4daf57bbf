"""Rates of sending numbers: a number that has to wait does not delay the others."""

from __future__ import annotations

import pytest

from bandwidth_service import Service, answer

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from outbox_messages import FAST, only
from septet.bandwidth import Message, Tuning
from septet.bandwidth.outbox.queue import Queue

SENDERS = ("+12025550100", "+12025550101", "ACME")


def of(sender: str, count: int, text: str = "x") -> list[Message]:
    return [Message("app", sender, "+13125550140", text) for _ in range(count)]


@pytest.fixture
def outbox(make_outbox):
    """An outbox that sends nothing."""
    with Service(answer()) as service:
        yield make_outbox(service)


@pytest.fixture
def clock():
    """The time of the clock, in a list."""
    return [100.0]


@pytest.fixture
def make_queue(store, clock):
    """Make queues that read few messages ahead."""

    def make(rate, max_rows=4):
        return Queue(store.database, rate, Tuning(max_rows=max_rows, clock=lambda: clock[0]))

    return make


def taken(queue: Queue, active: set[int]) -> list[int]:
    """Return the ids of the messages that may be sent now."""
    if queue.is_stale:
        queue.look()
    ids = []
    while queue.seconds_left(active) == 0:
        ids.append(queue.take()[0].id)
        active.add(ids[-1])
    return ids


def test_without_rates(outbox, make_queue) -> None:
    """Messages come in the order of adding, whatever their numbers."""
    ids = outbox.add([*of(SENDERS[0], 5), *of(SENDERS[1], 5)])
    queue = make_queue(None)
    active = set()
    assert taken(queue, active) == ids
    assert queue.seconds_left(active) is None


def test_each_number(outbox, make_queue, clock) -> None:
    """Each number sends one message at its rate; in the order of adding where both may send."""
    ids = outbox.add([*of(SENDERS[0], 3), *of(SENDERS[1], 3, "x" * 161)])
    queue, active = make_queue(2), set()
    assert taken(queue, active) == [ids[0], ids[3]]
    assert queue.seconds_left(active) == 0.5
    clock[0] += 0.5
    assert taken(queue, active) == [ids[1]]
    clock[0] += 0.5
    assert taken(queue, active) == [ids[2], ids[4]]
    clock[0] += 1
    assert taken(queue, active) == [ids[5]]
    assert queue.seconds_left(active) is None


def test_some_numbers(outbox, make_queue) -> None:
    """A number without a rate of its own does not wait."""
    ids = outbox.add([*of(SENDERS[0], 2), *of(SENDERS[2], 9)])
    assert taken(make_queue({SENDERS[0]: 1.0}), set()) == [ids[0], *ids[2:]]


def test_number_that_comes_again(outbox, make_queue, clock) -> None:
    """Its rate holds, although none of its messages was queued meanwhile."""
    queue, active = make_queue(1), set()
    (first,) = outbox.add(of(SENDERS[0], 1, "x" * 400))
    assert taken(queue, active) == [first]
    (second,) = outbox.add(of(SENDERS[0], 1))
    clock[0] += 2
    assert taken(queue, active) == []
    assert queue.seconds_left(active) == pytest.approx(1)
    clock[0] += 1
    assert taken(queue, active) == [second]


def test_new_numbers(outbox, make_queue, clock) -> None:
    """Messages of a number that comes later are found while others wait."""
    ids = outbox.add(of(SENDERS[0], 2))
    queue, active = make_queue(0.1), set()
    assert taken(queue, active) == ids[:1]
    (late,) = outbox.add(of(SENDERS[1], 1))
    clock[0] += 1
    assert taken(queue, active) == [late]


@pytest.mark.parametrize("rate", [0, -1, {SENDERS[0]: 0.0}])
def test_wrong_rates(outbox, rate) -> None:
    """They are refused at once."""
    with pytest.raises(ValueError, match="segments_per_second must be above 0"):
        outbox.run(1, sender_segments_per_second=rate)


def test_run(make_outbox) -> None:
    """The messages of a slow number do not delay those of a fast one."""
    sent = []
    with Service(answer()) as service:
        outbox = make_outbox(service, max_rows=4)
        outbox.add([*of(SENDERS[0], 2), *of(SENDERS[1], 30)])
        outbox.run(
            FAST,
            sender_segments_per_second={SENDERS[0]: 1.0},
            workers=1,
            on_entry=lambda entry: sent.append(entry.message.from_),
        )
    assert sent[:2] == [SENDERS[0], SENDERS[1]]
    assert only(outbox) == {"accepted": 32}


def test_end_of_a_slow_run(make_outbox) -> None:
    """A run ends with its last message, not when the rate would allow another one."""
    with Service(answer()) as service:
        outbox = make_outbox(service)
        outbox.add(of(SENDERS[0], 1))
        outbox.run(1e-3, sender_segments_per_second=1e-3)
    assert only(outbox) == {"accepted": 1}
