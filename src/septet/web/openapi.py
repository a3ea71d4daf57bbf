"""The OpenAPI document of the JSON API, generated from the definitions that validate requests."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

from .. import __version__
from .api import schema
from .api.analysis import Analysis, AnalyzeRequest
from .api.estimates import EstimateAnswer, EstimateRequest
from .api.health import Health

__all__ = ["document"]

_REFUSALS = {
    400: "The body is not JSON.",
    413: f"The body is larger than {schema.MAX_BODY_BYTES} bytes.",
    422: "A field is unknown, missing or invalid.",
}


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    components = schema.definitions(
        AnalyzeRequest,
        Analysis,
        EstimateRequest,
        EstimateAnswer,
        Health,
        schema.Refusal,
    )
    for definition in components.values():
        definition["description"] = cleandoc(definition["description"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "septet",
            "version": __version__,
            "description": "Reports what an SMS will cost before it is sent.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/v1/analyze": {
                "post": _operation(
                    "analyze",
                    "Count and analyze a text",
                    "Analysis",
                    "AnalyzeRequest",
                )
            },
            "/v1/estimate": {
                "post": _operation(
                    "estimate", "Count and price messages", "EstimateAnswer", "EstimateRequest"
                )
            },
            "/healthz": {"get": _operation("health", "Check that the service runs", "Health")},
        },
        "components": {"schemas": components},
    }


def _operation(name: str, summary: str, answer: str, request: str | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": name, "summary": summary}
    responses = {"200": _described("The result.", answer)}
    if request is not None:
        operation["requestBody"] = {"required": True, "content": _content(request)}
        responses |= {str(status): _described(why, "Refusal") for status, why in _REFUSALS.items()}
    return operation | {"responses": responses}


def _described(description: str, name: str) -> dict[str, Any]:
    return {"description": description, "content": _content(name)}


def _content(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
