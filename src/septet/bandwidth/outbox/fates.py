"""What follows from an attempt to send: for the message, for the others, and what is stored."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..exceptions import BandwidthError, DeliveryUnknownError, ValidationRefusedError
from ..messages import Accepted
from ..storing.columns import ascii_escaped, is_plain
from ..storing.outbox_table import OutboxState

__all__ = ["Fate", "fate_of", "summary_of", "values_of_answer", "values_of_error"]

_MAX_SERVER_ERRORS = 5  # answers 500 to one message; then the message is taken to be the cause


class Fate(NamedTuple):
    """What follows from an attempt, for the message and for the others.

    Attributes:
        state: The new state of the message.
        pause: The shortest time in seconds during which nothing is sent; None for no pause.
        ends: Whether the run ends, because the provider would accept no message at all.
    """

    state: OutboxState
    pause: float | None = None
    ends: bool = False


def fate_of(error: BaseException, attempt_count: int) -> Fate:
    """Return what follows from an error, for the message and for the others.

    An error that is not about the message itself would hit the next message too, so it causes a
    pause, or ends the run.

    Args:
        error: The error of the attempt.
        attempt_count: The number of attempts for this message, including this one.
    """
    if not isinstance(error, BandwidthError):
        return Fate(OutboxState.UNKNOWN, ends=True)
    pause = error.retry_after or 0
    if isinstance(error, DeliveryUnknownError):
        return Fate(OutboxState.UNKNOWN, pause)
    if isinstance(error, ValidationRefusedError):
        return Fate(OutboxState.REFUSED, pause or None)
    if error.is_transient:
        return Fate(OutboxState.QUEUED, pause)
    if error.status == 500:
        is_last = attempt_count >= _MAX_SERVER_ERRORS
        return Fate(OutboxState.REFUSED if is_last else OutboxState.QUEUED, pause)
    return Fate(OutboxState.QUEUED, ends=True)


def values_of_answer(accepted: Accepted) -> dict[str, Any]:
    """Return the columns of a message that the provider has accepted."""
    message_id = accepted.id or ""
    return {
        "status": 202,
        # An id that a database might refuse is only in the answer.
        "message_id": message_id if message_id and is_plain(message_id) else None,
        "reason": None,
        "answer": accepted.raw,
    }


def values_of_error(error: BaseException) -> dict[str, Any]:
    """Return the columns of a message whose attempt failed."""
    reason = str(error) if isinstance(error, BandwidthError) else repr(error)
    return {
        "status": getattr(error, "status", None),
        "reason": ascii_escaped(reason),
        "answer": getattr(error, "body", None),
    }


def summary_of(error: BaseException | None) -> str:
    """Return a description of an error for the log, without texts, numbers or credentials.

    It consists of the class and the status of the answer, or the operating system's message.
    """
    name = type(error).__name__
    if isinstance(error, BandwidthError) and error.status is not None:
        return f"{name}, HTTP {error.status}"
    cause = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return f"{name}, {cause.strerror}"
        cause = cause.__cause__ or cause.__context__
    return name
