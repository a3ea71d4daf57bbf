"""Faults: read strictly, drawn alike each time, and each of them seen from outside."""

import json
import time
from pathlib import Path

import httpx2
import pytest

from septet.bandwidth.sandbox import Fault, FaultError, Faults, Sandbox

EXAMPLE = Path(__file__).parents[3] / "examples/faults.toml"


def always(kind, **parameters):
    return Faults([Fault(kind, every=1, **parameters)])


def test_every():
    """Each third time, from the third on."""
    faults = Faults([Fault("lose", every=3)])
    assert [faults.draw("lose") is not None for _ in range(7)] == [0, 0, 1, 0, 0, 1, 0]
    assert faults.draw("duplicate") is None


def test_probability():
    """The same seed strikes in the same places, another one elsewhere; faults do not disturb
    each other."""
    one, other = Fault("lose", probability=0.3), Fault("duplicate", probability=0.5)

    def places(faults):
        return [faults.draw("lose") is not None for _ in range(200)]

    alone = places(Faults([one], seed=7))
    assert 30 < sum(alone) < 90
    assert places(Faults([one], seed=7)) == alone
    assert places(Faults([one, other], seed=7)) == alone
    assert places(Faults([one], seed=8)) != alone
    assert not any(places(Faults([Fault("lose", probability=0)])))
    assert all(places(Faults([Fault("lose", probability=1)])))


def test_first_that_strikes():
    """Of one kind the first is taken, and all are asked."""
    faults = Faults([Fault("refuse", every=2, status=500), Fault("refuse", every=3, status=429)])
    statuses = [fault and fault.status for fault in (faults.draw("refuse") for _ in range(6))]
    assert statuses == [None, 500, 429, 500, None, 500]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "file=[]: not a table"),
        ({"sed": 7}, "sed=7: not known; there are seed and fault"),
        ({"seed": "x"}, "seed='x': not a whole number"),
        ({"fault": {}}, "fault={}: not an array of tables"),
        ({"fault": [{}]}, "fault={}: has no kind"),
        ({"fault": [{"kind": 7}]}, "kind=7: not a text"),
        ({"fault": [{"kind": "explode", "every": 1}]}, "kind='explode': none of break-before, "),
        ({"fault": [{"kind": "lose", "evry": 1}]}, "evry=1: not known; a fault has kind, "),
        ({"fault": [{"kind": "lose"}]}, "kind='lose': needs either probability or every"),
        (
            {"fault": [{"kind": "lose", "every": 1, "probability": 1}]},
            "kind='lose': needs either probability or every",
        ),
        ({"fault": [{"kind": "lose", "every": 0}]}, "every=0: not a whole number from 1"),
        ({"fault": [{"kind": "lose", "every": True}]}, "every=True: not a whole number from 1"),
        ({"fault": [{"kind": "lose", "probability": 1.5}]}, "probability=1.5: not between 0 and 1"),
        ({"fault": [{"kind": "refuse", "every": 1}]}, "kind='refuse': needs status"),
        (
            {"fault": [{"kind": "refuse", "every": 1, "status": 200}]},
            "status=200: not between 400 and 599",
        ),
        (
            {"fault": [{"kind": "lose", "every": 1, "seconds": 2}]},
            "seconds=2: not a parameter of lose",
        ),
        (
            {"fault": [{"kind": "odd-answer", "every": 1}]},
            "kind='odd-answer': needs fields or body",
        ),
    ],
)
def test_unknown(values, message):
    """One error, with key and value."""
    with pytest.raises(FaultError) as caught:
        Faults.from_values(values)
    assert str(caught.value).startswith(message)


def test_files(tmp_path):
    """TOML and JSON say the same; what is neither is an error that names the file."""
    (tmp_path / "a.toml").write_text('seed = 7\n[[fault]]\nkind = "lose"\nevery = 2\n')
    values = {"seed": 7, "fault": [{"kind": "lose", "every": 2}]}
    (tmp_path / "a.json").write_text(json.dumps(values))
    for name in ("a.toml", "a.json"):
        faults = Faults.read(tmp_path / name)
        assert [faults.draw("lose") is not None for _ in range(2)] == [False, True]
    for name, octets in (("b.toml", b"seed ="), ("b.json", b"{"), ("c.toml", b"\xff")):
        kind = name.partition(".")[2].upper()
        (tmp_path / name).write_bytes(octets)
        with pytest.raises(FaultError, match=f"file='{name}': not valid {kind}: "):
            Faults.read(tmp_path / name)


def test_the_example():
    """It can be read, and has every kind."""
    faults = Faults.read(EXAMPLE)
    assert len(faults._dice) == 12


def post(sandbox):
    message = {"applicationId": "a", "from": "+12025550100", "to": "+13125550140", "text": "hi"}
    return httpx2.post(f"{sandbox.url}/users/1/messages", json=message, timeout=10)


@pytest.mark.parametrize(
    ("kind", "is_taken"), [("break-before", False), ("break-after", True), ("break-answer", True)]
)
def test_broken_connections(capfd, kind, is_taken):
    """The client has no answer in either case; only the log knows, and there is no other trace."""
    with Sandbox(faults=always(kind)) as sandbox:
        with pytest.raises(httpx2.RemoteProtocolError):
            post(sandbox)
        sandbox.wait_until_idle()
        (request,) = sandbox.requests
        assert request.status is None
        assert [record.id for record in sandbox.messages] == [request.message_id] * is_taken
        sandbox.faults = Faults()
        assert post(sandbox).status_code == 202
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, "max-message-queue-size-exceeded"),
        (500, "internal-server-error"),
        (403, "forbidden"),
        (599, "unknown"),
    ],
)
def test_refuse(status, kind):
    """Nothing is taken."""
    with Sandbox(faults=always("refuse", status=status)) as sandbox:
        answer = post(sandbox)
        assert (answer.status_code, answer.json()["type"]) == (status, kind)
        assert sandbox.messages == ()


def test_delay_answer():
    """A client that does not wait has no answer, and its message is taken."""
    message = {"applicationId": "a", "from": "+12025550100", "to": "+13125550140", "text": "hi"}
    with Sandbox(faults=always("delay-answer", seconds=1)) as sandbox:
        with pytest.raises(httpx2.ReadTimeout):
            httpx2.post(f"{sandbox.url}/users/1/messages", json=message, timeout=0.3)
        while not sandbox.messages:
            time.sleep(0.01)
        assert len(sandbox.messages) == 1


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        ({"fields": {"time": "soon", "id": 7}}, None),
        ({"body": "<html>"}, "<html>"),
        ({"body": ""}, ""),
    ],
)
def test_odd_answer(parameters, body):
    """Fields replace fields; a body replaces all."""
    with Sandbox(faults=always("odd-answer", **parameters)) as sandbox:
        answer = post(sandbox)
    assert answer.status_code == 202
    if body is None:
        assert answer.json() == answer.json() | {"time": "soon", "id": 7, "segmentCount": 1}
    else:
        assert answer.text == body


@pytest.mark.parametrize(
    ("kind", "parameters", "told"),
    [
        ("lose", {}, []),
        ("fail", {"error_code": 4750}, ["message-sent", "message-failed"]),
        ("reorder", {}, ["message-delivered", "message-sent"]),
        ("odd-callback", {"fields": {"type": "message-recalled"}}, ["message-recalled"] * 2),
    ],
)
def test_callbacks(sandbox, receiver, send, kind, parameters, told):
    """What the receiver is told instead of sent and delivered."""
    sandbox.faults = always(kind, **parameters)
    send()
    sandbox.wait_until_idle()
    assert [event["type"] for event in receiver.events] == told


def test_duplicate(sandbox, receiver, send):
    """Each callback comes twice, octet for octet."""
    sandbox.faults = always("duplicate")
    send()
    sandbox.wait_until_idle()
    first, second = set(receiver.bodies)
    assert receiver.bodies.count(first) == receiver.bodies.count(second) == 2


def test_delay_callback(sandbox, receiver, send):
    """A late callback is overtaken by the next."""
    sandbox.faults = Faults(
        [
            Fault("delay-callback", every=2, seconds=1),
            Fault("delay-callback", every=1, seconds=3600),
        ]
    )
    send()
    sandbox.wait_until_idle()
    assert receiver.told("type") == [("message-delivered",), ("message-sent",)]


def test_odd_body(sandbox, receiver, send):
    """A body that is no JSON is posted like any other."""
    sandbox.faults = always("odd-callback", body='[{"type":')
    send()
    sandbox.wait_until_idle()
    assert receiver.bodies == [b'[{"type":'] * 2
