"""Bandwidth's SDK for Node against the sandbox; `make node-packages` installs it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

CALLS = Path(__file__).with_name("calls.js")


@pytest.fixture
def options():
    return {"speed": 3600, "username": "ann", "password": "sesame"}


@pytest.fixture
def call(node_modules, sandbox):
    """A function that makes the calls of `calls.js`, and returns their results by name."""

    def call(country):
        return json.loads(
            subprocess.run(
                ["node", CALLS, sandbox.url, "ann", "sesame", country],
                env=os.environ | {"NODE_PATH": str(node_modules)},
                capture_output=True,
                check=True,
                timeout=60,
            ).stdout
        )

    return call


def test_calls(call, sandbox):
    """Every call for messages and media has the documented answer, errors included."""
    results = call("USA")
    statuses = {name: result["status"] for name, result in results.items()}
    assert statuses == {
        "created": 202,
        "refused": 400,
        "unauthorized": 401,
        "found": 200,
        "uploaded": 204,
        "downloaded": 200,
        "listed": 200,
        "deleted": 204,
        "deletedAgain": 204,
        "missing": 404,
        "multiChannel": 404,
    }
    data = {name: result["data"] for name, result in results.items()}
    (record,) = sandbox.messages
    assert (data["created"]["id"], data["created"]["segmentCount"]) == (record.id, 1)
    assert [error["fieldName"] for error in data["refused"]["fieldErrors"]] == ["to"]
    assert data["unauthorized"]["type"] == "unauthorized"
    (item,) = data["found"]["messages"]
    assert (item["messageId"], item["callingNumberCountryA3"]) == (record.id, "USA")
    assert data["downloaded"] == list(b"\x89PNG\x00")
    assert results["downloaded"]["contentType"] == "image/png"
    (entry,) = data["listed"]
    assert (entry["mediaName"], entry["contentLength"]) == ("1793/\xe9 t/photo.png", 5)
    for name in ("missing", "multiChannel"):
        assert data[name]["type"] == "not-found"


def test_filter_by_country(call):
    """A filter that no message matches finds none."""
    assert call("CAN")["found"]["data"]["messages"] == []
