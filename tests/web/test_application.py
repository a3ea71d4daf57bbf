"""The service over real sockets: answers, refusals, headers, and large requests beside small."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import urllib.parse
from http import HTTPStatus

import pytest

pytest.importorskip("jinja2")
pytest.importorskip("msgspec")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

import septet
from septet.costing import RateCard
from septet.serving import Server
from septet.web import answers, application

CARD = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])


@pytest.fixture(scope="module")
def service():
    """A service with a rate card."""
    with Server(application(CARD)) as server:
        yield urllib.parse.urlsplit(server.url).netloc


def fetch(service, method, path, body=None):
    """Return status, headers and what the body holds."""
    connection = http.client.HTTPConnection(service, timeout=30)
    try:
        octets = json.dumps(body) if isinstance(body, (dict, list)) else body
        connection.request(method, path, octets)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    is_json = response.headers["Content-Type"] == "application/json"
    return response.status, response.headers, json.loads(content) if is_json else content.decode()


def test_page(service) -> None:
    """One page, with a policy that lets it ask this service and nothing else."""
    status, headers, html = fetch(service, "GET", "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe" not in policy
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in html
    assert 'id="to"' in html


def test_page_of_a_provider_without_rates() -> None:
    """The provider is chosen, and no number is asked for."""
    with Server(application(provider="telnyx")) as server:
        where = urllib.parse.urlsplit(server.url).netloc
        html = fetch(where, "GET", "/")[2]
        analysis = fetch(where, "POST", "/v1/analyze", {"text": "€"})[2]
    assert "<option selected>telnyx</option>" in html
    assert 'id="to"' not in html
    assert analysis["encoding"] == "ucs2"


def test_analyze(service) -> None:
    """A text in, its analysis out."""
    status, headers, analysis = fetch(service, "POST", "/v1/analyze", {"text": "😀’"})
    assert (status, analysis["encoding"], analysis["unit_count"]) == (200, "ucs2", 3)
    assert analysis["non_gsm_characters"][1]["places"] == [{"index": 1, "utf16_index": 2}]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_estimate(service) -> None:
    """Messages in, their prices out, as text."""
    messages = [{"text": "a" * 200, "to": "+12025550123"}] * 3
    status, _, answer = fetch(service, "POST", "/v1/estimate", {"messages": messages})
    assert (status, answer["messages"][0]["price"]) == (200, "0.20")
    assert answer["totals"] == {"USD": {"messages": 3, "segments": 6, "cost": "0.60"}}


def test_health_and_document(service) -> None:
    """What a load balancer asks, and what a generator of clients does."""
    assert fetch(service, "GET", "/healthz")[2] == {
        "status": "ok",
        "version": septet.__version__,
        "implementation": septet.IMPLEMENTATION,
    }
    paths = fetch(service, "GET", "/v1/openapi.json")[2]["paths"]
    assert set(paths) == {"/v1/analyze", "/v1/estimate", "/healthz"}
    for path, operations in paths.items():
        for method in operations:
            assert fetch(service, method.upper(), path, "{}")[0] in (200, 422)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("POST", "/v1/analyze", "{", 400, "the body is not JSON in UTF-8: "),
        ("POST", "/v1/analyze", {"text": 1}, 422, "expected a string, got an integer"),
        ("POST", "/v1/analyze", " " * (4 * 1024 * 1024 + 1), 413, "the body has more than 4194304"),
        ("POST", "/v1/estimate", {"messages": [{}]}, 422, "required, but missing"),
        ("GET", "/v1/analyze", None, 405, HTTPStatus.METHOD_NOT_ALLOWED.phrase),
        ("GET", "/v2", None, 404, HTTPStatus.NOT_FOUND.phrase),
    ],
)
def test_refusals(service, method, path, body, status, error) -> None:
    """Each is one JSON object that says why."""
    found, _, refusal = fetch(service, method, path, body)
    assert found == status
    assert refusal["error"].startswith(error)
    assert set(refusal) == {"error", "field", "value"}


def test_body_without_an_end(service) -> None:
    """A body in chunks is cut off as soon as it is too large."""
    connection = http.client.HTTPConnection(service, timeout=30)
    connection.request("POST", "/v1/analyze", (b" " * 65_536 for _ in range(65)))
    assert connection.getresponse().status == 413
    connection.close()


def test_large_request_keeps_nobody_waiting(service, monkeypatch) -> None:
    """While one batch is counted another request is answered."""
    begun, go_on = threading.Event(), threading.Event()
    estimate = answers.estimate

    def slow(*arguments):
        begun.set()
        assert go_on.wait(30)
        return estimate(*arguments)

    monkeypatch.setattr(answers, "estimate", slow)
    found = []
    body = {"messages": [{"text": "a"}]}
    thread = threading.Thread(
        target=lambda: found.append(fetch(service, "POST", "/v1/estimate", body)[0])
    )
    thread.start()
    assert begun.wait(30)
    assert fetch(service, "POST", "/v1/analyze", {"text": "a"})[0] == 200
    assert found == []
    go_on.set()
    thread.join()
    assert found == [200]


def test_most_that_can_be_asked(service) -> None:
    """Ten thousand messages, and a text as long as may be of characters that all block."""
    messages = [{"text": "ж" * 100, "to": "+12025550123"}] * 10_000
    octets = json.dumps({"messages": messages}, ensure_ascii=False).encode()
    assert fetch(service, "POST", "/v1/estimate", octets)[2]["segments"] == 20_000
    status, _, analysis = fetch(service, "POST", "/v1/analyze", {"text": "中" * 40_000})
    assert (status, analysis["segment_count"]) == (200, 598)


def test_without_starlette() -> None:
    """The error names the extra."""
    code = "import sys; sys.modules['starlette'] = None; import septet.web"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "the inspector needs starlette: pip install 'septet[serve]'" in done.stderr
