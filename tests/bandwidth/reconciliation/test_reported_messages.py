"""What is told of a message, by its events and by the outbox."""

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
from septet.bandwidth.messages import unchecked_message_of
from septet.bandwidth.reconciliation.reported_messages import ReportedMessage, merge_reports

MADE = datetime(2026, 11, 4, 9, tzinfo=UTC)
OTHER = "+13125550141"


def facts(*events: dict, accepted: Accepted | None = None) -> ReportedMessage:
    """Return the facts of a message, which are the same in whatever order events arrive."""
    parsed = parse_callbacks(json.dumps(events).encode())
    (found,) = {
        merge_reports(StoredMessage("1", order, accepted)) for order in permutations(tuple(parsed))
    }
    return found


def test_sent() -> None:
    """What is empty in a callback is not told; who it went to is."""
    found = facts(event("1", "sent", segmentCount=2), event("1", segmentCount=2))
    assert found == ReportedMessage("1", MADE, "sent", "SMS", SENDER, (RECIPIENT,), None, (2,))


def test_sent_with_its_text() -> None:
    """As callbacks of 2019 were."""
    assert facts(event("1", "sent", text="hi"), event("1")).text == "hi"


def test_received() -> None:
    """The text is told, also an empty one."""
    found = facts(event("1", "received", "hi"))
    assert found == ReportedMessage("1", MADE, "received", "SMS", RECIPIENT, (SENDER,), "hi", (1,))
    assert facts(event("1", "received", "")).text == ""
    assert facts(event("1", "received", None)).text is None


def test_outbox() -> None:
    """What was sent is known better than what is told of it."""
    accepted = Accepted.from_body(
        message("Dear Ann"), b'{"id": "1", "segmentCount": 3, "time": "2026-11-04T09:00:00Z"}'
    )
    alone = facts(accepted=accepted)
    assert alone == ReportedMessage(
        "1", MADE, "sent", "SMS", SENDER, (RECIPIENT,), "Dear Ann", (3,)
    )
    both = facts(event("1", text="hi", from_="+9", to=[OTHER], segmentCount=1), accepted=accepted)
    assert both == ReportedMessage(
        "1", MADE, "sent", "SMS", SENDER, (RECIPIENT,), "Dear Ann", (1, 3)
    )


def test_outbox_that_is_damaged() -> None:
    """The answer still counts, and events tell the rest."""
    answer = b'{"id": "1", "segmentCount": 3, "time": "2026-11-04T09:00:00Z"}'
    accepted = Accepted.from_body(unchecked_message_of(b"{"), answer)
    alone = facts(accepted=accepted)
    assert alone == ReportedMessage("1", MADE, "sent", "SMS", None, (), None, (3,))
    group = event("1", segmentCount=1)
    group["message"]["to"] = [RECIPIENT, OTHER]
    both = facts(group, accepted=accepted)
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
    """By what the message has, or by the channel."""
    assert facts(*events).medium == medium


def test_groups() -> None:
    """An MMS, also where only the events of each recipient tell that there are several."""
    listed = event("1", to=OTHER)
    listed["message"]["to"] = [RECIPIENT, OTHER]
    assert facts(listed, event("1")).to == (RECIPIENT, OTHER)
    ones = [event("1", to=OTHER), event("1", to=RECIPIENT)]
    for one in ones:
        del one["message"]["to"]
    parsed = parse_callbacks(json.dumps(ones).encode())
    found = merge_reports(StoredMessage("1", tuple(parsed), None))
    assert (found.to, found.medium) == ((OTHER, RECIPIENT), "MMS")
    sent = Accepted.from_body(message("hi", [RECIPIENT, OTHER]), b"")
    assert facts(accepted=sent).medium == "MMS"


def test_unknown_events() -> None:
    """They count by their direction; one that tells none was not sent by us, as far as we know."""
    assert facts(event("1", "recalled")).direction == "sent"
    assert facts(event("1", "recalled", direction=None)).direction == "received"


def test_figures() -> None:
    """Each once; what is no number is none."""
    figures = facts(
        event("1", "sent", segmentCount=2),
        event("1", segmentCount="1"),
        event("1", "failed", segmentCount=2),
        event("1", "sending", segmentCount=-1),
        event("1", "queued", segmentCount=None),
    ).segment_counts
    assert figures == (1, 2)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_documented_bodies(body) -> None:
    """What outcomes take for sent is sent, and nothing else."""
    for parsed in parse_callbacks(body):
        if parsed.message_id is not None:
            found = merge_reports(StoredMessage(parsed.message_id, (parsed,), None))
            assert (found.direction == "sent") == bool(Outcomes([parsed]))
