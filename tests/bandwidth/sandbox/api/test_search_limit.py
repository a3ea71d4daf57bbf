"""The limit of searches: for each address, in windows of 5 minutes."""

from septet.bandwidth.sandbox.api.search_limit import SearchLimit
from septet.bandwidth.sandbox.clock import Clock


class Seconds(Clock):
    """A clock that shows a time set by the test."""

    seconds = 1000.0

    def now(self):
        return self.seconds


def test_windows():
    """A window begins with the first search of an address, and ends 300 seconds later."""
    clock = Seconds()
    limit = SearchLimit(clock, 2)
    assert [limit.seconds_to_wait("a") for _ in range(3)] == [0, 0, 300]
    clock.seconds = 1000.5
    assert [limit.seconds_to_wait(address) for address in "ab"] == [300, 0]
    clock.seconds = 1299.9
    assert [limit.seconds_to_wait(address) for address in "aba"] == [1, 0, 1]
    clock.seconds = 1300
    assert [limit.seconds_to_wait(address) for address in "ab"] == [0, 1]


def test_fast_clock():
    """Clients wait in real time, at least a second."""
    clock = Seconds(speed=60)
    limit = SearchLimit(clock, 1)
    assert [limit.seconds_to_wait("a") for _ in range(2)] == [0, 5]
    clock.seconds = 1299
    assert limit.seconds_to_wait("a") == 1
