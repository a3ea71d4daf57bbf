"""The log: numbered entries, a maximum size, and reading on from an entry."""

from septet.bandwidth.sandbox.clock import Clock
from septet.bandwidth.sandbox.log import Log

ABOUT = ("message-sent", "1793", "+13125550140")


def test_entries_after():
    """A reader gets the entries after a number."""
    log = Log(Clock(), 3)
    assert log.entries() == ()
    log.add_request("POST", "/", 202, "1793")
    log.add_attempt(ABOUT, 1, None, "refused")
    log.add_drop(ABOUT, 1)
    assert [entry.number for entry in log.entries()] == [1, 2, 3]
    assert [entry.number for entry in log.entries(2)] == [3]
    assert log.entries(3) == log.entries(99) == ()


def test_maximum_size():
    """The oldest entries are removed; the numbers continue."""
    log = Log(Clock(), 2)
    for status in (200, 201, 202):
        log.add_request("GET", "/", status, None)
    assert [(entry.number, entry.status) for entry in log.entries()] == [(2, 201), (3, 202)]
    assert len(log.entries(0)) == 2


def test_accepted():
    """Only 2xx accepts a callback."""
    log = Log(Clock(), 9)
    statuses = {199: False, 200: True, 299: True, 300: False, None: False}
    for status, is_accepted in statuses.items():
        assert log.add_attempt(ABOUT, 1, status).is_accepted == is_accepted


def test_on_drop():
    """A function is called with each drop."""
    log = Log(Clock(), 9)
    drops = []
    log.on_drop = drops.append
    log.add_drop(ABOUT, 7)
    assert drops == list(log.entries())
    assert (drops[0].to, drops[0].attempts) == ("+13125550140", 7)
