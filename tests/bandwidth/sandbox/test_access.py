"""Authentication: HTTP Basic, and OAuth tokens for the same credentials."""

import httpx2
import pytest

from septet.bandwidth.sandbox import Sandbox
from septet.bandwidth.sandbox.access import basic

FORM = {"grant_type": "client_credentials"}


@pytest.fixture
def options():
    return {"username": "ann", "password": "sésame"}


def test_basic():
    """Credentials are encoded as UTF-8 and base64."""
    assert basic("ann", "sésame") == "Basic YW5uOnPDqXNhbWU="


def test_token(sandbox):
    """A token gives the same access as the credentials."""
    answer = httpx2.post(sandbox.token_url, data=FORM, auth=("ann", "sésame"))
    granted = answer.json()
    assert (answer.status_code, granted["expires_in"]) == (200, 3600)
    assert granted["token_type"] == "bearer"
    assert answer.headers["Cache-Control"] == "no-store"
    url = f"{sandbox.url}/users/5550100/media"
    for token, status in ((granted["access_token"], 200), ("x", 401), ("x y", 401)):
        answer = httpx2.get(url, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        *(("basic YW5uOnPDqXNhbWU=", 200), ("BASIC YW5uOnPDqXNhbWU=", 200)),
        *(("Basic  YW5uOnPDqXNhbWU=", 200), ("Basic YW5uOnPDqXNhbW", 401)),
        *(("Basic", 401), ("YW5uOnPDqXNhbWU=", 401), ("Digest YW5uOnPDqXNhbWU=", 401)),
        *(("BasicYW5uOnPDqXNhbWU=", 401), ("", 401), ("Basic YW5uOng=", 401)),
    ],
)
def test_scheme(sandbox, authorization, status):
    """The name of the scheme is not case-sensitive; the credentials are."""
    url = f"{sandbox.url}/users/5550100/media"
    assert httpx2.get(url, headers={"Authorization": authorization}).status_code == status
    for page in (sandbox.page_url, f"{sandbox.page_url}activity"):
        assert httpx2.get(page, headers={"Authorization": authorization}).status_code == status


def test_page(sandbox):
    """A browser asks for the credentials, and nothing is shown before."""
    for path in ("", "activity"):
        answer = httpx2.get(f"{sandbox.page_url}{path}")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="septet sandbox"'
        assert answer.text == "the credentials are missing or wrong\n"


CHALLENGE = 'Basic realm="septet sandbox"'


def test_no_token(sandbox):
    """Wrong credentials and other grant types get no token."""
    answer = httpx2.post(sandbox.token_url, data=FORM, auth=("ann", "x"))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert answer.headers["WWW-Authenticate"] == CHALLENGE
    for form in ({"grant_type": "password"}, {}):
        answer = httpx2.post(sandbox.token_url, data=form, auth=("ann", "sésame"))
        assert (answer.status_code, answer.json()) == (400, {"error": "unsupported_grant_type"})


def test_expired_token():
    """A token expires after its lifetime."""
    options = {"username": "ann", "password": "b", "token_seconds": 0}
    with Sandbox(**options) as sandbox:
        token = httpx2.post(sandbox.token_url, data=FORM, auth=("ann", "b")).json()["access_token"]
        url = f"{sandbox.url}/users/5550100/media"
        answer = httpx2.get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("POST", "messages"), ("GET", "messages"), ("GET", "media")),
        *(("GET", "media/a"), ("PUT", "media/a"), ("DELETE", "media/a")),
        *(("POST", "messages/"), ("PUT", "media/")),
    ],
)
def test_every_route(sandbox, method, path):
    """Every route requires credentials, and asks for them."""
    answer = httpx2.request(method, f"{sandbox.url}/users/5550100/{path}")
    assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == CHALLENGE


def test_multi_channel(sandbox):
    """The error of multi-channel messages is in an array."""
    answer = httpx2.post(f"{sandbox.url}/users/5550100/messages/multiChannel", json={})
    assert (answer.status_code, answer.json()["errors"][0]["type"]) == (401, "unauthorized")
