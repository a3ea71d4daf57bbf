"""The service over real sockets: answers, errors, headers, and concurrent requests."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http import HTTPStatus

import pytest

pytest.importorskip("jinja2")
pytest.importorskip("msgspec")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

import septet
from septet.costing import RateCard
from septet.serving import Server
from septet.standard.encoding import Language
from septet.web import application
from septet.web.api import estimates

CARD = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])


@pytest.fixture(scope="module")
def service():
    """A service with a rate card."""
    with Server(application(CARD)) as server:
        yield urllib.parse.urlsplit(server.url).netloc


def fetch(service, method, path, body=None):
    """Return the status, the headers and the decoded body."""
    connection = http.client.HTTPConnection(service, timeout=30)
    try:
        content = json.dumps(body) if isinstance(body, (dict, list)) else body
        connection.request(method, path, content)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    is_json = response.headers["Content-Type"] == "application/json"
    return response.status, response.headers, json.loads(content) if is_json else content.decode()


def test_page(service) -> None:
    """One page, with a policy that allows requests to this service only."""
    status, headers, html = fetch(service, "GET", "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe" not in policy
    assert re.findall(r"""(?:src|href)=["'](?!data:).*""", html) == []
    assert '"hasServer": true, "hasPrices": true' in html


def test_page_of_a_provider_without_rates() -> None:
    """The provider is selected, and there is no field for a number."""
    with Server(application(provider="telnyx")) as server:
        address = urllib.parse.urlsplit(server.url).netloc
        html = fetch(address, "GET", "/")[2]
        analysis = fetch(address, "POST", "/v1/analyze", {"text": "€"})[2]
    assert '"provider": "telnyx", "hasServer": true, "hasPrices": false' in html
    assert analysis["encoding"] == "ucs2"


def test_analyze(service) -> None:
    """The answer is the analysis of the text."""
    status, headers, analysis = fetch(service, "POST", "/v1/analyze", {"text": "😀’"})
    assert (status, analysis["encoding"], analysis["unit_count"]) == (200, "ucs2", 3)
    assert analysis["non_gsm_characters"][1]["indexes"] == [{"index": 1, "utf16_index": 2}]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_estimate(service) -> None:
    """The answer has prices as decimal strings."""
    messages = [{"text": "a" * 200, "to": "+12025550123"}] * 3
    status, _, answer = fetch(service, "POST", "/v1/estimate", {"messages": messages})
    assert (status, answer["messages"][0]["price"]) == (200, "0.20")
    assert answer["totals"] == {"USD": {"messages": 3, "segments": 6, "cost": "0.60"}}


def test_health_and_document(service) -> None:
    """The health check, and the operations of the OpenAPI document."""
    assert fetch(service, "GET", "/healthz")[2] == {
        "status": "ok",
        "version": septet.__version__,
        "implementation": septet.IMPLEMENTATION,
    }
    paths = fetch(service, "GET", "/v1/openapi.json")[2]["paths"]
    names = ("analyze", "check", "encode", "estimate", "transliterate")
    assert set(paths) == {"/healthz", *(f"/v1/{name}" for name in names)}
    for path, operations in paths.items():
        for method in operations:
            assert fetch(service, method.upper(), path, "{}")[0] in (200, 422)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("POST", "/v1/analyze", "{", 400, "the body is not JSON in UTF-8: "),
        ("POST", "/v1/analyze", {"text": 1}, 422, "expected a string, got an integer"),
        (
            "POST",
            "/v1/analyze",
            " " * (4 * 1024 * 1024 + 1),
            413,
            "the body is larger than 4194304",
        ),
        ("POST", "/v1/estimate", {"messages": [{}]}, 422, "required, but missing"),
        ("GET", "/v1/analyze", None, 405, HTTPStatus.METHOD_NOT_ALLOWED.phrase),
        ("GET", "/v2", None, 404, HTTPStatus.NOT_FOUND.phrase),
    ],
)
def test_refusals(service, method, path, body, status, error) -> None:
    """Each is one JSON object with the reason."""
    actual, _, refusal = fetch(service, method, path, body)
    assert actual == status
    assert refusal["error"].startswith(error)
    assert set(refusal) == {"error", "field", "value"}


def test_unbounded_body(service) -> None:
    """A chunked body is refused as soon as it is too large."""
    connection = http.client.HTTPConnection(service, timeout=30)
    connection.request("POST", "/v1/analyze", (b" " * 65_536 for _ in range(65)))
    assert connection.getresponse().status == 413
    connection.close()


def test_large_request_does_not_delay_others(service, monkeypatch) -> None:
    """While one batch is counted, another request is answered."""
    started, resume = threading.Event(), threading.Event()
    estimate = estimates.estimate

    def slow(*arguments):
        started.set()
        assert resume.wait(30)
        return estimate(*arguments)

    monkeypatch.setattr(estimates, "estimate", slow)
    statuses = []
    body = {"messages": [{"text": "a"}]}
    thread = threading.Thread(
        target=lambda: statuses.append(fetch(service, "POST", "/v1/estimate", body)[0])
    )
    thread.start()
    assert started.wait(30)
    assert fetch(service, "POST", "/v1/analyze", {"text": "a"})[0] == 200
    assert statuses == []
    resume.set()
    thread.join()
    assert statuses == [200]


def test_largest_requests(service) -> None:
    """10,000 messages, and the longest text, where every character forces UCS-2."""
    messages = [{"text": "ж" * 100, "to": "+12025550123"}] * 10_000
    body = json.dumps({"messages": messages}, ensure_ascii=False).encode()
    assert fetch(service, "POST", "/v1/estimate", body)[2]["segments"] == 20_000
    status, _, analysis = fetch(service, "POST", "/v1/analyze", {"text": "中" * 40_000})
    assert (status, analysis["segment_count"]) == (200, 598)


def test_text_that_costs_most(service) -> None:
    """With all languages, a text is limited, so that it takes about a second; see docs/serve.md."""
    languages = [language.name.lower() for language in Language]
    rules = {"languages": languages, "keep_graphemes": True}
    text = "".join(chr(0x4E00 + number) for number in range(10_001))
    status, _, refusal = fetch(service, "POST", "/v1/analyze", {"text": text, **rules})
    assert (status, refusal["field"]) == (422, "text")
    assert refusal["error"] == (
        "with languages, a text may have up to 10,000 characters, got 10,001"
    )
    status, headers, _ = fetch(service, "POST", "/v1/analyze", {"text": text[:-1], **rules})
    assert (status, int(headers["Content-Length"]) < 350 * 10_000) == (200, True)
    text = "".join(chr(0x20000 + number) for number in range(40_000))
    status, headers, _ = fetch(service, "POST", "/v1/analyze", {"text": text})
    assert (status, int(headers["Content-Length"]) < 350 * 40_000) == (200, True)


def test_without_starlette() -> None:
    """The error names the extra."""
    code = "import sys; sys.modules['starlette'] = None; from septet.web import application"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "the inspector needs starlette: pip install 'septet[serve]'" in done.stderr


@pytest.mark.parametrize("path", ["/v1/analyze", "/v1/check"])
def test_clients_that_go(path, capfd):
    """A client that goes before its request is complete is no error of the server."""
    with Server(application()) as server:
        address = urllib.parse.urlsplit(server.url)
        with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
            connection.sendall(
                b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na" % path.encode()
            )
            time.sleep(0.1)
        assert fetch(address.netloc, "GET", "/healthz")[0] == HTTPStatus.OK
    assert capfd.readouterr() == ("", "")


def test_allowed_origins() -> None:
    """Errors carry the headers too, and without the parameter nothing is allowed."""
    origin = {"Origin": "https://a.example"}
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    with Server(application(allow_origins=["https://a.example"])) as server:
        for path in ("/healthz", "/v1/analyze", "/nothing"):
            request = urllib.request.Request(f"{server.url}{path}", headers=origin)
            try:
                headers = urllib.request.urlopen(request, timeout=30).headers
            except urllib.error.HTTPError as error:
                headers = error.headers
            assert headers.get_all("Access-Control-Allow-Origin") == ["https://a.example"]
            assert headers.get_all("Vary") == ["Origin"]
            assert headers["Access-Control-Allow-Credentials"] is None
        request = urllib.request.Request(
            f"{server.url}/v1/check", None, preflight, method="OPTIONS"
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert (answer.status, answer.headers["Access-Control-Max-Age"]) == (204, "600")
    with Server(application()) as server:
        request = urllib.request.Request(f"{server.url}/healthz", headers=origin)
        headers = urllib.request.urlopen(request, timeout=30).headers
        assert headers["Access-Control-Allow-Origin"] is headers["Vary"] is None


def test_wrong_origin() -> None:
    with pytest.raises(ValueError, match="is not an origin such as"):
        application(allow_origins=["a.example"])
