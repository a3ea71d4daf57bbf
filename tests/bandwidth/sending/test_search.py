"""Filters as the provider writes them, and records from whatever it answers."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.bandwidth.sending.search import Filters, MessageRecord, encode_filters

DOCUMENTED = re.findall(
    r"\w+",
    """
    messageId sourceTn destinationTn messageStatus messageDirection carrierName messageType
    errorCode fromDateTime toDateTime campaignId fromBwLatency bwQueued product location
    carrierQueued fromCarrierLatency callingNumberCountryA3 calledNumberCountryA3 fromSegmentCount
    toSegmentCount fromMessageSize toMessageSize sort limit limitTotalCount
    """,
)


def test_documented_filters() -> None:
    """Each has the provider's name, but for the page, which is ours to turn."""
    query = encode_filters(dict.fromkeys(Filters.__annotations__, 1))
    assert [name for name, _ in parse_qsl(query)] == DOCUMENTED


def test_values() -> None:
    """A plus is no space, a time has milliseconds, several numbers are one value."""
    query = encode_filters(
        {
            "destination_tn": ["+13125550140", "+13125550141"],
            "from_date_time": datetime(2026, 11, 4, 9, tzinfo=timezone(timedelta(hours=1))),
            "to_date_time": datetime(2026, 11, 5, 0, 0, 0, 123456, UTC),
            "bw_queued": True,
            "carrier_name": "A T&T",
        },
        "x y",
    )
    assert query == (
        "destinationTn=%2B13125550140%2C%2B13125550141"
        "&fromDateTime=2026-11-04T08%3A00%3A00.000Z"
        "&toDateTime=2026-11-05T00%3A00%3A00.123Z"
        "&bwQueued=true&carrierName=A%20T%26T&pageToken=x%20y"
    )


def test_time_without_a_zone() -> None:
    """It would mean another moment elsewhere."""
    with pytest.raises(ValueError, match="from_date_time must have a time zone"):
        encode_filters({"from_date_time": datetime(2026, 11, 4)})


def test_every_field() -> None:
    """Each documented field is an attribute of its name."""
    payload = {
        "messageId": "17", "accountId": "9900000", "sourceTn": "+12025550100",
        "destinationTn": "+13125550140", "messageStatus": "DELIVERED",
        "messageDirection": "OUTBOUND", "messageType": "rcs", "segmentCount": 2, "errorCode": 0,
        "receiveTime": "2026-11-04T09:15:00.000Z", "carrierName": "AT&T", "messageSize": 27,
        "messageLength": 18, "attachmentCount": 3, "recipientCount": 4, "campaignClass": "T",
        "campaignId": "CJEUMDK", "bwLatency": 20, "carrierLatency": 21,
        "callingNumberCountryA3": "USA", "calledNumberCountryA3": "CAN", "product": "RBM_RICH",
        "location": "123ID",
    }  # fmt: skip
    record = MessageRecord.from_payload(payload)
    values = {
        name: getattr(record, re.sub("[A-Z]", lambda match: f"_{match[0].lower()}", name))
        for name in payload
    }
    assert values == payload | {"receiveTime": datetime(2026, 11, 4, 9, 15, tzinfo=UTC)}
    assert len(values) == len(fields(MessageRecord)) - 1  # the payload


@pytest.mark.parametrize("value", [None, 1.5, [17], b"x"])
def test_wrong_type(value) -> None:
    """The error has the name and the value of the filter."""
    with pytest.raises(TypeError, match="source_tn: not a value of a filter") as caught:
        encode_filters({"source_tn": value})
    assert repr(value) in str(caught.value)


def test_record() -> None:
    """The documented fields, and every other in the payload."""
    payload = {
        "messageId": "17",
        "destinationTn": "+13125550140",
        "messageStatus": "DELIVERED",
        "segmentCount": "2",
        "errorCode": 0,
        "receiveTime": "2026-11-04T09:15:00.000Z",
        "mood": "grim",
    }
    record = MessageRecord.from_payload(payload)
    assert (record.message_id, record.message_status, record.error_code) == ("17", "DELIVERED", 0)
    assert record.segment_count == 2
    assert record.receive_time == datetime(2026, 11, 4, 9, 15, tzinfo=UTC)
    assert record.payload["mood"] == "grim"
    assert hash(record) == hash(MessageRecord.from_payload(dict(payload)))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON | st.dictionaries(st.sampled_from(["messageId", "receiveTime", "errorCode"]), JSON))
def test_any_payload(payload) -> None:
    """Nothing raises."""
    assert isinstance(MessageRecord.from_payload(payload).payload, dict)
