"""Cross-origin requests: which origins are valid, and the headers of answers."""

import asyncio

import pytest

from septet.serving.origins import is_allowed, read_origins, shared


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://example.com", "https://example.com"),
        ("HTTPS://Example.COM:443", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
        ("*", "*"),
    ],
)
def test_origins(origin, expected) -> None:
    """They are read as browsers send them."""
    assert read_origins([origin]) == {expected}


@pytest.mark.parametrize(
    "origin",
    [
        *("", "example.com", "https://example.com/", "https://example.com/app", "https://"),
        *("https://*.example.com", "https://a@b.com", "http://a:0", "http://a:65536", "http://a:"),
        *("//example.com", "https://example.com?x", "https://é.com", "https://a b", "file://"),
        *("https://a.com, https://b.com", "https://a.com\n"),
    ],
)
def test_no_origins(origin) -> None:
    with pytest.raises(ValueError, match="is not an origin such as") as caught:
        read_origins(["https://example.com", origin])
    assert repr(origin) in str(caught.value)


def test_null() -> None:
    """Any page can hide its origin, so that it says nothing; the error says what to do."""
    with pytest.raises(ValueError, match="null is the origin of files"):
        read_origins(["null"])


def test_is_allowed() -> None:
    origins = read_origins(["https://a.example"])
    assert is_allowed("https://a.example", origins)
    for origin in (None, "", "null", "https://a.example.evil", "http://a.example", "*"):
        assert not is_allowed(origin, origins)
    assert is_allowed("null", read_origins(["*"]))
    assert not is_allowed(None, read_origins(["*"]))


async def _app(scope, receive, send):
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 418, "headers": headers})
    await send({"type": "http.response.body", "body": b"tea"})


def ask(origins, method, *headers):
    """Return the status and the headers of the answer, without the application's own."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "headers": list(headers)}
    asyncio.run(shared(_app, read_origins(origins))(scope, None, send))
    fields = dict(sent[0]["headers"])
    assert len(fields) == len(sent[0]["headers"])
    fields.pop(b"content-type", None)
    return sent[0]["status"], {name.decode(): value.decode() for name, value in fields.items()}


ORIGIN = (b"origin", b"https://a.example")
PREFLIGHT = (b"access-control-request-method", b"POST")


def test_answers() -> None:
    """Every answer to an allowed origin says so, errors too."""
    origins = ["https://a.example", "http://b.example:8080"]
    allowed = {"access-control-allow-origin": "https://a.example", "vary": "Origin"}
    assert ask(origins, "POST", ORIGIN) == (418, allowed)
    assert ask(["*"], "POST", ORIGIN) == (418, {"access-control-allow-origin": "*"})
    assert ask(["*"], "POST", (b"origin", b"null")) == (418, {"access-control-allow-origin": "*"})


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [(b"origin", b"https://evil.example")],
        [(b"origin", b"null")],
        [(b"origin", b"https://a.example\xff")],
        [ORIGIN, (b"origin", b"https://evil.example")],
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_other_origins(method, headers) -> None:
    """Nothing is allowed; the answer depends on the origin all the same."""
    assert ask(["https://a.example"], method, *headers, PREFLIGHT) == (418, {"vary": "Origin"})


def test_preflight() -> None:
    """The application does not see it."""
    expected = {
        "vary": "Origin",
        "access-control-allow-origin": "https://a.example",
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-headers": "Content-Type",
        "access-control-max-age": "600",
    }
    assert ask(["https://a.example"], "OPTIONS", ORIGIN, PREFLIGHT) == (204, expected)
    private = (b"access-control-request-private-network", b"true")
    expected["access-control-allow-private-network"] = "true"
    assert ask(["https://a.example"], "OPTIONS", ORIGIN, PREFLIGHT, private) == (204, expected)


def test_options_without_preflight() -> None:
    assert ask(["*"], "OPTIONS", ORIGIN)[0] == 418


def test_other_protocols() -> None:
    """The start and the end of the application are passed on."""
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)

    scope = {"type": "lifespan"}
    asyncio.run(shared(app, read_origins(["*"]))(scope, None, None))
    assert seen == [scope]
