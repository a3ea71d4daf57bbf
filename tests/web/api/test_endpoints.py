"""The endpoints: each answers the example of its request."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("msgspec")

from septet.web.api import schema
from septet.web.api.endpoints import ENDPOINTS


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_example(endpoint) -> None:
    request = schema.read(endpoint.request, json.dumps(endpoint.example).encode())
    assert type(endpoint.respond(request, None, None)) is endpoint.answer


def test_provider_of_the_service() -> None:
    """It applies to every endpoint: Telnyx sends € as UCS-2."""
    bodies = {
        "analyze": {"text": "€"},
        "check": {"entries": [{"key": "a", "text": "€" * 71}], "max_segments": 1},
        "encode": {"text": "€"},
        "estimate": {"messages": [{"text": "€"}]},
        "transliterate": {"text": "€" * 71, "when": "cheaper"},
    }
    answers = {}
    for endpoint in ENDPOINTS:
        request = schema.read(endpoint.request, json.dumps(bodies[endpoint.name]).encode())
        answers[endpoint.name] = endpoint.respond(request, None, "telnyx")
    assert answers["analyze"].encoding == "ucs2"
    assert len(answers["check"].findings) == 1
    assert answers["encode"].segments[0].data_coding == 8
    assert answers["estimate"].messages[0].encoding == "ucs2"
    assert answers["transliterate"].segments_before == 2
