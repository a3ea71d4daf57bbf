"""`septet bandwidth send`: the estimate, the question, and one message over a real socket."""

import errno
import os
import re
import sys
from functools import partial

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")

pytest.importorskip("starlette")

import septet.bandwidth
from septet.bandwidth import Client
from septet.bandwidth.sandbox import Sandbox

ONE = ("bandwidth", "send", "--from", "+12025550100", "--to", "+13125550140")
ESTIMATE = "GSM-7, 5 septets in 1 segment, 155 septets left\n"


pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def answers(monkeypatch):
    """Answer the question on the terminal."""

    def answers(line):
        monkeypatch.setattr(sys, "stdin", Typed(line))

    return answers


class Typed:
    def __init__(self, line):
        self.line = line

    def isatty(self):
        return True

    def readline(self):
        if isinstance(self.line, BaseException):
            raise self.line
        return self.line


class TestDryRun:
    def test_needs_nothing(self, run, monkeypatch):
        """A dry run needs neither credentials nor a server."""
        for name in ("USERNAME", "PASSWORD", "ACCOUNT", "APPLICATION_ID"):
            monkeypatch.delenv(f"SEPTET_BANDWIDTH_{name}")
        assert run(*ONE, "--dry-run", "hello") == (0, ESTIMATE, "")

    def test_sends_nothing(self, run):
        """A dry run sends nothing, even with --yes."""
        with Service(answer()) as service:
            assert run(*ONE, "--url", service.url, "--yes", "--dry-run", "hello")[0] == 0
            assert service.connections == 0

    def test_price(self, run, rates):
        """The price follows from the recipient's prefix and the segments."""
        status, out, _ = run(
            "bandwidth",
            "send",
            "--from",
            "x",
            "--to",
            "+18765550100",
            "--dry-run",
            "--rates",
            rates,
            "’" * 71,
        )
        assert status == 0
        assert out == (
            "UCS-2, 71 code units in 2 segments, 63 code units left in the last\n"
            "  Recipient      Cost  Currency\n"
            "  ------------  -----  --------\n"
            "  +18765550100  0.157  USD\n"
            "\n"
        )

    def test_no_price(self, run, rates):
        """Without a rate, and for an MMS, no price is shown."""
        to = ("--to", "+99955550100")
        assert (
            "+99955550100  no rate\n"
            in run("bandwidth", "send", "--from", "x", *to, "--dry-run", "--rates", rates, "a")[1]
        )
        out = run(*ONE, *to, "--dry-run", "--rates", rates, "a")[1]
        assert out.startswith("MMS, counted as 1 segment\n")
        assert out.count("no rate") == 2

    def test_media_alone(self, run):
        """An MMS needs no text."""
        assert run(*ONE, "--dry-run", "--media", "https://x/y.png")[0] == 0


class TestSending:
    def test_yes(self, run):
        """The estimate, one request, the provider's id."""
        with Service(answer(202, {"id": "17\x1b[31m", "segmentCount": 1})) as service:
            result = run(*ONE, "--url", service.url, "--yes", "--tag", "t", "hello")
            (received,) = service.received
        assert result == (0, f"{ESTIMATE}Accepted with ID 17␛[31m.\n", "")
        assert received.target == "/users/9900000/messages"
        assert received.json == {
            "applicationId": "5d1b7c0e",
            "from": "+12025550100",
            "to": ["+13125550140"],
            "text": "hello",
            "tag": "t",
        }

    def test_counted_otherwise(self, run):
        """Both counts are shown."""
        with Service(answer(202, {"id": "17", "segmentCount": 2})) as service:
            out = run(*ONE, "--url", service.url, "--yes", "hello")[1]
        assert out.endswith("Accepted with ID 17; the provider counts 2 segments.\n")

    def test_store(self, run, tmp_path):
        """The message and the answer are kept; nothing is without --store or with --dry-run."""
        pytest.importorskip("sqlalchemy")
        path = tmp_path / "events.db"
        keep = ("--store", path)
        with Service(answer(202, {"id": "17", "segmentCount": 1})) as service:
            run(*ONE, "--url", service.url, *keep, "--dry-run", "hello")
            assert not path.exists()
            result = run(*ONE, "--url", service.url, "--yes", *keep, "hello")
        assert result == (0, f"{ESTIMATE}Accepted with ID 17.\n", "")
        with septet.bandwidth.open_store(path) as store:
            (stored,) = store.messages()
        assert (stored.message_id, stored.accepted.message.text) == ("17", "hello")

    def test_store_that_cannot_be_used(self, run, tmp_path):
        """One line, and nothing is sent."""
        pytest.importorskip("sqlalchemy")
        path = tmp_path / "events.db"
        path.write_text("no database" * 100)
        with Service(answer()) as service:
            status, _, err = run(*ONE, "--url", service.url, "--yes", "--store", path, "hello")
            assert service.connections == 0
        assert (status, err.count("\n")) == (1, 1)
        assert str(path) in err

    @pytest.mark.parametrize("line", ["y\n", "YES\n"])
    def test_confirmed(self, run, answers, line):
        """On a terminal the command asks."""
        answers(line)
        with Service(answer()) as service:
            status, out, err = run(*ONE, "--url", service.url, "hello")
            assert len(service.received) == 1
        assert (status, err) == (0, "Send it? [y/N] ")
        assert out.startswith(ESTIMATE)

    @pytest.mark.parametrize("line", ["\n", "", "n\n", "yo\n"])
    def test_not_confirmed(self, run, answers, line):
        """Any answer but yes sends nothing."""
        answers(line)
        with Service(answer()) as service:
            status, _, err = run(*ONE, "--url", service.url, "hello")
            assert service.connections == 0
        assert (status, err) == (1, "Send it? [y/N] septet: not sent\n")

    def test_interrupted_question(self, run, answers):
        """An interrupted question sends nothing."""
        answers(KeyboardInterrupt())
        with Service(answer()) as service:
            assert run(*ONE, "--url", service.url, "hello")[0] == 130
            assert service.connections == 0

    def test_too_many_segments(self, run):
        """The estimate is shown, and nothing is sent."""
        with Service(answer()) as service:
            limit = ("--max-segments", "1", "--yes")
            status, out, err = run(*ONE, "--url", service.url, *limit, "x" * 161)
            assert service.connections == 0
        assert (status, err) == (1, "septet: the message takes 2 segments; allowed are 1\n")
        assert "in 2 segments" in out

    def test_refused(self, run):
        """One line with the provider's reason."""
        body = {"type": "request-validation", "description": "No such number"}
        with Service(answer(400, body)) as service:
            result = run(*ONE, "--url", service.url, "--yes", "hello")
        expected = "septet: HTTP 400 request-validation; No such number\n"
        assert result == (1, ESTIMATE, expected)

    def test_nobody_is_there(self, run, monkeypatch):
        """One line with the address and the reason."""
        with Service(answer()) as service:
            pass
        client = partial(Client, max_attempts=1)
        monkeypatch.setattr(septet.bandwidth, "Client", client)
        status, _, err = run(*ONE, "--url", service.url, "--yes", "hello")
        reason = os.strerror(errno.ECONNREFUSED)
        assert (status, err.count("\n")) == (1, 1)
        assert err.startswith(f"septet: no connection to {service.url} (")
        assert reason in err

    def test_address_of_a_sandbox_without_a_path(self, run):
        """The error names the address, and says how it should end."""
        with Sandbox() as sandbox:
            url = sandbox.page_url.rstrip("/")
            status, _, err = run(*ONE, "--url", url, "--yes", "hello")
            assert run(*ONE, "--url", sandbox.url, "--yes", "hello")[0] == 0
        assert status == 1
        assert f"{url}/users/9900000/messages was not found" in err
        assert "ends in /api/v2" in err

    def test_unknown(self, run):
        """Status 3, and a warning not to send again."""
        with Service(raw(b"")) as service:
            status, _, err = run(*ONE, "--url", service.url, "--yes", "hello")
            assert len(service.received) == 1
        assert status == 3
        assert "the message may or may not have been accepted" in err
        assert "look for it before you send it again" in err

    def test_interrupted_while_sending(self, run, monkeypatch):
        """An interruption while sending is status 3 too."""

        def interrupt(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(Client, "send", interrupt)
        status, _, err = run(*ONE, "--url", "http://127.0.0.1:1", "--yes", "hello")
        assert (status, "may or may not have been accepted" in err) == (3, True)


class TestPasswordFile:
    @pytest.mark.parametrize("name", ["USERNAME", "CLIENT_ID"])
    def test_credentials(self, run, monkeypatch, tmp_path, name):
        """The file has the password of the user, or the secret of the client."""
        for variable in ("USERNAME", "PASSWORD"):
            monkeypatch.delenv(f"SEPTET_BANDWIDTH_{variable}")
        monkeypatch.setenv(f"SEPTET_BANDWIDTH_{name}", "ann")
        (tmp_path / "password").write_text("sesame\n")
        seen = {}

        class Recording(Client):
            def __init__(self, account_id, **options):
                seen.update(options)
                raise ValueError("seen")

        monkeypatch.setattr("septet.bandwidth.Client", Recording)
        with pytest.raises(SystemExit):
            run(*ONE, "--yes", "--password-file", tmp_path / "password", "hello")
        pair = ("client_id", "client_secret") if name == "CLIENT_ID" else ("username", "password")
        assert {key: value for key, value in seen.items() if value and key != "url"} == {
            pair[0]: "ann",
            pair[1]: "sesame",
        }


class TestUsage:
    @pytest.mark.parametrize(
        ("missing", "message"),
        [
            ("ACCOUNT", "missing: --account (or SEPTET_BANDWIDTH_ACCOUNT); "),
            ("APPLICATION_ID", "missing: --application-id (or SEPTET_BANDWIDTH_APPLICATION_ID); "),
            ("PASSWORD", "missing: SEPTET_BANDWIDTH_USERNAME and SEPTET_BANDWIDTH_PASSWORD (or "),
        ],
    )
    def test_missing(self, run, monkeypatch, capsys, missing, message):
        """A missing setting is named with its variable."""
        monkeypatch.setenv(f"SEPTET_BANDWIDTH_{missing}", "")
        with pytest.raises(SystemExit) as caught:
            run(*ONE, "--yes", "hello")
        assert caught.value.code == 2
        assert message in capsys.readouterr().err

    def test_file_without_a_name(self, run, monkeypatch, capsys, tmp_path):
        """With a file of the password, only the name is missing."""
        file = tmp_path / "password"
        file.write_text("sesame")
        for name in ("USERNAME", "PASSWORD"):
            monkeypatch.delenv(f"SEPTET_BANDWIDTH_{name}")
        with pytest.raises(SystemExit):
            run(*ONE, "--yes", "hello", "--password-file", str(file))
        expected = "missing: SEPTET_BANDWIDTH_USERNAME (or SEPTET_BANDWIDTH_CLIENT_ID); "
        assert expected in capsys.readouterr().err

    def test_everything_missing(self, run, monkeypatch, capsys):
        """All missing settings are in one line, before anything is printed."""
        for name in ("ACCOUNT", "APPLICATION_ID", "USERNAME", "PASSWORD"):
            monkeypatch.delenv(f"SEPTET_BANDWIDTH_{name}")
        monkeypatch.setattr(sys, "stdin", None)
        with pytest.raises(SystemExit) as caught:
            run(*ONE, "hello")
        out, err = capsys.readouterr()
        assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
        names = ("--account", "--application-id", "SEPTET_BANDWIDTH_CLIENT_SECRET", "--yes")
        for name in names:
            assert name in err

    def test_no_terminal(self, run, monkeypatch, capsys):
        """Without a terminal, --yes is required."""
        monkeypatch.setattr(sys, "stdin", None)
        with pytest.raises(SystemExit) as caught:
            run(*ONE, "hello")
        assert caught.value.code == 2
        assert "missing: --yes (standard input is not a terminal" in capsys.readouterr().err

    def test_address(self, run, capsys):
        """An invalid URL is wrong usage."""
        with pytest.raises(SystemExit):
            run(*ONE, "--url", "elsewhere", "--yes", "hello")
        assert "expected an http or https URL, got 'elsewhere'" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (["--to", "312", "a"], "--to '312': not an E.164 number"),
            (["--from", "+1", "a"], "--from '+1': "),
            (["x" * 2049], f"TEXT '{'x' * 59}…: "),
            ([], "TEXT: "),
        ],
    )
    def test_refused_message(self, run, capsys, options, message):
        """A value that the provider would refuse is wrong usage; the option is named."""
        with pytest.raises(SystemExit) as caught:
            run(*ONE, "--dry-run", *options)
        err = capsys.readouterr().err
        assert (caught.value.code, err.count("\n")) == (2, 1)
        assert err.startswith(f"septet bandwidth send: error: {message}")

    def test_no_flag_takes_a_secret(self, run, capsys):
        """Other users can see command lines, so no option takes a password."""
        with pytest.raises(SystemExit):
            run("bandwidth", "send", "--help")
        flags = capsys.readouterr().out.partition("Examples:")[0]
        assert set(re.findall(r"--\S*(?:pass|secret)\S* \w+", flags)) == {"--password-file FILE"}
