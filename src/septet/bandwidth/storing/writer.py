"""Group commit: one thread writes for all callers and commits everything that is queued together.

A durable commit costs a write to the disk or a network round trip, however much it contains. So
while one batch is being committed, the next one collects, and a caller gets its answer only after
its batch is on the disk. With a single writer, no thread waits for a lock that another thread of
the program holds.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ..exceptions import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Limits", "Writer"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of waiting and of memory.

    Attributes:
        timeout: Seconds after which a database that does not answer, or that somebody has locked,
            counts as unusable.
        max_batch: How many tasks are committed together.
        max_tasks: How many tasks may be queued.
        max_bytes: How many bytes the queued tasks may take.
    """

    timeout: float = 3.0
    max_batch: int = 1_000
    max_tasks: int = 20_000
    max_bytes: int = 64 << 20


@dataclass(eq=False, slots=True)
class _Job:
    """A function that writes by itself."""

    job: Callable[[Connection], Any]
    byte_count: int = 0
    future: Future[Any] = field(default_factory=Future)


@dataclass(eq=False, slots=True)
class _MergedItem:
    """An item for a function that writes a list of neighbouring items."""

    job: Callable[[Connection, list[Any]], Iterable[Any]]
    item: Any
    byte_count: int
    future: Future[Any] = field(default_factory=Future)


_Task: TypeAlias = _Job | _MergedItem


class Writer:
    """The writing thread and its queue."""

    def __init__(
        self,
        name: str,
        begin: Callable[[], AbstractContextManager[Connection]],
        translate: Callable[[BaseException], BaseException],
        limits: Limits,
    ) -> None:
        """Start the thread.

        Args:
            name: The name of the database, for messages.
            begin: Opens a transaction that is committed at the end of its `with` block.
            translate: Turns an exception into the one that callers get.
            limits: Limits of waiting and of memory.
        """
        self._name = name
        self._begin = begin
        self._translate = translate
        self._limits = limits
        self._process = os.getpid()
        self._changed = threading.Condition()
        self._tasks: deque[_Task] = deque()
        self._byte_count = 0
        self._is_closed = False
        # A daemon thread: a program that ends without `close` just ends. No queued write has
        # been reported as successful.
        self._thread = threading.Thread(target=self._run, name="septet writer", daemon=True)
        self._thread.start()

    def write(self, job: Callable[[Connection], _Result]) -> Future[_Result]:
        """Queue a job; see `Database.write`."""
        return self._submit(_Job(job))

    def write_merged(
        self,
        job: Callable[[Connection, list[_Item]], Iterable[_Result]],
        item: _Item,
        byte_count: int,
    ) -> Future[_Result]:
        """Queue an item; see `Database.write_merged`."""
        return self._submit(_MergedItem(job, item, byte_count))

    def close(self) -> None:
        """Write everything that is queued, then end the thread."""
        if self._process != os.getpid():
            return
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _submit(self, task: _Task) -> Future[Any]:
        refusal = self._enqueue(task)
        if refusal is not None:
            task.future.set_exception(StoreError(f"{self._name}: {refusal}"))
        return task.future

    def _enqueue(self, task: _Task) -> str | None:
        """Put a task into the queue, or return the reason why it is refused."""
        # First of all: in a forked process, a thread that no longer exists may hold the lock.
        if self._process != os.getpid():
            return "opened before a fork; open it in each process"
        with self._changed:
            byte_count = self._byte_count + task.byte_count
            if self._is_closed:
                return "the store is closed"
            is_full = (
                len(self._tasks) >= self._limits.max_tasks or byte_count > self._limits.max_bytes
            )
            if self._tasks and is_full:
                return "the write queue is full"
            self._byte_count = byte_count
            self._tasks.append(task)
            self._changed.notify()
        return None

    def _run(self) -> None:
        while self._wait():
            self._write(self._take(self._limits.max_batch))

    def _wait(self) -> bool:
        """Wait for tasks, and return whether there are any; there are none only after `close`."""
        with self._changed:
            while not self._tasks and not self._is_closed:
                self._changed.wait()
            return bool(self._tasks)

    def _take(self, max_tasks: int) -> list[_Task]:
        """Remove the first tasks from the queue, and return those that are not cancelled."""
        with self._changed:
            taken = [self._tasks.popleft() for _ in range(min(len(self._tasks), max_tasks))]
            self._byte_count -= sum(task.byte_count for task in taken)
        return [task for task in taken if task.future.set_running_or_notify_cancel()]

    def _write(self, batch: list[_Task]) -> None:
        """Write a batch together, or if that fails each task by itself.

        So one task cannot harm the others. On timeout, every queued task fails too.
        """
        deadline = time.monotonic() + self._limits.timeout
        error = self._attempt(batch)
        if error is None:
            return
        failure = self._translate(error)
        for index, task in enumerate(batch):
            if time.monotonic() >= deadline:
                for late in (*batch[index:], *self._take(self._limits.max_tasks)):
                    refusal = StoreError(f"no time left, after: {failure}")
                    refusal.__cause__ = failure
                    late.future.set_exception(refusal)
                return
            error = self._attempt([task])
            if error is not None:
                failure = self._translate(error)
                task.future.set_exception(failure)

    def _attempt(self, batch: list[_Task]) -> BaseException | None:
        """Write tasks in one transaction, and return the error if that fails."""
        results: list[tuple[_Task, Any]] = []
        try:
            with self._begin() as connection:
                for _, tasks in groupby(batch, key=_merge_key):
                    results += _run_tasks(connection, list(tasks))
        except BaseException as error:
            return error
        for task, result in results:
            task.future.set_result(result)
        return None


def _merge_key(task: _Task) -> object:
    """Return a key that is the same for neighbours that are written together."""
    return task.job if isinstance(task, _MergedItem) else task


def _run_tasks(connection: Connection, tasks: list[_Task]) -> Iterable[tuple[_Task, Any]]:
    """Run the tasks of one key, and return each with its result."""
    first = tasks[0]
    if isinstance(first, _Job):
        return [(first, first.job(connection))]
    items = [task.item for task in tasks if isinstance(task, _MergedItem)]
    return list(zip(tasks, first.job(connection, items), strict=True))
