"""Bandwidth's messaging API, the part without I/O: callbacks to events, error codes, outcomes."""

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
from .outcomes import Outcome, Outcomes, State

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
    "Outcome",
    "Outcomes",
    "RequestedLocationResponse",
    "Retry",
    "State",
    "StatusEvent",
    "SuggestionResponse",
    "Undecodable",
    "UnknownEvent",
    "find_error",
    "parse_callbacks",
]
