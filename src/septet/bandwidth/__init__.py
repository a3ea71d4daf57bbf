"""Bandwidth's messaging API, the part without I/O: callbacks to events."""

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

__all__ = [
    "Event",
    "InboundEvent",
    "MessageDelivered",
    "MessageFailed",
    "MessageRead",
    "MessageReceived",
    "MessageSending",
    "MessageSent",
    "RequestedLocationResponse",
    "StatusEvent",
    "SuggestionResponse",
    "Undecodable",
    "UnknownEvent",
    "parse_callbacks",
]
