"""Bandwidth's messaging API, the part without I/O: callbacks to events, error codes."""

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

__all__ = [
    "Category",
    "ErrorCode",
    "Event",
    "InboundEvent",
    "MessageDelivered",
    "MessageFailed",
    "MessageRead",
    "MessageReceived",
    "MessageSending",
    "MessageSent",
    "RequestedLocationResponse",
    "Retry",
    "StatusEvent",
    "SuggestionResponse",
    "Undecodable",
    "UnknownEvent",
    "find_error",
    "parse_callbacks",
]
