"""Bandwidth's messaging API: messages, callbacks to events, outcomes, and a store of events.

Loaded at once is what does no I/O; the rest when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..exceptions import MessageError, StoreError
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
from .errors import Category, ErrorCode, Retry, find_error
from .messages import Accepted, Message
from .outcomes import Outcome, Outcomes, State

if TYPE_CHECKING:
    from .receiver import Receiver
    from .store import Appended, EventStore, Record, open_store

__all__ = [
    "Accepted",
    "Appended",
    "Category",
    "ErrorCode",
    "Event",
    "EventStore",
    "InboundEvent",
    "Message",
    "MessageDelivered",
    "MessageError",
    "MessageFailed",
    "MessageRead",
    "MessageReceived",
    "MessageSending",
    "MessageSent",
    "Outcome",
    "Outcomes",
    "Receiver",
    "Record",
    "RequestedLocationResponse",
    "Retry",
    "State",
    "StatusEvent",
    "StoreError",
    "SuggestionResponse",
    "Undecodable",
    "UnknownEvent",
    "find_error",
    "open_store",
    "parse_callbacks",
]

_LOADED_WHEN_ASKED_FOR = {
    "Appended": "store",
    "EventStore": "store",
    "Receiver": "receiver",
    "Record": "store",
    "open_store": "store",
}


def __getattr__(name: str) -> object:
    if name not in _LOADED_WHEN_ASKED_FOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    room = import_module(f"{__name__}.{_LOADED_WHEN_ASKED_FOR[name]}")
    value = globals()[name] = getattr(room, name)
    return value
