"""Bandwidth's SDKs for Node against the sandbox; `make node-packages` installs them."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

CALLS = Path(__file__).with_name("calls.js")

STATUSES = {
    "sms": 202,
    "mms": 202,
    "refused": 400,
    "unauthorized": 401,
    "found": 200,
    "withoutFilter": 400,
    "uploaded": 204,
    "downloaded": 200,
    "listed": 200,
    "deleted": 204,
    "deletedAgain": 204,
    "missing": 404,
}
OF_TODAY = {"american": 200, "canadian": 200, "everyFilter": 200, "multiChannel": 404}


@pytest.fixture
def options():
    return {"speed": 3600, "username": "ann", "password": "sesame"}


@pytest.fixture
def call(node_modules, sandbox):
    """A function that makes the calls of `calls.js`, and returns their results by name."""

    def call(package):
        return json.loads(
            subprocess.run(
                ["node", CALLS, package, sandbox.url, "ann", "sesame"],
                env=os.environ | {"NODE_PATH": str(node_modules)},
                capture_output=True,
                check=True,
                timeout=60,
            ).stdout
        )

    return call


@pytest.mark.parametrize(
    ("package", "statuses"),
    [
        ("bandwidth-sdk", STATUSES | OF_TODAY),
        ("bandwidth-sdk-1", STATUSES),
        ("@bandwidth/messaging", STATUSES),
    ],
)
def test_calls(call, sandbox, package, statuses):
    """Every call for messages and media has the documented answer, errors included."""
    results = call(package)
    assert {name: result["status"] for name, result in results.items()} == statuses
    data = {name: result.get("data") for name, result in results.items()}

    sms, mms = data["sms"], data["mms"]
    assert [sms["id"], mms["id"]] == [message.id for message in sandbox.messages]
    for message in (sms, mms):
        assert re.fullmatch("[0-9a-z]{29}", message["id"])
        assert (message["from"], message["owner"]) == ("+12025550100", "+12025550100")
        assert (message["to"], message["segmentCount"]) == (["+13125550140"], 1)
        assert (message["text"], message["tag"]) == ("Tonight: jazz ’til 2", "t-1")
    assert sms["priority"] == "high"
    assert mms["media"] == ["https://dev.example.com/cat.png"]
    assert [error["fieldName"] for error in data["refused"]["fieldErrors"]] == ["to"]
    assert data["unauthorized"]["type"] == "unauthorized"

    items = data["found"]["messages"]
    assert {item["messageId"] for item in items} == {sms["id"], mms["id"]}
    assert data["found"]["totalCount"] == 2
    assert {item["sourceTn"] for item in items} == {"+12025550100"}
    assert data["withoutFilter"]["type"] == "request-validation"

    assert results["downloaded"]["contentType"] == "image/png"
    assert results["downloaded"]["cacheControl"] == "no-cache"
    assert data["downloaded"] == "\x89PNG\x00"
    (entry,) = data["listed"]
    assert (entry["mediaName"], entry["contentLength"]) == ("1793/é t/photo.png", 5)
    if "multiChannel" in data:
        assert data["american"]["totalCount"] == 2
        assert {item["callingNumberCountryA3"] for item in data["american"]["messages"]} == {"USA"}
        assert data["canadian"]["messages"] == data["everyFilter"]["messages"] == []
        (error,) = data["multiChannel"]["errors"]
        assert error["type"] == "not-found"
