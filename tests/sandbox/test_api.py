"""The API over HTTP: each documented error, and requests of any kind."""

import httpx2
import pytest

from septet.sandbox import Sandbox


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
        ("application/json", b"x" * ((1 << 20) + 1), 413, "request-validation"),
    ],
)
def test_bodies(sandbox, kind, body, status, error):
    """What cannot be read is answered in the documented form."""
    url = f"{sandbox.url}/users/5550100/messages"
    answer = httpx2.post(url, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["type"]) == (status, error)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/users/5550100/massages", 404),
        ("GET", "/", 404),
        ("DELETE", "/users/5550100/messages", 405),
        ("PATCH", "/users/5550100/messages", 405),
    ],
)
def test_wrong_path(sandbox, method, path, status):
    """Outside the API it is the framework that answers, in its own form."""
    answer = httpx2.request(method, sandbox.url + path)
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert set(body) == {"timestamp", "status", "error", "message", "path"}
    assert body["path"] == f"/api/v2{path}"


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
    """Without the right ones it is 401 before anything else."""
    with Sandbox(username="ann", password="sesame") as sandbox:
        url = f"{sandbox.url}/users/5550100/messages"
        answer = httpx2.post(url, auth=given, json={})
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["type"] == "unauthorized"
