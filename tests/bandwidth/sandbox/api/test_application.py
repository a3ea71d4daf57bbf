"""The API over HTTP: each documented error, and arbitrary requests."""

import logging
import socket
import subprocess
import sys
import time

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from septet.bandwidth.sandbox import Sandbox


def test_without_starlette():
    """The error names the extra."""
    code = "import sys; sys.modules['starlette'] = None; import septet.bandwidth.sandbox"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "septet.bandwidth.sandbox needs starlette: pip install 'septet[serve]'" in done.stderr


def test_invalid(send):
    """400 names the field."""
    answer = send(to=["3125550140"])
    assert answer.status_code == 400
    body = answer.json()
    assert body["type"] == "request-validation"
    assert body["description"]
    (fault,) = body["fieldErrors"]
    assert fault["fieldName"] == "to"
    assert "E.164" in fault["description"]


@pytest.mark.parametrize(
    ("kind", "body", "status", "error"),
    [
        ("text/plain", b"{}", 415, "unsupported-content-type"),
        ("", b"{}", 415, "unsupported-content-type"),
        ("application/json; charset=utf-8", b"{", 400, "request-validation"),
        ("application/json", b"[1]", 400, "request-validation"),
        ("application/json", b"x" * ((1 << 20) + 1), 400, "request-validation"),
    ],
)
def test_bodies(sandbox, kind, body, status, error):
    """Unreadable bodies are answered in the documented form."""
    url = f"{sandbox.url}/users/5550100/messages"
    answer = httpx2.post(url, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["type"]) == (status, error)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/users/5550100/massages", 404),
        ("GET", "/", 404),
        ("GET", "/users/5550100/messages/happy", 404),
    ],
)
def test_wrong_path(sandbox, method, path, status):
    """Outside the API, errors have the form of the web framework."""
    answer = httpx2.request(method, sandbox.url + path)
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert set(body) == {"timestamp", "status", "error", "message", "path"}
    assert body["path"] == f"/api/v2{path}"


@pytest.mark.parametrize(
    ("method", "status", "error_type"),
    [("POST", 404, "not-found"), ("GET", 405, "method-not-allowed")],
)
def test_multi_channel(sandbox, method, status, error_type):
    """Messages by several channels are not simulated; their errors are in an array."""
    answer = httpx2.request(method, f"{sandbox.url}/users/5550100/messages/multiChannel")
    body = answer.json()
    assert answer.status_code == status
    (error,) = body.pop("errors")
    assert body == {"links": [], "data": None}
    assert (error["type"], error["source"]) == (error_type, {})
    assert error["description"]


@pytest.mark.parametrize("path", ["messages", "messages/", "media", "media/a"])
def test_wrong_method(sandbox, path):
    """405 has the form of the API."""
    answer = httpx2.patch(f"{sandbox.url}/users/5550100/{path}")
    assert (answer.status_code, answer.json()["type"]) == (405, "method-not-allowed")
    assert set(answer.json()) == {"type", "description"}


def test_allowed_methods(sandbox):
    """405 names every method of the address."""
    for path, methods in (
        ("messages", "GET HEAD POST"),
        ("media/a", "DELETE GET HEAD PUT"),
        ("media", "GET HEAD"),
    ):
        answer = httpx2.options(f"{sandbox.url}/users/5550100/{path}")
        assert answer.status_code == 405
        assert sorted(answer.headers["Allow"].split(", ")) == methods.split()


def test_slash_at_the_end(sandbox):
    """A request with a slash at the end is answered, and not redirected."""
    url = f"{sandbox.url}/users/5550100/messages/"
    message = {"applicationId": "a", "from": "+12025550100", "to": "+13125550140", "text": "hi"}
    accepted = httpx2.post(url, json=message)
    assert accepted.status_code == 202
    found = httpx2.get(url, params={"messageId": accepted.json()["id"]})
    assert (found.status_code, found.json()["totalCount"]) == (200, 1)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 401),
        (("ann", "open"), 401),
        (("bob", "sesame"), 401),
        (("ann", "sesame"), 400),
    ],
)
def test_credentials(given, status):
    """Wrong credentials are answered with 401 before the body is checked."""
    with Sandbox(username="ann", password="sesame") as sandbox:
        url = f"{sandbox.url}/users/5550100/messages"
        answer = httpx2.post(url, auth=given, json={})
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["type"] == "unauthorized"


LINES = st.binary(max_size=40).map(lambda data: data.translate(None, b"\r\n"))
REQUESTS = st.builds(
    lambda method, path, headers, body: b"".join(
        (method, b" /", path, b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")
        + tuple(name + b": " + value + b"\r\n" for name, value in headers)
        + (b"Content-Length: %d\r\n\r\n" % len(body), body)
    ),
    st.sampled_from([b"GET", b"POST", b"PUT", b"DELETE", b"HEAD", b"OPTIONS", b"BREW"]),
    st.sampled_from(
        [
            *(b"api/v2/users/1/messages", b"api/v2/users/%FF/messages?limit=x&messageId=%00"),
            *(b"api/v2/users/1/media/a", b"api/v2/users/1/media", b"api/v1/oauth2/token"),
            *(b"", b"activity?after=-1", b"api/v2/users//messages", b"api/v2/../%2e%2e/"),
        ]
    )
    | LINES.map(lambda data: data.replace(b" ", b"")),
    st.lists(
        st.tuples(
            st.sampled_from([b"Content-Type", b"Authorization", b"Continuation-Token", b"X-Y"]),
            LINES | st.sampled_from([b"application/json", b"Basic \xff", b"Bearer "]),
        ),
        max_size=3,
    ),
    st.binary(max_size=200) | st.sampled_from([b"{}", b"[" * 9999, b'{"to":{}}', b"\xff"]),
)


@pytest.fixture(scope="module")
def addresses():
    """Two sandboxes, one with credentials; neither may log a traceback."""
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    logging.getLogger().addHandler(handler)
    with Sandbox(username="ann", password="sesame") as closed, Sandbox() as sandbox:
        yield [
            ("127.0.0.1", int(each.page_url.rstrip("/").rpartition(":")[2]))
            for each in (sandbox, closed)
        ]
    logging.getLogger().removeHandler(handler)
    assert [record for record in records if record.exc_info] == []


@settings(max_examples=2 * settings.default.max_examples)
@given(REQUESTS | st.binary(), st.sampled_from([0, 1]))
def test_any_request(addresses, request_bytes, index):
    """Any bytes get an answer, and never a 5xx."""
    with socket.create_connection(addresses[index], timeout=10) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while data := connection.recv(1 << 16):
                answer += data
        except ConnectionResetError:
            pass
    is_whole = b"\r\n\r\n" in request_bytes
    assert answer[:9] == b"HTTP/1.1 " or not is_whole
    assert not answer.startswith(b"HTTP/1.1 5")


@pytest.mark.parametrize("request_line", ["POST /messages", "PUT /media/a"])
def test_clients_that_go(request_line, capfd):
    """A client that goes before its request is complete is no error, and gets no answer."""
    method, path = request_line.split()
    with Sandbox() as sandbox:
        url = httpx2.URL(sandbox.url)
        with socket.create_connection((url.host, url.port), timeout=20) as connection:
            head = (
                f"{method} {url.path}/users/1{path} HTTP/1.1\r\nHost: localhost\r\n"
                "Content-Type: application/json\r\nContent-Length: 9\r\n\r\na"
            )
            connection.sendall(head.encode())
            time.sleep(0.1)
        while not sandbox.requests:
            time.sleep(0.01)
        assert sandbox.requests[0].status is None
    assert capfd.readouterr() == ("", "")
