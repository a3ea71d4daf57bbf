"""Faults: validation, repeatable draws, and the effect of each kind."""

import json
import re
import time
import tomllib
from pathlib import Path

import httpx2
import pytest

from septet.bandwidth.sandbox import Fault, FaultError, Faults, Sandbox, faults

EXAMPLE = Path(__file__).parents[3] / "examples/faults.toml"


def always(kind, **parameters):
    return Faults([Fault(kind, every=1, **parameters)])


def test_every():
    """Every third opportunity has the fault."""
    faults = Faults([Fault("lose", every=3)])
    assert [faults.draw("lose") is not None for _ in range(7)] == [0, 0, 1, 0, 0, 1, 0]
    assert faults.draw("duplicate") is None


def test_probability():
    """The seed decides the draws, and other faults do not change them."""
    one, other = Fault("lose", probability=0.3), Fault("duplicate", probability=0.5)

    def draws(faults):
        return [faults.draw("lose") is not None for _ in range(200)]

    alone = draws(Faults([one], seed=7))
    assert 30 < sum(alone) < 90
    assert draws(Faults([one], seed=7)) == alone
    assert draws(Faults([one, other], seed=7)) == alone
    assert draws(Faults([one], seed=8)) != alone
    assert not any(draws(Faults([Fault("lose", probability=0)])))
    assert all(draws(Faults([Fault("lose", probability=1)])))


def test_several_of_a_kind():
    """The first one that occurs counts, but all of them count opportunities."""
    faults = Faults([Fault("refuse", every=2, status=500), Fault("refuse", every=3, status=429)])
    statuses = [fault and fault.status for fault in (faults.draw("refuse") for _ in range(6))]
    assert statuses == [None, 500, 429, 500, None, 500]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "file=[]: expected a table"),
        ({"sed": 7}, "sed=7: unknown key; the keys are seed and fault"),
        ({"seed": "x"}, "seed='x': expected an integer"),
        ({"fault": {}}, "fault={}: expected an array of tables"),
        ({"fault": [{}]}, "fault={}: the key kind is missing"),
        ({"fault": [{"kind": 7}]}, "kind=7: expected a string"),
        (
            {"fault": [{"kind": "explode", "every": 1}]},
            "kind='explode': expected one of break-before, ",
        ),
        (
            {"fault": [{"kind": "lose", "evry": 1}]},
            "evry=1: unknown key; the keys are kind, ",
        ),
        ({"faults": 1}, "fault=1: expected an array of tables"),
        ({"fault": [], "faults": []}, "faults=[]: give all faults under one key: fault"),
        ({"fault": [{"kind": "lose"}]}, "kind='lose': needs either probability= or every="),
        (
            {"fault": [{"kind": "lose", "every": 1, "probability": 1}]},
            "kind='lose': needs either probability= or every=",
        ),
        ({"fault": [{"kind": "lose", "every": 0}]}, "every=0: expected an integer from 1"),
        ({"fault": [{"kind": "lose", "every": True}]}, "every=True: expected an integer from 1"),
        (
            {"fault": [{"kind": "lose", "probability": 1.5}]},
            "probability=1.5: expected a number from 0 to 1",
        ),
        ({"fault": [{"kind": "refuse", "every": 1}]}, "kind='refuse': needs status"),
        (
            {"fault": [{"kind": "refuse", "every": 1, "status": 200}]},
            "status=200: expected an integer from 400 to 599",
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
def test_invalid_values(values, message):
    """The error has the key and the value."""
    with pytest.raises(FaultError) as caught:
        Faults.from_values(values)
    assert str(caught.value).startswith(message)


def test_files(tmp_path):
    """TOML and JSON files are read alike; the error for other content names the file."""
    (tmp_path / "a.toml").write_text('seed = 7\n[[fault]]\nkind = "lose"\nevery = 2\n')
    values = {"seed": 7, "fault": [{"kind": "lose", "every": 2}]}
    (tmp_path / "a.json").write_text(json.dumps(values))
    (tmp_path / "c.json").write_text(json.dumps({"seed": 7, "faults": values["fault"]}))
    for name in ("a.toml", "a.json", "c.json"):
        faults = Faults.read(tmp_path / name)
        assert [faults.draw("lose") is not None for _ in range(2)] == [False, True]
    for name, content in (("b.toml", b"seed ="), ("b.json", b"{"), ("c.toml", b"\xff")):
        kind = name.partition(".")[2].upper()
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FaultError, match=f"file='{name}': not valid {kind}: "):
            Faults.read(tmp_path / name)


def test_place(tmp_path):
    """The error has the number of the fault and the name of the file."""
    path = tmp_path / "a.toml"
    fault = '[[fault]]\nkind = "lose"\nevery = '
    path.write_text(f"{fault}1\n{fault}0\n")
    with pytest.raises(FaultError) as caught:
        Faults.read(path)
    expected = "every=0: expected an integer from 1 (in fault 2) (in a.toml)"
    assert str(caught.value) == expected


def test_example_file():
    """It is valid, and has each documented kind."""
    Faults.read(EXAMPLE)
    kinds = [fault["kind"] for fault in tomllib.loads(EXAMPLE.read_text())["fault"]]
    documented = re.findall(r"^    ([a-z-]+) {2,}", faults.__doc__, flags=re.MULTILINE)
    assert len(documented) == 12
    assert set(kinds) == set(documented)


def post(sandbox):
    message = {"applicationId": "a", "from": "+12025550100", "to": "+13125550140", "text": "hi"}
    return httpx2.post(f"{sandbox.url}/users/1/messages", json=message, timeout=10)


@pytest.mark.parametrize(
    ("kind", "is_accepted"),
    [("break-before", False), ("break-after", True), ("break-answer", True)],
)
def test_broken_connections(capfd, kind, is_accepted):
    """The client gets no answer; only the log shows whether the message was accepted."""
    with Sandbox(faults=always(kind)) as sandbox:
        # The system resets a connection that ends before all of the request was read.
        with pytest.raises((httpx2.RemoteProtocolError, httpx2.ReadError)):
            post(sandbox)
        sandbox.wait_until_idle()
        (request,) = sandbox.requests
        assert request.status is None
        assert [record.id for record in sandbox.messages] == [request.message_id] * is_accepted
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
    """The message is not accepted."""
    with Sandbox(faults=always("refuse", status=status)) as sandbox:
        answer = post(sandbox)
        assert (answer.status_code, answer.json()["type"]) == (status, kind)
        assert sandbox.messages == ()


def test_delay_answer():
    """The message of a client that does not wait is accepted."""
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
    """Fields of the answer are changed, or its body is replaced."""
    with Sandbox(faults=always("odd-answer", **parameters)) as sandbox:
        answer = post(sandbox)
    assert answer.status_code == 202
    if body is None:
        assert answer.json() == answer.json() | {"time": "soon", "id": 7, "segmentCount": 1}
    else:
        assert answer.text == body


@pytest.mark.parametrize(
    ("kind", "parameters", "types"),
    [
        ("lose", {}, []),
        ("fail", {"error_code": 4750}, ["message-sent", "message-failed"]),
        ("reorder", {}, ["message-delivered", "message-sent"]),
        ("odd-callback", {"fields": {"type": "message-recalled"}}, ["message-recalled"] * 2),
    ],
)
def test_callbacks(sandbox, receiver, send, kind, parameters, types):
    """The receiver gets other events than sent and delivered."""
    sandbox.faults = always(kind, **parameters)
    send()
    sandbox.wait_until_idle()
    assert [event["type"] for event in receiver.events] == types


def test_duplicate(sandbox, receiver, send):
    """Each callback arrives twice with identical bytes."""
    sandbox.faults = always("duplicate")
    send()
    sandbox.wait_until_idle()
    first, second = set(receiver.bodies)
    assert receiver.bodies.count(first) == receiver.bodies.count(second) == 2


def test_delay_callback(sandbox, receiver, send):
    """A delayed callback arrives after the next one."""
    sandbox.faults = Faults(
        [
            Fault("delay-callback", every=2, seconds=1),
            Fault("delay-callback", every=1, seconds=3600),
        ]
    )
    send()
    sandbox.wait_until_idle()
    assert receiver.event_fields("type") == [("message-delivered",), ("message-sent",)]


def test_odd_body(sandbox, receiver, send):
    """A body that is not JSON is posted like any other."""
    sandbox.faults = always("odd-callback", body='[{"type":')
    send()
    sandbox.wait_until_idle()
    assert receiver.bodies == [b'[{"type":'] * 2
