"""The API used by a page of another origin, in a real browser."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("jinja2")
pytest.importorskip("msgspec")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from septet.serving import Server
from septet.web import application

REQUEST = """
(async () => {
    try {
        const response = await fetch("URL/v1/PATH", {
            method: "POST",
            headers: {"Content-Type": "application/json"},
            body: BODY,
        });
        return [response.status, await response.json()];
    } catch (error) {
        return [error.name, null];
    }
})()
"""


async def empty_page(scope, receive, send):
    headers = [(b"content-type", b"text/html")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<!doctype html><title>Other</title>"})


def fetch(page, url, path, body):
    code = REQUEST.replace("URL", url).replace("PATH", path)
    return page.evaluate(code.replace("BODY", json.dumps(json.dumps(body))))


@pytest.mark.parametrize("allowed", ["the page", "any"])
def test_page_of_another_origin(browser, allowed) -> None:
    """It reads answers and errors; a page of an origin that is not allowed reads nothing."""
    with Server(empty_page) as site:
        # The same server by another name is another origin.
        other = site.url.replace("127.0.0.1", "localhost")
        origins = [site.url] if allowed == "the page" else ["*"]
        with Server(
            application(allow_origins=origins), guard=True, allow_origins=origins
        ) as service:
            page = browser.open(f"{site.url}/")
            status, answer = fetch(page, service.url, "transliterate", {"text": "it’s"})
            assert (status, answer["text"]) == (200, "it's")
            status, answer = fetch(page, service.url, "encode", {"text": 1})
            assert (status, answer["field"]) == (422, "text")
            stranger = browser.open(f"{other}/")
            result = fetch(stranger, service.url, "encode", {"text": "Hi"})
            assert result[0] == ("TypeError" if allowed == "the page" else 200)


def test_nothing_is_allowed_without_the_option(browser) -> None:
    with Server(empty_page) as site, Server(application(), guard=True) as service:
        page = browser.open(f"{site.url}/")
        assert fetch(page, service.url, "encode", {"text": "Hi"}) == ["TypeError", None]
