"""Files that the provider keeps: uploads, lists, downloads."""

from __future__ import annotations

import pytest

from bandwidth_service import Service, answer, raw, reset, silence

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")


from septet.bandwidth import (
    RefusedError,
    UnansweredError,
)


class TestMedia:
    def test_upload(self, client):
        """The request has the name, type and contents; the result is the URL."""
        with Service(answer(204)) as service:
            calls = client(service)
            url = calls.upload_media("logos/a b?#%é.png", b"\x89PNG", content_type="image/png")
            (received,) = service.received
        target = "/users/9900000/media/logos/a%20b%3F%23%25%C3%A9.png"
        assert (received.method, received.target) == ("PUT", target)
        assert (received.body, received.headers["content-type"]) == (b"\x89PNG", "image/png")
        assert url == service.url + target
        assert "cache-control" not in received.headers

    def test_cache_control(self, client):
        """The directives are a header of the request."""
        options = {"content_type": "image/png", "cache_control": "no-cache, max-age=60"}
        with Service(answer(204)) as service:
            client(service).upload_media("a.png", b"\x89PNG", **options)
            (received,) = service.received
        assert received.headers["cache-control"] == "no-cache, max-age=60"
        assert received.headers["content-type"] == "image/png"

    def test_upload_of_a_file(self, client, tmp_path):
        """A file is read once, and each attempt sends all of it."""
        path = tmp_path / "a.txt"
        path.write_bytes(b"hello")
        with Service(raw(b""), answer(503), answer(204)) as service, path.open("rb") as file:
            client(service).upload_media("a.txt", file, content_type="text/plain")
            assert [received.body for received in service.received] == [b"hello"] * 3

    def test_list(self, client):
        """All pages, by the header with the token; unusable entries are left out."""
        first = [
            {"mediaName": "a/b c.png", "contentLength": 5, "content": "http://x/"},
            {"contentLength": 7},
            None,
        ]
        replies = answer(200, first, Continuation_Token="1/2"), answer(200, [{"mediaName": "c"}])
        with Service(*replies) as service:
            files = client(service).list_media()
            tokens = [received.headers.get("continuation-token") for received in service.received]
        assert tokens == [None, "1/2"]
        assert [file.media_id for file in files] == ["a/b c.png", "c"]
        assert [file.byte_count for file in files] == [5, None]
        assert files[0].url == f"{service.url}/users/9900000/media/a/b%20c.png"
        assert files[0].payload == first[0]

    def test_list_with_a_repeated_token(self, client):
        """A token that was just used does not lead to another page."""
        with Service(answer(200, [{"mediaName": "a"}], Continuation_Token="1")) as service:
            assert len(client(service).list_media()) == 2

    @pytest.mark.parametrize("name", ["m17/0/b w.png", "{url}/users/9900000/media/m17/0/b%20w.png"])
    def test_download(self, client, name):
        """By the id, or by the URL that an event has."""
        data = bytes(range(256)) * 1000
        with Service(answer(200, data)) as service:
            chunks = client(service).download_media(name.format(url=service.url))
            assert b"".join(chunks) == data
            assert service.received[0].target == "/users/9900000/media/m17/0/b%20w.png"

    @pytest.mark.parametrize(
        "media",
        [
            "https://elsewhere.example/users/9900000/media/a.png",
            "{url}.elsewhere.example/users/9900000/media/a.png",
            "{url}@elsewhere.example/users/9900000/media/a.png",
            "{url}/users/9900001/media/a.png",
            "{url}/users/9900000/media/../messages",
            "{url}/users/9900000/media/%2e%2e/messages",
            "ftp://127.0.0.1/a.png",
            "../messages",
            "a/./b",
            "a//b",
            "/a",
            "",
        ],
    )
    def test_elsewhere(self, client, media):
        """Credentials go to this account's files only."""
        with Service(answer(200)) as service:
            calls = client(service)
            for call in (calls.download_media, calls.delete_media):
                with pytest.raises(ValueError, match="is not a"):
                    call(media.format(url=service.url))
            assert service.connections == 0

    def test_save(self, client, tmp_path):
        """The file appears when it is complete."""
        path = tmp_path / "a.png"
        path.write_bytes(b"older")
        with Service(answer(503), answer(200, b"newer one")) as service:
            assert client(service).save_media("a.png", path) == 9
        assert path.read_bytes() == b"newer one"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize(
        "reply",
        [
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            silence(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
            answer(404, {"status": 404, "error": "Not Found"}),
        ],
    )
    def test_interrupted_save(self, client, tmp_path, reply):
        """An incomplete download raises an error and leaves the older file."""
        path = tmp_path / "a.png"
        path.write_bytes(b"older")
        with Service(reply) as service, pytest.raises((UnansweredError, RefusedError)):
            client(service, timeout=0.2).save_media("a.png", path)
        assert path.read_bytes() == b"older"
        assert list(tmp_path.iterdir()) == [path]

    def test_delete(self, client):
        """Deleting is safe to repeat."""
        with Service(reset(), answer(502), answer(204)) as service:
            assert client(service).delete_media("a/b.png") is None
            assert {(r.method, r.target) for r in service.received} == {
                ("DELETE", "/users/9900000/media/a/b.png")
            }
            assert len(service.received) == 3

    def test_redirect(self, client):
        """It is neither followed nor repeated."""
        with Service(answer()) as other, Service(answer(302, Location=other.url)) as service:
            with pytest.raises(RefusedError, match="redirects are not followed"):
                client(service).download_media("a.png")
            assert (len(service.received), other.connections) == (1, 0)
