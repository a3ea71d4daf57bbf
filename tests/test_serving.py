"""Applications over real sockets: in a thread, and as a process until a signal."""

import asyncio
import contextlib
import http.client
import signal
import subprocess
import sys
import urllib.parse
import urllib.request

import pytest

from septet.exceptions import MissingExtraError
from septet.serving import Server, guarded, read_body

SCRIPT = """
from septet.serving import serve

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})

serve(app, host="127.0.0.1", port=0, announce="Listening at {url}")
"""


async def hello(scope, receive, send):
    """Answer every request with its path."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})


def fetch(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_in_a_thread(host):
    """The address is known before the first request, and is free afterwards."""
    with Server(hello, host=host) as server:
        assert fetch(f"{server.url}/path") == b"/path"
    with pytest.raises(OSError, match="refused"):
        fetch(server.url)


def test_port_that_is_taken():
    """The error names the address."""
    with Server(hello) as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use") as caught:
            Server(hello, port=port)
    assert caught.value.filename == f"127.0.0.1:{port}"


def status(url, *names):
    """Return the status of the answer to a request with these `Host` headers."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    connection.putrequest("GET", "/", skip_host=True)
    for name in names:
        connection.putheader("Host", name)
    connection.endheaders()
    with contextlib.closing(connection):
        return connection.getresponse().status


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_hosts(host):
    """Any port is allowed, because it may be forwarded; foreign names are refused."""
    with Server(guarded(hello, host), host=host) as server:
        assert fetch(server.url) == b"/"
        allowed = [
            "localhost",
            "LOCALHOST:8000",
            "127.0.0.1:1",
            "127.0.0.2",
            "[::1]",
            "[::1]:65535",
        ]
        assert [status(server.url, name) for name in allowed] == [200] * len(allowed)
        others = ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.nip.io"]
        others += ["", "::1", "[::1", "10.0.0.1", "127.0.0.1@evil.example", "caf\xe9"]
        assert [name for name in others if status(server.url, name) not in (400, 421)] == []
        assert status(server.url, "evil.example") == 421
        assert status(server.url, "localhost", "evil.example") in (400, 421)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "127.0.0.1.nip.io"])
def test_public_hosts(host):
    """Other addresses are not guarded."""
    assert guarded(hello, host) is hello


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_until_a_signal(name):
    """A process prints its address and ends on the signal."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True
    ) as process:
        url = process.stdout.readline().removeprefix("Listening at ").strip()
        assert fetch(url) == b"hello"
        process.send_signal(getattr(signal, name))
        assert process.wait(timeout=10) in (-signal.SIGTERM, -signal.SIGINT, 1)


def test_without_uvicorn(monkeypatch):
    """The error names the extra."""
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(MissingExtraError, match=r"septet\[serve\]"):
        Server(hello)


@pytest.mark.parametrize(
    ("chunks", "body"),
    [([], b""), ([b"ab", b"", b"c"], b"abc"), ([b"abcd"], None), ([b"abc", b"d"], None)],
)
def test_body_of_limited_size(chunks, body):
    """A body of up to three bytes is returned whole, a longer one is not."""

    async def stream():
        for chunk in chunks:
            yield chunk

    assert asyncio.run(read_body(stream(), 3)) == body


def test_rest_of_a_large_body_is_not_read():
    """Reading stops with the chunk that makes the body too large."""
    read = []

    async def stream():
        for chunk in (b"ab", b"cd", b"ef"):
            read.append(chunk)
            yield chunk

    assert asyncio.run(read_body(stream(), 3)) is None
    assert read == [b"ab", b"cd"]
