"""Threads that read and work: each batch once, in order, bounded, and the first error."""

import threading
from functools import partial
from itertools import islice

import pytest

from septet.costing.reading.sources import Batch
from septet.costing.reading.workers import work_on

SECONDS = 60


class Parts:
    """A campaign of parts of numbered batches; what a part raises at its end may be given."""

    def __init__(self, sizes, *, has_only_files=True, errors=()):
        self.has_only_files = has_only_files
        self.sizes = sizes
        self.errors = dict(errors)
        self.readers = set()  # the threads that read
        self.read = 0

    def parts(self, *, split):
        return map(self.batches, range(len(self.sizes)))

    def __iter__(self):
        for part in self.parts(split=False):
            yield from part

    def batches(self, part):
        for row in range(self.sizes[part]):
            self.readers.add(threading.get_ident())
            self.read += 1
            yield Batch([f"{part}.{row}"])
        if part in self.errors:
            raise self.errors[part]


def run(campaign, threads, *, in_order=False, work=lambda batch: batch.texts[0]):
    return work_on(campaign, [partial(work)] * threads, in_order=in_order)


@pytest.fixture(autouse=True)
def no_thread_is_left():
    """Whatever happens, the threads end."""
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("has_only_files", [True, False])
@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("sizes", [(), (0,), (1,), (40,), (3, 0, 40, 1), (2,) * 20])
def test_each_batch_once(sizes, threads, has_only_files):
    """In any order, or in that of the rows."""
    expected = [f"{part}.{row}" for part, size in enumerate(sizes) for row in range(size)]
    campaign = partial(Parts, sizes, has_only_files=has_only_files)
    assert sorted(run(campaign(), threads)) == sorted(expected)
    assert list(run(campaign(), threads, in_order=True)) == expected


@pytest.mark.parametrize("sizes", [(1, 1), (8,)])
def test_threads_work_at_the_same_time(sizes):
    """On a part each, and on batches of the only part."""
    barrier = threading.Barrier(2)

    def work(batch):
        return barrier.wait(SECONDS)

    assert sorted(run(Parts(sizes), 2, work=work)) == sorted([0, 1] * (sum(sizes) // 2))


def test_parts_are_read_at_the_same_time():
    """A thread does not wait until another has read a batch of another part."""
    barrier = threading.Barrier(2)

    class Waiting(Parts):
        def batches(self, part):
            barrier.wait(SECONDS)
            yield from super().batches(part)

    assert sorted(run(Waiting((1, 1)), 2)) == ["0.0", "1.0"]


def test_what_must_not_change_threads():
    """Iterables, tables and pipes are read by the thread that asks for results."""
    campaign = Parts((20, 20), has_only_files=False)
    assert len(list(run(campaign, 2))) == 40
    assert campaign.readers == {threading.get_ident()}
    campaign = Parts((20, 20))
    assert len(list(run(campaign, 2))) == 40
    assert threading.get_ident() not in campaign.readers


@pytest.mark.parametrize("has_only_files", [True, False])
def test_results_that_nobody_takes(has_only_files):
    """Reading stops until they are taken."""
    campaign = Parts((1_000,), has_only_files=has_only_files)
    results = run(campaign, 2)
    assert len(list(islice(results, 10))) == 10
    stopped = threading.Event()
    stopped.wait(0.05)
    assert campaign.read <= 10 + 2 * 4
    results.close()
    assert campaign.read < 1_000


@pytest.mark.parametrize("has_only_files", [True, False])
@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_first_error_is_raised(threads, in_order, has_only_files):
    """In the order of the rows: of reading or of work, whatever thread meets another one first."""
    bad = {"0.3": ValueError("0.3"), "2.1": ValueError("2.1")}

    def work(failures, batch):
        if batch.texts[0] in failures:
            raise failures[batch.texts[0]]

    sizes = (6, 0, 3, 2)
    cases = [
        (dict(islice(bad.items(), 1)), {1: KeyError("1")}, "0.3"),
        ({}, {1: KeyError("1"), 0: KeyError("0")}, "'0'"),
        (bad, {0: KeyError("0")}, "0.3"),
        ({"2.1": bad["2.1"]}, {3: KeyError("3")}, "2.1"),
        ({"2.1": bad["2.1"]}, {2: KeyError("2"), 1: KeyError("1")}, "'1'"),
    ]
    for failures, errors, expected in cases:
        campaign = Parts(sizes, errors=errors, has_only_files=has_only_files)
        with pytest.raises((ValueError, KeyError)) as caught:
            list(run(campaign, threads, in_order=in_order, work=partial(work, failures)))
        assert str(caught.value) == expected


def test_a_part_that_cannot_be_opened():
    """The error is raised, after those of the parts before it."""

    class Closed(Parts):
        def parts(self, *, split):
            yield self.batches(0)
            raise OSError("not there")

    with pytest.raises(OSError, match="not there"):
        list(run(Closed((2,)), 2))
    with pytest.raises(KeyError, match="0"):
        list(run(Closed((2,), errors={0: KeyError("0")}), 2))


@pytest.mark.parametrize("has_only_files", [True, False])
def test_interruption(has_only_files):
    """Little more is read after an exception of the thread that takes the results."""
    campaign = Parts((1_000, 1_000), has_only_files=has_only_files)
    results = run(campaign, 3)
    assert len(list(islice(results, 5))) == 5
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt)
    assert campaign.read < 100
