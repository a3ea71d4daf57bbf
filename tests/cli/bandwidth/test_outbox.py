"""`septet bandwidth outbox …`: from a file to sent messages, over a real socket."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from septet.bandwidth import Outbox, OutboxState, open_store

OUTBOX = ("bandwidth", "outbox")
SENDER = "+12025550100"
CAMPAIGN = """\
id,phone,body,number,label
1,+13125550140,"Hi, Ann",+12025550101,a
2,+13125550141,Hi Bob,ACME,
"""


pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def file(tmp_path):
    """A file of two messages."""
    path = tmp_path / "campaign.csv"
    path.write_text(CAMPAIGN, encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path):
    """The path of a store that does not exist yet."""
    return tmp_path / "events.db"


@pytest.fixture
def add(run, file, store):
    """Add the messages of the file."""
    options = ("--text", "body", "--to", "phone", "--store", store)

    def add(*more):
        return run(*OUTBOX, "add", file, *options, *more)

    return add


def entries(store):
    with open_store(store, create=False) as opened:
        return list(Outbox(opened, None).entries())


class TestAdd:
    def test_one_number(self, add, store):
        """All rows become messages, once for each batch."""
        for _ in range(2):
            assert add("--from", SENDER, "--batch", "a") == (
                0,
                "2 messages in the outbox, 2 segments\n",
                "",
            )
        messages = [entry.message for entry in entries(store)]
        assert [(m.from_, m.to, m.text, m.tag, m.application_id) for m in messages] == [
            (SENDER, ("+13125550140",), "Hi, Ann", None, "5d1b7c0e"),
            (SENDER, ("+13125550141",), "Hi Bob", None, "5d1b7c0e"),
        ]

    def test_columns(self, add, store):
        """Sending numbers and tags come from columns; the expiration is kept."""
        options = ("--from-column", "number", "--tag-column", "label")
        assert add(*options, "--expires-at", "2126-11-04T20:00:00+01:00")[0] == 0
        found = entries(store)
        assert [(e.message.from_, e.message.tag) for e in found] == [
            ("+12025550101", "a"),
            ("ACME", None),
        ]
        assert {entry.expires_at.isoformat() for entry in found} == {"2126-11-04T19:00:00+00:00"}

    def test_unusable_rows(self, add, file, store):
        """Each is named with its row and its value, and nothing is added."""
        file.write_text(CAMPAIGN + "3,5550142,Hi,,\n4,+13125550143,,,\n5,x\n")
        status, out, err = add("--from", SENDER)
        assert (status, out) == (1, "")
        assert f"{file}, row 3: to='5550142': not an E.164 number" in err
        assert f"{file}, row 4: text=" in err
        assert "line 6" in err
        assert err.endswith("septet: nothing was added\n")
        assert not store.exists()

    def test_another_batch_of_that_name(self, add, file):
        """It is refused."""
        add("--from", SENDER, "--batch", "a")
        file.write_text(CAMPAIGN.replace("Bob", "Bill"))
        with pytest.raises(SystemExit, match="2"):
            add("--from", SENDER, "--batch", "a")

    @pytest.mark.parametrize(
        "options",
        [
            (),
            ("--from", SENDER, "--from-column", "number"),
            ("--from", SENDER, "--expires-at", "x"),
        ],
    )
    def test_wrong_usage(self, add, store, options):
        """It is refused before anything is read."""
        with pytest.raises(SystemExit, match="2"):
            add(*options)
        assert not store.exists()


class TestRun:
    RATE = ("--segments-per-second", "1000")

    def test_all(self, run, add, store):
        """All messages are sent, and the states are shown."""
        add("--from-column", "number")
        with Service(answer(202, {"id": "17"})) as service:
            status, out, err = run(
                *(*OUTBOX, "run", "--store", store, "--url", service.url, *self.RATE),
                *("--sender-segments-per-second", "ACME=900"),
            )
            assert len(service.received) == 2
        assert (status, err) == (0, "")
        assert out.split() == ["State", "Messages", "--------", "--------", "accepted", "2"]

    def test_unknown(self, run, add, store):
        """The exit status says that somebody has to decide."""
        add("--from", SENDER)
        with Service(raw(b""), answer()) as service:
            command = (*OUTBOX, "run", "--store", store, "--url", service.url, *self.RATE)
            assert run(*command, "--workers", "1")[0] == 3

    @pytest.mark.slow
    def test_stopped(self, add, store):
        """SIGTERM ends it after the current requests, and the others stay queued."""
        add("--from", SENDER)
        with Service(answer(202, {"id": "17"})) as service:
            options = ("--store", store, "--url", service.url, "--segments-per-second", "0.01")
            command = [sys.executable, "-m", "septet", *OUTBOX, "run", *options]
            with subprocess.Popen(command, env=os.environ) as process:
                while not service.received:
                    time.sleep(0.01)
                process.send_signal(signal.SIGTERM)
                assert process.wait(30) == 1
        assert [entry.state for entry in entries(store)] == [
            OutboxState.ACCEPTED,
            OutboxState.QUEUED,
        ]

    @pytest.mark.slow
    def test_metrics(self, add, store):
        """They are served at the printed address while it runs."""
        add("--from", SENDER)
        with Service(answer(202, {"id": "17"})) as service:
            options = ("--store", store, "--url", service.url, "--segments-per-second", "0.01")
            command = [sys.executable, "-m", "septet", *OUTBOX, "run", *options, "--metrics", "0"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                url = process.stdout.readline().split()[-1]
                assert url.startswith("http://127.0.0.1:")
                page = ""
                while "septet_outbox_accepted_segments_total 1.0" not in page:
                    with urllib.request.urlopen(url, timeout=10) as answered:
                        page = answered.read().decode()
                process.send_signal(signal.SIGTERM)
        assert 'septet_outbox_messages{state="queued"} 1.0' in page

    @pytest.mark.parametrize("address", ["x", "70000", "a b:1:2", ":", "::1"])
    def test_wrong_metrics_address(self, run, add, store, address):
        """It is refused before anything is sent."""
        add("--from", SENDER)
        with pytest.raises(SystemExit, match="2"):
            run(*OUTBOX, "run", "--store", store, *self.RATE, "--metrics", address)

    @pytest.mark.parametrize("rates", [["1", "ACME=2"], ["0"], ["ACME=x"]])
    def test_wrong_rates(self, run, add, store, rates):
        """They are refused."""
        add("--from", SENDER)
        options = [part for rate in rates for part in ("--sender-segments-per-second", rate)]
        with pytest.raises(SystemExit, match="2"):
            run(*OUTBOX, "run", "--store", store, *self.RATE, *options)

    def test_missing_settings(self, run, add, store, monkeypatch, capsys):
        """All of them are named."""
        add("--from", SENDER)
        for name in ("USERNAME", "ACCOUNT"):
            monkeypatch.delenv(f"SEPTET_BANDWIDTH_{name}")
        with pytest.raises(SystemExit, match="2"):
            run(*OUTBOX, "run", "--store", store, *self.RATE)
        error = capsys.readouterr().err
        assert "--account" in error
        assert "SEPTET_BANDWIDTH_USERNAME" in error


class TestOthers:
    def test_list(self, run, add, store):
        """The states, or the messages in one."""
        add("--from", SENDER)
        listing = run(*OUTBOX, "list", "--store", store)[1]
        assert listing.split()[-2:] == ["queued", "2"]
        first, second = run(*OUTBOX, "list", "--store", store, "--state", "queued")[1].splitlines()
        assert first.startswith("1  queued  2")
        assert first.endswith("Z  +12025550100  +13125550140  'Hi, Ann'")
        assert second.startswith("2  queued")
        assert run(*OUTBOX, "list", "--store", store, "--state", "unknown")[1] == ""

    def test_cancel_and_resolve(self, run, add, store):
        """Queued messages are cancelled, refused ones resolved; others are not."""
        add("--from", SENDER, "--batch", "a")
        with Service(answer(400)) as service:
            options = ("--store", store, "--url", service.url, "--segments-per-second", "1000")
            assert run(*OUTBOX, "run", *options)[0] == 0
        add("--from", SENDER, "--batch", "b")
        assert run(*OUTBOX, "cancel", "--store", store, "--batch", "b")[1] == (
            "2 messages cancelled\n"
        )
        assert run(*OUTBOX, "cancel", "1", "--store", store)[1] == "0 messages cancelled\n"
        status, out, err = run(*OUTBOX, "resolve", "1", "3", "--as", "queued", "--store", store)
        assert status == 1
        assert out.startswith("1  queued")
        assert err == "septet: no message 3 is unknown or refused\n"
        accepted = ("--as", "accepted", "--message-id", "17")
        assert run(*OUTBOX, "resolve", "2", *accepted, "--store", store)[0] == 0
        assert [entry.state for entry in entries(store)] == [
            OutboxState.QUEUED,
            OutboxState.ACCEPTED,
            OutboxState.CANCELLED,
            OutboxState.CANCELLED,
        ]

    @pytest.mark.parametrize(
        "arguments",
        [
            ("cancel",),
            ("cancel", "1", "--batch", "a"),
            ("resolve", "1", "--as", "accepted"),
            ("resolve", "1", "2", "--as", "accepted", "--message-id", "1"),
            ("resolve", "x", "--as", "queued"),
        ],
    )
    def test_wrong_usage(self, run, add, store, arguments):
        """It is refused."""
        add("--from", SENDER)
        with pytest.raises(SystemExit, match="2"):
            run(*OUTBOX, *arguments, "--store", store)

    def test_no_store(self, run, store):
        """Only `add` creates one."""
        assert run(*OUTBOX, "list", "--store", store)[0] == 1
        assert not store.exists()
