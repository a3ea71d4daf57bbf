"""POST requests, with answers of every kind over real sockets."""

import asyncio
import base64
import subprocess
import sys

import pytest

from septet.bandwidth.sandbox.delivery.posting import Poster, parse_target

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def exchange(*answers, posts=1, close_after=None, seconds=5.0, rests=False, late=b""):
    """Post to a server that gives these answers in turn.

    Return the statuses (or errors), and the requests of each connection. The server closes a
    connection after `close_after` answers, and sends `late` separately after each answer. With
    `rests`, each post waits until the idle connection has been closed.
    """
    left = list(answers)
    connections = []
    handlers = []

    async def serve(reader, writer):
        requests = []
        connections.append(requests)
        handlers.append(asyncio.current_task())
        try:
            while left:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                requests.append(head + await reader.readexactly(length))
                writer.write(left.pop(0))
                if late:
                    await asyncio.sleep(0.1)
                    writer.write(late)
                if len(requests) == close_after:
                    break
            else:
                await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def work():
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            poster = Poster({"User-Agent": "BandwidthAPI/v2"}, 4)
            results = []
            for _ in range(posts):
                target = parse_target(f"http://127.0.0.1:{port}/callbacks?a=b")
                try:
                    results.append(await poster.post(target, b"[{}]", seconds))
                except OSError as error:
                    results.append(type(error))
                while rests and poster.idle_count:
                    await asyncio.sleep(0.01)
            poster.close()
            await asyncio.gather(*handlers)
        return results

    return asyncio.run(work()), connections


def test_request():
    """The request has the expected lines and the body."""
    (status,), ((request,),) = exchange(FINE)
    assert status == 200
    head, _, body = request.partition(b"\r\n\r\n")
    assert body == b"[{}]"
    first, *headers = head.split(b"\r\n")
    assert first == b"POST /callbacks?a=b HTTP/1.1"
    assert [line.partition(b": ")[0] for line in headers] == [
        b"Host",
        b"User-Agent",
        b"Content-Length",
    ]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        (b"HTTP/1.1 503 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n", 503),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + FINE, 200),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", 304),
    ],
)
def test_kept(answer, status):
    """After a complete answer the connection is reused."""
    statuses, connections = exchange(answer, FINE, posts=2)
    assert statuses == [status, 200]
    assert [len(requests) for requests in connections] == [2]


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 200),
        (b"HTTP/1.0 201 Created\r\n\r\nuntil the end", 201),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 200),
        (b"HTTP/1.1 20", ConnectionResetError),
        (b"", ConnectionResetError),
        (b"220 smtp.example.com\r\n\r\n", OSError),
        (b"\x16\x03\x01\x00\x00" * 99, OSError),
        (FINE + b"HTTP/1.1 200 and more", OSError),
    ],
)
def test_not_kept(answer, result):
    """Answers that end with the connection, and invalid ones; the next request reconnects."""
    results, connections = exchange(answer, FINE, posts=2, close_after=1)
    assert results[1] == 200
    assert results[0] == result or answer.startswith(FINE)
    assert [len(requests) for requests in connections] == [1, 1]


@pytest.mark.parametrize("rests", [False, True], ids=["not yet seen", "seen"])
def test_closed_meanwhile(rests):
    """A connection that the server closed while idle does not fail the request."""
    results, connections = exchange(FINE, FINE, FINE, posts=3, close_after=1, rests=rests)
    assert results == [200, 200, 200]
    assert len(connections) == 3


def test_unexpected_data():
    """Data without a request is not read as the next answer."""
    refusal = b"HTTP/1.1 503 \r\nContent-Length: 0\r\n\r\n"
    results, connections = exchange(FINE, FINE, posts=2, rests=True, late=refusal)
    assert results == [200, 200]
    assert [len(requests) for requests in connections] == [1, 1]


def test_without_httptools():
    """The error names the extra."""
    module = "septet.bandwidth.sandbox.delivery.posting"
    code = f"import sys; sys.modules['httptools'] = None; import {module}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "septet.bandwidth.sandbox needs httptools: pip install 'septet[serve]'" in done.stderr


def test_too_late():
    """An incomplete answer counts as none when the time is over."""
    (result,), _ = exchange(b"HTTP/1.1 200 OK\r\nContent-", seconds=0.1)
    assert result is TimeoutError


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nowhere",
        "/path",
        "ftp://127.0.0.1/",
        "http://127.0.0.1 /",
        "http://",
        "http://[",
        "http://a:b/",
        *("http://a:99999/", "http://a:0/"),
    ]
    + ["http://a/\r\nX: y", "http://a\x00/", "http://" + "a" * 99 + "/", "http://\ud800/"],
)
def test_invalid_url(url):
    """Every invalid URL is a `ValueError`."""
    with pytest.raises(ValueError, match="expected an http or https URL"):
        parse_target(url)


@pytest.mark.parametrize(
    ("url", "endpoint", "head"),
    [
        ("http://a", ("a", 80, False), b"POST / HTTP/1.1\r\nHost: a\r\n"),
        ("https://a?b", ("a", 443, True), b"POST /?b HTTP/1.1\r\nHost: a\r\n"),
        ("http://[::1]:8/x y", ("::1", 8, False), b"POST /x%20y HTTP/1.1\r\nHost: [::1]:8\r\n"),
        ("http://a/%41/é#f", ("a", 80, False), b"POST /%41/%C3%A9 HTTP/1.1\r\nHost: a\r\n"),
    ],
)
def test_url(url, endpoint, head):
    """Ports, queries, addresses and escaped characters."""
    target = parse_target(url)
    assert (target.endpoint, target.head) == (endpoint, head)


@pytest.mark.parametrize("user", ["", ":"])
def test_empty_credentials(user):
    """They are none."""
    target = parse_target(f"http://{user}@a/")
    assert (target.has_credentials, target.shown) == (False, "http://a/")
    assert b"Authorization" not in target.head


@pytest.mark.parametrize(
    ("user", "credentials"),
    [
        ("ann:hush", "ann:hush"),
        ("ann:p%40ss%3A%C3%A9", "ann:p@ss:é"),
        *(("ann", "ann:"), (":hush", ":hush"), ("ann:a:b", "ann:a:b")),
    ],
)
def test_credentials(user, credentials):
    """Credentials of a URL are decoded, and shown nowhere."""
    target = parse_target(f"http://{user}@[::1]:8/x?y")
    encoded = base64.b64encode(credentials.encode())
    assert target.head.endswith(b"Host: [::1]:8\r\nAuthorization: Basic " + encoded + b"\r\n")
    assert (target.has_credentials, target.shown) == (True, "http://[::1]:8/x?y")
    assert "Authorization" not in repr(target)
    assert encoded.decode() not in repr(target)


@pytest.mark.parametrize(
    "url",
    [
        *("htp://ann:hush@host/", "http://ann:hush@host:x/", "http://ann:hush@", "ann:hush@host"),
        *("http://ann:hu/sh@host/", "http://[ann:hush@host/", "http://ann:hush@h\x00st/"),
        *("http://ann:h@ush@/", "http://a%3Ann:hush@host/"),
    ],
)
def test_errors_have_no_credentials(url):
    """An invalid URL is shown without them, wherever they end."""
    with pytest.raises(ValueError, match=r"URL|colon") as caught:
        parse_target(url)
    for part in ("ann", "nn", "hush", "hu", "ush"):
        assert part not in str(caught.value)
