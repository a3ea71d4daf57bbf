"""Requests that browsers send for foreign pages, over real sockets."""

import contextlib
import http.client
import logging
import urllib.parse

import pytest

pytest.importorskip("uvicorn")

from septet.serving import Server
from septet.serving.guard import is_loopback


async def hello(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"hello"})


@pytest.fixture(scope="module")
def url():
    """The address of a guarded server on a loopback address."""
    with Server(hello, guard=True) as server:
        yield server.url


def status(url, headers, method="POST"):
    """Return the status of the answer to a request with these headers; a list has several."""
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    connection.putrequest(method, "/", skip_host=True)
    for name, value in headers if isinstance(headers, list) else headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    with contextlib.closing(connection):
        return connection.getresponse().status


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST:8000", "127.0.0.1:1", "127.0.0.1", "127.0.0.2"),
        *("[::1]", "[::1]:65535", "[0:0:0:0:0:0:0:1]:80", "[::ffff:127.0.0.1]"),
    ],
)
def test_hosts_of_this_machine(url, host):
    """Any port is allowed, because it may be forwarded."""
    assert status(url, {"Host": host}) == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.nip.io"),
        *("", "::1", "[::1", "[fe80::1]", "10.0.0.1", "0.0.0.0", "127.0.0.1@evil.example"),
        *("caf\xe9", "2130706433.evil.example", "[::ffff:10.0.0.1]", "127.0.0.1:80:80"),
    ],
)
def test_foreign_hosts(url, host):
    """Other names and addresses are refused."""
    assert status(url, {"Host": host}) in (400, 421)
    assert status(url, {"Host": "evil.example"}) == 421
    assert status(url, [("Host", "localhost"), ("Host", "evil.example")]) in (400, 421)


SPELLINGS = [
    *("127.1", "127.0.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "127.0.0.2"),
    *("localhost", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:7f00:1"),
]


@pytest.mark.parametrize("host", SPELLINGS)
def test_spellings_of_loopback(host):
    """The bound address decides, not the text that it was given by."""
    with Server(hello, host=host, guard=True) as server:
        assert status(server.url, {"Host": urllib.parse.urlsplit(server.url).netloc}) == 200
        assert status(server.url, {"Host": "evil.example"}) == 421


@pytest.mark.parametrize("host", ["0.0.0.0", "0"])
def test_public_addresses(host):
    """The valid names are unknown, so each is allowed; foreign pages are still refused."""
    with Server(hello, host=host, guard=True) as server:
        local = server.url.replace("0.0.0.0", "127.0.0.1")
        assert status(local, {"Host": "sms.example"}) == 200
        assert status(local, {"Host": "sms.example", "Origin": "http://sms.example"}) == 200
        assert status(local, {"Host": "sms.example", "Origin": "http://evil.example"}) == 403
        assert status(local, {"Host": "sms.example", "Sec-Fetch-Site": "cross-site"}) == 403


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        *(("127.0.0.1", True), ("127.255.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True)),
        *(("0.0.0.0", False), ("::", False), ("192.0.2.1", False), ("::ffff:192.0.2.1", False)),
        *(("fe80::1%eth0", False), ("localhost", False), ("", False)),
    ],
)
def test_is_loopback(address, expected):
    """IPv4 addresses count too if they are written as IPv6 addresses."""
    assert is_loopback(address) is expected


HOST = "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"Origin": f"http://{HOST}"}, 200),
        ({"Origin": f"https://{HOST.upper()}"}, 200),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": f"http://{HOST}.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://proxy.example"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": f"http://{HOST}"}, 403),
        ({"Sec-Fetch-Site": "something-new"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
    ],
)
def test_origins(url, headers, expected):
    """Programs send neither field; a page of this server has its origin, also behind a proxy."""
    assert status(url, {"Host": HOST, **headers}) == expected


def test_repeated_fields(url):
    """A request with two origins is foreign."""
    two = [("Host", HOST), ("Origin", f"http://{HOST}"), ("Origin", "http://evil.example")]
    assert status(url, two) == 403
    two = [("Host", HOST), ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "cross-site")]
    assert status(url, two) == 403


def test_links(url):
    """A link on a foreign page opens the page of the server; a form there sends nothing."""
    link = {"Host": HOST, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert status(url, link, "GET") == 200
    assert status(url, {**link, "Sec-Fetch-Mode": "no-cors"}, "GET") == 403
    assert status(url, link, "POST") == 403


def test_log(url, caplog):
    """The log says why, with the name that was asked for, and no control characters."""
    caplog.set_level(logging.WARNING, "septet.serving")
    status(url, {"Host": "evil.example"})
    status(url, {"Host": HOST, "Origin": "http://evil\x85.example"})
    hosts, origins = [record.getMessage() for record in caplog.records]
    assert "host 'evil.example'" in hosts
    assert r"origin 'http://evil\x85.example'" in origins


def test_pages_in_a_browser(browser):
    """A page may ask its own server, and no other one on the same machine."""
    asked = []

    async def page(scope, receive, send):
        if scope["type"] == "http":
            asked.append((scope["method"], scope["path"]))
            body = b"<!doctype html><title>page</title>"
            headers = [(b"content-type", b"text/html"), (b"access-control-allow-origin", b"*")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    with Server(page, guard=True) as own, Server(page, guard=True) as other:
        opened = browser.open(f"{own.url}/start")
        ask = (
            "globalThis.done = 0; for (const url of %s)"
            " fetch(url, {method: 'POST', mode: 'no-cors', body: '[{}]'}).finally(() => done += 1)"
        )
        opened.evaluate(ask % [f"{own.url}/own", f"{other.url}/other"])
        opened.wait("done === 2")
        foreign_name = other.url.replace("127.0.0.1", "localhost")
        opened.evaluate(ask % [f"{foreign_name}/named", f"{other.url}/again"])
        opened.wait("done === 2")
    posts = [path for method, path in asked if method == "POST"]
    assert posts == ["/own"]


def test_allowed_origins():
    """Pages of them are answered; the host is checked all the same."""
    with Server(hello, guard=True, allow_origins=["https://a.example"]) as server:
        host = {"Host": "localhost"}
        foreign = {**host, "Origin": "https://a.example", "Sec-Fetch-Site": "cross-site"}
        assert status(server.url, foreign) == 200
        assert status(server.url, foreign, "OPTIONS") == 200
        assert status(server.url, {**foreign, "Origin": "https://b.example"}) == 403
        assert status(server.url, {**foreign, "Host": "evil.example"}) == 421
        # A script or a picture, which a browser loads without an origin.
        assert status(server.url, {**host, "Sec-Fetch-Site": "cross-site"}, "GET") == 403
        double = [*foreign.items(), ("Origin", "https://a.example")]
        assert status(server.url, double) == 403


def test_no_origin():
    with pytest.raises(ValueError, match="is not an origin"):
        Server(hello, guard=True, allow_origins=["a.example"])
