"""The settings of a sandbox: address, credentials, behaviour, speed and sizes."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from .faults import Faults

__all__ = ["Options", "Settings"]

_QUEUE_SECONDS = 15 * 60


class Options(TypedDict, total=False):
    """The keyword arguments of `Sandbox`; `Settings` describes them."""

    host: str
    port: int
    username: str | None
    password: str | None
    token_seconds: float
    callback_username: str | None
    callback_password: str | None
    callback_timeout: float
    group_behaviour: Literal["correct", "old"]
    message_sending: bool | None
    message_sent: bool | Collection[str]
    search_limit: int
    faults: Faults
    speed: float
    segments_per_second: float
    queue_segments: int | None
    log_size: int


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a sandbox.

    Attributes:
        callback_url: The address that callbacks are posted to; None posts none. It may have a
            username and a password, as in `http://ann:secret@127.0.0.1:8080/`, percent-encoded.
        host: The address to listen on.
        port: The TCP port; 0 picks a free one.
        username: The username that requests to the API must give; None requires no credentials.
        password: The password for `username`.
        token_seconds: The lifetime of an OAuth token, in real seconds.
        callback_username: The username that callbacks give; None gives no credentials.
        callback_password: The password for `callback_username`.
        callback_timeout: How long a callback waits for its answer, in real seconds.
        group_behaviour: "correct" posts one final event for each recipient of a group; "old" also
            reports recipients as delivered that have failed as invalid before.
        message_sending: Whether MMS and groups get `message-sending`; None means until 2027-01-06
            on the sandbox's clock, when Bandwidth discontinues it.
        message_sent: Whether applications get `message-sent`, which Bandwidth introduced in July
            2026: all of them, none, or those with these ids.
        search_limit: The number of searches that one address may make in 5 minutes of the
            sandbox's clock, from 1; further ones are answered with 429.
        faults: The faults to inject.
        speed: The seconds that pass on the sandbox's clock in one real second.
        segments_per_second: The sending rate of each account, in seconds of the sandbox's clock.
        queue_segments: The capacity of the queue of each account, in segments, from 1; None holds
            as many as are sent in 15 minutes.
        log_size: The number of log entries and of messages to keep; older ones are forgotten.

    Raises:
        ValueError: A value is out of range, a username or password is given alone
            or empty, or a username has a colon.
    """

    callback_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token_seconds: float = 3600.0
    callback_username: str | None = None
    callback_password: str | None = field(default=None, repr=False)
    callback_timeout: float = 10.0
    group_behaviour: Literal["correct", "old"] = "correct"
    message_sending: bool | None = None
    message_sent: bool | Collection[str] = True
    search_limit: int = 3_500
    faults: Faults = field(default_factory=Faults)
    speed: float = 1.0
    segments_per_second: float = 10_000.0
    queue_segments: int | None = None
    log_size: int = 200_000

    def __post_init__(self) -> None:
        if self.group_behaviour not in ("correct", "old"):
            raise ValueError(
                f"group_behaviour must be 'correct' or 'old', not {self.group_behaviour!r}"
            )
        if isinstance(self.message_sent, str):
            raise ValueError(
                f"message_sent must be True, False or a list of ids, not {self.message_sent!r}"
            )
        for name in ("speed", "segments_per_second", "callback_timeout"):
            if not 0 < (value := getattr(self, name)) < math.inf:
                raise ValueError(f"{name} must be a number greater than 0, not {value!r}")
        if not self.token_seconds >= 0:
            raise ValueError(f"token_seconds must be 0 or more, not {self.token_seconds!r}")
        for name in ("queue_segments", "search_limit", "log_size"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or value < 1):
                raise ValueError(f"{name} must be a whole number from 1, not {value!r}")
        if not 0 <= self.port < 1 << 16:
            raise ValueError(f"port must be a number from 0 to 65535, not {self.port!r}")
        for prefix in ("", "callback_"):
            username = getattr(self, f"{prefix}username")
            password = getattr(self, f"{prefix}password")
            if (username is None) != (password is None):
                raise ValueError(f"{prefix}username and {prefix}password must be given together")
            if "" in (username, password):
                raise ValueError(f"neither {prefix}username nor {prefix}password may be empty")
            if ":" in (username or ""):
                # It is not shown, because what follows the colon may be a password.
                raise ValueError(f"{prefix}username must not have a colon (RFC 7617)")

    @property
    def credentials(self) -> tuple[str, str] | None:
        """Username and password for the API, if requests must give them."""
        return _credentials(self.username, self.password)

    @property
    def callback_credentials(self) -> tuple[str, str] | None:
        """Username and password that callbacks give, if any."""
        return _credentials(self.callback_username, self.callback_password)

    @property
    def queue_capacity(self) -> int:
        """The capacity of the queue of each account, in segments."""
        if self.queue_segments is not None:
            return self.queue_segments
        return max(1, round(self.segments_per_second * _QUEUE_SECONDS))


def _credentials(username: str | None, password: str | None) -> tuple[str, str] | None:
    return None if username is None or password is None else (username, password)
