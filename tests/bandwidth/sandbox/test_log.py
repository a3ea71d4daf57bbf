"""The log: numbered, capped, readable from where somebody left off."""

from septet.bandwidth.sandbox.clock import Clock
from septet.bandwidth.sandbox.log import Log

ABOUT = ("message-sent", "1793", "+13125550140")


def test_entries_after():
    """A reader asks for what is newer than the last number it saw."""
    log = Log(Clock(), 3)
    assert log.entries() == ()
    log.request("POST", "/", 202, "1793")
    log.attempt(ABOUT, 1, None, "refused")
    log.drop(ABOUT, 1)
    assert [entry.number for entry in log.entries()] == [1, 2, 3]
    assert [entry.number for entry in log.entries(2)] == [3]
    assert log.entries(3) == log.entries(99) == ()


def test_cap():
    """The oldest go first; numbers go on."""
    log = Log(Clock(), 2)
    for status in (200, 201, 202):
        log.request("GET", "/", status, None)
    assert [(entry.number, entry.status) for entry in log.entries()] == [(2, 201), (3, 202)]
    assert len(log.entries(0)) == 2


def test_accepted():
    """2xx and nothing else."""
    log = Log(Clock(), 9)
    statuses = {199: False, 200: True, 299: True, 300: False, None: False}
    for status, is_accepted in statuses.items():
        assert log.attempt(ABOUT, 1, status).is_accepted == is_accepted


def test_on_drop():
    """Somebody can be told at once."""
    log = Log(Clock(), 9)
    drops = []
    log.on_drop = drops.append
    log.drop(ABOUT, 7)
    assert drops == list(log.entries())
    assert (drops[0].to, drops[0].trials) == ("+13125550140", 7)
