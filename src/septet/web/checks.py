"""Why a value is not the request that its definition describes, in words of our own.

msgspec converts requests and decides which it takes. Its error messages differ between versions,
so the reason that a client gets is looked up here, in the same definitions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import UNSET, Struct, inspect

__all__ = ["Fault", "cut", "first_fault"]

_SHOWN_CHARACTERS = 60

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
    inspect.StrType: str,
    inspect.BoolType: bool,
    inspect.NoneType: type(None),
}


class Fault(NamedTuple):
    """One reason why a value is refused.

    Attributes:
        reason: What was expected.
        field: The path of the field, such as "messages[0].to"; None for the body as a whole.
        value: The value of the field; UNSET if it is missing.
    """

    reason: str
    field: str | None
    value: object


class _Choice(NamedTuple):
    """A type that a value may have; `pattern` says in English what a string must match."""

    python_type: type
    definition: inspect.Type
    pattern: str


def first_fault(value: object, kind: type[Struct]) -> Fault:
    """Return the first reason why a value read from JSON is not a request of this kind.

    Args:
        value: The value, which msgspec refused to convert.
        kind: The definition of the request.
    """
    faults = _faults(value, inspect.type_info(kind), None)
    return next(faults, Fault("not a request as the API describes it", None, value))


def cut(shown: str) -> str:
    """Return a text shortened to what an error message can show."""
    return shown if len(shown) <= _SHOWN_CHARACTERS else f"{shown[:_SHOWN_CHARACTERS]}…"


def _faults(value: Any, expected: inspect.Type, field: str | None) -> Iterator[Fault]:
    """Yield what is wrong with a value and with everything in it."""
    choices = list(_choices(expected))
    allowed = [
        choice for choice in choices if type(value) is choice.python_type
    ]  # true is no integer
    if not allowed:
        names = " or ".join(_KINDS[choice.python_type] for choice in choices)
        yield Fault(f"expected {names}, got {_KINDS[type(value)]}", field, value)
    for choice in allowed:
        if isinstance(choice.definition, inspect.StructType):
            yield from _struct_faults(value, choice.definition, field)
        elif isinstance(choice.definition, inspect.ListType):
            yield from _list_faults(value, choice.definition, field)
        elif (
            isinstance(choice.definition, inspect.LiteralType)
            and value not in choice.definition.values
        ):
            yield Fault(
                f"expected one of {', '.join(map(str, choice.definition.values))}", field, value
            )
        elif isinstance(choice.definition, inspect.StrType):
            yield from _string_faults(value, choice.definition, choice.pattern, field)


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


def _struct_faults(
    value: dict[str, Any], expected: inspect.StructType, field: str | None
) -> Iterator[Fault]:
    known = {inner.encode_name: inner for inner in expected.fields}
    for name, inner in value.items():
        if name not in known:
            reason = f"unknown field {cut(json.dumps(name))}; the fields are {', '.join(known)}"
            yield Fault(reason, field, value)
        else:
            yield from _faults(inner, known[name].type, _path(field, name))
    for name, description in known.items():
        if description.required and name not in value:
            yield Fault("required, but missing", _path(field, name), UNSET)


def _list_faults(
    value: list[Any], expected: inspect.ListType, field: str | None
) -> Iterator[Fault]:
    if expected.max_length is not None and len(value) > expected.max_length:
        yield Fault(f"expected at most {expected.max_length} items, got {len(value)}", field, value)
    for index, item in enumerate(value):
        yield from _faults(item, expected.item_type, f"{field}[{index}]")


def _string_faults(
    value: str, expected: inspect.StrType, pattern: str, field: str | None
) -> Iterator[Fault]:
    if expected.max_length is not None and len(value) > expected.max_length:
        reason = f"expected at most {expected.max_length} characters, got {len(value)}"
        yield Fault(reason, field, value)
    if expected.pattern is not None and not re.search(expected.pattern, value):
        yield Fault(f"expected {pattern}", field, value)


def _path(field: str | None, name: str) -> str:
    return name if field is None else f"{field}.{name}"
