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
from septet.web.api.endpoints import ENDPOINTS
from septet.web.openapi import document

CARD = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])
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
    "CheckRequest": [
        {"entries": [{"key": "a", "text": "it’s {name} %s" * 20, "language": "fr"}]},
        {"entries": [{"key": "a", "text": "ж", "field_lengths": {"a": 0}}], "encoding": "gsm7"},
        {
            "catalogue": {"format": "json", "content": '{"a": "😀ж"}', "path": "fr.json"},
            "max_units": 1,
            "field_lengths": {"name": 1000},
            "field_length": 0,
        },
        {"catalogue": {"format": "csv", "content": "a\nb", "text_columns": ["a"]}},
        {"entries": [], "encoding": "ucs2"},
        {"entries": [], "max_segments": 0},
        {"entries": [], "max_segments": "1"},
        {"entries": [], "max_units": True},
        {"entries": [], "field_length": 1001},
        {"entries": [], "field_lengths": {"a": -1}},
        {"entries": [], "field_lengths": {"a": None}},
        {"entries": [], "field_lengths": {"a" * 1001: 1}},
        {"entries": [], "field_lengths": {str(number): 1 for number in range(101)}},
        {"entries": [{"key": "a", "text": ""}] * 10_001},
        {"entries": [{"key": "a", "text": "", "line": 1}]},
        {"catalogue": {"format": "docx", "content": ""}},
        {"catalogue": {"format": "txt", "content": "a" * 400_001}},
    ],
    "EncodeRequest": [
        {"text": "it’s 20 € 😀" * 20, "reference": 255, "message_class": 0},
        {"text": "a" * 200, "packed": False, "reference": None},
        {"text": "a", "reference": -1},
        {"text": "a", "reference": 65_536},
        {"text": "a", "reference": True},
        {"text": "a", "message_class": 4},
        {"text": "a", "packed": None},
        {"text": "a", "level": "all"},
    ],
    "TransliterateRequest": [
        {"text": "it’s 😀" * 20, "level": "letters", "when": "always"},
        {"text": "it’s", "encoding": "gsm7"},
        {"text": "a", "level": "latin"},
        {"text": "a", "level": None},
        {"text": "a", "when": "never"},
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
    (endpoint,) = (each for each in ENDPOINTS if each.request.__name__ == name)
    try:
        request = schema.read(endpoint.request, json.dumps(body).encode())
    except schema.RequestError as error:
        assert not validator(name).is_valid(body)
        answer, answer_name = error.refusal, "Refusal"
    else:
        assert validator(name).is_valid(body)
        answer = endpoint.respond(request, CARD, None)
        answer_name = endpoint.answer.__name__
    written = json.loads(schema.write(answer))
    validator(answer_name).validate(written)
    properties = document()["components"]["schemas"][answer_name]["properties"]
    assert set(written) == set(properties)


def test_every_endpoint_is_tested() -> None:
    assert set(BODIES) == {each.request.__name__ for each in ENDPOINTS}


def test_examples() -> None:
    """Requests and answers match their definitions, and are complete."""
    for path, operations in document()["paths"].items():
        for operation in operations.values():
            contents = [operation["responses"]["200"]["content"]]
            if path.startswith("/v1/"):
                contents.append(operation["requestBody"]["content"])
            for content in contents:
                body = content["application/json"]
                validator(body["schema"]["$ref"].rpartition("/")[2]).validate(body["example"])


def test_every_schema_has_a_description() -> None:
    """Descriptions do not contain the indentation of the source."""
    for name, definition in document()["components"]["schemas"].items():
        if definition.get("type") == "object":
            assert definition["description"], name
            assert "\n    " not in definition["description"]
