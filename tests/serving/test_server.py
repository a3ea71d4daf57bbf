"""Applications over real sockets: in a thread, and as a process until a signal."""

import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import pytest

from septet.exceptions import MissingExtraError
from septet.serving import Server

SCRIPT = """
from septet.serving import serve

async def app(scope, receive, send):
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
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


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.1", "::ffff:127.0.0.1"])
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
    assert "while" not in caught.value.strerror


def test_unknown_host():
    """The reason is that of the resolver, whose numbers are not those of the system."""
    with pytest.raises(OSError, match=r"septet\.invalid:8080") as caught:
        Server(hello, host="septet.invalid", port=8080)
    assert not caught.value.strerror.startswith("Unknown error")
    assert "while" not in caught.value.strerror


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


def test_signal_in_a_request():
    """A request that is not complete does not keep the process for long, and is no error."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        url = urllib.parse.urlsplit(process.stdout.readline().removeprefix("Listening at ").strip())
        with socket.create_connection((url.hostname, url.port), timeout=20) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na")
            time.sleep(0.2)
            start = time.monotonic()
            process.terminate()
            assert process.wait(timeout=10) in (-signal.SIGTERM, 1)
            assert time.monotonic() - start < 4
        assert process.stderr.read() == ""


@pytest.mark.parametrize("package", ["uvicorn", "httptools"])
def test_without_a_package(monkeypatch, package):
    """The error names the package and the extra."""
    for module in list(sys.modules):
        if module.startswith(("septet.serving.protocol", "uvicorn", "httptools")):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=rf"needs {package}: .*septet\[serve\]"):
        Server(hello)
