"""Group commit: one thread writes for all, and commits together what waits.

A durable commit takes a write to the disk or a round trip, whatever it holds. So while one batch
is committed the next gathers, and no answer is given before the batch it is in is on the disk.
One writer also means that nobody waits for a lock that another thread of the program holds.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..exceptions import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["PATIENCE", "Writer"]

PATIENCE = 3.0
"""Seconds until a database that does not answer, or that somebody has locked, is given up."""

_LARGEST_BATCH = 1_000
_MOST_TASKS = 20_000
_MOST_OCTETS = 64 << 20

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class _Task(NamedTuple):
    job: Callable[[Connection, list[Any]], Iterable[Any]]
    item: Any
    octet_count: int
    future: Future[Any]


class Writer:
    """The thread, and the queue before it."""

    def __init__(
        self,
        name: str,
        begin: Callable[[], AbstractContextManager[Connection]],
        translate: Callable[[BaseException], BaseException],
    ) -> None:
        """Start the thread.

        Args:
            name: The database, for messages.
            begin: Opens a transaction that is committed at the end of its `with` block.
            translate: Makes of an exception the one that callers get.
        """
        self._name = name
        self._begin = begin
        self._translate = translate
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._tasks: deque[_Task] = deque()
        self._octet_count = 0
        self._is_closed = False
        # A program that ends without `close` ends: what waits then has been answered to nobody.
        self._thread = threading.Thread(target=self._run, name="septet writer", daemon=True)
        self._thread.start()

    def write(
        self,
        job: Callable[[Connection, list[_Item]], Iterable[_Result]],
        item: _Item,
        octet_count: int = 0,
    ) -> Future[_Result]:
        """Let an item be written, together with its neighbours that have the same job.

        Args:
            job: What writes items in one go and returns what comes of each. It may run again, so it
                must do nothing but use the connection.
            item: What is written.
            octet_count: About how much memory the item takes while it waits.

        Returns:
            What the job returns for the item, once that is committed. A job's own exception
            reaches only those it was raised for. `StoreError`: it was not committed, or nobody
            knows, for the connection broke during the commit.
        """
        future: Future[_Result] = Future()
        refusal = self._enqueue(_Task(job, item, octet_count, future))
        if refusal is not None:
            future.set_exception(StoreError(f"{self._name}: {refusal}"))
        return future

    def close(self) -> None:
        """Let what waits be written, and end."""
        if self._process != os.getpid():
            return
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _enqueue(self, task: _Task) -> str | None:
        """Put a task into the queue, or return why not."""
        if self._process != os.getpid():  # where the lock may be held by a thread that is not there
            return "opened before a fork; open it in each process"
        with self._changed:
            octet_count = self._octet_count + task.octet_count
            if self._is_closed:
                return "closed"
            if self._tasks and (len(self._tasks) >= _MOST_TASKS or octet_count > _MOST_OCTETS):
                return "too much waits to be written"
            self._octet_count = octet_count
            self._tasks.append(task)
            self._changed.notify()
        return None

    def _run(self) -> None:
        while self._wait():
            self._write(self._take(_LARGEST_BATCH))

    def _wait(self) -> bool:
        """Wait for tasks; there are none only at the end."""
        with self._changed:
            while not self._tasks and not self._is_closed:
                self._changed.wait()
            return bool(self._tasks)

    def _take(self, most: int) -> list[_Task]:
        """Return the first of those that wait, without what was cancelled."""
        with self._changed:
            taken = [self._tasks.popleft() for _ in range(min(len(self._tasks), most))]
            self._octet_count -= sum(task.octet_count for task in taken)
        return [task for task in taken if task.future.set_running_or_notify_cancel()]

    def _write(self, batch: list[_Task]) -> None:
        """Write all together, or else each by itself, so that one cannot harm the others.

        If that takes too long, everything that waits has waited long enough.
        """
        deadline = time.monotonic() + PATIENCE
        error = self._attempt(batch)
        if error is None:
            return
        failure = self._translate(error)
        for number, task in enumerate(batch):
            if time.monotonic() >= deadline:
                for late in (*batch[number:], *self._take(_MOST_TASKS)):
                    refusal = StoreError(f"no time left, after: {failure}")
                    refusal.__cause__ = failure
                    late.future.set_exception(refusal)
                return
            error = self._attempt([task])
            if error is not None:
                failure = self._translate(error)
                task.future.set_exception(failure)

    def _attempt(self, batch: list[_Task]) -> BaseException | None:
        """Write in one transaction and return what went wrong."""
        try:
            with self._begin() as connection:
                results = [
                    result
                    for job, tasks in groupby(batch, key=lambda task: task.job)
                    for result in job(connection, [task.item for task in tasks])
                ]
                answers = list(zip(batch, results, strict=True))
        except BaseException as error:
            return error
        for task, result in answers:
            task.future.set_result(result)
        return None
