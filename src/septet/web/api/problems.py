"""Finds the reason why a value does not match the definition of a request.

msgspec converts and validates requests, but its error messages differ between versions. So the
message for the client is made here, from the same definitions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import UNSET, Struct, inspect

from ...display.wording import shorten

__all__ = ["MAX_SHOWN_CHARACTERS", "Problem", "first_problem"]

MAX_SHOWN_CHARACTERS = 60

_KINDS = {
    dict: "an object",
    list: "an array",
    str: "a string",
    int: "an integer",
    float: "a number with a fraction",
    bool: "a boolean",
    type(None): "null",
}
_PYTHON_TYPES = {
    inspect.StructType: dict,
    inspect.ListType: list,
    inspect.DictType: dict,
    inspect.StrType: str,
    inspect.IntType: int,
    inspect.BoolType: bool,
    inspect.NoneType: type(None),
}


class Problem(NamedTuple):
    """A reason why a value is refused.

    Attributes:
        reason: What was expected.
        field: The path of the field, such as "messages[0].to"; None for the body as a whole.
        value: The value of the field; UNSET if it is missing.
    """

    reason: str
    field: str | None
    value: object


class _Choice(NamedTuple):
    """A type that a value may have; `pattern` describes in English what a string must match."""

    python_type: type
    definition: inspect.Type
    pattern: str


def first_problem(value: object, kind: type[Struct]) -> Problem:
    """Return the first reason why a value read from JSON is not a request of this kind.

    Args:
        value: The value, which msgspec refused to convert.
        kind: The definition of the request.
    """
    problems = _problems(value, inspect.type_info(kind), None)
    return next(problems, Problem("not a request as the API describes it", None, value))


def _problems(value: Any, expected: inspect.Type, field: str | None) -> Iterator[Problem]:
    """Yield the problems of a value and of everything in it."""
    choices = list(_choices(expected))
    # Compared exactly, because in Python True is also an int.
    allowed = [choice for choice in choices if type(value) is choice.python_type]
    if not allowed:
        names = " or ".join(_KINDS[choice.python_type] for choice in choices)
        yield Problem(f"expected {names}, got {_KINDS[type(value)]}", field, value)
    for choice in allowed:
        if isinstance(choice.definition, inspect.StructType):
            yield from _struct_problems(value, choice.definition, field)
        elif isinstance(choice.definition, inspect.ListType):
            yield from _list_problems(value, choice.definition, field)
        elif isinstance(choice.definition, inspect.DictType):
            yield from _dict_problems(value, choice.definition, field)
        elif (
            isinstance(choice.definition, inspect.LiteralType)
            and value not in choice.definition.values
        ):
            yield Problem(
                f"expected one of {', '.join(map(str, choice.definition.values))}", field, value
            )
        elif isinstance(choice.definition, inspect.StrType):
            yield from _string_problems(value, choice.definition, choice.pattern, field)
        elif isinstance(choice.definition, inspect.IntType):
            low, high = choice.definition.ge, choice.definition.le
            if (low is not None and value < low) or (high is not None and value > high):
                yield Problem(f"expected a whole number from {low} to {high}", field, value)


def _choices(expected: inspect.Type, pattern: str = "") -> Iterator[_Choice]:
    """Yield the types that a value may have, without the wrappers around them."""
    if isinstance(expected, inspect.Metadata):
        yield from _choices(expected.type, (expected.extra or {}).get("pattern", ""))
    elif isinstance(expected, inspect.UnionType):
        for inner in expected.types:
            yield from _choices(inner)
    elif isinstance(expected, inspect.LiteralType):
        yield _Choice(type(expected.values[0]), expected, pattern)
    else:
        yield _Choice(_PYTHON_TYPES[type(expected)], expected, pattern)


def _struct_problems(
    value: dict[str, Any], expected: inspect.StructType, field: str | None
) -> Iterator[Problem]:
    known = {inner.encode_name: inner for inner in expected.fields}
    for name, inner in value.items():
        if name not in known:
            shown = shorten(json.dumps(name), MAX_SHOWN_CHARACTERS)
            reason = f"unknown field {shown}; the fields are {', '.join(known)}"
            yield Problem(reason, field, value)
        else:
            yield from _problems(inner, known[name].type, _path(field, name))
    for name, description in known.items():
        if description.required and name not in value:
            yield Problem("required, but missing", _path(field, name), UNSET)


def _list_problems(
    value: list[Any], expected: inspect.ListType, field: str | None
) -> Iterator[Problem]:
    if expected.max_length is not None and len(value) > expected.max_length:
        yield Problem(
            f"expected at most {expected.max_length} items, got {len(value)}", field, value
        )
    for index, item in enumerate(value):
        yield from _problems(item, expected.item_type, f"{field}[{index}]")


def _dict_problems(
    value: dict[str, Any], expected: inspect.DictType, field: str | None
) -> Iterator[Problem]:
    if expected.max_length is not None and len(value) > expected.max_length:
        yield Problem(f"expected at most {expected.max_length} names, got {len(value)}", field, {})
    for name, item in value.items():
        yield from _problems(name, expected.key_type, field)
        yield from _problems(item, expected.value_type, _path(field, name))


def _string_problems(
    value: str, expected: inspect.StrType, pattern: str, field: str | None
) -> Iterator[Problem]:
    if expected.max_length is not None and len(value) > expected.max_length:
        reason = f"expected at most {expected.max_length} characters, got {len(value)}"
        yield Problem(reason, field, value)
    if expected.pattern is not None and not re.search(expected.pattern, value):
        yield Problem(f"expected {pattern}", field, value)


def _path(field: str | None, name: str) -> str:
    return name if field is None else f"{field}.{name}"
