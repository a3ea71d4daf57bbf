"""Every answer and callback of the sandbox, and every request of the client, by Bandwidth's OpenAPI
description.
"""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("openapi_schema_validator")
pytest.importorskip("yaml")

from bandwidth_service import Service, answer
from bandwidth_specification import PATH, Specification
from septet.bandwidth import Client, Message
from septet.bandwidth.sandbox import Fault, Faults, Sandbox

USERS = "/users/5550100"
MESSAGES, MEDIA = f"{USERS}/messages", f"{USERS}/media"
PNG = ["https://example.com/a.png"]
GROUP = ["+13125550140", "+12025550", "+15555554775"]
MESSAGE = {
    "applicationId": "5d1b7c0e",
    "from": "+12025550100",
    "to": ["+13125550140"],
    "text": "Tonight: jazz",
}


@pytest.fixture(scope="module")
def description(request):
    if not PATH.is_file():
        message = f"{PATH.name} is missing: run make node-packages"
        if request.config.getoption("--require-node"):
            pytest.fail(message)
        pytest.skip(message)
    return Specification()


@pytest.fixture
def options():
    return {"speed": 3600, "username": "ann", "password": "sesame"}


@pytest.fixture
def ask(description, sandbox):
    """Make a request, check its answer by the description, and return it."""
    with httpx2.Client(auth=("ann", "sesame"), timeout=10) as client:

        def ask(method, path, **options):
            response = client.request(method, sandbox.url + path, **options)
            headers = {
                name.title(): value
                for name, value in response.headers.items()
                if not (method == "GET" and response.headers["content-type"] == "image/png")
            }
            problems = description.check_answer(
                method, path, response.status_code, headers, response.content
            )
            assert problems == []
            return response

        yield ask


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 202),
        ({"to": "+13125550140", "tag": "t", "priority": "high", "media": PNG}, 202),
        ({"to": GROUP, "expiration": "2999-01-01T00:00:00-05:00"}, 202),
        ({"from": "ACME"}, 202),
        ({"media": PNG * 2}, 202),
        ({"to": GROUP, "from": "+18885550100"}, 400),
        ({"to": GROUP, "from": "ACME"}, 400),
        ({"to": ["x"]}, 400),
        ({"text": None}, 400),
        ({"applicationId": 5}, 400),
        ({"tag": "x" * (1 << 20)}, 400),
    ],
)
def test_messages(ask, changes, status):
    """Accepted and invalid ones."""
    assert ask("POST", MESSAGES, json=MESSAGE | changes).status_code == status


ODD = [None, True, 0, -1, 1.5, "", [], {}, "x" * 3000, ["x"], [17], "2026-11-04", "\0", "é"]
VALUES = {
    "applicationId": ["a", "é" * 50],
    "to": [GROUP, "+13125550140", ["+15555555600"], ["+15555550000"]],
    "from": ["+12025550100", "+18885550100", "12345", "A&B_c-d +1"],
    "text": ["é" * 71, "€" * 200, "\0\n", "😀"],
    "media": [PNG, PNG * 2, ["http://e.com/x y"], ["https://é.com/"]],
    "tag": ["t" * 1024, "é"],
    "priority": ["default", "high"],
    "expiration": ["9999-12-31T23:59:59.1234567Z", "9999-12-31T23:59:59-23:59"],
}
CHANGES = {
    name: st.sampled_from(values) | st.sampled_from(values + ODD) for name, values in VALUES.items()
}


def test_any_message(ask, description, receiver, sandbox):
    """Whatever a message is, the answer and the callbacks are as described."""

    @given(st.fixed_dictionaries({}, optional=CHANGES))
    def send(changes):
        assert ask("POST", MESSAGES, json=MESSAGE | changes).status_code in (202, 400)

    send()
    sandbox.wait_until_idle()
    assert receiver.events
    for event in receiver.events:
        assert description.check_event(event) == []


TEXTS = ["", "0", "1", "-1", "x", "é", "true", "+12025550100", "sms", "DELIVERED", "USA", "MQ=="]
TEXTS += ["99999999999", "sourceTn:asc", "2026-11-04T00:00:00.000Z", "9999-12-31T23:59:59-23:59"]


@pytest.mark.parametrize("options", [{"search_limit": 10**6}])
def test_any_search(ask, description):
    """Whatever a query is, the answer is as described."""
    for changes in ({}, {"to": GROUP}, {"from": "ACME"}):
        ask("POST", MESSAGES, json=MESSAGE | changes)
    names = [*description.query_parameters("GET", MESSAGES), "mood"]

    @given(st.dictionaries(st.sampled_from(names), st.sampled_from(TEXTS), max_size=3))
    def find(query):
        assert ask("GET", MESSAGES, params=query).status_code in (200, 400)

    find()


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        *(("{", "application/json", 400), ("[]", "application/json", 400)),
        *(("{}", "text/plain", 415), ("{}", "application/xml", 415)),
    ],
)
def test_bodies(ask, content, content_type, status):
    """Those that are not JSON."""
    headers = {"Content-Type": content_type}
    assert ask("POST", MESSAGES, content=content, headers=headers).status_code == status


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 415, 429, 500])
def test_refusals(ask, sandbox, status):
    """Every error that is described, as a fault asks for it."""
    sandbox.faults = Faults([Fault("refuse", every=1, status=status)])
    assert ask("POST", MESSAGES, json=MESSAGE).status_code == status


@pytest.mark.parametrize("options", [{"queue_segments": 1, "segments_per_second": 0.001}])
def test_full_queue(ask):
    """A full queue, and a message that is larger than the queue."""
    texts = ("hi", "hi", "hi", "x" * 161)
    statuses = [ask("POST", MESSAGES, json=MESSAGE | {"text": text}).status_code for text in texts]
    assert statuses[-2:] == [429, 429]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        *(("POST", MESSAGES, 401), ("GET", MESSAGES, 401), ("GET", MEDIA, 401)),
        *((method, f"{MEDIA}/a", 401) for method in ("GET", "PUT", "DELETE")),
        ("POST", f"{MESSAGES}/multiChannel", 401),
    ],
)
def test_wrong_credentials(ask, method, path, status):
    """Every operation."""
    assert ask(method, path, auth=("ann", "x")).status_code == status


def test_methods(description, sandbox):
    """405 is described for the operations of the address, and has their form."""
    for path, method, of in (
        (MESSAGES, "PUT", "POST"),
        (MESSAGES, "DELETE", "GET"),
        (f"{MESSAGES}/multiChannel", "GET", "POST"),
    ):
        response = httpx2.request(method, sandbox.url + path)
        headers = {"Content-Type": response.headers["content-type"]}
        problems = description.check_answer(of, path, 405, headers, response.content)
        assert (response.status_code, problems) == (405, [])


@pytest.mark.parametrize("options", [{"search_limit": 20}])
def test_search(ask, sandbox):
    """Pages, filters, an invalid query, and too many searches."""
    for changes in ({}, {"to": GROUP}, {"media": PNG}, {"from": "ACME"}, {"from": "12345"}):
        ask("POST", MESSAGES, json=MESSAGE | changes)
    sandbox.receive("+13125550149", "+12025550100", "hi", PNG)
    sandbox.wait_until_idle()
    query = {"fromSegmentCount": "0", "limit": "2"}
    found = []
    while True:
        page = ask("GET", MESSAGES, params=query).json()
        found += page["messages"]
        if "nextPageToken" not in page["pageInfo"]:
            break
        query["pageToken"] = page["pageInfo"]["nextPageToken"]
    assert len(found) == page["totalCount"] == 8
    for query in ({"sourceTn": "+12025550100", "limitTotalCount": "true"}, {"messageId": "no"}):
        assert ask("GET", MESSAGES, params=query).status_code == 200
    for query in ({}, {"limit": "0", "messageType": "sms"}, {"mood": "grim"}):
        assert ask("GET", MESSAGES, params=query).status_code == 400
    statuses = [ask("GET", MESSAGES, params={"messageType": "sms"}).status_code for _ in range(20)]
    assert set(statuses) == {200, 429}


def test_media(ask, monkeypatch):
    """Every operation, pages and errors included."""
    monkeypatch.setattr("septet.bandwidth.sandbox.api.media._PAGE_SIZE", 1)
    monkeypatch.setattr("septet.bandwidth.sandbox.api.application.MAX_MEDIUM_BYTES", 10)
    for name in ("1793/0/a b.bin", "b"):
        assert ask("PUT", f"{MEDIA}/{name}", content=b"abc").status_code == 204
    assert ask("PUT", f"{MEDIA}/c", content=b"x" * 11).status_code == 400
    wrong = {"Content-Type": "png"}
    assert ask("PUT", f"{MEDIA}/c", content=b"x", headers=wrong).status_code == 415
    assert ask("GET", f"{MEDIA}/b").content == b"abc"
    assert ask("GET", f"{MEDIA}/d").status_code == 404
    first = ask("GET", MEDIA)
    token = first.headers["Continuation-Token"]
    last = ask("GET", MEDIA, headers={"Continuation-Token": token})
    assert [entry["mediaName"] for entry in first.json() + last.json()] == ["1793/0/a b.bin", "b"]
    assert ask("GET", MEDIA, headers={"Continuation-Token": "x"}).status_code == 400
    assert [ask("DELETE", f"{MEDIA}/b").status_code for _ in range(2)] == [204, 204]


def test_multi_channel(ask):
    """It is not simulated."""
    assert ask("POST", f"{MESSAGES}/multiChannel", json={}).status_code == 404


@pytest.mark.parametrize("message_sending", [True, False])
def test_callbacks(description, receiver, message_sending):
    """Every type that the sandbox posts."""
    with Sandbox(receiver.url, message_sending=message_sending) as sandbox:
        for changes in (
            {},
            {"to": GROUP, "tag": "g"},
            {"media": PNG, "priority": "high"},
            {"to": ["+15555554720"], "from": "ACME", "expiration": "2999-01-01T00:00:00Z"},
        ):
            httpx2.post(sandbox.url + MESSAGES, json=MESSAGE | changes)
        sandbox.receive("+13125550140", "+12025550100", "hi", PNG)
        sandbox.receive("+13125550140", ["+12025550100", "+13125550141"], "hi")
        sandbox.wait_until_idle()
    assert [description.check_event(event) for event in receiver.events] == [
        [] for _ in receiver.events
    ]
    types = {"message-sent", "message-delivered", "message-failed", "message-received"}
    if message_sending:
        types.add("message-sending")
    assert {event["type"] for event in receiver.events} == types


FILTERS = {
    "message_id": "17", "source_tn": "+12025550100", "destination_tn": ["+13125550140", "+1312"],
    "message_status": "DELIVERED", "message_direction": "OUTBOUND", "carrier_name": "AT&T",
    "message_type": "rcs", "error_code": 4775, "from_date_time": datetime(2026, 11, 4, tzinfo=UTC),
    "to_date_time": datetime(2026, 11, 5, tzinfo=UTC), "campaign_id": "CJEUMDK",
    "from_bw_latency": 0, "bw_queued": True, "product": "RBM_RICH", "location": "123ABC",
    "carrier_queued": False, "from_carrier_latency": 1, "calling_number_country_a3": "USA",
    "called_number_country_a3": "CAN", "from_segment_count": 1, "to_segment_count": 2,
    "from_message_size": 3, "to_message_size": 4, "sort": "sourceTn:desc", "limit": 5,
    "limit_total_count": True,
}  # fmt: skip


def test_requests_of_the_client(description):
    """Their bodies and parameters."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    values = {"media": PNG, "tag": "t", "priority": "high", "expiration": soon}
    pages = [
        answer(200, {"messages": [], "totalCount": 0, "pageInfo": {"nextPageToken": "a+b"}}),
        answer(200, {"messages": [], "totalCount": 0}),
    ]
    deleted = answer(204, b"")
    replies = (answer(), answer(), *pages, pages[1], deleted, answer(200, []), deleted)
    with (
        Service(*replies) as service,
        Client("5550100", username="ann", password="x", url=service.url) as client,
    ):
        client.send(Message("5d1b7c0e", "+12025550100", "+13125550140", "hi"))
        client.send(Message("5d1b7c0e", "+12025550100", GROUP, "hi", **values))
        assert list(client.search(**FILTERS)) == []
        assert client.count_messages(**FILTERS) == 0
        client.upload_media(
            "1793/0/a b.png", b"", content_type="image/png", cache_control="no-cache"
        )
        assert list(client.list_media()) == []
        client.delete_media("a")
    assert len(service.received) == len(replies)
    for request in service.received:
        assert description.check_request(request.method, request.target, request.body) == []


def test_what_is_wrong(description):
    """The checks find mistakes."""
    json_type = {"Content-Type": "application/json"}
    for status, headers, body in (
        (413, json_type, b"{}"),
        (202, json_type, b'{"id": 17}'),
        (202, json_type, b'{"time": "soon"}'),
        (202, json_type, b'{"segmentcount": 1}'),
        (202, {}, b"{}"),
        (400, json_type, b'{"type": "x"}'),
        (400, json_type, b'{"type": "x", "description": "y", "fieldErrors": [{"field": "to"}]}'),
    ):
        assert len(description.check_answer("POST", MESSAGES, status, headers, body)) == 1
    limited = b'{"type": "x", "description": "y"}'
    for headers in ({}, {"Retry-After": "soon"}):
        assert description.check_answer("GET", MESSAGES, 429, json_type | headers, limited) != []
    assert description.check_answer("DELETE", f"{MEDIA}/a", 204, {}, b"x") == ["a body"]
    assert len(description.check_request("GET", f"{MESSAGES}?sourcetn=1&errorCode=x", b"")) == 2
    assert len(description.check_request("POST", MESSAGES, b"{}")) == 3
    event = {"type": "message-lost", "message": {"direction": "out"}}
    assert len(description.check_event(event)) > 3
