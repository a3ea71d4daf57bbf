"""Media over HTTP: upload, download, list and delete; and their lifetime."""

import httpx2
import pytest

from septet.bandwidth.sandbox.api.media import MAX_MEDIUM_BYTES, MediaStore
from septet.bandwidth.sandbox.clock import Clock


@pytest.fixture
def media(sandbox):
    with httpx2.Client(base_url=f"{sandbox.url}/users/5550100", timeout=10) as client:
        yield client


def test_upload_and_download(media):
    """Content, type and cache control are kept; an upload replaces; names may have slashes."""
    url = "/media/1793/0/m%C3%A9ter%20a.png"
    headers = {"Content-Type": "image/png", "Cache-Control": "no-cache"}
    for octets in (b"first", b"\x89PNG\x00"):
        assert media.put(url, content=octets, headers=headers).status_code == 204
    answer = media.get(url)
    assert (answer.status_code, answer.content) == (200, b"\x89PNG\x00")
    assert {name: answer.headers[name] for name in headers} == headers
    (entry,) = media.get("/media").json()
    assert (entry["contentLength"], entry["mediaName"]) == (5, "1793/0/méter a.png")
    assert httpx2.get(entry["content"]).content == b"\x89PNG\x00"
    assert media.delete(url).status_code == 204
    assert media.get(url).status_code == 404
    assert media.get("/media").json() == []


@pytest.mark.parametrize("name", ["a", "1793/0/a.png", "a%2Fb", "%FF", "a/", "..a"])
def test_missing(media, name):
    """A missing file is deleted as often as one likes; to get it is an error of the API."""
    for _ in range(2):
        assert media.delete(f"/media/{name}").status_code == 204
    answer = media.get(f"/media/{name}")
    assert (answer.status_code, answer.json()["type"]) == (404, "not-found")
    assert "there is no media file" in answer.json()["description"]
    assert media.head(f"/media/{name}").status_code == 404


def test_without_a_name(media):
    """A file needs a name; without one, the list is read."""
    for method in ("PUT", "DELETE"):
        for name in ("", "%2F", "/", "///"):
            answer = media.request(method, f"/media/{name}")
            assert (answer.status_code, answer.json()["type"]) == (400, "request-validation")
    media.put("/media/a", content=b"a")
    assert media.get("/media/").json() == media.get("/media").json()
    (entry,) = media.get("/media/").json()
    assert httpx2.get(entry["content"]).content == b"a"


def test_head(media):
    """HEAD has the fields of GET and no body."""
    media.put("/media/a", content=b"abc", headers={"Content-Type": "image/png"})
    answer = media.head("/media/a")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["Content-Length"], answer.headers["Content-Type"]) == ("3", "image/png")


@pytest.mark.parametrize("headers", [{}, {"Content-Type": ""}])
def test_without_content_type(media, headers):
    """A file of an unknown type is bytes."""
    media.put("/media/a", content=b"a", headers=headers)
    assert media.get("/media/a").headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("content_type", ["image", "image/", "/png", "a b/c", "image/png, b"])
def test_wrong_content_type(media, content_type):
    """A type without its two parts is refused."""
    answer = media.put("/media/a", content=b"a", headers={"Content-Type": content_type})
    assert (answer.status_code, answer.json()["type"]) == (415, "unsupported-content-type")


def test_without_cache_control(media):
    """The header is missing if the upload had none."""
    media.put("/media/a", content=b"a", headers={"Content-Type": "image/png"})
    assert "Cache-Control" not in media.get("/media/a").headers


def test_accounts(media, sandbox):
    """Each account has its own files, at URLs whatever its id is."""
    odd = f"{sandbox.url}/users/5%3F%20%C3%A9"
    httpx2.put(f"{odd}/media/a", content=b"b")
    (entry,) = httpx2.get(f"{odd}/media").json()
    assert entry["content"] == f"{odd}/media/a"
    media.put("/media/a", content=b"a")
    assert httpx2.get(f"{sandbox.url}/users/5550101/media/a").status_code == 404
    assert httpx2.get(f"{sandbox.url}/users/5550101/media").json() == []


def test_too_large(media):
    """A file of the maximum size is accepted, one more byte is not."""
    assert MAX_MEDIUM_BYTES == 3_500_000
    assert media.put("/media/a", content=b"x" * MAX_MEDIUM_BYTES).status_code == 204
    assert media.put("/media/b", content=b"x" * (MAX_MEDIUM_BYTES + 1)).status_code == 400
    assert len(media.get("/media").json()) == 1


def test_pages(media):
    """Pages of 1,000 list each file once."""
    names = [f"é{number:04}" for number in range(1001)]
    for name in names:
        media.put(f"/media/{name}", content=b"")
    first = media.get("/media")
    assert [entry["mediaName"] for entry in first.json()] == names[:1000]
    token = first.headers["Continuation-Token"]
    last = media.get("/media", headers={"Continuation-Token": token})
    assert [entry["mediaName"] for entry in last.json()] == names[1000:]
    assert "Continuation-Token" not in last.headers
    for token in ("x", "/w==", "é".encode()):
        assert media.get("/media", headers={"Continuation-Token": token}).status_code == 400


class Hours(Clock):
    """A clock that shows a time set by the test."""

    hours = 0.0

    def now(self):
        return self.hours * 3600


def test_kept_for_48_hours():
    """Files expire 48 hours after the latest upload."""
    clock = Hours()
    store = MediaStore(clock)
    store.put("1", "a", b"a", "text/plain", None)
    clock.hours = 10
    store.put("1", "b", b"b", "text/plain", None)
    store.put("1", "a", b"A", "text/plain", None)
    clock.hours = 57.9
    assert store.get("1", "a").content == b"A"
    clock.hours = 58
    assert store.get("1", "a") is None
    assert store.page("1", None) == ({}, None)


def test_total_size():
    """The oldest files are deleted when all together are too large."""
    store = MediaStore(Clock())
    octets = bytes(MAX_MEDIUM_BYTES)
    for number in range(77):
        store.put("1", f"{number:02}", octets, "image/png", None)
    page, _ = store.page("1", None)
    assert min(page) == "01"
    assert len(page) == 76
