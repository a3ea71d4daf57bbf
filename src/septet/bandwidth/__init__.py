"""Bandwidth's messaging API, the part without I/O: messages, callbacks to events, outcomes."""

from ..exceptions import MessageError
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

__all__ = [
    "Accepted",
    "Category",
    "ErrorCode",
    "Event",
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
