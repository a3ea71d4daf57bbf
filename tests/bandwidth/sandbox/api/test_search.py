"""The search: filters, pages, and no texts in the results."""

import time

import httpx2
import pytest

from septet.bandwidth.sandbox.api.tokens import token_of

GROUP = ["+13125550140", "+12025550"]


@pytest.fixture
def find(sandbox, send):
    """Search among three messages; return the answer."""
    ids = {
        "sms": send(text="x" * 161).json()["id"],
        "group": send(to=GROUP).json()["id"],
        "in": sandbox.receive("+13125550149", "+12025550100", "hi").id,
    }
    sandbox.wait_until_idle()

    def find(**query):
        return httpx2.get(f"{sandbox.url}/users/5550100/messages", params=query)

    find.ids = ids
    return find


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ({"messageStatus": "DELIVERED"}, ["group", "sms"]),
        ({"messageStatus": "failed"}, ["group"]),
        ({"errorCode": "4303"}, ["group"]),
        ({"messageDirection": "INBOUND"}, ["in"]),
        ({"messageType": "sms"}, ["in", "sms"]),
        ({"sourceTn": "+13125550149"}, ["in"]),
        ({"destinationTn": "+1312555"}, ["group", "sms"]),
        ({"destinationTn": "+1"}, []),
        ({"destinationTn": "+12025550,+12025550100"}, ["group", "in"]),
        ({"fromSegmentCount": "2"}, ["sms"]),
        ({"toSegmentCount": "1", "messageStatus": "DELIVERED"}, ["group"]),
        ({"fromDateTime": "2000-01-01T00:00:00.000Z"}, ["group", "group", "in", "sms"]),
        ({"callingNumberCountryA3": "USA", "messageType": "mms"}, ["group", "group"]),
        ({"callingNumberCountryA3": "CAN"}, []),
        ({"calledNumberCountryA3": "usa", "messageType": "sms"}, ["in", "sms"]),
        ({"bwQueued": "true"}, []),
        ({"bwQueued": "false", "carrierQueued": "FALSE"}, ["group", "group", "in", "sms"]),
        ({"messageType": "rcs"}, []),
        ({"carrierName": "None"}, []),
        ({"campaignId": "0"}, []),
        ({"fromMessageSize": "3"}, ["sms"]),
        ({"toMessageSize": "9999999999"}, ["in", "sms"]),
        ({"toMessageSize": "2"}, ["in"]),
        ({"fromBwLatency": "0"}, ["group", "group", "sms"]),
        ({"fromBwLatency": "999999"}, []),
        ({"fromCarrierLatency": "0"}, ["group", "sms"]),
        ({"product": "LOCAL_A2P"}, ["group", "group", "in", "sms"]),
        ({"product": "TOLL_FREE"}, []),
        ({"location": "x"}, []),
        ({"toDateTime": "2000-01-01T00:00:00.000+01:00"}, []),
    ],
)
def test_filters(find, query, matches):
    """There is one entry for each recipient."""
    answer = find(**query)
    assert answer.status_code == 200
    names = {value: key for key, value in find.ids.items()}
    entries = answer.json()["messages"]
    assert sorted(names[entry["messageId"]] for entry in entries) == matches
    assert answer.json()["totalCount"] == len(matches)


def test_entry(find):
    """An entry has the documented fields."""
    (entry,) = find(messageId=find.ids["group"], errorCode="4303").json()["messages"]
    assert entry.pop("receiveTime").endswith("Z")
    assert entry.pop("bwLatency") >= 0
    assert entry == {
        "messageId": find.ids["group"],
        "accountId": "5550100",
        "sourceTn": "+12025550100",
        "destinationTn": "+12025550",
        "messageStatus": "FAILED",
        "messageDirection": "OUTBOUND",
        "messageType": "mms",
        "segmentCount": 1,
        "errorCode": 4303,
        "carrierName": None,
        "messageSize": None,
        "messageLength": 13,
        "attachmentCount": 0,
        "recipientCount": 2,
        "campaignClass": None,
        "campaignId": None,
        "carrierLatency": None,
        "callingNumberCountryA3": "USA",
        "calledNumberCountryA3": "USA",
        "product": "LOCAL_A2P",
        "location": None,
    }


SORTED = ["receiveTime", "carrierName", "messageLength", "calledNumberCountryA3"]


@pytest.mark.parametrize("field", SORTED)
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_sort(find, sandbox, field, direction):
    """Every field sorts, also if its values are missing for some messages."""
    sandbox.receive("ACME", "12345", "hello")
    answer = find(sort=f"{field}:{direction}", fromSegmentCount="1")
    assert answer.status_code == 200
    values = [entry[field] for entry in answer.json()["messages"]]
    known = [value for value in values if value is not None]
    assert len(values) == 5
    assert known == sorted(known, reverse=direction == "desc")


def test_pages(find):
    """Tokens and links lead through all entries, each once."""
    query = {"sort": "destinationTn:asc", "limit": "3", "fromSegmentCount": "1"}
    first = find(**query).json()
    assert first["totalCount"] == 4
    assert set(first["pageInfo"]) == {"nextPage", "nextPageToken"}
    second = find(**query, pageToken=first["pageInfo"]["nextPageToken"]).json()
    assert set(second["pageInfo"]) == {"prevPage", "prevPageToken"}
    numbers = [entry["destinationTn"] for entry in first["messages"] + second["messages"]]
    assert numbers == ["+12025550", "+12025550100", "+13125550140", "+13125550140"]
    assert httpx2.get(first["pageInfo"]["nextPage"]).json() == second
    assert httpx2.get(second["pageInfo"]["prevPage"]).json() == first


def test_total_count(find, monkeypatch):
    """The total is that of all pages; limitTotalCount makes it stop at the 10,000th result."""
    monkeypatch.setattr("septet.bandwidth.sandbox.api.search._MAX_RESULTS", 3)
    query = {"fromSegmentCount": "1", "limit": "1"}
    assert find(**query).json()["totalCount"] == 4
    assert find(**query, limitTotalCount="false").json()["totalCount"] == 4
    assert find(**query, limitTotalCount="true").json()["totalCount"] == 3


@pytest.mark.parametrize("options", [{"search_limit": 2}])
def test_limit(find):
    """Further searches are answered 429, also those that are invalid."""
    assert [find(messageType="sms").status_code, find().status_code] == [200, 400]
    answer = find()
    assert (answer.status_code, answer.json()["type"]) == (429, "rate_limit_exceeded")
    assert 200 < int(answer.headers["Retry-After"]) <= 300


def test_old_messages(find, monkeypatch):
    """Messages are found for 14 days."""
    query = {"messageId": find.ids["sms"]}
    for days, count in ((13.9, 1), (14.1, 0)):
        now = time.time() + days * 24 * 3600
        monkeypatch.setattr("septet.bandwidth.sandbox.clock.Clock.now", lambda _, now=now: now)
        assert find(**query).json()["totalCount"] == count


def test_accounts(find, sandbox):
    """Another account sees only inbound messages, as its own."""
    url = f"{sandbox.url}/users/5550101/messages?fromSegmentCount=1"
    (entry,) = httpx2.get(url).json()["messages"]
    assert (entry["messageDirection"], entry["accountId"]) == ("INBOUND", "5550101")


@pytest.mark.parametrize(
    "query",
    [
        *({}, {"limit": "1"}, {"messageStatus": "SENT", "limit": "0"}),
        *({"messageStatus": "SENT", "limit": "10001"}, {"messageStatus": "SENT", "limit": "x"}),
        *({"messageStatus": "SENT", "pageToken": token_of("9999"), "limit": "2"},),
        *({"messageStatus": "SENT", "pageToken": token} for token in ("9999", "", token_of("x"))),
        *({"messageStatus": "LOST"}, {"messageDirection": "out"}, {"messageType": "fax"}),
        *({"product": "A2P"}, {"errorCode": "x"}, {"bwQueued": "1"}),
        *({"mood": "grim"}, {"messageType": "sms", "limitTotalCount": "x"}),
        *({"sourceTn": ",".join(["+12025550100"] * 11)},),
        *({"fromSegmentCount": "-1"}, {"fromDateTime": "today"}, {"toDateTime": "2026-11-04"}),
        *({"messageType": "sms", "sort": "receiveTime"}, {"messageType": "sms", "sort": "a:asc"}),
        *({"messageType": "rcs", "sort": "a:asc"}, {"messageType": "sms", "sort": "sourceTn:up"}),
    ],
)
def test_refused(find, query):
    """Missing and unknown filters, and invalid values."""
    answer = find(**query)
    assert (answer.status_code, answer.json()["type"]) == (400, "request-validation")
