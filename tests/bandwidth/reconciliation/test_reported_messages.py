"""Merged records of messages, from their events and the outbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from callback_bodies import BODIES
from kept_messages import RECIPIENT, SENDER, event, message
from septet.bandwidth import Accepted, Outcomes, StoredMessage, parse_callbacks
from septet.bandwidth.messages import unchecked_message_from_json
from septet.bandwidth.reconciliation.reported_messages import ReportedMessage, merge_reports

MADE = datetime(2026, 11, 4, 9, tzinfo=UTC)
OTHER = "+13125550141"


def merged(*events: dict, accepted: Accepted | None = None) -> ReportedMessage:
    """Return the merged record of a message, which does not depend on the order of events."""
    parsed = parse_callbacks(json.dumps(events).encode())
    (record,) = {
        merge_reports(StoredMessage("1", order, accepted)) for order in permutations(tuple(parsed))
    }
    return record


def test_sent() -> None:
    """The empty text of a callback is not a text."""
    record = merged(event("1", "sent", segmentCount=2), event("1", segmentCount=2))
    assert record == ReportedMessage("1", MADE, "sent", "SMS", SENDER, (RECIPIENT,), None, (2,))


def test_sent_with_its_text() -> None:
    """Callbacks of 2019 repeated the text."""
    assert merged(event("1", "sent", text="hi"), event("1")).text == "hi"


def test_received() -> None:
    """A received text may be empty."""
    record = merged(event("1", "received", "hi"))
    assert record == ReportedMessage("1", MADE, "received", "SMS", RECIPIENT, (SENDER,), "hi", (1,))
    assert merged(event("1", "received", "")).text == ""
    assert merged(event("1", "received", None)).text is None


def test_outbox() -> None:
    """The outbox takes precedence over events."""
    accepted = Accepted.from_body(
        message("Dear Ann"), b'{"id": "1", "segmentCount": 3, "time": "2026-11-04T09:00:00Z"}'
    )
    alone = merged(accepted=accepted)
    assert alone == ReportedMessage(
        "1", MADE, "sent", "SMS", SENDER, (RECIPIENT,), "Dear Ann", (3,)
    )
    both = merged(event("1", text="hi", from_="+9", to=[OTHER], segmentCount=1), accepted=accepted)
    assert both == ReportedMessage(
        "1", MADE, "sent", "SMS", SENDER, (RECIPIENT,), "Dear Ann", (1, 3)
    )


def test_damaged_outbox_row() -> None:
    """The answer still counts, and events supply the rest."""
    answer = b'{"id": "1", "segmentCount": 3, "time": "2026-11-04T09:00:00Z"}'
    accepted = Accepted.from_body(unchecked_message_from_json(b"{"), answer)
    alone = merged(accepted=accepted)
    assert alone == ReportedMessage("1", MADE, "sent", "SMS", None, (), None, (3,))
    group = event("1", segmentCount=1)
    group["message"]["to"] = [RECIPIENT, OTHER]
    both = merged(group, accepted=accepted)
    assert both == ReportedMessage(
        "1", MADE, "sent", "MMS", SENDER, (RECIPIENT, OTHER), None, (1, 3)
    )


@pytest.mark.parametrize(
    ("events", "medium"),
    [
        ([event("1", media=["https://example.com/a.png"]), event("1", "sent")], "MMS"),
        ([event("1", channel="MMS")], "MMS"),
        ([event("1", channel="SMS")], "SMS"),
        ([event("1", channel="RBM", media=["https://example.com/a.png"])], "RBM"),
        ([event("1", "read")], "RBM"),
        ([event("1", "received", "hi", media=["https://example.com/a.png"])], "MMS"),
    ],
)
def test_medium(events, medium) -> None:
    """The medium follows from the content or the channel."""
    assert merged(*events).medium == medium


def test_groups() -> None:
    """A message to several recipients is an MMS, even if each event names only one."""
    listed = event("1", to=OTHER)
    listed["message"]["to"] = [RECIPIENT, OTHER]
    assert merged(listed, event("1")).to == (RECIPIENT, OTHER)
    events = [event("1", to=OTHER), event("1", to=RECIPIENT)]
    for single in events:
        del single["message"]["to"]
    parsed = parse_callbacks(json.dumps(events).encode())
    record = merge_reports(StoredMessage("1", tuple(parsed), None))
    assert (record.to, record.medium) == ((OTHER, RECIPIENT), "MMS")
    sent = Accepted.from_body(message("hi", [RECIPIENT, OTHER]), b"")
    assert merged(accepted=sent).medium == "MMS"


def test_unknown_events() -> None:
    """Unknown events count by their direction; without one, the message was received."""
    assert merged(event("1", "recalled")).direction == "sent"
    assert merged(event("1", "recalled", direction=None)).direction == "received"


def test_segment_counts() -> None:
    """Each count is listed once; invalid counts are ignored."""
    counts = merged(
        event("1", "sent", segmentCount=2),
        event("1", segmentCount="1"),
        event("1", "failed", segmentCount=2),
        event("1", "sending", segmentCount=-1),
        event("1", "queued", segmentCount=None),
    ).segment_counts
    assert counts == (1, 2)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_documented_bodies(body) -> None:
    """Messages have an outcome if, and only if, they were sent."""
    for parsed in parse_callbacks(body):
        if parsed.message_id is not None:
            record = merge_reports(StoredMessage(parsed.message_id, (parsed,), None))
            assert (record.direction == "sent") == bool(Outcomes([parsed]))
