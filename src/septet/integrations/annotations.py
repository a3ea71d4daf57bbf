"""Checks the texts of dataclasses and msgspec structs against their annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import repeat
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from .limits import MaxSegments

__all__ = ["check_annotations"]


def check_annotations(instance: object) -> None:
    """Check the texts of an object whose annotations have limits; for `__post_init__`.

    The texts may be in lists, tuples, sets and values of dictionaries, as in
    `list[Annotated[str, MaxSegments(1)]] | None`. Other objects check themselves.

    >>> from dataclasses import dataclass
    >>> from typing import Annotated
    >>> @dataclass
    ... class Reminder:
    ...     text: Annotated[str, MaxSegments(1)]
    ...     def __post_init__(self) -> None:
    ...         check_annotations(self)

    Args:
        instance: An object of a class with annotations, such as a dataclass or a `msgspec.Struct`.

    Raises:
        ValueError: A text exceeds its limit; the message begins with the field.
    """
    cls: Any = type(instance)
    for name, annotation in _annotations(cls).items():
        for path, text, limit in _limited_texts(name, getattr(instance, name, None), annotation):
            if violation := limit.check(text):
                raise ValueError(f"{path}: {violation}")


@lru_cache(maxsize=256)
def _annotations(cls: type) -> dict[str, Any]:
    """Return the annotations with a limit somewhere, by field."""
    hints = get_type_hints(cls, include_extras=True)
    return {name: hint for name, hint in hints.items() if _has_limit(hint)}


def _has_limit(annotation: Any) -> bool:
    waiting, seen = [annotation], set()
    while waiting:
        part = _resolved(waiting.pop())
        if isinstance(part, MaxSegments):
            return True
        if id(part) not in seen:  # An alias may contain itself.
            seen.add(id(part))
            waiting += get_args(part)
    return False


def _resolved(annotation: Any) -> Any:
    """Return the value of an alias that a `type` statement made; other annotations as they are."""
    return getattr(annotation, "__value__", annotation)


def _limited_texts(
    path: str, value: object, annotation: Any
) -> Iterator[tuple[str, str, MaxSegments]]:
    """Yield each text that has a limit: its path, the text and the limit."""
    annotation = _resolved(annotation)
    origin, parts = get_origin(annotation), get_args(annotation)
    inner: Iterable[tuple[str, object, Any]] = ()
    if origin is Annotated:
        inner = [(path, value, parts[0])]
        if isinstance(value, str):
            yield from ((path, value, part) for part in parts[1:] if isinstance(part, MaxSegments))
    elif origin in (Union, UnionType):
        inner = [(path, value, part) for part in parts]
    elif isinstance(value, Mapping):
        inner = [(f"{path}[{key!r}]", item, parts[-1]) for key, item in value.items() if parts]
    elif isinstance(value, (list, tuple, set, frozenset)) and parts:
        of_items = parts if origin is tuple and parts[-1] is not Ellipsis else repeat(parts[0])
        inner = [
            (f"{path}[{index}]", item, part)
            for index, (item, part) in enumerate(zip(value, of_items, strict=False))
        ]
    for each in inner:
        yield from _limited_texts(*each)
