"""Bandwidth's messaging API: messages, clients, callbacks, outcomes, event store and outbox.

The modules without I/O are imported at once, the others on first use. This package may import
`segmentation` and everything below it, never `costing`.
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
    from .outbox.figures import OutboxFigures
    from .outbox.metrics import OutboxMetrics
    from .outbox.outbox import Outbox, OutboxEntry, OutboxState
    from .outbox.tuning import Tuning
    from .receiver.receiver import Receiver
    from .sending.account import Media
    from .sending.client import AsyncClient, Client
    from .sending.exchanges import Backoff
    from .sending.search import MessageRecord
    from .storing.store import (
        Appended,
        EventRecord,
        EventStore,
        Pruned,
        StoredMessage,
        open_store,
    )

__all__ = [
    "Accepted",
    "Appended",
    "AsyncClient",
    "Backoff",
    "BandwidthError",
    "Client",
    "DeliveryUnknownError",
    "ErrorCategory",
    "ErrorCode",
    "Event",
    "EventRecord",
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
    "OutboxFigures",
    "OutboxMetrics",
    "OutboxState",
    "Outcome",
    "OutcomeState",
    "Outcomes",
    "Pruned",
    "QueueFullError",
    "Receiver",
    "RefusedError",
    "RequestedLocationResponse",
    "RetryAdvice",
    "StatusEvent",
    "StoreError",
    "StoredMessage",
    "SuggestionResponse",
    "TooManySegmentsError",
    "Tuning",
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

_LAZY = {
    "Appended": "storing.store",
    "AsyncClient": "sending.client",
    "Backoff": "sending.exchanges",
    "Client": "sending.client",
    "EventStore": "storing.store",
    "Media": "sending.account",
    "MessageRecord": "sending.search",
    "Outbox": "outbox.outbox",
    "OutboxEntry": "storing.outbox_table",
    "OutboxFigures": "outbox.figures",
    "OutboxMetrics": "outbox.metrics",
    "OutboxState": "storing.outbox_table",
    "Pruned": "storing.pruning",
    "Receiver": "receiver.receiver",
    "EventRecord": "storing.store",
    "StoredMessage": "storing.stored_messages",
    "Tuning": "outbox.tuning",
    "open_store": "storing.store",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module = import_module(f"{__name__}.{_LAZY[name]}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return [*globals(), *_LAZY]
