"""`septet bandwidth sandbox` as a process: it serves, reports drops, and ends on a signal."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
pytest.importorskip("msgspec")

from callback_receiver import Receiver
from septet.cli import main

MESSAGE = {"applicationId": "a", "from": "+12025550100", "to": "+13125550140", "text": "hi"}


@contextlib.contextmanager
def running(*arguments, **environment):
    """Run the command; give the process and its address."""
    command = [sys.executable, "-m", "septet", "bandwidth", "sandbox", "--port", "0", *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    ) as process:
        try:
            announcement, _, url = process.stdout.readline().strip().rpartition(" ")
            assert announcement == "The sandbox listens at"
            assert process.stdout.readline() == f"The address of its API is {url}/api/v2\n"
            yield process, url
        finally:
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=10)
    assert errors == ""


def send(url, **headers):
    request = urllib.request.Request(
        f"{url}/api/v2/users/5550100/messages",
        json.dumps(MESSAGE).encode(),
        {"Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, json.load(answer)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], (True, None, 3500)),
        (["--message-sent", "--message-sending"], (True, True, 3500)),
        (["--no-message-sent", "--no-message-sending"], ([], False, 3500)),
        (["--message-sent", "a", "--message-sent=b", "--search-limit=2"], (["a", "b"], None, 2)),
        (["--message-sent", "a", "--message-sent"], (True, None, 3500)),
        (["--message-sent", "a", "--no-message-sent"], ([], None, 3500)),
    ],
)
def test_events_of_applications(monkeypatch, arguments, expected):
    """The options say which events are posted, and the last one counts."""
    given = {}

    class Recorder:
        def __init__(self, _, **options):
            given.update(options)

        def serve(self, on_drop):
            pass

    monkeypatch.setattr("septet.bandwidth.sandbox.Sandbox", Recorder)
    assert main(["bandwidth", "sandbox", *arguments]) == 0
    names = ("message_sent", "message_sending", "search_limit")
    assert tuple(given[name] for name in names) == expected


def test_drops_are_printed():
    """If the receiver refuses everything, each event is dropped after 24 hours and printed."""
    with (
        Receiver(500) as receiver,
        running("--callback-url", receiver.url, "--clock", "360000x") as (process, url),
    ):
        status, accepted = send(url)
        assert status == 202
        lines = sorted(process.stdout.readline() for _ in range(2))
    printed = [re.sub("[0-9]+ attempts", "N attempts", line) for line in lines]
    assert sorted(printed) == [
        f"dropped after N attempts: {kind} {accepted['id']} +13125550140\n"
        for kind in ("message-delivered", "message-sent")
    ]


def test_options(tmp_path):
    """Credentials, also those in the callback URL, faults and switches reach the sandbox."""
    faults = tmp_path / "faults.toml"
    faults.write_text('[[fault]]\nkind = "odd-answer"\nfields = { colour = "red" }\nevery = 1\n')
    options = ("--username", "ann", "--faults", str(faults), "--no-message-sent")
    with (
        Receiver() as receiver,
        running(
            *options,
            "--callback-url",
            receiver.url.replace("//", "//bob:h%C3%BCsh@"),
            SEPTET_SANDBOX_PASSWORD="sesame",
        ) as (_, url),
    ):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            send(url)
        _, accepted = send(url, Authorization="Basic YW5uOnNlc2FtZQ==")
        while not receiver.events:
            time.sleep(0.01)
        assert receiver.event_fields("type") == [("message-delivered",)]
        assert receiver.headers["authorization"] == "Basic Ym9iOmjDvHNo"
    assert accepted["colour"] == "red"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--clock", "fast"], "'fast' is not a speed such as 3600x"),
        (["--clock", "0x"], "'0x' is not a speed such as 3600x"),
        (["--clock", "nan"], "'nan' is not a speed such as 3600x"),
        (["--port", "65536"], "'65536' is not a port"),
        (["--callback-url", "nowhere"], "expected an http or https URL, got 'nowhere'"),
        (["--rate", "0"], "'0' is not a number greater than 0"),
        (["--rate", "inf"], "'inf' is not a number greater than 0"),
        (["--queue", "-1"], "'-1' is not a whole number such as 100"),
        (["--queue", "0"], "'0' is not a whole number from 1"),
        (["--callback-url", "htp://u:hush@x"], "expected an http or https URL, got 'htp://…@x'"),
        (["--username", "ann"], "--username needs a password: give --password-file, or set"),
        (
            ["--callback-username", "x"],
            "--callback-username needs a password: give --callback-password-file, or set",
        ),
    ],
)
def test_wrong_usage(run, capsys, monkeypatch, arguments, message):
    """Status 2, and one line says what is wrong."""
    for variable in ("SEPTET_SANDBOX_PASSWORD", "SEPTET_CALLBACK_PASSWORD"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(SystemExit) as caught:
        run("bandwidth", "sandbox", "--port", "0", *arguments)
    assert caught.value.code == 2
    assert message in capsys.readouterr().err


def test_default_port(run, capsys):
    """Without --port, the sandbox and the receiver each have a port of their own."""
    for command, port in (("sandbox", 8081), ("receive", 8080)):
        with pytest.raises(SystemExit):
            run("bandwidth", command, "--help")
        assert f"(default: {port})" in " ".join(capsys.readouterr().out.split())


def test_bad_faults(run, tmp_path):
    """Status 1, with key and value; also for a missing file."""
    faults = tmp_path / "faults.toml"
    faults.write_text('[[fault]]\nkind = "explode"\nevery = 1\n')
    status, _, err = run("bandwidth", "sandbox", "--port", "0", "--faults", faults)
    assert status == 1
    assert "kind='explode': expected one of break-before" in err
    status, _, err = run("bandwidth", "sandbox", "--port", "0", "--faults", tmp_path / "none.toml")
    assert status == 1
    assert "none.toml" in err
