"""Callbacks, posted until the receiver answers 2xx.

Bandwidth waits 10 seconds for an answer, tries again for 24 hours and then gives up. How long it
waits between is not documented. Here it is 5 seconds, then twice as long each time up to an hour,
a fifth more or less by chance; the last attempt is made when the 24 hours are over. The clock of
the sandbox counts them; only the wait for an answer is real time, for a receiver is real.

Source: Bandwidth, "Messaging overview" and "Messaging webhooks".
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ..access import basic
from ..clock import Clock
from ..log import Log
from .posting import Poster, target_of

__all__ = ["Callback", "Courier"]

_RETRIED_SECONDS = 24 * 3600.0
_FIRST_INTERVAL = 5.0
_LONGEST_INTERVAL = 3600.0
_CONNECTIONS = 64
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "BandwidthAPI/v2"}


@dataclass(frozen=True, slots=True)
class Callback:
    """What is to be posted.

    Attributes:
        body: The octets.
        type: The type of the event in it, for the log.
        message_id: The message that it is about, for the log.
        to: Whom it is about, for the log.
    """

    body: bytes
    type: str = ""
    message_id: str = ""
    to: str = ""

    @property
    def about(self) -> tuple[str, str, str]:
        """What the log tells of it."""
        return self.type, self.message_id, self.to


class Courier:
    """Posts callbacks."""

    def __init__(
        self,
        clock: Clock,
        log: Log,
        url: str | None,
        credentials: tuple[str, str] | None,
        answer_seconds: float,
    ) -> None:
        self.url = url
        self._clock = clock
        self._log = log
        self._answer_seconds = answer_seconds
        self._random = random.Random()  # noqa: S311
        headers = _HEADERS
        if credentials is not None:
            headers = headers | {"Authorization": basic(*credentials)}
        self._poster = Poster(headers, _CONNECTIONS)

    @property
    def url(self) -> str | None:
        """Where to; None posts nothing. A change holds from the next attempt on."""
        return self._url

    @url.setter
    def url(self, url: str | None) -> None:
        self._target = None if url is None else target_of(url)
        self._url = url

    def close(self) -> None:
        """Close the connections."""
        self._poster.close()

    async def attempt(self, callback: Callback, trial: int = 1) -> bool:
        """Post a callback once; tell whether it is done with."""
        target = self._target
        if target is None:
            return True
        try:
            status = await self._poster.post(target, callback.body, self._answer_seconds)
        except TimeoutError:
            error = f"no answer within {self._answer_seconds:g} s"
        except OSError as failure:
            error = failure.strerror or str(failure) or type(failure).__name__
        else:
            return self._log.attempt(callback.about, trial, status).is_accepted
        self._log.attempt(callback.about, trial, None, error)
        return False

    async def retry(self, callback: Callback) -> None:
        """Post a callback, whose first attempt has just failed, until it is taken or dropped."""
        deadline = self._clock.now() + _RETRIED_SECONDS
        interval = _FIRST_INTERVAL
        trial = 1
        while (left := deadline - self._clock.now()) > 0:
            await self._clock.sleep(min(left, interval * self._random.uniform(0.8, 1.2)))
            interval = min(2 * interval, _LONGEST_INTERVAL)
            trial += 1
            if await self.attempt(callback, trial):
                return
        self._log.drop(callback.about, trial)
