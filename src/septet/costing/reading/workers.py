"""A campaign that several threads read and work on.

Each thread reads a part of the campaign, such as a file or some row groups, and works on the
batches that it reads. A thread for which there is no part left shares one with another thread: only
one of them reads at a time, and both work on what they have read.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import count
from queue import SimpleQueue
from threading import Lock, Semaphore, Thread
from typing import Generic, TypeVar

from .campaigns import Campaign
from .sources import Batch

__all__ = ["work_on"]

T = TypeVar("T")

_MAX_PENDING = 3  # batches for each thread, of up to 8 MiB of text: read, and not yet yielded


def work_on(
    campaign: Campaign, works: Sequence[Callable[[Batch], T]], *, in_order: bool
) -> Generator[T, None, None]:
    """Call functions with all batches of a campaign, and yield what they return.

    Args:
        campaign: The campaign. Files are read by the threads; tables, iterables and pipes by the
            thread that asks for results, because they may belong to it or wait for long.
        works: A function for each thread, which no other thread calls. The only one is called by
            the thread that asks for results.
        in_order: Whether the results must have the order of the rows. Then one part is read at a
            time.

    Yields:
        The result of each batch. The number of results that wait is bounded.

    Raises:
        BaseException: What a function, or reading, raised first in the order of the rows.
    """
    if len(works) == 1:
        for batch in campaign:
            yield works[0](batch)
            del batch  # so that only one is in memory while the next is read
        return
    workers = _Workers(campaign, works, in_order=in_order)
    try:
        yield from workers.results()
    finally:
        workers.stop()


class _Reader:
    """A part that is being read, by one thread at a time."""

    def __init__(self, number: int, batches: Iterator[Batch]) -> None:
        self.number = number
        self.batches = batches
        self.batch_count = 0
        self.thread_count = 0
        self.is_finished = False
        self.lock = Lock()


class _Workers(Generic[T]):
    """Threads that read and work."""

    def __init__(
        self, campaign: Campaign, works: Sequence[Callable[[Batch], T]], *, in_order: bool
    ) -> None:
        self._max_pending = _MAX_PENDING * len(works)
        self._batches: Iterator[Batch] | None = None  # to be read by the thread that wants results
        self._handed_over: SimpleQueue[Batch | Exception | None] = SimpleQueue()
        if campaign.has_only_files:
            parts = campaign.parts(split=not in_order)
        else:
            parts = iter([self._take_handed_over()])
            self._batches = iter(campaign)
        self._parts: Iterator[Iterator[Batch]] | None = parts
        self._part_count = 0
        self._max_readers = 1 if in_order else len(works)
        self._readers: list[_Reader] = []
        self._numbers = count()  # of batches, in the order in which they are read
        self._room = Semaphore(self._max_pending)
        # The number and the result of a batch, without one if it failed; None from each thread.
        self._outcomes: SimpleQueue[tuple[int, list[T]] | None] = SimpleQueue()
        self._failure: tuple[tuple[int, int], BaseException] | None = None
        self._lock = Lock()
        self._threads = [Thread(target=self._run, args=[work], daemon=True) for work in works]

    def results(self) -> Iterator[T]:
        """Start the threads, and yield the results of the batches in the order of their numbers."""
        for thread in self._threads:
            thread.start()
        outcomes: dict[int, list[T]] = {}
        running = len(self._threads)
        handed_over = done = 0
        while running:
            if self._batches is not None and handed_over - done < self._max_pending:
                handed_over += 1
                self._hand_over(self._batches)
                continue
            outcome = self._outcomes.get()
            if outcome is None:
                running -= 1
                continue
            number, outcomes[number] = outcome
            del outcome
            while (results := outcomes.pop(done, None)) is not None:
                done += 1
                yield from results
                del results  # a batch may be large
                self._room.release()
        if self._failure is not None:
            raise self._failure[1]

    def stop(self) -> None:
        """End the threads, each after its batch."""
        with self._lock:
            self._end_reading(0)
        self._handed_over.put(None)
        self._room.release(len(self._threads))
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()
        self._failure = None  # whose traceback refers to this object

    def _hand_over(self, batches: Iterator[Batch]) -> None:
        """Read a batch, and hand it over to the other threads."""
        batch: Batch | Exception | None
        try:
            batch = next(batches, None)
        except Exception as error:  # raised in the order of the rows
            batch = error
        if not isinstance(batch, Batch):
            self._batches = None
        self._handed_over.put(batch)

    def _take_handed_over(self) -> Iterator[Batch]:
        while (batch := self._handed_over.get()) is not None:
            if isinstance(batch, Exception):
                raise batch
            yield batch
            del batch

    def _run(self, work: Callable[[Batch], T]) -> None:
        """Read and work until all parts are finished."""
        try:
            reader = self._find_reader(None)
            while reader is not None:
                while self._work_on_batch(reader, work):
                    pass
                reader = self._find_reader(reader)
        finally:
            self._outcomes.put(None)

    def _find_reader(self, finished: _Reader | None) -> _Reader | None:
        """Open the next part, or choose one that is being read; None if there is none."""
        with self._lock:
            if finished in self._readers:
                self._readers.remove(finished)
            if self._parts is not None and len(self._readers) < self._max_readers:
                try:
                    part = next(self._parts, None)
                except BaseException as error:
                    self._fail((self._part_count, 0), error)
                    part = None
                if part is None:
                    self._parts = None
                else:
                    self._readers.append(_Reader(self._part_count, part))
                    self._part_count += 1
            reader = min(self._readers, key=lambda each: each.thread_count, default=None)
            if reader is not None:
                reader.thread_count += 1
            return reader

    def _work_on_batch(self, reader: _Reader, work: Callable[[Batch], T]) -> bool:
        """Work on the next batch of a part; return whether there was one."""
        self._room.acquire()
        with reader.lock:
            position = reader.number, reader.batch_count
            batch = None
            try:
                if not reader.is_finished:
                    batch = next(reader.batches, None)
            except BaseException as error:
                with self._lock:
                    self._fail(position, error)
            if batch is None:
                reader.is_finished = True
                self._room.release()
                return False
            reader.batch_count += 1
            number = next(self._numbers)
        results = []
        try:
            results.append(work(batch))
        except BaseException as error:
            with self._lock:
                self._fail(position, error)
        self._outcomes.put((number, results))
        return True

    def _fail(self, position: tuple[int, int], error: BaseException) -> None:
        """Keep the first error in the order of the rows, and read only what precedes it."""
        if self._failure is None or position < self._failure[0]:
            self._failure = position, error
        self._end_reading(position[0])

    def _end_reading(self, number: int) -> None:
        """Read nothing more from the part with a number, and from those after it."""
        self._parts = None
        for reader in self._readers:
            if reader.number >= number:
                reader.is_finished = True
        self._readers = [reader for reader in self._readers if reader.number < number]
