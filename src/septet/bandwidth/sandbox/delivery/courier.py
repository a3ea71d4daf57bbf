"""Posts callbacks until the receiver answers 2xx.

Bandwidth waits 10 seconds for an answer, retries for 24 hours and then drops the callback. It does
not document the delays between attempts. Here the first delay is 5 seconds, and each is twice as
long as the one before up to an hour, with a random variation of a fifth. The last attempt is made
at the end of the 24 hours. These times are measured by the clock of the sandbox; only the wait for
an answer is in real time, because the receiver runs in real time.

Source: Bandwidth, "Messaging overview" and "Messaging webhooks".
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ..access import basic
from ..clock import Clock
from ..log import Log
from .posting import Poster, parse_target

__all__ = ["Callback", "Courier"]

_RETRY_SECONDS = 24 * 3600.0
_FIRST_INTERVAL = 5.0
_MAX_INTERVAL = 3600.0
_MAX_CONNECTIONS = 64
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "BandwidthAPI/v2"}


@dataclass(frozen=True, slots=True)
class Callback:
    """A callback to post.

    Attributes:
        body: The body.
        type: The type of its event, for the log.
        message_id: The id of its message, for the log.
        to: The recipient that it is about, for the log.
    """

    body: bytes
    type: str = ""
    message_id: str = ""
    to: str = ""

    @property
    def about(self) -> tuple[str, str, str]:
        """The type, message id and recipient, for the log."""
        return self.type, self.message_id, self.to


class Courier:
    """Posts callbacks to one address."""

    def __init__(
        self,
        clock: Clock,
        log: Log,
        url: str | None,
        credentials: tuple[str, str] | None,
        answer_seconds: float,
    ) -> None:
        """Check the address.

        Args:
            clock: The clock of the sandbox.
            log: The log of attempts.
            url: The address, which may have a username and a password; None posts nothing.
            credentials: The username and the password for every address.
            answer_seconds: How long a callback waits for its answer, in real seconds.

        Raises:
            ValueError: The URL is not an http or https URL, or credentials are given twice.
        """
        self._has_credentials = credentials is not None
        self.url = url
        self._clock = clock
        self._log = log
        self._answer_seconds = answer_seconds
        self._random = random.Random()  # noqa: S311
        headers = _HEADERS
        if credentials is not None:
            headers = headers | {"Authorization": basic(*credentials)}
        self._poster = Poster(headers, _MAX_CONNECTIONS)

    @property
    def url(self) -> str | None:
        """The address; None posts nothing. A change applies from the next attempt on."""
        return self._url

    @url.setter
    def url(self, url: str | None) -> None:
        target = None if url is None else parse_target(url)
        if target is not None and target.has_credentials and self._has_credentials:
            raise ValueError(
                "give the credentials of callbacks either in the URL or as callback_username and "
                f"callback_password, not both; the URL is {target.shown}"
            )
        self._target = target
        self._url = url

    @property
    def shown_url(self) -> str | None:
        """The address without credentials."""
        return None if self._target is None else self._target.shown

    def close(self) -> None:
        """Close the connections."""
        self._poster.close()

    async def attempt(self, callback: Callback, number: int = 1) -> bool:
        """Post a callback once.

        Args:
            callback: The callback.
            number: The number of this attempt, from 1.

        Returns:
            Whether it needs no further attempt: it was accepted, or there is no address.
        """
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
            return self._log.add_attempt(callback.about, number, status).is_accepted
        self._log.add_attempt(callback.about, number, None, error)
        return False

    async def retry(self, callback: Callback) -> None:
        """Post a callback, whose first attempt has just failed, until it is accepted or dropped."""
        deadline = self._clock.now() + _RETRY_SECONDS
        interval = _FIRST_INTERVAL
        number = 1
        while (remaining := deadline - self._clock.now()) > 0:
            await self._clock.sleep(min(remaining, interval * self._random.uniform(0.8, 1.2)))
            interval = min(2 * interval, _MAX_INTERVAL)
            number += 1
            if await self.attempt(callback, number):
                return
        self._log.add_drop(callback.about, number)
