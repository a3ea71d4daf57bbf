"""Reads requests, writes answers, and publishes their definitions as JSON Schema.

Only this module and `problems` import msgspec in `web`. The standard library parses requests:
unlike msgspec, it can read a lone surrogate, so that the error names the field.
"""

from __future__ import annotations

import json
from typing import Any, TypeVar

from ...display.wording import shorten
from ...exceptions import MissingExtraError

try:
    import msgspec
    from msgspec import UNSET, Meta, Struct, UnsetType, field
except ImportError as error:
    raise MissingExtraError("msgspec", "serve", "the inspector") from error

from .problems import MAX_SHOWN_CHARACTERS, first_problem

__all__ = [
    "BODY_TOO_LARGE",
    "MAX_BODY_BYTES",
    "UNSET",
    "Meta",
    "Refusal",
    "RequestError",
    "Struct",
    "UnsetType",
    "definitions",
    "field",
    "read",
    "write",
]

MAX_BODY_BYTES = 4 * 1024 * 1024
BODY_TOO_LARGE = f"the body is larger than {MAX_BODY_BYTES} bytes"


class Refusal(Struct):
    """The reason why a request was refused.

    `field` is null for the body as a whole. `value` is null for missing fields, arrays and objects.
    """

    error: str
    field: str | None = None
    value: str | None = None


class RequestError(Exception):
    """A request that is refused.

    Attributes:
        status: The HTTP status.
        refusal: The body of the answer.
    """

    def __init__(self, status: int, error: str, field: str | None = None, value: object = UNSET):
        super().__init__(status, error)
        self.status = status
        has_value = field is not None and not isinstance(value, (list, dict, UnsetType))
        shown = shorten(json.dumps(value), MAX_SHOWN_CHARACTERS) if has_value else None
        self.refusal = Refusal(error, field, shown)


_Request = TypeVar("_Request", bound=Struct)


def read(kind: type[_Request], body: bytes) -> _Request:
    """Return the request in a body.

    Args:
        kind: The definition of the request.
        body: JSON in UTF-8.

    Raises:
        RequestError: The body is not JSON (400), or not such a request (422).
    """
    try:
        value = json.loads(body.decode())
    except RecursionError:
        raise RequestError(400, "the body is nested too deeply") from None
    except ValueError as error:
        raise RequestError(400, f"the body is not JSON in UTF-8: {error}") from None
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the latter for a name with a surrogate
        raise RequestError(422, *first_problem(value, kind)) from None


def write(answer: Struct) -> bytes:
    """Return an answer as JSON."""
    return msgspec.json.encode(answer)


def definitions(*kinds: type[Struct]) -> dict[str, Any]:
    """Return the JSON Schemas of definitions, and of all definitions that they refer to, by name.

    Args:
        *kinds: The definitions.
    """
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return schemas
