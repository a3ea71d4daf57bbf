"""`Sandbox`: runs in a thread beside tests, or as a process of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Self, TypeVar, Unpack

from ...serving import Server, serve
from .access import Access
from .api.application import API, TOKEN, Application
from .api.connections import spelled
from .api.search_limit import SearchLimit
from .clock import Clock
from .delivery.courier import Courier
from .delivery.processor import MessageProcessor
from .faults import Faults
from .log import CallbackAttempt, CallbackDrop, Log, LogEntry, LoggedRequest
from .messages import SandboxMessage
from .settings import Options, Settings

__all__ = ["Sandbox"]

_T = TypeVar("_T")


class Sandbox:
    """A local server that behaves like Bandwidth's messaging API.

    As a context manager it runs in a thread until the block ends. Its properties and methods may
    be used from any thread meanwhile.
    """

    def __init__(self, callback_url: str | None = None, **options: Unpack[Options]) -> None:
        """Prepare a sandbox; the port is bound when the `with` block or `serve` begins.

        Args:
            callback_url: The address that callbacks are posted to, with the username and password
                for it if it needs them; None posts none.
            **options: The other fields of `Settings`, such as `port=8081` or `speed=3600`.

        Raises:
            MissingExtraError: A package of the extras `bandwidth` and `serve` is not installed.
            TypeError: There is no such option.
            ValueError: A value is out of range, or a username or password is given alone.
        """
        settings = Settings(callback_url, **options)
        clock = Clock(settings.speed)
        self._log = Log(clock, settings.log_size)
        self._courier = Courier(
            clock,
            self._log,
            settings.callback_url,
            settings.callback_credentials,
            settings.callback_timeout,
        )
        self._processor = MessageProcessor(
            clock,
            self._courier,
            segments_per_second=settings.segments_per_second,
            queue_capacity=settings.queue_capacity,
            faults=settings.faults,
            max_messages=settings.log_size,
            has_old_groups=settings.group_behaviour == "old",
            message_sending=settings.message_sending,
            message_sent=settings.message_sent,
        )
        access = Access(settings.credentials, settings.token_seconds)
        searches = SearchLimit(clock, settings.search_limit)
        self._app = spelled(
            Application(self._processor, self._log, access, searches, self._on_start)
        )
        self._host, self._port = settings.host, settings.port
        self._is_running = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._server: Server

    def __enter__(self) -> Self:
        self._server = Server(self._app, host=self._host, port=self._port, guard=True)
        self._server.__enter__()
        self._is_running.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.__exit__()

    @property
    def page_url(self) -> str:
        """The address of the page that shows messages and callbacks in a browser."""
        return f"{self._server.url}/"

    @property
    def url(self) -> str:
        """The base address of the API, without a slash at the end; the `url` of a client."""
        return self._server.url + API

    @property
    def token_url(self) -> str:
        """The address where clients get OAuth tokens."""
        return self._server.url + TOKEN

    @property
    def callback_url(self) -> str | None:
        """The address that callbacks are posted to, as it was given, with its credentials.

        A change applies from the next attempt on. Setting a URL that cannot be used raises
        ValueError.
        """
        return self._courier.url

    @callback_url.setter
    def callback_url(self, url: str | None) -> None:
        self._courier.url = url

    @property
    def faults(self) -> Faults:
        """The faults to inject; a change applies at once."""
        return self._processor.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._processor.faults = faults

    @property
    def log(self) -> tuple[LogEntry, ...]:
        """The latest `log_size` requests, callback attempts and drops, in order."""
        return self._log.entries()

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """The requests in the log."""
        return tuple(entry for entry in self.log if isinstance(entry, LoggedRequest))

    @property
    def attempts(self) -> tuple[CallbackAttempt, ...]:
        """The callback attempts in the log."""
        return tuple(entry for entry in self.log if isinstance(entry, CallbackAttempt))

    @property
    def drops(self) -> tuple[CallbackDrop, ...]:
        """The dropped callbacks in the log."""
        return tuple(entry for entry in self.log if isinstance(entry, CallbackDrop))

    @property
    def messages(self) -> tuple[SandboxMessage, ...]:
        """The latest `log_size` messages, accepted and received ones, in order."""
        return self._call(self._list_messages())

    def now(self) -> float:
        """Return the time of the sandbox's clock, in seconds since 1970."""
        return self._processor.clock.now()

    def receive(
        self, from_: str, to: str | Sequence[str], text: str = "", media: Sequence[str] = ()
    ) -> SandboxMessage:
        """Simulate an inbound message: the callback address gets `message-received`.

        Args:
            from_: The number of the sender.
            to: Our number; for a group, ours first and then the others.
            text: The text.
            media: The URLs of the media.
        """
        numbers = [to] if isinstance(to, str) else to
        return self._call(self._processor.receive(from_, numbers, text, media))

    def inject(self, body: bytes) -> None:
        """Post any bytes as a callback, again and again until it is answered 2xx."""
        self._call(self._processor.inject(body))

    def wait_until_idle(self, timeout: float = 30.0) -> None:
        """Wait until no message is queued and no callback is outstanding.

        Args:
            timeout: The maximum wait, in real seconds.

        Raises:
            TimeoutError: The sandbox was still busy after `timeout`.
        """
        self._call(asyncio.wait_for(self._processor.idle.wait(), timeout))

    def serve(self, on_drop: Callable[[CallbackDrop], None]) -> None:
        """Print the addresses, and serve in this thread until SIGINT or SIGTERM.

        Args:
            on_drop: Called with each dropped callback.
        """
        self._log.on_drop = on_drop
        announce = f"The sandbox listens at {{url}}\nThe address of its API is {{url}}{API}"
        serve(self._app, host=self._host, port=self._port, announce=announce, guard=True)

    async def _list_messages(self) -> tuple[SandboxMessage, ...]:
        return tuple(self._processor.messages.values())

    def _on_start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_running.set()

    def _call(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in the event loop of the server."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
