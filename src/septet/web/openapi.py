"""The OpenAPI document of the JSON API, generated from the definitions that validate requests."""

from __future__ import annotations

import json
from inspect import cleandoc
from typing import Any

from .. import __version__
from .api import schema
from .api.endpoints import ENDPOINTS
from .api.health import Health, health

__all__ = ["document"]

_DESCRIPTION = """\
Reports what an SMS will cost before it is sent.

Every `index`, `start`, `stop` and `column` counts characters (Unicode code points), as Python and
the functions mb_… of PHP do. The field of the same name with `utf16_` before it counts UTF-16 code
units, as JavaScript, Java and C# do. Lines and columns count from 1, all others from 0.
"""
_REFUSALS = {
    400: "The body is not JSON.",
    413: f"The body is larger than {schema.MAX_BODY_BYTES} bytes.",
    422: "A field is unknown, missing or invalid.",
}


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document. Its examples are requests with the answers to them."""
    kinds = [kind for each in ENDPOINTS for kind in (each.request, each.answer)]
    components = schema.definitions(*kinds, Health, schema.Refusal)
    for definition in components.values():
        definition["description"] = cleandoc(definition["description"])
    paths = {}
    for each in ENDPOINTS:
        body = json.dumps(each.example).encode()
        answer = each.respond(schema.read(each.request, body), None, None)
        operation = _operation(each.name, each.summary, each.answer, answer)
        operation["requestBody"] = {
            "required": True,
            "content": _content(each.request, each.example),
        }
        for status, why in _REFUSALS.items():
            operation["responses"][str(status)] = _described(why, schema.Refusal)
        paths[f"/v1/{each.name}"] = {"post": operation}
    summary = "Check that the service runs"
    paths["/healthz"] = {"get": _operation("health", summary, Health, health())}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "septet",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components},
    }


def _operation(
    name: str, summary: str, kind: type[schema.Struct], answer: schema.Struct
) -> dict[str, Any]:
    example = json.loads(schema.write(answer))
    responses = {"200": _described("The result.", kind, example)}
    return {"operationId": name, "summary": summary, "responses": responses}


def _described(
    description: str, kind: type[schema.Struct], example: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {"description": description, "content": _content(kind, example)}


def _content(kind: type[schema.Struct], example: dict[str, Any] | None = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}
    if example is not None:
        content["example"] = example
    return {"application/json": content}
