"""Limits of requests and connections, over real sockets: what is cut off, and what is not."""

import contextlib
import logging
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

import pytest

pytest.importorskip("uvicorn")

from raw_requests import (
    HEAD,
    address_of,
    ask,
    echo,
    half_open,
    hasty,
    is_served,
    read_all,
    statuses,
)
from septet.serving import Limits, Server

SECONDS = 0.5


@pytest.fixture(scope="module")
def address():
    """A server with the usual limits."""
    with Server(echo) as server:
        yield address_of(server)


@pytest.fixture(scope="module")
def hurried():
    """A server whose clients have half a second for a request."""
    with Server(echo, limits=Limits(request_seconds=SECONDS)) as server:
        yield address_of(server)


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LARGE = {
    "header lines": [HEAD, *[b"X: a\r\n" * 1000] * 30],
    "short header lines": [HEAD + b"a:\r\n" * 1001 + b"\r\n"],
    "one header": [HEAD + b"X: ", *[b"a" * 10_000] * 30],
    "the name of a header": [HEAD, *[b"a" * 10_000] * 30],
    "the target": [b"POST /", *[b"a" * 10_000] * 30],
    "the method": [*[b"A" * 10_000] * 30],
    "white space": [HEAD + b"X:", *[b" " * 10_000] * 30],
    "a complete head": [HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n"],
    "trailers": [CHUNKED + b"1\r\na\r\n0\r\n", *[b"X: a\r\n" * 1000] * 30],
    "one trailer": [CHUNKED + b"1\r\na\r\n0\r\nX: ", *[b"a" * 10_000] * 30],
    "the extension of a chunk": [CHUNKED + b"1;", *[b"a" * 10_000] * 30],
    "empty lines": [*[b"\r\n" * 5_000] * 30],
}


@pytest.mark.parametrize("name", LARGE)
def test_large_heads(address, name, caplog):
    """The connection ends, with 431 if the client still listens, whatever is too large."""
    caplog.set_level(logging.WARNING)
    answer = ask(address, *LARGE[name])
    is_invalid = name == "the method"
    assert statuses(answer) in ([400] if is_invalid else [431], [])
    reason = "it is not valid HTTP" if is_invalid else "its head is too large"
    assert f"refused a request from 127.0.0.1: {reason}" in caplog.text
    assert "aaaa" not in caplog.text
    assert is_served(address)


@pytest.mark.parametrize("name", ["header lines", "one header", "the target", "trailers"])
def test_the_answer_can_be_read(address, name):
    """A client that stops in time reads why it was refused."""
    parts = [part[:66_000] for part in [b"".join(LARGE[name])]]
    answer = ask(address, *parts)
    assert statuses(answer) == [431]
    assert b"\r\nconnection: close\r\n" in answer
    assert answer.endswith(b"the request head is too large")


def test_one_answer_to_each_request():
    """A request that is refused is not answered by the application too."""
    with Server(hasty) as server:
        answer = ask(address_of(server), b"".join(LARGE["trailers"])[:66_000])
    assert statuses(answer) == [431]


def test_large_head_after_others(address):
    """On a connection that has been used, in a pipeline too, the limit is the same."""
    first = b"POST /1 HTTP/1.1\r\nHost: a\r\n\r\n"
    large = HEAD + b"X: " + b"a" * 70_000 + b"\r\n\r\n"
    with socket.create_connection(address, timeout=20) as connection:
        connection.sendall(first)
        answer = connection.recv(1000)
        connection.sendall(large)
        answer += read_all(connection)
    assert statuses(answer) == [200, 431]
    # The refusal must not be taken for the answer to the first one.
    assert statuses(ask(address, b"POST /slow HTTP/1.1\r\nHost: a\r\n\r\n" + large)) == []


@pytest.mark.parametrize(
    "fields",
    [
        b"Cookie: " + b"a" * 12_000 + b"\r\n",
        b"".join(b"X-%03d: %b\r\n" % (number, b"a" * 110) for number in range(100)),
        b"".join(b"X-%03d: aaaa\r\n" % number for number in range(950)),
    ],
)
@pytest.mark.parametrize("is_slow", [False, True])
def test_ordinary_heads(address, fields, is_slow):
    """Twelve kilobytes of header fields are taken, at once and in parts."""
    request = HEAD + fields + b"Content-Length: 2\r\nConnection: close\r\n\r\nok"
    parts = [request[at : at + 1000] for at in range(0, len(request), 1000)]
    answer = ask(address, *parts, pause=0.005) if is_slow else ask(address, request)
    assert answer.endswith(b"[/ 2]")


def test_largest_head(address):
    """The limit is exact for the first request of a connection."""
    for size, expected in ((65_536, [200]), (65_537, [431])):
        start = b"POST / HTTP/1.1\r\nConnection: close\r\nX: "
        request = start + b"a" * (size - len(start) - 4) + b"\r\n\r\n"
        assert statuses(ask(address, request)) == expected


def test_bodies_are_not_heads(address):
    """A body may be large, in chunks of one byte too."""
    start = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    body = b"a" * 1_000_000
    assert ask(address, start + b"Content-Length: 1000000\r\n\r\n" + body).endswith(b"[/ 1000000]")
    chunks = b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 50_000 + b"0\r\nX: a\r\n\r\n"
    assert ask(address, start + chunks).endswith(b"[/ 50000]")


def test_pipelines(address):
    """Requests that arrive together are answered in their order, the slow ones too."""
    sizes = [0, 3, 100_000, 0, 70_000, 1]
    pipeline = b"".join(
        b"POST /%d%b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (number, b"", size)
        + b"x" * size
        for number, size in enumerate(sizes)
    )
    last = b"POST /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = ask(address, pipeline + last)
    expected = [b"[/%d %d]" % pair for pair in enumerate(sizes)] + [b"[/last 0]"]
    assert re.findall(rb"\[.*?\]", answer) == expected


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        b"Content-Length : 1\r\n\r\na",
        b"Content-Length: -1\r\n\r\na",
        b"X: a\nContent-Length: 1\r\n\r\na",
    ],
)
def test_ambiguous_lengths(address, fields):
    """A request whose end two servers could see at different places is refused (RFC 9112, 6.3)."""
    assert statuses(ask(address, HEAD + fields)) == [400]


UPGRADE = b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
LAST = b"POST /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("rest", "count"),
    [
        (b"Content-Length: 5\r\n\r\nab\r\nc", 5),
        (b"Content-Length: 0\r\n\r\n", 0),
        (b"\r\n", 0),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\nX: a\r\n\r\n", 3),
        (b"Upgrade: websocket\r\nContent-Length: 2\r\n\r\nab", 2),
        (b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab", 2),
    ],
)
def test_upgrade(address, rest, count, size):
    """Another protocol that is offered is ignored: the body, and the next request, are read."""
    data = HEAD + UPGRADE + rest + HEAD + UPGRADE + rest + LAST
    answer = ask(address, *[data[start : start + size] for start in range(0, len(data), size)])
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert answer.count(b"[/ %d]" % count) == 2
    assert answer.endswith(b"[/next 0]")


@pytest.mark.parametrize(
    "fields",
    [
        b"Connection: close, Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nab",
        b"Connection: Upgrade\r\nUpgrade: h2c\r\nConnection: close\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    ],
)
def test_last_request_with_upgrade(address, fields):
    """The connection ends after the answer if the client says so."""
    answer = ask(address, HEAD + fields + LAST)
    assert (statuses(answer), answer[-5:]) == ([200], b"[/ 2]")


def test_websocket(address):
    """No connection becomes a WebSocket."""
    fields = (
        b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    answer = ask(address, b"GET / HTTP/1.1\r\nHost: a\r\n" + fields)
    assert (statuses(answer), answer[-5:]) == ([200], b"[/ 0]")


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ],
)
def test_ambiguous_lengths_with_upgrade(address, fields):
    """An offer of another protocol does not hide that the end of the body is unclear."""
    assert statuses(ask(address, HEAD + UPGRADE + fields)) == [400]


@pytest.mark.parametrize(
    "parts",
    [
        [HEAD + UPGRADE, *[b"X: a\r\n" * 1000] * 30],
        [HEAD + UPGRADE + b"X: " + b"a" * 66_000 + b"\r\n\r\n"],
        [HEAD + UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX: ", b"a" * 66_000],
    ],
)
def test_large_heads_with_upgrade(address, parts):
    """The limit of a head holds beside an offer of another protocol."""
    assert statuses(ask(address, *parts)) in ([431], [])
    assert is_served(address)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"POST / HTTP/1.1\r\nHo",
        b"\r\n",
        HEAD + b"Content-Length: 100\r\n\r\n",
        HEAD + b"Content-Length: 100\r\n\r\nabc",
        HEAD + UPGRADE + b"Content-Length: 100\r\n\r\nabc",
        CHUNKED + b"1\r\na\r\n",
        CHUNKED + b"1\r\na\r\n0\r\nX: ",
        HEAD + b"Expect: 100-continue\r\nContent-Length: 100\r\n\r\n",
    ],
)
@pytest.mark.parametrize("is_dripping", [False, True])
def test_slow_requests(hurried, start, is_dripping):
    """A request that is not complete in time ends the connection, however often a byte comes."""
    with socket.create_connection(hurried, timeout=20) as connection:
        connection.sendall(start)
        begin = time.monotonic()
        if is_dripping:
            with contextlib.suppress(ConnectionError):
                while time.monotonic() - begin < 10:
                    connection.sendall(b"1\r\na\r\n" if start.startswith(CHUNKED) else b"a")
                    time.sleep(SECONDS / 20)
        else:
            read_all(connection)
        seconds = time.monotonic() - begin
    assert seconds < 6 * SECONDS
    assert is_dripping or seconds > SECONDS / 2
    assert is_served(hurried)


def test_slow_request_after_another(hurried):
    """The time is measured for each request of a connection."""
    with socket.create_connection(hurried, timeout=20) as connection:
        for _ in range(4):
            time.sleep(SECONDS / 2)
            connection.sendall(b"POST /ok HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(1000).endswith(b"[/ok 0]")
        connection.sendall(HEAD)
        begin = time.monotonic()
        assert read_all(connection) == b""
        assert SECONDS / 2 < time.monotonic() - begin < 6 * SECONDS


def test_slow_answers(hurried):
    """An answer may take longer than a request, also while the next request waits behind it."""
    slow = b"POST /slow HTTP/1.1\r\nHost: a\r\n\r\n"
    half = b"POST /half HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab"
    with socket.create_connection(hurried, timeout=20) as connection:
        connection.sendall(slow + half)
        answer = b""
        while b"[/slow 0]" not in answer:
            answer += connection.recv(1000)
        connection.sendall(b"cd")
        assert read_all(connection).endswith(b"[/half 4]")


def test_half_open_connections():
    """They give way to others, the oldest first; one that is being answered does not."""
    limits = Limits(connections=10)
    with Server(echo, limits=limits) as server:
        address = address_of(server)
        answers = []
        slow = threading.Thread(
            target=lambda: answers.append(
                ask(address, b"POST /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            )
        )
        slow.start()
        time.sleep(0.1)
        with half_open(address, 40) as connections:
            for _ in range(3):
                assert is_served(address)
            connections[0].settimeout(5)
            assert read_all(connections[0]) == b""
            last = connections[-1]
            last.sendall(b"st: a\r\nConnection: close\r\n\r\n")
            assert read_all(last).endswith(b"[/ 0]")
        slow.join()
    assert answers[0].endswith(b"[/slow 0]")


def test_bodies_that_do_not_end():
    """They give way to others, the oldest first; complete ones do not count any more."""
    complete = HEAD + b"Content-Length: 1000\r\n\r\n" + b"a" * 1000
    incomplete = complete.replace(b"1000", b"1001")
    with Server(echo, limits=Limits(body_bytes=3_500)) as server:
        address = address_of(server)
        with half_open(address, 5, incomplete) as connections:
            for connection in connections[:2]:
                assert read_all(connection) == b""
            connections[-1].sendall(b"a")
            assert connections[-1].recv(1000).endswith(b"[/ 1001]")
            last = complete.replace(b"Host", b"Connection: close\r\nHost")
            assert statuses(ask(address, complete * 5 + last)) == [200] * 6
            connections[-2].sendall(b"a")
            assert connections[-2].recv(1000).endswith(b"[/ 1001]")


def test_discarded_bodies():
    """What arrives after the answer is not held, and does not count."""
    with (
        Server(hasty, limits=Limits(body_bytes=3_500)) as server,
        socket.create_connection(address_of(server), timeout=20) as connection,
    ):
        connection.sendall(HEAD + b"Content-Length: 100000\r\n\r\n")
        assert statuses(connection.recv(1000)) == [401]
        for _ in range(10):
            connection.sendall(b"a" * 10_000)
        connection.sendall(HEAD + b"\r\n")
        assert statuses(connection.recv(1000)) == [401]


def test_clients_that_do_not_read():
    """Connections with answers that nobody reads give way too."""

    async def large(scope, receive, send):
        if scope["type"] == "http":
            size = 5_000_000 if scope["path"] == "/large" else 0
            headers = [(b"content-length", b"%d" % size), (b"connection", b"keep-alive")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": bytes(size)})

    with Server(large, limits=Limits(connections=5)) as server:
        address = address_of(server)
        with half_open(address, 5, b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n" * 3):
            time.sleep(0.3)
            for _ in range(3):
                request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                assert statuses(ask(address, request)) == [200]


SCRIPT = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
from septet.serving import serve

async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"[/ok 0]"})

serve(app, host="127.0.0.1", port=0, announce="Listening at {url}")
"""


@contextlib.contextmanager
def process_with_few_files():
    """Run a server that may open 64 files; yield its process and address."""
    command = [sys.executable, "-c", SCRIPT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = urllib.parse.urlsplit(process.stdout.readline().split()[-1])
            yield process, (url.hostname, url.port)
        finally:
            process.terminate()


def resident_bytes(process):
    with open(f"/proc/{process.pid}/status") as status:
        return 1024 * int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_attacks_on_a_process():
    """With 64 files, 60 half-open connections and endless heads: others are served, memory stays.

    One head takes well below a megabyte.
    """
    with process_with_few_files() as (process, address):
        assert is_served(address)
        before = resident_bytes(process)
        with half_open(address, 60):
            assert all(is_served(address) for _ in range(3))
        for parts in ([HEAD, *[b"X: a\r\n" * 1000] * 100], [HEAD + b"X: ", *[b"a" * 10_000] * 100]):
            for _ in range(3):
                ask(address, *parts)
        assert is_served(address)
        assert resident_bytes(process) - before < 8 << 20
