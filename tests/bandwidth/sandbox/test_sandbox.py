"""The whole sandbox: from a request to its callbacks."""

import re
import time

import httpx2
import pytest

from callback_receiver import Receiver
from septet.bandwidth.sandbox import Fault, Faults, Sandbox
from septet.bandwidth.sandbox.access import basic


def test_a_message(sandbox, receiver, send):
    """A message is accepted, counted, sent and delivered, and then its text is deleted."""
    answer = send(text="Tonight: jazz at the café \N{SAXOPHONE}" * 3, tag="t-1")
    assert answer.status_code == 202
    accepted = answer.json()
    assert re.fullmatch(r"[0-9]{13}[0-9a-z]{16}", accepted["id"])
    assert accepted["segmentCount"] == 2
    assert accepted["direction"] == "out"
    assert accepted["text"].startswith("Tonight")
    sandbox.wait_until_idle()
    assert receiver.event_fields("type", "to", "errorCode") == [
        ("message-sent", "+13125550140", None),
        ("message-delivered", "+13125550140", None),
    ]
    for event in receiver.events:
        assert event["message"]["id"] == accepted["id"]
        assert event["message"]["segmentCount"] == 2
        assert event["message"]["text"] == ""
        assert event["message"]["tag"] == "t-1"
    assert receiver.headers["user-agent"] == "BandwidthAPI/v2"
    assert receiver.headers["content-type"] == "application/json; charset=utf-8"
    (record,) = sandbox.messages
    assert record.text is None
    assert record.states == {"+13125550140": "DELIVERED"}


def test_log(sandbox, receiver, send):
    """The log has requests and attempts in order, with message ids and answers."""
    message_id = send().json()["id"]
    send(to=[])
    sandbox.wait_until_idle()
    accepted, refused = sandbox.requests
    assert (accepted.method, accepted.status, accepted.message_id) == ("POST", 202, message_id)
    assert accepted.path == "/api/v2/users/5550100/messages"
    assert (refused.status, refused.message_id) == (400, None)
    assert [(one.type, one.message_id, one.attempt, one.status) for one in sandbox.attempts] == [
        ("message-sent", message_id, 1, 200),
        ("message-delivered", message_id, 1, 200),
    ]
    numbers = [entry.number for entry in sandbox.log]
    assert numbers == sorted(numbers)
    assert sandbox.drops == ()


def test_until_answered(sandbox, receiver, send):
    """A receiver gets every event again until it accepts the event."""
    receiver.status = 503
    send()
    with pytest.raises(TimeoutError):
        sandbox.wait_until_idle(0.2)
    assert len(receiver.refused) > 2
    receiver.status = 204
    sandbox.wait_until_idle()
    assert sorted(receiver.event_fields("type")) == [("message-delivered",), ("message-sent",)]
    assert not sandbox.drops


def test_dropped(receiver):
    """After 24 hours of the sandbox's clock an event is dropped and logged."""
    receiver.status = 500
    with Sandbox(receiver.url, speed=360_000) as sandbox:
        sandbox.receive("+13125550140", "+12025550100", "Is anybody there?")
        sandbox.wait_until_idle()
        (drop,) = sandbox.drops
        assert (drop.type, drop.to) == ("message-received", "+12025550100")
        assert drop.attempts == len(sandbox.attempts) == len(receiver.refused)
        assert drop.time - sandbox.attempts[0].time >= 24 * 3600
        assert sandbox.messages[0].text is None
    assert receiver.bodies == []


@pytest.mark.slow
@pytest.mark.parametrize(("hours", "is_lost"), [(20, False), (25, True)])
def test_outage(hours, is_lost):
    """After an outage of 20 hours a receiver gets every event; after 25, all were dropped.

    Nothing listens on the port meanwhile. The hours are those of the sandbox's clock.
    """
    with Receiver() as receiver:
        url = receiver.url
    port = int(url.split(":")[2].split("/")[0])
    with Sandbox(url, speed=7200) as sandbox:
        ids = {sandbox.receive("+13125550140", "+12025550100", "hi").id for _ in range(50)}
        end = sandbox.now() + hours * 3600
        while sandbox.now() < end:
            time.sleep(0.01)
        if is_lost:
            sandbox.wait_until_idle()  # the last attempts are late on a busy machine
        with Receiver(port=port) as receiver:
            sandbox.wait_until_idle()
            received = [event["message"]["id"] for event in receiver.events]
        dropped = [drop.message_id for drop in sandbox.drops]
    all_ids, none = (dropped, received) if is_lost else (received, dropped)
    assert sorted(all_ids) == sorted(ids)
    assert none == []


def test_inbound(sandbox, receiver):
    """An inbound message is reported with its text and segments."""
    record = sandbox.receive("+13125550140", "+12025550100", "C’est moi" * 10)
    sandbox.wait_until_idle()
    (event,) = receiver.events
    assert (event["type"], event["to"]) == ("message-received", "+12025550100")
    assert event["message"] == event["message"] | {
        "id": record.id,
        "direction": "in",
        "owner": "+12025550100",
        "from": "+13125550140",
        "text": "C’est moi" * 10,
        "segmentCount": 2,
    }


def test_injected(sandbox, receiver):
    """Any bytes can be posted."""
    sandbox.inject(b"\xff{")
    sandbox.wait_until_idle()
    assert receiver.bodies == [b"\xff{"]


def test_no_callback_url(send, sandbox, receiver):
    """Without an address there are no attempts; an address can be set later."""
    assert sandbox.callback_url == receiver.url
    sandbox.callback_url = None
    assert send().status_code == 202
    sandbox.wait_until_idle()
    assert sandbox.attempts == ()
    sandbox.callback_url = receiver.url
    send()
    sandbox.wait_until_idle()
    assert len(receiver.events) == 2


def test_temporary_faults(send, sandbox):
    """Faults can be replaced and restored."""
    before = sandbox.faults
    sandbox.faults = Faults([Fault("refuse", every=1, status=500)])
    assert send().status_code == 500
    sandbox.faults = before
    assert sandbox.faults is before
    assert send().status_code == 202


def test_foreign_hosts(sandbox):
    """A foreign page whose name points here can neither read nor send messages."""
    for url in (sandbox.page_url, sandbox.url):
        assert httpx2.get(url, headers={"Host": "evil.example"}).status_code == 421


def test_credentials_in_the_callback_url(receiver):
    """They are decoded and sent, also after a change, and nobody is shown them."""
    host = receiver.url.removeprefix("http://")
    given = {"ann:p%40ss@": basic("ann", "p@ss"), "bob:hush@": basic("bob", "hush"), "": None}
    with Sandbox(f"http://eve:hush@{host}", speed=3600) as sandbox:
        for user, expected in given.items():
            sandbox.callback_url = f"http://{user}{host}"
            assert sandbox.callback_url == f"http://{user}{host}"
            sandbox.inject(b"1")
            sandbox.wait_until_idle()
            assert receiver.headers.get("authorization") == expected
            activity = httpx2.get(f"{sandbox.page_url}activity")
            assert activity.json()["callbackUrl"] == receiver.url
            shown = activity.text + repr(sandbox.log)
            assert not any(word in shown for word in ("p%40ss", "p@ss", "hush", "bob"))


def test_credentials_given_twice(sandbox, receiver):
    """Nobody can know which ones are meant."""
    url = receiver.url.replace("//", "//ann:hush@")
    given = {"callback_username": "c", "callback_password": "d"}
    with pytest.raises(ValueError, match="not both") as caught:
        Sandbox(url, **given)
    assert "hush" not in str(caught.value)
    with Sandbox(receiver.url, **given) as sandbox:
        with pytest.raises(ValueError, match="not both"):
            sandbox.callback_url = url
        assert sandbox.callback_url == receiver.url


@pytest.mark.parametrize("url", ["htp://u:pw@x", "u:pw@x", "http://u:pw@x:y/"])
def test_invalid_callback_url(sandbox, url):
    """The error shows no password; a change that fails changes nothing."""
    before = sandbox.callback_url
    for attempt in (lambda: Sandbox(url), lambda: setattr(sandbox, "callback_url", url)):
        with pytest.raises(ValueError, match="expected an http or https URL") as caught:
            attempt()
        assert "pw" not in str(caught.value)
    assert sandbox.callback_url == before
