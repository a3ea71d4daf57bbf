"""Bandwidth's SDK for Python against the sandbox: every call for messages and media.

`test_older_python_sdk.py` runs this file again with an older major version.
"""

from datetime import datetime
from importlib.metadata import version

import pytest

pytest.importorskip("bandwidth")

from bandwidth.exceptions import BadRequestException, NotFoundException, UnauthorizedException
from bandwidth.models import (
    InboundCallback,
    InboundCallbackTypeEnum,
    MessageRequest,
    StatusCallback,
    StatusCallbackTypeEnum,
)

import bandwidth
from septet.bandwidth import UnknownEvent, parse_callbacks

ACCOUNT = "5550100"
MEDIUM = "1793/é t/photo.png"
TIME = "2016-09-14T18:20:17Z"
PNG = b"\x89PNG\r\n\x1a\n\x00"
# Older versions refuse to read message-sent, so it must not be enabled for their applications.
KNOWS_MESSAGE_SENT = "message-sent" in list(StatusCallbackTypeEnum)


@pytest.fixture
def options():
    options = {"speed": 3600, "username": "ann", "password": "sesame"}
    return options | {"message_sent": KNOWS_MESSAGE_SENT}


def test_version(request):
    """The version is the one that the run is for."""
    expected = request.config.getoption("--sdk")
    assert expected in (None, version("bandwidth-sdk"))
    assert (expected is None) == KNOWS_MESSAGE_SENT


@pytest.fixture
def connect(sandbox):
    """A function that returns a client of the SDK for some credentials."""

    def connect(**credentials):
        configuration = bandwidth.Configuration(
            host=sandbox.url, ignore_operation_servers=True, **credentials
        )
        return bandwidth.ApiClient(configuration)

    return connect


@pytest.fixture
def client(connect):
    return connect(username="ann", password="sesame")


@pytest.fixture
def messages(client):
    return bandwidth.MessagesApi(client)


@pytest.fixture
def media(client):
    return bandwidth.MediaApi(client)


def request(**changes):
    values = {
        "application_id": "5d1b7c0e",
        "from": "+12025550100",
        "to": ["+13125550140"],
        "text": "Tonight: jazz ’til 2",
        "tag": "t-1",
        "priority": "high",
    }
    return MessageRequest(**values | changes)


def test_create_message(messages, sandbox):
    """The answer is read into the SDK's model, and its fields are under Bandwidth's names."""
    answer = messages.create_message_with_http_info(ACCOUNT, request())
    assert answer.status_code == 202
    assert answer.headers["Content-Type"] == "application/json"
    assert int(answer.headers["Content-Length"]) == len(answer.raw_data)
    (record,) = sandbox.messages
    message = answer.data
    assert (message.id, message.segment_count, message.tag) == (record.id, 1, "t-1")
    assert (message.application_id, message.text) == ("5d1b7c0e", "Tonight: jazz ’til 2")
    assert (message.owner, message.var_from) == ("+12025550100", "+12025550100")
    assert isinstance(message.time, datetime)
    assert (message.direction, message.priority, message.to) == ("out", "high", ["+13125550140"])


def test_create_mms(messages, sandbox):
    """Media and groups are accepted."""
    media = ["https://dev.example.com/cat.png"]
    message = messages.create_message(
        ACCOUNT, request(to=["+13125550140", "+13125550141"], media=media)
    )
    assert (message.media, message.segment_count) == (media, 1)


def test_refused_message(messages):
    """400 has the SDK's fields."""
    with pytest.raises(BadRequestException) as caught:
        messages.create_message(ACCOUNT, request(to=["x"]))
    error = caught.value.data
    assert error.type == "request-validation"
    assert [field.field_name for field in error.field_errors] == ["to"]


def test_wrong_credentials(connect):
    """401 has the SDK's fields."""
    messages = bandwidth.MessagesApi(connect(username="ann", password="x"))
    with pytest.raises(UnauthorizedException) as caught:
        messages.create_message(ACCOUNT, request())
    assert caught.value.data.type == "unauthorized"
    assert caught.value.headers["Content-Type"] == "application/json"


@pytest.mark.skipif(not KNOWS_MESSAGE_SENT, reason="older versions take no address for tokens")
def test_token(connect, sandbox):
    """The SDK asks for a token itself."""
    client = connect(client_id="ann", client_secret="sesame", access_token_url=sandbox.token_url)
    message = bandwidth.MessagesApi(client).create_message(ACCOUNT, request())
    assert message.id == sandbox.messages[0].id


FILTERS = {
    "source_tn": "+12025550100",
    "destination_tn": "+1312555",
    "message_status": "DELIVERED",
    "message_direction": "OUTBOUND",
    "message_type": "sms",
    "error_code": 0,
    "from_date_time": "2000-01-01T00:00:00.000Z",
    "to_date_time": "2999-01-01T00:00:00.000Z",
    "bw_queued": False,
    "carrier_queued": False,
    "calling_number_country_a3": "USA",
    "called_number_country_a3": "USA",
    "from_segment_count": 1,
    "to_segment_count": 1,
    "from_bw_latency": 0,
    "from_carrier_latency": 0,
    "from_message_size": 40,
    "to_message_size": 40,
    "product": "LOCAL_A2P",
    "limit": 10,
    "limit_total_count": True,
    "sort": "sourceTn:desc",
}
UNKNOWN_TO_THE_SANDBOX = {
    "carrier_name": "AT&T",
    "campaign_id": "CJEUMDK",
    "location": "123ABC",
}


def test_list_messages(messages, sandbox):
    """Every filter is accepted, one by one and together."""
    message = messages.create_message(ACCOUNT, request())
    sandbox.wait_until_idle()
    for name, value in {**FILTERS, "message_id": message.id}.items():
        if name not in ("limit", "limit_total_count", "sort"):
            (item,) = messages.list_messages(ACCOUNT, **{name: value}).messages
            assert item.message_id == message.id
    found = messages.list_messages_with_http_info(ACCOUNT, **FILTERS)
    assert found.headers["Content-Type"] == "application/json"
    (item,) = found.data.messages
    assert (item.message_status, item.account_id) == ("DELIVERED", ACCOUNT)
    assert (item.message_direction, item.message_type) == ("OUTBOUND", "sms")
    assert (item.source_tn, item.destination_tn) == ("+12025550100", "+13125550140")
    assert isinstance(item.receive_time, datetime)
    assert (item.calling_number_country_a3, item.message_length) == ("USA", 20)
    for name, value in UNKNOWN_TO_THE_SANDBOX.items():
        assert messages.list_messages(ACCOUNT, **{name: value}).total_count == 0


@pytest.mark.parametrize("options", [{"search_limit": 1, "speed": 150}])
def test_too_many_searches(messages, sandbox):
    """The SDK itself waits as long as Retry-After asks, here two seconds, and searches again."""
    for _ in range(2):
        assert messages.list_messages(ACCOUNT, source_tn="+12025550100").messages == []
    assert [request.status for request in sandbox.requests] == [200, 429, 200]


def test_search_without_filters(messages):
    """400 has the SDK's fields."""
    with pytest.raises(BadRequestException) as caught:
        messages.list_messages(ACCOUNT)
    assert caught.value.data.type == "request-validation"


def test_pages(messages):
    """The token of a page leads to the next one."""
    ids = [messages.create_message(ACCOUNT, request(tag=str(n))).id for n in range(3)]
    query = {"source_tn": "+12025550100", "limit": 2, "sort": "messageId:asc"}
    first = messages.list_messages(ACCOUNT, **query)
    token = first.page_info.next_page_token
    last = messages.list_messages(ACCOUNT, **query, page_token=token)
    assert [item.message_id for item in first.messages + last.messages] == sorted(ids)


def test_media(media):
    """Upload, download, list, and delete as often as one likes."""
    uploaded = media.upload_media_with_http_info(
        ACCOUNT, MEDIUM, PNG, _content_type="image/png", cache_control="no-cache"
    )
    assert uploaded.status_code == 204
    answer = media.get_media_with_http_info(ACCOUNT, MEDIUM)
    assert answer.data == PNG
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "no-cache"
    (entry,) = media.list_media(ACCOUNT)
    assert (entry.media_name, entry.content_length) == (MEDIUM, len(PNG))
    for _ in range(2):
        assert media.delete_media_with_http_info(ACCOUNT, MEDIUM).status_code == 204


def test_pages_of_media(media, monkeypatch):
    """The token of the next page is where the SDK looks for it."""
    monkeypatch.setattr("septet.bandwidth.sandbox.api.media._PAGE_SIZE", 2)
    names = ["a", "b", "c"]
    for name in names:
        media.upload_media(ACCOUNT, name, b"", _content_type="image/png")
    first = media.list_media_with_http_info(ACCOUNT)
    token = first.headers["Continuation-Token"]
    last = media.list_media(ACCOUNT, continuation_token=token)
    assert [entry.media_name for entry in first.data + last] == names


def test_missing_medium(media):
    """404 has the SDK's fields."""
    for name in ("nothing", "with/a/slash", "é"):
        with pytest.raises(NotFoundException) as caught:
            media.get_media(ACCOUNT, name)
        assert caught.value.data.type == "not-found"
        assert name in caught.value.data.description


def test_multi_channel(client):
    """The sandbox does not simulate it; 404 has the SDK's fields."""
    api = bandwidth.MultiChannelApi(client)
    message = {
        "to": "+13125550140",
        "channelList": [
            {
                "from": "+12025550100",
                "applicationId": "5d1b7c0e",
                "channel": "SMS",
                "content": {"text": "hi"},
            }
        ],
    }
    body = bandwidth.MultiChannelMessageRequest.from_dict(message)
    with pytest.raises(NotFoundException) as caught:
        api.create_multi_channel_message(ACCOUNT, body)
    (error,) = caught.value.data.errors
    assert error.type == "not-found"


def test_callbacks(messages, receiver, sandbox):
    """The sandbox's callbacks are the SDK's models, and lose nothing by it."""
    for to in (["+13125550140"], ["+15555554720"], ["+13125550140", "+12025550"]):
        messages.create_message(ACCOUNT, request(to=to))
    sandbox.receive("+13125550140", "+12025550100", "hi", ["https://example.com/a.png"])
    sandbox.wait_until_idle()
    events = receiver.events
    assert {event["type"] for event in events} == {
        *("message-sending", "message-delivered", "message-failed", "message-received"),
        *(("message-sent",) if KNOWS_MESSAGE_SENT else ()),
    }
    for event in events:
        is_inbound = event["type"] == "message-received"
        callback = (InboundCallback if is_inbound else StatusCallback).from_dict(event)
        assert (callback.type, callback.message.id) == (event["type"], event["message"]["id"])
        assert callback.additional_properties == callback.message.additional_properties == {}


MESSAGE = {
    "id": "1661365814859loidf7mcwd4qacn7",
    "owner": "+15553332222",
    "applicationId": "93de2206-9669-4e07-948d-329f4b722ee2",
    "time": "2016-09-14T18:20:16Z",
    "segmentCount": 1,
    "to": ["+15552223333"],
    "from": "+15553332222",
    "text": "Hello world",
    "tag": "custom tag",
    "media": ["https://dev.example.com/images/cat.png"],
    "priority": "default",
    "channel": "RBM",
}
CALLBACK = {
    "time": "2016-09-14T18:20:16Z",
    "to": "+15552223333",
    "description": "rejected-unallocated-from-number",
    "carrierName": "AT&T",
}


@pytest.mark.parametrize(
    ("model", "kind", "message", "fields"),
    [
        *(
            (StatusCallback, kind, {"direction": "out"}, {"errorCode": 4405, "eventTime": TIME})
            for kind in StatusCallbackTypeEnum
        ),
        *(
            (
                InboundCallback,
                kind,
                {
                    "direction": "in",
                    "suggestionResponse": {"text": "Yes", "postbackData": "eWVz"},
                    "locationResponse": {"latitude": "37.7", "longitude": "-122.4"},
                    "content": {"text": "Hello world"},
                },
                {},
            )
            for kind in InboundCallbackTypeEnum
            if kind != "request-location-response"  # a mistake of older versions
        ),
    ],
)
def test_callbacks_of_the_sdk(model, kind, message, fields):
    """Whatever the SDK's models can hold is read as the event of its type."""
    sent = model.from_dict(
        {**CALLBACK, "type": kind.value, "message": {**MESSAGE, **message}, **fields}
    )
    (event,) = parse_callbacks(
        f"[{sent.model_dump_json(by_alias=True, exclude_none=True)}]".encode()
    )
    assert not isinstance(event, UnknownEvent)
    assert (event.type, event.time) == (kind.value, sent.time)
    assert (event.to, event.carrier_name) == (CALLBACK["to"], "AT&T")
    assert (event.message_id, event.from_, event.tag) == (
        MESSAGE["id"],
        "+15553332222",
        "custom tag",
    )
    assert (event.segment_count, event.recipients) == (1, ("+15552223333",))
    assert event.payload["message"]["text"] == "Hello world"
