"""Exactly one outcome for each recipient, for any events in any order."""

from __future__ import annotations

import json
import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")
from callback_bodies import CASES, any_bodies
from septet.bandwidth import (
    Event,
    Outcomes,
    OutcomeState,
    RetryAdvice,
    Undecodable,
    parse_callbacks,
)

ID = "1793783700000w0t8cwdpqx9avrkx"
TO = "+12025550"


def event(kind: str, code: object = None, time: str | None = None, **fields) -> Event | Undecodable:
    """Return an event about a recipient."""
    message = {"id": ID, "direction": "out", "to": [TO]}
    payload = {"type": f"message-{kind}", "to": TO, "message": message, "time": time} | fields
    if code is not None:
        payload["errorCode"] = code
    (parsed,) = parse_callbacks(json.dumps(payload).encode())
    return parsed


def shown(outcomes: Outcomes) -> dict[str, str]:
    """Return outcomes in the form of the test vectors."""
    return {
        to: f"{outcome.state} {outcome.error_code or ''}".strip() + " !" * bool(outcome.conflict)
        for (_, to), outcome in outcomes.items()
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_order_of_arrival(case) -> None:
    """Each permutation of the events, with any of them twice, gives the documented outcomes."""
    events = [event for body in case.bodies for event in parse_callbacks(body)]
    expected = Outcomes(events)
    assert shown(expected) == case.outcomes
    for arrived in permutations(events):
        assert Outcomes(arrived) == expected
        for again in arrived:
            assert Outcomes([*arrived, again]) == expected


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event("sending")], "sending"),
        ([event("sending"), event("sent")], "sent"),
        ([event("sent"), event("failed", 9902)], "unconfirmed 9902"),
        ([event("failed", 9902), event("failed", 9999, "2026-11-04")], "unconfirmed 9999"),
        ([event("failed", 9902), event("delivered")], "delivered"),
        ([event("failed", 9999), event("delivered")], "delivered"),
        ([event("failed", 9902), event("failed", 4720)], "failed 4720"),
        ([event("failed", 9902), event("read")], "delivered"),
        ([event("failed", 9902), event("failed")], "failed"),
        ([event("failed", 9123), event("delivered")], "delivered"),
        ([event("delivered"), event("read")], "delivered"),
        ([event("delivered"), event("delivered", time="2026-11-04")], "delivered"),
        ([event("failed", 4303), event("delivered")], "failed 4303 !"),
        ([event("failed", 4303), event("delivered"), event("failed", 9902)], "failed 4303 !"),
        ([event("failed", 4303), event("read")], "failed 4303 !"),
        ([event("failed"), event("delivered")], "failed !"),
        ([event("failed", 4303, "2026-11-04"), event("failed", 4720)], "failed 4303 !"),
        ([event("failed", 4303), event("failed", None, "2026-11-04")], "failed 4303"),
        ([event("failed", 4303), event("failed", "4303", "2026-11-04")], "failed 4303"),
        ([event("failed", "x"), event("sent")], "failed"),
        ([event("failed", 12345)], "failed 12345"),
        ([event("recalled")], "pending"),
        ([event("recalled"), event("sent")], "sent"),
    ],
)
def test_what_wins(events, expected) -> None:
    """The strongest event decides, in any order, and contradicting receipts are listed."""
    for arrived in permutations(events):
        assert shown(Outcomes(arrived)) == {TO: expected}


def test_a_conflict_shows_the_other_receipts() -> None:
    """`conflict` has the contradicting receipts only."""
    failed, delivered, read = event("failed", 4303), event("delivered"), event("read")
    outcome = Outcomes([failed, event("sent"), event("failed", 9902), delivered, read])[ID, TO]
    assert outcome.event is failed
    assert set(outcome.conflict) == {delivered, read}


def test_equals_are_ordered_by_their_bytes() -> None:
    """The same event decides in every process."""
    events = [event("delivered", description=chr(letter)) for letter in range(97, 123)]
    assert Outcomes(events)[ID, TO].event is events[-1]
    assert Outcomes(reversed(events))[ID, TO].event is events[-1]


def test_what_the_error_means() -> None:
    """The outcome has the meaning of its error code."""
    outcome = Outcomes([event("failed", 5600, "2026-11-04T09:15:00Z")])[ID, TO]
    assert outcome.error is not None
    assert (outcome.error.retry, outcome.error.meaning) == (
        RetryAdvice.ONCE,
        "the carrier is congested",
    )
    assert outcome.time is not None
    assert outcome.time.isoformat() == "2026-11-04T09:15:00+00:00"
    delivered = Outcomes([event("delivered")])[ID, TO]
    assert (delivered.error_code, delivered.error, delivered.time) == (None, None, None)
    assert Outcomes([event("failed", 902)])[ID, TO].error is None


def test_recipients_without_an_event() -> None:
    """A recipient that is only named is pending."""
    message = {"id": ID, "to": ["+1", "+2"]}
    outcomes = Outcomes([event("delivered", to="+1", message=message)])
    assert shown(outcomes) == {"+1": "delivered", "+2": "pending"}
    pending = outcomes[ID, "+2"]
    assert (pending.state, pending.event, pending.time) == (OutcomeState.PENDING, None, None)
    assert shown(outcomes + Outcomes([event("sent", to="+2", message=message)])) == {
        "+1": "delivered",
        "+2": "sent",
    }


@pytest.mark.parametrize(
    "events",
    [
        [event("received")],
        [event("recalled", message={"id": ID, "direction": "in", "to": [TO]})],
        [event("delivered", message={"to": [TO]})],
        [event("delivered", message={"id": "", "to": [TO]})],
        [event("delivered", to=None, message={"id": ID})],
        parse_callbacks(b"[NaN]"),
    ],
)
def test_what_has_no_outcome(events) -> None:
    """Inbound events, and events without a message id, have no outcome."""
    assert dict(Outcomes(events)) == {}


def test_nobody_is_guessed() -> None:
    """A receipt that does not name one of several recipients is ignored."""
    found = Outcomes([event("delivered", to=None, message={"id": ID, "to": ["+1", "+2"]})])
    assert shown(found) == {"+1": "pending", "+2": "pending"}


some_events = st.lists(
    st.builds(
        event,
        st.sampled_from(["sending", "sent", "delivered", "failed", "read", "recalled"]),
        st.sampled_from([None, 4303, 4720, 5100, 9902, 9999, "4303", 4999, 1]),
        st.sampled_from([None, "odd", "2026-11-04T09:15:00Z", "2026-11-04T09:15:02+14:00"]),
        to=st.sampled_from([TO, "+1", None]),
    ),
    max_size=7,
)


@given(some_events, st.randoms(use_true_random=False), st.integers(0, 7))
def test_outcomes_are_of_a_set(events, chance: random.Random, cut) -> None:
    """Order, repetition and grouping make no difference."""
    arrived = chance.sample(events, len(events)) + events[:cut]
    assert Outcomes(arrived) == Outcomes(events)
    first, second = Outcomes(arrived[:cut]), Outcomes(arrived[cut:])
    before = dict(first), dict(second)
    assert first + second == second + first == Outcomes(events)
    assert (dict(first), dict(second)) == before


def test_only_outcomes_are_added() -> None:
    """Outcomes cannot be added to a dictionary."""
    with pytest.raises(TypeError):
        Outcomes() + {}  # type: ignore[operator]


@given(st.lists(any_bodies, max_size=4))
def test_any_bytes_have_outcomes(bodies) -> None:
    """Any events give one outcome for each named recipient, without an exception."""
    outcomes = Outcomes(event for body in bodies for event in parse_callbacks(body))
    for (message_id, to), outcome in outcomes.items():
        assert (outcome.message_id, outcome.to) == (message_id, to)
        assert (outcome.event is None) == (outcome.state is OutcomeState.PENDING)
        assert outcome.event is None or outcome.event.to == to
        assert repr(outcome)
    assert len(list(outcomes)) == len(outcomes)
