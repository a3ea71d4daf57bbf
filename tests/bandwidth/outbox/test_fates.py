"""What follows from an error, for the message and for the others."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")

from septet.bandwidth.exceptions import (
    DeliveryUnknownError,
    QueueFullError,
    RefusedError,
    UnansweredError,
    UnauthorizedError,
    UnreachableError,
    ValidationRefusedError,
)
from septet.bandwidth.outbox.fates import Fate, fate_of
from septet.bandwidth.storing.outbox_table import OutboxState


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (ValidationRefusedError("", 400), Fate(OutboxState.REFUSED)),
        (DeliveryUnknownError("ReadTimeout"), Fate(OutboxState.UNKNOWN, pause=0)),
        (QueueFullError("", 429), Fate(OutboxState.QUEUED, pause=0)),
        (UnreachableError("ConnectError"), Fate(OutboxState.QUEUED, pause=0)),
        (UnansweredError("no token"), Fate(OutboxState.QUEUED, pause=0)),
        (RefusedError("", 500), Fate(OutboxState.QUEUED, pause=0)),
        (UnauthorizedError("", 401), Fate(OutboxState.QUEUED, ends=True)),
        (RefusedError("", 404), Fate(OutboxState.QUEUED, ends=True)),
        (ValueError("?"), Fate(OutboxState.UNKNOWN, ends=True)),
        (KeyboardInterrupt(), Fate(OutboxState.UNKNOWN, ends=True)),
    ],
)
def test_fate(error, fate) -> None:
    """A message stays queued only if it was certainly not accepted."""
    assert fate_of(error, 1) == fate


def test_repeated_server_errors() -> None:
    """After five answers 500 the message is refused, so that it does not block the others."""
    states = [fate_of(RefusedError("", 500), number).state for number in range(1, 6)]
    assert states == [OutboxState.QUEUED] * 4 + [OutboxState.REFUSED]


@pytest.mark.parametrize(
    ("kind", "status", "state"),
    [
        (ValidationRefusedError, 400, OutboxState.REFUSED),
        (QueueFullError, 429, OutboxState.QUEUED),
        (RefusedError, 500, OutboxState.QUEUED),
        (DeliveryUnknownError, 503, OutboxState.UNKNOWN),
        (UnansweredError, 503, OutboxState.QUEUED),
    ],
)
def test_requested_pause(kind, status, state) -> None:
    """Whatever the answer is, sending pauses as long as it asks for."""
    assert fate_of(kind("", status, b"", 30.0), 1) == Fate(state, pause=30.0)
