"""Bandwidth's OpenAPI description, and what is wrong with requests, answers and callbacks by it.

The description is in Bandwidth's SDK for Node, which `make node-packages` installs.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from openapi_schema_validator import OAS30Validator, oas30_format_checker

PATH = Path(__file__).parents[1] / "build/node/node_modules/bandwidth-sdk/bandwidth.yml"

# Objects of these schemas may have only the described fields, so that misspelled ones are found.
_STRICT = (
    *("message", "messagesList", "listMessageItem", "pageInfo", "media", "messageRequest"),
    *("messagingRequestError", "createMessageRequestError", "fieldError", "multiChannelError"),
    *("errorObject", "errorSource", "statusCallback", "statusCallbackMessage", "inboundCallback"),
)


class Specification:
    """The description; each method returns what is wrong, as a list of texts."""

    def __init__(self, path: Path = PATH) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        document = yaml.load(path.read_text(), loader)
        self._paths = document["paths"]
        self._components = document["components"]
        for name in _STRICT:
            self._components["schemas"][name]["additionalProperties"] = False

    def query_parameters(self, method: str, path: str) -> dict[str, dict[str, Any]]:
        """Return the schemas of the parameters in the query by their names."""
        parameters = map(self._resolved, self._operation(method, path).get("parameters", ()))
        return {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}

    def check_request(self, method: str, target: str, body: bytes) -> list[str]:
        """Check the parameters in the query and the JSON of a request to a path below the API."""
        path, _, query = target.partition("?")
        parameters = self.query_parameters(method, path)
        problems = []
        for name, text in parse_qsl(query, keep_blank_values=True):
            if name not in parameters:
                problems.append(f"{name}: not a parameter")
            else:
                problems += self._problems(self._value(parameters[name], text), parameters[name])
        if method == "POST":
            content = self._resolved(self._operation(method, path)["requestBody"])["content"]
            problems += self._problems(json.loads(body), content["application/json"]["schema"])
        return problems

    def check_answer(
        self, method: str, path: str, status: int, headers: dict[str, str], body: bytes
    ) -> list[str]:
        """Check the status, the header fields and the body of an answer."""
        responses = self._operation(method, path)["responses"]
        if str(status) not in responses:
            return [f"{method} {path}: {status} is not described"]
        response = self._resolved(responses[str(status)])
        problems = []
        for name, header in response.get("headers", {}).items():
            if name in headers:
                problems += self._problems(
                    self._value(header["schema"], headers[name]), header["schema"]
                )
            elif status == 429:
                problems.append(f"{name} is missing")
        content = response.get("content", {})
        if not content:
            return problems + ([] if body == b"" else ["a body"])
        kind = headers.get("Content-Type", "").partition(";")[0]
        if kind not in content:
            return [*problems, f"{kind!r} is not one of {list(content)}"]
        if kind == "application/json":
            problems += self._problems(json.loads(body), content[kind]["schema"])
        return problems

    def check_event(self, event: dict[str, Any]) -> list[str]:
        """Check an entry of a callback."""
        is_inbound = event["message"]["direction"] == "in"
        name = "inboundCallback" if is_inbound else "statusCallback"
        return self._problems(event, {"$ref": f"#/components/schemas/{name}"})

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        for template, operations in self._paths.items():
            # A media id may have slashes.
            pattern = template.replace("{mediaId}", ".+").replace("{accountId}", "[^/]+")
            if re.fullmatch(pattern, path) and method.lower() in operations:
                return operations[method.lower()]
        raise LookupError(f"{method} {path} is not described")

    def _resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return what a reference refers to, and any other value as it is."""
        if "$ref" not in value:
            return value
        *_, kind, name = value["$ref"].split("/")
        return self._components[kind][name]

    def _value(self, schema: dict[str, Any], text: str) -> Any:
        """Return the value of a parameter or a header field: numbers and booleans as such."""
        if self._resolved(schema).get("type") not in ("integer", "boolean"):
            return text
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _problems(self, value: Any, schema: dict[str, Any]) -> list[str]:
        root = {**schema, "components": self._components}
        validator = OAS30Validator(root, format_checker=oas30_format_checker)
        return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
