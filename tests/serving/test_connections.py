"""Which connection has to give way, and when; with a loop, and without sockets."""

import asyncio
import logging
import time

import pytest

from septet.serving import Limits
from septet.serving.connections import Connections


class Connection:
    def __init__(self, bounds):
        self.is_aborted = False
        bounds.opened(self)

    def abort(self):
        self.is_aborted = True


def with_limits(check, **limits):
    """Run a check of `Connections` in a loop."""

    async def run():
        await check(Connections(Limits(**limits)))

    asyncio.run(run())


def test_the_longest_wait_gives_way():
    """Connections whose request is being answered are never closed for others."""

    async def check(bounds):
        first, second, third = (Connection(bounds) for _ in range(3))
        bounds.answer(first)
        Connection(bounds)
        assert [first.is_aborted, second.is_aborted, third.is_aborted] == [False, True, False]
        bounds.wait(first)
        for _ in range(2):
            Connection(bounds)
            assert not first.is_aborted
        Connection(bounds)
        assert first.is_aborted

    with_limits(check, connections=3)


def test_new_connections_give_way_to_answers():
    """If every other one is being answered, the new one is closed."""

    async def check(bounds):
        first = Connection(bounds)
        bounds.answer(first)
        second = Connection(bounds)
        assert (first.is_aborted, second.is_aborted) == (False, True)
        bounds.closed(first)
        assert not Connection(bounds).is_aborted

    with_limits(check, connections=1)


def test_bodies_give_way():
    """The longest wait among those that have sent a part of a body, and as few as will do."""

    async def check(bounds):
        idle, first, answered, second, third = (Connection(bounds) for _ in range(5))
        bounds.add_body(answered, 40)
        bounds.answer(answered)
        bounds.add_body(first, 30)
        bounds.add_body(second, 30)
        assert not first.is_aborted
        bounds.add_body(third, 1)
        aborted = [one.is_aborted for one in (idle, first, answered, second, third)]
        assert aborted == [False, True, False, False, False]
        bounds.release_body(second)
        bounds.add_body(third, 59)
        assert not third.is_aborted
        bounds.add_body(third, 1)
        assert third.is_aborted
        bounds.closed(answered)
        last = Connection(bounds)
        bounds.add_body(last, 100)
        assert not last.is_aborted

    with_limits(check, body_bytes=100)


def test_deadlines():
    """Each connection has its own; one without a deadline stays."""

    async def check(bounds):
        early, idle = Connection(bounds), Connection(bounds)
        bounds.wait(idle)
        await asyncio.sleep(0.15)
        late = Connection(bounds)
        await asyncio.sleep(0.1)
        assert (early.is_aborted, late.is_aborted, idle.is_aborted) == (True, False, False)
        await asyncio.sleep(0.2)
        assert (late.is_aborted, idle.is_aborted) == (True, False)
        bounds.wait(late, 0.01)  # it is closed already
        await asyncio.sleep(0.05)

    with_limits(check, request_seconds=0.2)


@pytest.mark.parametrize("count", [1, 50])
def test_log(caplog, count):
    """One line for many connections."""
    caplog.set_level(logging.WARNING, "septet.serving")

    async def check(bounds):
        for _ in range(2 + count):
            Connection(bounds)

    with_limits(check, connections=2)
    assert [record.getMessage() for record in caplog.records] == [
        "more than 2 connections, or 67108864 bytes of bodies: "
        "closed 1 without a complete request, the oldest first"
    ]


def test_log_of_refusals(caplog, monkeypatch):
    """Fifty lines a minute, and then the number of those that are missing."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    bounds = Connections(Limits())
    for _ in range(60):
        bounds.log_refusal("192.0.2.1", "it is not valid HTTP")
    assert len(caplog.records) == 50
    now[0] += 60
    bounds.log_refusal("192.0.2.1", "it is not valid HTTP")
    assert [record.getMessage() for record in caplog.records[50:]] == [
        "refused 10 more requests, which were not logged",
        "refused a request from 192.0.2.1: it is not valid HTTP",
    ]
