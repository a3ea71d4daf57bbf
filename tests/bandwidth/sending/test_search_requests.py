"""Searches over real sockets: pages, retries and answers that are not pages."""

from __future__ import annotations

import pytest

from bandwidth_service import Service, answer, raw

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")


from septet.bandwidth import (
    UnansweredError,
)


class TestSearch:
    def test_pages(self, client):
        """All pages, with the filters on each."""
        pages = [
            {"messages": [{"messageId": "1"}, None], "pageInfo": {"nextPageToken": "a+b"}},
            {"messages": [{"messageId": "2"}], "pageInfo": {"nextPageToken": None}},
        ]
        with Service(*(answer(200, page) for page in pages)) as service:
            records = client(service).search(source_tn="+12025550100", limit=2)
            targets = [received.target for received in service.received]
        first = "/users/9900000/messages?sourceTn=%2B12025550100&limit=2"
        assert targets == [first, f"{first}&pageToken=a%2Bb"]
        assert [record.message_id for record in records] == ["1", "2"]

    def test_asked_again(self, client):
        """A search is safe to repeat."""
        replies = (
            answer(429, Retry_After="0"),
            answer(503),
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
            answer(200, {"messages": []}),
        )
        with Service(*replies) as service:
            assert client(service).search(message_id="1") == []
            assert len(service.received) == 4

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"messages": 1}'])
    def test_no_page(self, client, body):
        """An answer that is not a list raises an error, instead of an empty list."""
        with Service(answer(200, body)) as service, pytest.raises(UnansweredError) as caught:
            client(service).search(message_id="1")
        assert caught.value.body == body

    def test_unknown_filter(self, client):
        """The error is raised before the first request."""
        with Service(answer()) as service:
            calls = client(service)
            with pytest.raises(TypeError, match="'sourceTn'"):
                calls.client.search(sourceTn="1")
            with pytest.raises(TypeError, match="'sourceTn'"):
                calls.count_messages(sourceTn="1")
            assert service.connections == 0


class TestCountMessages:
    def test_total(self, client):
        """One request, whose answer has the number; it is repeated as a search is."""
        page = {"totalCount": 12_345, "messages": [{}], "pageInfo": {"nextPageToken": "a"}}
        with Service(answer(503, Retry_After="0"), answer(200, page)) as service:
            filters = {"source_tn": "+12025550100", "limit": 7, "limit_total_count": True}
            assert client(service).count_messages(**filters) == 12_345
            targets = [received.target for received in service.received]
        query = "sourceTn=%2B12025550100&limit=1&limitTotalCount=true"
        assert targets == [f"/users/9900000/messages?{query}"] * 2

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"totalCount": -1}'])
    def test_no_number(self, client, body):
        """An answer without the number raises an error, instead of 0."""
        with Service(answer(200, body)) as service, pytest.raises(UnansweredError) as caught:
            client(service).count_messages(message_id="1")
        assert caught.value.body == body
