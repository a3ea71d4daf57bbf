"""`septet send`: the estimate, the question, and one message over a real socket."""

import sys

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")

from septet.bandwidth import Client

ONE = ("send", "--from", "+12025550100", "--to", "+13125550140")
ESTIMATE = "GSM-7, 5 septets in 1 segment, 155 septets left\n"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Credentials as a user has them."""
    for name, value in (
        ("USERNAME", "ann"),
        ("PASSWORD", "hush-hush"),
        ("ACCOUNT", "9900000"),
        ("APPLICATION_ID", "5d1b7c0e"),
    ):
        monkeypatch.setenv(f"SEPTET_BANDWIDTH_{name}", value)


@pytest.fixture
def answers(monkeypatch):
    """Answer what is asked on the terminal."""

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
        """Neither credentials nor a server."""
        for name in ("USERNAME", "PASSWORD", "ACCOUNT", "APPLICATION_ID"):
            monkeypatch.delenv(f"SEPTET_BANDWIDTH_{name}")
        assert run(*ONE, "--dry-run", "hello") == (0, ESTIMATE, "")

    def test_sends_nothing(self, run):
        """Even if it could."""
        with Service(answer()) as service:
            assert run(*ONE, "--url", service.url, "--yes", "--dry-run", "hello")[0] == 0
            assert service.connections == 0

    def test_price(self, run, rates):
        """By the recipient's prefix and the segments."""
        status, out, _ = run(
            "send", "--from", "x", "--to", "+18765550100", "--dry-run", "--rates", rates, "’" * 71
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
        """Where the card has no rate, or the message is an MMS, no price is made up."""
        to = ("--to", "+99955550100")
        assert (
            "+99955550100  no rate\n"
            in run("send", "--from", "x", *to, "--dry-run", "--rates", rates, "a")[1]
        )
        out = run(*ONE, *to, "--dry-run", "--rates", rates, "a")[1]
        assert out.startswith("An MMS, which is 1 segment\n")
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
        assert result == (0, f"{ESTIMATE}Accepted as 17␛[31m.\n", "")
        assert received.target == "/users/9900000/messages"
        assert received.json == {
            "applicationId": "5d1b7c0e",
            "from": "+12025550100",
            "to": ["+13125550140"],
            "text": "hello",
            "tag": "t",
        }

    def test_counted_otherwise(self, run):
        """Both counts are told."""
        with Service(answer(202, {"id": "17", "segmentCount": 2})) as service:
            out = run(*ONE, "--url", service.url, "--yes", "hello")[1]
        assert out.endswith("Accepted as 17; the provider counts 2 segments.\n")

    @pytest.mark.parametrize("line", ["y\n", "YES\n"])
    def test_confirmed(self, run, answers, line):
        """On a terminal it asks."""
        answers(line)
        with Service(answer()) as service:
            status, out, err = run(*ONE, "--url", service.url, "hello")
            assert len(service.received) == 1
        assert (status, err) == (0, "Send it? [y/N] ")
        assert out.startswith(ESTIMATE)

    @pytest.mark.parametrize("line", ["\n", "", "n\n", "yo\n"])
    def test_not_confirmed(self, run, answers, line):
        """Anything but a yes is a no."""
        answers(line)
        with Service(answer()) as service:
            status, _, err = run(*ONE, "--url", service.url, "hello")
            assert service.connections == 0
        assert (status, err) == (1, "Send it? [y/N] septet: not sent\n")

    def test_interrupted_question(self, run, answers):
        """That is a no as well."""
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
        """One sentence, with what the provider says."""
        body = {"type": "request-validation", "description": "No such number"}
        with Service(answer(400, body)) as service:
            result = run(*ONE, "--url", service.url, "--yes", "hello")
        expected = "septet: HTTP 400 request-validation; No such number\n"
        assert result == (1, ESTIMATE, expected)

    def test_unknown(self, run):
        """An exit status of its own, and what not to do."""
        with Service(raw(b"")) as service:
            status, _, err = run(*ONE, "--url", service.url, "--yes", "hello")
            assert len(service.received) == 1
        assert status == 3
        assert "the message may or may not have been accepted" in err

    def test_interrupted_while_sending(self, run, monkeypatch):
        """Nobody knows then either."""

        def interrupt(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(Client, "send", interrupt)
        status, _, err = run(*ONE, "--url", "http://127.0.0.1:1", "--yes", "hello")
        assert (status, "may or may not have been accepted" in err) == (3, True)


class TestUsage:
    @pytest.mark.parametrize(
        ("missing", "told"),
        [
            ("ACCOUNT", "--account or SEPTET_BANDWIDTH_ACCOUNT"),
            ("APPLICATION_ID", "--application-id or SEPTET_BANDWIDTH_APPLICATION_ID"),
            ("PASSWORD", "needed are username and password, or client_id and client_secret"),
        ],
    )
    def test_missing(self, run, monkeypatch, capsys, missing, told):
        """What is missing is named, and where it comes from."""
        monkeypatch.setenv(f"SEPTET_BANDWIDTH_{missing}", "")
        with pytest.raises(SystemExit) as caught:
            run(*ONE, "--yes", "hello")
        assert caught.value.code == 2
        assert told in capsys.readouterr().err

    def test_nobody_to_ask(self, run, monkeypatch, capsys):
        """Without a terminal it does not send on its own."""
        monkeypatch.setattr(sys, "stdin", None)
        with pytest.raises(SystemExit) as caught:
            run(*ONE, "hello")
        assert caught.value.code == 2
        assert "--yes is needed" in capsys.readouterr().err

    def test_address(self, run, capsys):
        """An address that is none."""
        with pytest.raises(SystemExit):
            run(*ONE, "--url", "elsewhere", "--yes", "hello")
        assert "'elsewhere' is not an http or https URL" in capsys.readouterr().err

    def test_broken_message(self, run):
        """A limit of the provider, told as elsewhere."""
        status, _, err = run("send", "--from", "+12025550100", "--to", "312", "--dry-run", "a")
        assert (status, err) == (1, "septet: to='312': not an E.164 number\n")

    def test_no_flag_takes_a_secret(self, run, capsys):
        """Command lines are seen by others."""
        with pytest.raises(SystemExit):
            run("send", "--help")
        flags = capsys.readouterr().out.partition("example:")[0]
        assert "pass" not in flags
        assert "secret" not in flags
