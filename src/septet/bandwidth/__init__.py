"""Bandwidth's messaging API: messages, clients, callbacks to events, outcomes, a store of events.

Loaded at once is what does no I/O; the rest when it is asked for. May
import `segmentation` and everything below, never `costing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .callbacks import (
    Event,
    InboundEvent,
    MessageDelivered,
    MessageFailed,
    MessageRead,
    MessageReceived,
    MessageSending,
    MessageSent,
    RequestedLocationResponse,
    StatusEvent,
    SuggestionResponse,
    Undecodable,
    UnknownEvent,
    parse_callbacks,
)
from .errors import ErrorCategory, ErrorCode, RetryAdvice, find_error
from .exceptions import (
    BandwidthError,
    DeliveryUnknownError,
    MessageError,
    QueueFullError,
    RefusedError,
    StoreError,
    TooManySegmentsError,
    UnansweredError,
    UnauthorizedError,
    UnreachableError,
    ValidationRefusedError,
)
from .messages import Accepted, Message
from .outcomes import Outcome, Outcomes, OutcomeState

if TYPE_CHECKING:
    from .outbox.outbox import Outbox, OutboxEntry, OutboxState
    from .receiver import Receiver
    from .sending.account import Media
    from .sending.client import AsyncClient, Client
    from .sending.search import MessageRecord
    from .storing.store import Appended, EventStore, Record, StoredMessage, open_store

__all__ = [
    "Accepted",
    "Appended",
    "AsyncClient",
    "BandwidthError",
    "Client",
    "DeliveryUnknownError",
    "ErrorCategory",
    "ErrorCode",
    "Event",
    "EventStore",
    "InboundEvent",
    "Media",
    "Message",
    "MessageDelivered",
    "MessageError",
    "MessageFailed",
    "MessageRead",
    "MessageReceived",
    "MessageRecord",
    "MessageSending",
    "MessageSent",
    "Outbox",
    "OutboxEntry",
    "OutboxState",
    "Outcome",
    "OutcomeState",
    "Outcomes",
    "QueueFullError",
    "Receiver",
    "Record",
    "RefusedError",
    "RequestedLocationResponse",
    "RetryAdvice",
    "StatusEvent",
    "StoreError",
    "StoredMessage",
    "SuggestionResponse",
    "TooManySegmentsError",
    "UnansweredError",
    "UnauthorizedError",
    "Undecodable",
    "UnknownEvent",
    "UnreachableError",
    "ValidationRefusedError",
    "find_error",
    "open_store",
    "parse_callbacks",
]

_LOADED_WHEN_ASKED_FOR = {
    "Appended": "storing.store",
    "AsyncClient": "sending.client",
    "Client": "sending.client",
    "EventStore": "storing.store",
    "Media": "sending.account",
    "MessageRecord": "sending.search",
    "Outbox": "outbox.outbox",
    "OutboxEntry": "storing.outbox_rows",
    "OutboxState": "storing.outbox_rows",
    "Receiver": "receiver",
    "Record": "storing.store",
    "StoredMessage": "storing.stored_messages",
    "open_store": "storing.store",
}


def __getattr__(name: str) -> object:
    if name not in _LOADED_WHEN_ASKED_FOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    room = import_module(f"{__name__}.{_LOADED_WHEN_ASKED_FOR[name]}")
    value = globals()[name] = getattr(room, name)
    return value


def __dir__() -> list[str]:
    return [*globals(), *_LOADED_WHEN_ASKED_FOR]
