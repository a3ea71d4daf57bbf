"""Messages for tests of the outbox, and counts of what became of them."""

from __future__ import annotations

from collections import Counter

from bandwidth_service import Service
from septet.bandwidth import Message, Outbox

FAST = 1e6  # segments per second


def messages(count: int, first: int = 0) -> list[Message]:
    return [
        Message("app", "+12025550100", "+13125550140", f"message {number}")
        for number in range(first, first + count)
    ]


def texts(service: Service) -> Counter[str]:
    """Return how often each text has arrived."""
    return Counter(received.json["text"] for received in service.received)


def only(outbox: Outbox) -> dict[str, int]:
    """Return the counts that are not 0."""
    return {state.value: count for state, count in outbox.counts().items() if count}
