"""The body of a callback request: always parsed to events, without losing an octet.

Input: the body.
"""

from __future__ import annotations

from septet.bandwidth import Outcomes, parse_callbacks
from septet.bandwidth.callbacks import Undecodable


def target(octets: bytes) -> None:
    """Parse the events, read their attributes, and compute the outcomes."""
    events = parse_callbacks(octets)
    assert all(event.raw in octets for event in events)
    for event in events:
        if isinstance(event, Undecodable):
            assert event.reason
            continue
        hash(event), repr(event)
        for name in ("error_code", "read_time"):
            getattr(event, name, None)
    dict(Outcomes(events))
