"""`septet serve`: the server as a process, and errors at its start."""

import doctest
import json
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import septet
from septet.costing import RateCard

ROOT = Path(__file__).parents[3]


def ask(url, body):
    with urllib.request.urlopen(url, json.dumps(body).encode(), timeout=30) as answer:
        return json.load(answer)


class TestServing:
    def test_until_a_signal(self, rates):
        """It prints its address, uses card and provider, and ends after a signal."""
        for package in ("jinja2", "msgspec", "starlette", "uvicorn"):
            pytest.importorskip(package)
        command = [sys.executable, "-m", "septet", "serve", "--port", "0"]
        options = ["--rates", str(rates), "--provider", "telnyx"]
        options += ["--allow-origin", "https://a.example", "--allow-origin", "http://b.example"]
        with subprocess.Popen(command + options, stdout=subprocess.PIPE, text=True) as process:
            url = process.stdout.readline().removeprefix("Inspect texts at ").strip()
            messages = [{"text": "€", "to": "+18765550100"}]
            answer = ask(f"{url}/v1/estimate", {"messages": messages})
            assert answer["totals"]["USD"]["cost"] == "0.0785"
            assert ask(f"{url}/v1/analyze", {"text": "€"})["encoding"] == "ucs2"
            foreign = urllib.request.Request(
                f"{url}/healthz", headers={"Origin": "http://b.example"}
            )
            with urllib.request.urlopen(foreign, timeout=30) as answer:
                assert answer.headers["Access-Control-Allow-Origin"] == "http://b.example"
            strange = urllib.request.Request(f"{url}/", headers={"Host": "evil.example"})
            with pytest.raises(urllib.error.HTTPError, match="421"):
                urllib.request.urlopen(strange, timeout=30)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) in (-signal.SIGINT, 130)


class TestNotServing:
    def test_broken_card(self, run, rates):
        """A card that cannot be used is one line."""
        rates.write_text("prefix,price,currency\n1,free,USD\n")
        status, out, err = run("serve", "--rates", rates)
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert err.startswith(f"septet: {rates}, line 2: price 'free'")

    def test_missing_extra(self, run, monkeypatch):
        """The error names the extra."""
        monkeypatch.delitem(sys.modules, "septet.web.asgi", raising=False)
        monkeypatch.setitem(sys.modules, "starlette.applications", None)
        status, out, err = run("serve")
        assert (status, out) == (1, "")
        assert "pip install 'septet[serve]'" in err

    @pytest.mark.parametrize("port", ["65536", "-1", "http"])
    def test_no_port(self, run, capsys, port):
        """An invalid port is wrong usage, and the message says what is allowed."""
        with pytest.raises(SystemExit) as caught:
            run("serve", f"--port={port}")
        assert caught.value.code == 2
        assert "is not a port number from 0 to 65535" in capsys.readouterr().err

    @pytest.mark.parametrize("origin", ["example.com", "https://example.com/", "null"])
    def test_no_origin(self, run, capsys, origin):
        """An invalid origin is wrong usage."""
        with pytest.raises(SystemExit) as caught:
            run("serve", "--allow-origin", origin)
        assert caught.value.code == 2
        assert "origin" in capsys.readouterr().err.splitlines()[-1]


SESSION = re.findall(
    r"^\$ (curl .*)\n((?:(?!\$ |```).*\n)*)",
    (ROOT / "docs/serve.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


@pytest.fixture(scope="module")
def served():
    """The URL of a server as docs/serve.md starts it."""
    for package in ("anyascii", "jinja2", "msgspec", "starlette", "uvicorn"):
        pytest.importorskip(package)
    from septet.serving import Server
    from septet.web import application

    with Server(application(RateCard.read(ROOT / "examples/rates.csv"))) as server:
        yield server.url


@pytest.mark.parametrize(("command", "output"), SESSION)
def test_session(served, command, output):
    """Every line with curl in docs/serve.md prints what the page shows below it."""
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    assert "http://127.0.0.1:8000/" in command
    command = command.replace("http://127.0.0.1:8000", served).replace("python3", sys.executable)
    printed = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True
    ).stdout
    printed = printed.replace(f'"{septet.IMPLEMENTATION}"', '"compiled"')
    checker = doctest.OutputChecker()
    assert checker.check_output(output, f"{printed.rstrip()}\n", doctest.ELLIPSIS), printed


def test_session_is_there():
    """The page shows each path of the API."""
    shown = "".join(command for command, _ in SESSION)
    names = ("analyze", "check", "encode", "estimate", "transliterate")
    assert all(path in shown for path in ("/healthz", *(f"/v1/{name}" for name in names)))
