"""`septet bandwidth receive` as a process: what it stores, shows and refuses."""

import errno
import os
import pty
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from septet.bandwidth import open_store
from septet.cli import main

DELIVERED = (
    b'[{"type": "message-delivered", "time": "2026-11-04T09:10:05Z", "to": "+13125550141",'
    b' "description": "ok \\u001b[31m", "message": {"id": "17", "from": "+12025550100"}}]'
)


@contextmanager
def receiving(store, *options, stdout=subprocess.PIPE, stderr=None, **environment):
    """Run the command; yield its process and a function that posts to it."""
    command = [
        sys.executable,
        "-m",
        "septet",
        "bandwidth",
        "receive",
        "--store",
        store,
        "--port",
        "0",
    ]
    variables = {**os.environ, "TERM": "dumb", **environment}
    with subprocess.Popen(
        [*command, *options], stdout=stdout, stderr=stderr, env=variables
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def post(url, body, **headers):
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_events_are_kept(tmp_path):
    """The address is printed; what is posted to it is in the store."""
    url = f"sqlite:///{tmp_path}/events.db"
    with receiving(url) as process:
        line = process.stdout.readline().decode()
        assert line.startswith("Callbacks are received at http://127.0.0.1:")
        assert post(line.split()[-1], DELIVERED) == 204
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == b""  # events are shown on terminals only
    with open_store(url) as store:
        assert [event.raw for event in store.events()] == [DELIVERED[1:-1]]


def test_credentials(tmp_path):
    """The password comes from the environment."""
    options = ["--username", "bandwidth"]
    with receiving(str(tmp_path / "a.db"), *options, SEPTET_CALLBACK_PASSWORD="secret") as process:
        url = process.stdout.readline().decode().split()[-1]
        assert post(url, DELIVERED) == 401
        authorization = "Basic YmFuZHdpZHRoOnNlY3JldA=="
        assert post(url, DELIVERED, Authorization=authorization) == 204


def test_password_file(tmp_path):
    """The password comes from a file; requests without it are logged without credentials."""
    (tmp_path / "password").write_text("secret\n")
    options = ["--username", "bandwidth", "--password-file", str(tmp_path / "password")]
    with receiving(str(tmp_path / "a.db"), *options, stderr=subprocess.PIPE) as process:
        url = process.stdout.readline().decode().split()[-1]
        assert post(url, DELIVERED, Authorization="Basic YmFuZHdpZHRoOnNlc2FtZQ==") == 401
        assert process.stderr.readline().endswith(
            b" 401 for 127.0.0.1: wrong username or password\n"
        )
        assert post(url, DELIVERED, Authorization="Basic YmFuZHdpZHRoOnNlY3JldA==") == 204
        # With a password, it may have any name.
        foreign = {"Authorization": "Basic YmFuZHdpZHRoOnNlY3JldA==", "Host": "sms.example"}
        assert post(url, DELIVERED, **foreign) == 204


def test_foreign_pages(tmp_path):
    """Without a password, a web page cannot forge events."""
    with receiving(str(tmp_path / "a.db")) as process:
        url = process.stdout.readline().decode().split()[-1]
        assert post(url, DELIVERED, Host="evil.example") == 421
        assert post(url, DELIVERED, Origin="http://evil.example") == 403
        assert post(url, DELIVERED, **{"Sec-Fetch-Site": "cross-site"}) == 403
        assert post(url, DELIVERED, **{"User-Agent": "BandwidthAPI/v2"}) == 204
    with open_store(tmp_path / "a.db") as store:
        assert store.event_count() == 1


def test_events_are_shown_on_a_terminal(tmp_path):
    """One line for each, with terminal controls shown as escapes."""
    ours, theirs = pty.openpty()
    with receiving(str(tmp_path / "a.db"), stdout=theirs), os.fdopen(ours, "rb") as terminal:
        os.close(theirs)
        url = terminal.readline().decode().split()[-1]
        post(url, DELIVERED)
        assert terminal.readline().decode().strip() == (
            "09:10:05  message-delivered  17  +12025550100  +13125550141  ok ␛[31m"
        )
        post(url, b"\x1b[31m")
        assert (
            terminal.readline()
            .decode()
            .startswith("stored 5 bytes that could not be read as an event: ")
        )


@pytest.mark.parametrize(
    ("options", "environment", "message"),
    [
        (["--username", "a"], {}, "--username needs a password: give --password-file, or set the "),
        ([], {"SEPTET_CALLBACK_PASSWORD": "b"}, "must be given together"),
        (["--username", "a:b"], {"SEPTET_CALLBACK_PASSWORD": "c"}, "username='a:b': "),
        (["--host", "a" * 64], {}, "is not a host name or IP address"),
        (["--port", "65536"], {}, "'65536' is not a port"),
        (["--port", "http"], {}, "'http' is not a port"),
    ],
)
def test_wrong_usage(tmp_path, capsys, monkeypatch, options, environment, message):
    """One line with status 2; no receiver starts with credentials that are empty or incomplete."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    arguments = ["bandwidth", "receive", "--store", str(tmp_path / "a.db"), "--port", "0", *options]
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    err = capsys.readouterr().err
    assert (caught.value.code, err.count("\n")) == (2, 1)
    assert err.startswith("septet bandwidth receive: error: ")
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_port_that_is_taken(tmp_path, capsys):
    """One line that names the address."""
    with receiving(str(tmp_path / "a.db")) as process:
        port = process.stdout.readline().decode().strip().rpartition(":")[2]
        assert (
            main(["bandwidth", "receive", "--store", str(tmp_path / "b.db"), "--port", port]) == 1
        )
    assert capsys.readouterr().err == f"septet: 127.0.0.1:{port}: {os.strerror(errno.EADDRINUSE)}\n"


def test_store_that_cannot_be_opened(capsys):
    """One line that names the store."""
    assert main(["bandwidth", "receive", "--store", "mysql://a:secret@b/c", "--port", "0"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("septet: ")
    assert err.count("\n") == 1
    assert "secret" not in err
