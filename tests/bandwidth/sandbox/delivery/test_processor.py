"""Processing of messages: groups, expiration, failing numbers and the queue."""

from datetime import UTC, datetime

import httpx2
import pytest

from septet.bandwidth.sandbox import Fault, Faults, Sandbox
from septet.bandwidth.sandbox.clock import timestamp

MESSAGE = {
    "applicationId": "5d1b7c0e",
    "from": "+12025550100",
    "to": ["+13125550140"],
    "text": "Tonight: jazz",
}
GROUP = ["+13125550140", "+12025550", "+15555554775"]


def test_group(sandbox, receiver, send):
    """A group has one id, one segment, and one final event for each recipient."""
    accepted = send(to=GROUP).json()
    assert accepted["segmentCount"] == 1
    sandbox.wait_until_idle()
    assert {event["message"]["id"] for event in receiver.events} == {accepted["id"]}
    assert all(event["message"]["to"] == GROUP for event in receiver.events)
    assert sorted(receiver.event_fields("to", "type", "errorCode")) == [
        ("+12025550", "message-failed", 4303),
        ("+13125550140", "message-delivered", None),
        ("+13125550140", "message-sending", None),
        ("+15555554775", "message-failed", 4775),
        ("+15555554775", "message-sending", None),
    ]
    assert sandbox.messages[0].states == dict(
        zip(GROUP, ["DELIVERED", "FAILED", "FAILED"], strict=True)
    )


@pytest.mark.parametrize("options", [{"speed": 3600, "group_behaviour": "old"}])
def test_old_group(sandbox, receiver, send):
    """An invalid number first fails and is then delivered."""
    send(to=GROUP)
    sandbox.wait_until_idle()
    about_invalid = [event["type"] for event in receiver.events if event["to"] == "+12025550"]
    assert about_invalid == ["message-failed", "message-delivered"]
    delivered = [
        to for to, kind in receiver.event_fields("to", "type") if kind == "message-delivered"
    ]
    assert sorted(delivered) == sorted(GROUP)


@pytest.mark.parametrize("options", [{"speed": 1_000_000}])
def test_no_receipt(sandbox, receiver, send):
    """9902 comes after 73 hours of the sandbox's clock."""
    send(to="+15555559902")
    sandbox.wait_until_idle()
    sent, failed = sandbox.attempts
    assert failed.time - sent.time >= 73 * 3600
    assert receiver.events[-1]["errorCode"] == 9902


def test_silent(sandbox, receiver, send):
    """The message is accepted, and there are no callbacks."""
    assert send(to="+15555550000").status_code == 202
    sandbox.wait_until_idle()
    assert sandbox.attempts == ()


@pytest.mark.parametrize("options", [{"speed": 3600, "segments_per_second": 0.001}])
def test_expired(sandbox, receiver, send):
    """A message that expires in the queue is not sent."""
    send()
    send(expiration=timestamp(sandbox.now() + 500))
    sandbox.wait_until_idle()
    assert receiver.event_fields("type", "errorCode")[-1] == ("message-failed", 4360)


@pytest.mark.parametrize("options", [{"segments_per_second": 0.001, "queue_segments": 11}])
def test_full_queue(sandbox, send):
    """429 when the segments of a message do not fit; a group counts for each recipient."""
    statuses = [send(text="x" * 161).status_code for _ in range(3)]
    assert statuses == [202, 202, 202]
    refused = send(to=[f"+1312555014{i}" for i in range(8)])
    assert refused.status_code == 429
    assert refused.json()["type"] == "max-message-queue-size-exceeded"
    assert "11 segments" in refused.json()["description"]
    assert send(priority="high").status_code == 202


@pytest.mark.parametrize("options", [{"segments_per_second": 1e-9, "queue_segments": 1}])
def test_queues(sandbox):
    """Each account has a queue, which does not fill or delay that of another one."""
    statuses = [
        httpx2.post(f"{sandbox.url}/users/{account}/messages", json=MESSAGE).status_code
        for account in ("1", "1", "1", "2", "2", "2")
    ]
    assert statuses == [202, 202, 429] * 2


@pytest.mark.parametrize("options", [{"queue_segments": 2}])
@pytest.mark.parametrize(
    "changes", [{"text": "x" * 400}, {"to": [f"+1312555014{i}" for i in range(3)]}]
)
def test_message_larger_than_the_queue(send, changes):
    """The answer says that waiting is of no use."""
    for _ in range(2):
        refused = send(**changes)
        assert refused.status_code == 429
        assert "takes 3 segments" in refused.json()["description"]
        assert "never" in refused.json()["description"]


@pytest.mark.parametrize("options", [{"speed": 3600, "message_sent": False}])
def test_without_message_sent(sandbox, receiver, send):
    """An SMS has only its final event; MMS and groups are as before."""
    for to in ("+13125550140", "+15555554775", "+13125550140,+13125550141"):
        send(to=to.split(","))
        sandbox.wait_until_idle()
    sandbox.faults = Faults([Fault("fail", every=1, error_code=4775)])
    send()
    sandbox.wait_until_idle()
    assert receiver.event_fields("type")[:2] == [("message-delivered",), ("message-failed",)]
    assert sorted(receiver.event_fields("type")[2:-1]) == [
        *[("message-delivered",)] * 2,
        *[("message-sending",)] * 2,
    ]
    assert receiver.event_fields("type")[-1] == ("message-failed",)
    assert [set(message.states.values()) for message in sandbox.messages] == [
        *({"DELIVERED"}, {"FAILED"}, {"DELIVERED"}, {"FAILED"})
    ]


@pytest.mark.parametrize("options", [{"speed": 3600, "message_sent": ["a", "b"]}])
def test_message_sent_by_application(sandbox, receiver, send):
    """Only some applications get message-sent; the status is the same for the others."""
    for application in ("a", "b", "ab"):
        send(applicationId=application)
        sandbox.wait_until_idle()
    types = [kind.removeprefix("message-") for (kind,) in receiver.event_fields("type")]
    assert types == ["sent", "delivered", "sent", "delivered", "delivered"]
    assert [message.states["+13125550140"] for message in sandbox.messages] == ["DELIVERED"] * 3
    assert {len(message.times["+13125550140"]) for message in sandbox.messages} == {2}


SENDING, SENT, DELIVERED = "message-sending", "message-sent", "message-delivered"


@pytest.mark.parametrize(
    ("options", "day", "expected"),
    [
        ({}, 5, [SENDING, DELIVERED]),
        ({}, 6, [SENT, DELIVERED]),
        ({"message_sent": False}, 5, [SENDING, DELIVERED]),
        ({"message_sent": False}, 6, [DELIVERED]),
        ({"message_sending": True}, 6, [SENDING, DELIVERED]),
        ({"message_sending": False}, 5, [SENT, DELIVERED]),
        ({"message_sending": False, "message_sent": False}, 5, [DELIVERED]),
    ],
)
def test_end_of_message_sending(receiver, monkeypatch, options, day, expected):
    """From 2027-01-06, MMS have message-sent, if the application gets it."""
    now = datetime(2027, 1, day, 12, tzinfo=UTC).timestamp()
    monkeypatch.setattr("septet.bandwidth.sandbox.clock.Clock.now", lambda _: now)
    with Sandbox(receiver.url, **options) as sandbox:
        url = f"{sandbox.url}/users/5550100/messages"
        httpx2.post(url, json=MESSAGE | {"media": ["https://example.com/a.png"]})
        sandbox.wait_until_idle()
    assert receiver.event_fields("type") == [(kind,) for kind in expected]


def test_maximum_number_of_messages(receiver):
    """The latest `log_size` messages are kept."""
    with Sandbox(log_size=2) as sandbox:
        for _ in range(3):
            sandbox.receive("+13125550140", "+12025550100", "hi")
        last = sandbox.receive("+13125550140", "+12025550100", "hi")
        assert len(sandbox.messages) == 2
        assert sandbox.messages[-1] is last
