"""The sandbox as a program holds it: in a thread beside tests, or as a process of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Literal, Self, TypeVar

from ...serving import Server, guarded, serve
from .access import Access
from .api.application import API, TOKEN, Application
from .clock import Clock
from .delivery.courier import Courier
from .delivery.processor import Provider
from .delivery.segment_queue import SegmentQueue
from .faults import Faults
from .log import Attempt, Drop, Entry, Log, Request
from .messages import Record

__all__ = ["Sandbox"]

_T = TypeVar("_T")

_QUEUE_SECONDS = 15 * 60


class Sandbox:
    """A stand-in for Bandwidth's messaging API, on this machine.

    As a context manager it runs in a thread until the block ends; all of it may be used from any
    thread meanwhile.
    """

    def __init__(
        self,
        callback_url: str | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        username: str | None = None,
        password: str | None = None,
        token_seconds: float = 3600.0,
        callback_username: str | None = None,
        callback_password: str | None = None,
        callback_timeout: float = 10.0,
        group_behaviour: Literal["correct", "old"] = "correct",
        faults: Faults | None = None,
        clock: float = 1.0,
        rate: float = 10_000.0,
        queue_segments: int | None = None,
        log_size: int = 200_000,
    ) -> None:
        """Be ready; the port is taken when the `with` block or `serve` begins.

        Args:
            callback_url: Where callbacks are posted; None posts none.
            host: The address to listen on.
            port: The TCP port; 0 takes one that is free.
            username: What requests to the API have to give; None asks for nothing.
            password: The password that belongs to it.
            token_seconds: Real seconds that a token holds, which may be had with them.
            callback_username: What callbacks give; None gives nothing.
            callback_password: The password that belongs to it.
            callback_timeout: Real seconds that a callback waits for its answer.
            group_behaviour: "correct" posts one final event for each recipient of a group; "old"
                posts that all were delivered, also those that failed as invalid before.
            faults: What goes wrong; nothing if left out.
            clock: The seconds that pass for the sandbox in a real one.
            rate: The segments that are sent in a second of its clock.
            queue_segments: The segments that may wait; what the rate sends in 15 minutes if left
                out.
            log_size: The entries and the messages that are kept, the latest ones.

        Raises:
            MissingExtraError: A package of the extras `bandwidth` and `serve` is not installed.
            ValueError: A value is out of its range.
        """
        if group_behaviour not in ("correct", "old"):
            raise ValueError(f"group_behaviour={group_behaviour!r}: neither 'correct' nor 'old'")
        for name, value in (("clock", clock), ("rate", rate), ("log_size", log_size)):
            if not value > 0:
                raise ValueError(f"{name}={value!r}: not more than 0")
        if queue_segments is None:
            queue_segments = round(rate * _QUEUE_SECONDS)
        time = Clock(clock)
        self._log = Log(time, log_size)
        self._courier = Courier(
            time,
            self._log,
            callback_url,
            _pair("callback_", callback_username, callback_password),
            callback_timeout,
        )
        self._provider = Provider(
            time,
            SegmentQueue(time, rate, queue_segments),
            self._courier,
            faults=faults or Faults(),
            size=log_size,
            is_old=group_behaviour == "old",
        )
        application = Application(
            self._provider,
            self._log,
            Access(_pair("", username, password), token_seconds),
            self._started,
        )
        self._app = guarded(application, host)
        self._host, self._port = host, port
        self._is_running = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._server: Server

    def __enter__(self) -> Self:
        self._server = Server(self._app, host=self._host, port=self._port)
        self._server.__enter__()
        self._is_running.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    @property
    def page_url(self) -> str:
        """Where a browser shows what happens."""
        return f"{self._server.url}/"

    @property
    def url(self) -> str:
        """The base of the API, for a client; without a slash at the end."""
        return self._server.url + API

    def now(self) -> float:
        """Return the seconds since 1970 on the sandbox's clock."""
        return self._provider.clock.now()

    @property
    def token_url(self) -> str:
        """Where a token is had with the credentials."""
        return self._server.url + TOKEN

    @property
    def callback_url(self) -> str | None:
        """Where callbacks are posted; a change holds from the next attempt on."""
        return self._courier.url

    @callback_url.setter
    def callback_url(self, url: str | None) -> None:
        self._courier.url = url

    @property
    def faults(self) -> Faults:
        """What goes wrong; a change holds at once."""
        return self._provider.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._provider.faults = faults

    @property
    def log(self) -> tuple[Entry, ...]:
        """What happened, in its order: requests, attempts, drops; the latest `log_size`."""
        return self._log.entries()

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests in the log."""
        return tuple(entry for entry in self.log if isinstance(entry, Request))

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The attempts at callbacks in the log."""
        return tuple(entry for entry in self.log if isinstance(entry, Attempt))

    @property
    def drops(self) -> tuple[Drop, ...]:
        """The callbacks that were given up, in the log."""
        return tuple(entry for entry in self.log if isinstance(entry, Drop))

    @property
    def messages(self) -> tuple[Record, ...]:
        """The messages that were taken and came in, in their order; the latest `log_size`."""
        return self._call(self._messages())

    def receive(
        self, from_: str, to: str | Sequence[str], text: str = "", media: Sequence[str] = ()
    ) -> Record:
        """Let a message come in: the receiver gets `message-received`.

        Args:
            from_: Who sends it.
            to: Our number; for a group ours first, then the others.
            text: What it says.
            media: The URLs of its media.
        """
        numbers = [to] if isinstance(to, str) else to
        return self._call(self._provider.receive(from_, numbers, text, media))

    def inject(self, body: bytes) -> None:
        """Post any octets as a callback, and again until they are answered 2xx."""
        self._call(self._provider.inject(body))

    def wait_until_idle(self, timeout: float = 30.0) -> None:
        """Wait until nothing is queued, under way or to be tried again.

        Args:
            timeout: The real seconds to wait at most.

        Raises:
            TimeoutError: Something still is.
        """
        self._call(asyncio.wait_for(self._provider.idle.wait(), timeout))

    def serve(self, announce: str, on_drop: Callable[[Drop], None]) -> None:
        """Serve until SIGINT or SIGTERM, in this thread.

        Args:
            announce: What is printed before the address.
            on_drop: Called with each callback that is given up.
        """
        self._log.on_drop = on_drop
        serve(self._app, host=self._host, port=self._port, announce=announce)

    async def _messages(self) -> tuple[Record, ...]:
        return tuple(self._provider.records.values())

    def _started(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_running.set()

    def _call(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _pair(prefix: str, username: str | None, password: str | None) -> tuple[str, str] | None:
    """Return username and password, or None if neither is given."""
    if username is None and password is None:
        return None
    if username is None or password is None:
        raise ValueError(f"{prefix}username and {prefix}password: one without the other")
    return username, password
