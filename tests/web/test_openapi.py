"""The OpenAPI document: valid, and matching what the service accepts and answers."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("openapi_spec_validator")

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from septet.costing import RateCard
from septet.web.api import schema
from septet.web.api.analysis import AnalyzeRequest, analyze
from septet.web.api.estimates import EstimateRequest, estimate
from septet.web.openapi import document

CARD = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])
ENDPOINTS = {
    "AnalyzeRequest": (AnalyzeRequest, "Analysis", analyze),
    "EstimateRequest": (EstimateRequest, "EstimateAnswer", lambda request: estimate(request, CARD)),
}
BODIES = {
    "AnalyzeRequest": [
        {"text": "it’s 20 € 😀\r\n" * 20},
        {"text": "", "provider": None, "languages": ["hindi"], "keep_graphemes": False},
        {"text": "a", "provider": "nobody"},
        {"text": "a", "encoding": "utf8"},
        {"text": "a", "reference_bits": 9},
        {"text": "a" * 40_001},
        {"text": "a", "more": 1},
        {"text": 1},
        {},
    ],
    "EstimateRequest": [
        {"messages": [{"text": "a", "to": "+12025550123"}, {"text": "", "to": None}]},
        {"messages": [{"text": "a", "to": 12025550123}]},
        {"messages": [{"to": "+12025550123"}]},
        {"messages": [{"text": ""}] * 10_001},
        {"messages": {}},
    ],
}


def validator(name):
    openapi = document()
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": openapi["components"]}
    )


def test_document_is_valid() -> None:
    """An independent validator accepts the document."""
    validate(document())
    assert document()["openapi"] == "3.1.0"
    assert json.loads(json.dumps(document())) == document()


@pytest.mark.parametrize(
    ("name", "body"), [(name, body) for name, bodies in BODIES.items() for body in bodies]
)
def test_requests(name, body) -> None:
    """The service accepts exactly the requests that match; answers match their definition."""
    kind, answer_name, answer_to = ENDPOINTS[name]
    try:
        request = schema.read(kind, json.dumps(body).encode())
    except schema.RequestError as error:
        assert not validator(name).is_valid(body)
        answer, answer_name = error.refusal, "Refusal"
    else:
        assert validator(name).is_valid(body)
        answer = answer_to(request)
    written = json.loads(schema.write(answer))
    validator(answer_name).validate(written)
    properties = document()["components"]["schemas"][answer_name]["properties"]
    assert set(written) == set(properties)


def test_every_schema_has_a_description() -> None:
    """Descriptions do not contain the indentation of the source."""
    for name, definition in document()["components"]["schemas"].items():
        if definition.get("type") == "object":
            assert definition["description"], name
            assert "\n    " not in definition["description"]
